"""The step table of a complaint (the machine ``dp_complaint``): from where, to where, by whom, with what for the clock.

No step pauses, extends or waits: section 164A knows none of these, and a test reads this table for them.
"""

from collections.abc import Mapping
from datetime import date

from portal.cases.rules import Relation, Step, Steps, steps_of
from portal.complaints.rules import State, may_reopen, reopen_until
from portal.core.text import Message, msg, pmsg
from portal.timelimits.events import EventKind

OFFICER = frozenset({Relation.OFFICER})
ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
PERSON = frozenset({Relation.REQUESTER})
PORTAL = frozenset({Relation.PORTAL})


def _in(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


UNFINISHED = _in(State.RECEIVED, State.ACKNOWLEDGED, State.ENQUIRING, State.PROGRESS)
ANSWERED = _in(State.OUTCOME, State.REMEDY)
ANY = frozenset(state.value for state in State)
LIVING = ANY - _in(State.CLOSED, State.WITHDRAWN)
"""What is not over yet: an outcome can be asked about, and what was promised is still done."""
CLOSABLE = ANSWERED | _in(State.WITHDRAWN)


def _step(
    name: str,
    froms: frozenset[str],
    to: State,
    said: Message,
    label: Message | None,
    clock: EventKind | None = None,
    who: frozenset[Relation] = OFFICER,
) -> Step:
    return Step(name, froms, to.value, who, said, label, clock)


STEPS: Steps = steps_of(
    _step(
        "enquire",
        _in(State.RECEIVED, State.ACKNOWLEDGED),
        State.ENQUIRING,
        msg("The enquiries began, and what belongs to the matter is kept"),
        pmsg("button", "Begin the enquiries"),
        who=OFFICER | PORTAL,
    ),
    _step(
        "progress_over",
        _in(State.PROGRESS),
        State.ENQUIRING,
        msg("News of the progress is due again"),
        None,
        who=PORTAL,
    ),
    _step(
        "decide",
        UNFINISHED | _in(State.REGULATOR),
        State.OUTCOME,
        msg("The outcome was sent"),
        pmsg("button", "Write the outcome"),
        EventKind.FINISHED,
    ),
    _step(
        "fix",
        _in(State.OUTCOME),
        State.REMEDY,
        msg("What will be put right was given to people, with days"),
        None,
        who=OFFICER | PORTAL,
    ),
    _step(
        "reopen",
        ANSWERED,
        State.ENQUIRING,
        msg("The person does not agree with the outcome, and somebody else looks again"),
        pmsg("button", "Ask to look again"),
        EventKind.REOPENED,
        ASKING,
    ),
    _step(
        "withdraw",
        UNFINISHED,
        State.WITHDRAWN,
        msg("The complaint was taken back"),
        pmsg("button", "Take my complaint back"),
        EventKind.FINISHED,
        ASKING,
    ),
    _step(
        "undo_withdrawal",
        _in(State.WITHDRAWN),
        State.ENQUIRING,
        msg("The complaint goes on: taking it back was undone"),
        pmsg("button", "Undo"),
        EventKind.RESUMED,
        ASKING,
    ),
    _step(
        "to_regulator",
        ANY - _in(State.REGULATOR),
        State.REGULATOR,
        msg("The complaint went to the Information Commission (ICO)"),
        pmsg("button", "Write down that it went to the ICO"),
        who=OFFICER | PERSON,
    ),
    _step("close", CLOSABLE, State.CLOSED, msg("The complaint was closed"), None, who=PORTAL),
)


def acknowledge_step(state: str) -> Step:
    """Acknowledging moves a complaint that was only received; where enquiries have begun it changes no state."""
    to = State.ACKNOWLEDGED.value if state == State.RECEIVED else state
    froms = frozenset({state}) & (UNFINISHED | _in(State.REGULATOR))
    said, label = msg("The complaint was acknowledged"), pmsg("button", "Acknowledge")
    return Step("acknowledge", froms, to, OFFICER | PORTAL, said, label, EventKind.ACKNOWLEDGED)


def update_step(state: str) -> Step:
    """News of the progress. What is with the ICO stays there."""
    to = state if state == State.REGULATOR else State.PROGRESS.value
    froms = frozenset({state}) & _in(State.ENQUIRING, State.PROGRESS, State.REGULATOR)
    return Step("update", froms, to, OFFICER, msg("News of the progress was sent"), pmsg("button", "Tell the progress"))


def back_step(state: str, to: str) -> Step:
    """The ICO has ended the matter: the complaint stands again where it stood, or goes on."""
    said, label = (
        msg("The Information Commission (ICO) ended the matter"),
        pmsg("button", "Write down what the ICO said"),
    )
    return Step("ico_ended", frozenset({state}), to, OFFICER, said, label)


def steps_for(state: str) -> Steps:
    """The whole table as it stands for a complaint in this state."""
    return {**STEPS, "acknowledge": acknowledge_step(state), "update": update_step(state)}


IN_WORK = STEPS["decide"].froms
VERBS: Mapping[str, frozenset[str]] = {
    "acknowledge": frozenset(state for state in ANY if acknowledge_step(state).froms),
    "update": frozenset(state for state in ANY if update_step(state).froms),
    **dict.fromkeys(("introduce", "enquire", "answer", "ask", "reply", "decide", "sign", "second"), IN_WORK),
    **dict.fromkeys(("file", "write", "note", "remedy", "hand-over"), LIVING),
    "finish": ANY - _in(State.CLOSED),
}
"""In which states each verb of the desk has something to do. What keeps a complaint from being deleted, and what the
Information Commission does, has no end and stands in no row here."""
ENDS_WITH_OUTCOME = frozenset(name for name, froms in VERBS.items() if froms <= IN_WORK)
OF_THE_ASKED = frozenset({"answer", "finish"})
"""What somebody does who sees their own question or task and nothing else: they are not told how it ended."""
IS_CLOSED = pmsg("error", "This complaint is closed, and nothing is added to it. Begin a new complaint for what is new")
HAS_ENDED = pmsg("error", "The work on this complaint has ended. Begin a new complaint for what is new")
NOT_NEEDED = pmsg("error", "Your answer is not needed any more: nobody works on this complaint now")
NOT_BEGUN = pmsg("error", "The enquiries have not begun. Take the complaint on first: write to the person in your name")
WAS_TAKEN_BACK = pmsg(
    "error",
    "This complaint was taken back. Whoever complained can undo that for seven days, and begin a new one at any time",
)


def takes(verb: str, state: str, *, is_open: bool) -> bool:
    """Whether a complaint, as it stands, takes what that verb does. At the ICO the work may be over or not."""
    return state in VERBS[verb] and (is_open or verb not in ENDS_WITH_OUTCOME)


def why_not(verb: str, state: str, finished_on: date | None, today: date) -> Message | None:
    """None where the complaint takes it; else why not, and what can be done instead."""
    if takes(verb, state, is_open=finished_on is None):
        return None
    if verb in OF_THE_ASKED:
        return NOT_NEEDED
    if finished_on is None:
        return NOT_BEGUN
    if state == State.WITHDRAWN:
        return WAS_TAKEN_BACK
    if not may_reopen(state, finished_on, today):
        return IS_CLOSED if state == State.CLOSED else HAS_ENDED
    return pmsg(
        "error",
        "This complaint has its outcome. Until {date} whoever complained can ask that somebody else looks again",
        date=reopen_until(finished_on),
    )
