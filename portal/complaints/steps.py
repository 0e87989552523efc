"""The step table of a complaint (the machine ``dp_complaint``): from where, to where, by whom, with what for the clock.

No step pauses, extends or waits: section 164A knows none of these, and a test reads this table for them.
"""

from portal.cases.rules import Relation, Step, Steps, steps_of
from portal.complaints.rules import State
from portal.core.text import Message, msg, pmsg
from portal.timelimits.events import EventKind

OFFICER = frozenset({Relation.OFFICER})
ASKING = frozenset({Relation.REQUESTER})
PORTAL = frozenset({Relation.PORTAL})


def _in(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


UNFINISHED = _in(State.RECEIVED, State.ACKNOWLEDGED, State.ENQUIRING, State.PROGRESS)
ANSWERED = _in(State.OUTCOME, State.REMEDY)
ANY = frozenset(state.value for state in State)
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
        who=OFFICER | ASKING,
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
