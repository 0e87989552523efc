"""The step table of a review (the machine ``review``): from where, to where, by whom, with what for the clock.

Buttons, the verbs' own checks and the tests all read this table. Guards that need rows are asked by the verb that takes
the step; they are named here. Nothing pauses the clock: Article 12A(5) is for access requests alone.

Where the machine of the design was wrong, and what stands here instead:

* a review could be withdrawn only while nobody waited for anything: here until it is decided;
* late records stopped everything while the clock ran: ``go_on`` goes on without them;
* nothing led out of stage two but going elsewhere: ``decide_again`` does, and the clock ends with it;
* a decision with nothing to put right was never closed: ``close`` starts from there too;
* who is not satisfied could not say so once the putting right had begun: ``stage_two`` starts from there, and from a
  closed review;
* a reviewer who leaves kept the review for good: ``assign`` gives it to another.
"""

from collections.abc import Iterable
from dataclasses import replace

from portal.cases.rules import Relation, Step, Steps, steps_of
from portal.core.text import Message, msg, pmsg
from portal.decision_review.rules import State
from portal.timelimits.events import EventKind

OFFICER = frozenset({Relation.OFFICER})
REVIEWER = frozenset({Relation.REVIEWER})
ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
PORTAL = frozenset({Relation.PORTAL})
ANSWERING = frozenset({Relation.OFFICER, Relation.RESPONSIBLE_MANAGER, Relation.PORTAL})


def _in(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


NEW = _in(State.SUBMITTED, State.ACKNOWLEDGED)
GATHERING = _in(State.CLASSIFIED, State.INTERIM_RELIEF, State.EVIDENCE_WAIT, State.REPRESENTATIONS_OPEN)
WITH_REVIEWER = _in(State.ASSIGNED, State.IN_REVIEW, State.SECOND_LOOK)
UNFINISHED = NEW | GATHERING | WITH_REVIEWER | _in(State.IDENTITY_WAIT)
BEFORE_REVIEW = NEW | GATHERING
DOUBTABLE = NEW | _in(State.CLASSIFIED, State.INTERIM_RELIEF)
ENDED = _in(State.DECIDED, State.IMPLEMENTING, State.CLOSED)
CLOSABLE = _in(State.DECIDED, State.IMPLEMENTING, State.REFERRED, State.REFUSED, State.WITHDRAWN, State.NOT_VERIFIED)


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
    _step(  # at once, by ``service.submit``
        "acknowledge", _in(State.SUBMITTED), State.ACKNOWLEDGED, msg("The request was acknowledged"), None, who=PORTAL
    ),
    _step(  # ``asking.classifying``: reasons; a right of the body for class C
        "classify",
        NEW,
        State.CLASSIFIED,
        msg("It was decided what kind of review this is"),
        pmsg("button", "Say what kind of review it is"),
    ),
    _step(  # ``asking.identity``: only of somebody without an account (Article 12(6)); the month waits
        "doubt",
        DOUBTABLE,
        State.IDENTITY_WAIT,
        msg("Proof of identity was asked for"),
        pmsg("button", "Ask for proof of identity"),
    ),
    _step(  # goes back to where it stood
        "identity",
        _in(State.IDENTITY_WAIT),
        State.ACKNOWLEDGED,
        msg("Proof of identity was received"),
        pmsg("button", "Write down that identity was shown"),
    ),
    _step(  # goes back to where it stood
        "no_doubt",
        _in(State.IDENTITY_WAIT),
        State.ACKNOWLEDGED,
        msg("Proof of identity is no longer needed"),
        pmsg("button", "Go on without proof of identity"),
    ),
    _step(
        "give_up_proof",
        _in(State.IDENTITY_WAIT),
        State.NOT_VERIFIED,
        msg("The request ended because no proof of identity came"),
        None,
        EventKind.FINISHED,
        PORTAL,
    ),
    _step(
        "revive",
        _in(State.NOT_VERIFIED),
        State.IDENTITY_WAIT,
        msg("The request was taken up again"),
        pmsg("button", "Take the request up again"),
        EventKind.RESUMED,
        ASKING,
    ),
    _step(  # ``holding``: class A, or the effect comes before the target day; the question stays open in later states
        "ask_hold",
        _in(State.CLASSIFIED),
        State.INTERIM_RELIEF,
        msg("The responsible manager was asked whether the effect of the decision waits"),
        pmsg("button", "Ask whether the effect waits"),
        who=OFFICER | PORTAL,
    ),
    _step(  # ``evidence``: an owner and a due day of three working days
        "request_pack",
        _in(State.CLASSIFIED, State.INTERIM_RELIEF),
        State.EVIDENCE_WAIT,
        msg("The records of the decision were asked for"),
        pmsg("button", "Ask for the records"),
        who=OFFICER | PORTAL,
    ),
    _step(  # ``evidence``: the pack is frozen, third parties are taken out
        "share_pack",
        _in(State.EVIDENCE_WAIT),
        State.REPRESENTATIONS_OPEN,
        msg("The records of the decision were shared with the worker"),
        pmsg("button", "Share the records with the worker"),
        who=OFFICER | PORTAL,
    ),
    _step(  # ``evidence``: the due day of the pack is over
        "go_on",
        _in(State.EVIDENCE_WAIT),
        State.REPRESENTATIONS_OPEN,
        msg("The records are late, and the review goes on without them"),
        pmsg("button", "Go on without the records"),
        who=OFFICER | PORTAL,
    ),
    _step(  # ``reviewing``: independent, trained, with authority; the worker's days are over or given up
        "assign",
        _in(State.REPRESENTATIONS_OPEN, State.ASSIGNED, State.IN_REVIEW),
        State.ASSIGNED,
        msg("The request was given to an independent reviewer"),
        pmsg("button", "Give to this reviewer"),
    ),
    _step(  # ``reviewing``: the reason stays private; it is not offered to them again
        "decline",
        _in(State.ASSIGNED, State.IN_REVIEW),
        State.REPRESENTATIONS_OPEN,
        msg("The reviewer handed the request back; another one will be found"),
        pmsg("button", "Hand the review back"),
        who=REVIEWER,
    ),
    _step(  # ``reviewing``: who reviews was left out, left, or is a reviewer no more
        "vacate",
        _in(State.ASSIGNED, State.IN_REVIEW),
        State.REPRESENTATIONS_OPEN,
        msg("A reviewer can take part no longer; another one will be found"),
        None,
        who=PORTAL,
    ),
    _step(  # ``reviewing``: a declaration; the output is shown only after a view of one's own
        "open",
        _in(State.ASSIGNED),
        State.IN_REVIEW,
        msg("A reviewer who is independent of the decision has begun"),
        pmsg("button", "Declare and begin"),
        who=REVIEWER,
    ),
    _step(  # ``reviewing``: a provisional view, every issue with reasons, and no second look by rule
        "decide",
        _in(State.IN_REVIEW),
        State.DECIDED,
        msg("The review was decided"),
        pmsg("button", "Decide and tell the worker"),
        EventKind.FINISHED,
        REVIEWER,
    ),
    _step(  # ``reviewing``: class A upheld in a system's first six months, or drawn
        "look_again",
        _in(State.IN_REVIEW),
        State.SECOND_LOOK,
        msg("A second reviewer looks at it as well"),
        pmsg("button", "Hand to a second reviewer"),
        who=REVIEWER,
    ),
    _step(  # ``reviewing``: the second reviewer agrees, or a panel of two did
        "settle",
        _in(State.SECOND_LOOK),
        State.DECIDED,
        msg("The review was decided"),
        pmsg("button", "Decide and tell the worker"),
        EventKind.FINISHED,
        REVIEWER,
    ),
    _step(  # ``asking.proposing``: class D, and a second officer approves the explanation
        "explain",
        GATHERING,
        State.DECIDED,
        msg("What happened was explained: no decision of a system was found"),
        pmsg("button", "Approve the explanation"),
        EventKind.FINISHED,
    ),
    _step(  # ``asking.proposing``: a second officer approves; notice of Article 12(4)
        "refuse",
        UNFINISHED,
        State.REFUSED,
        msg("A second person approved the refusal"),
        pmsg("button", "Approve the refusal"),
        EventKind.FINISHED,
    ),
    _step(  # ``outcome``: at least one remedy with an owner and a day
        "start_remedy",
        _in(State.DECIDED),
        State.IMPLEMENTING,
        msg("The putting right has begun"),
        None,
        who=ANSWERING | REVIEWER,
    ),
    _step(  # ``outcome``: every remedy done; the worker confirms, or fourteen days of silence
        "close",
        CLOSABLE,
        State.CLOSED,
        msg("The review was closed"),
        pmsg("button", "It was put right: close the review"),
        who=ASKING | PORTAL,
    ),
    _step(  # ``outcome``: once; the portal's own twenty working days
        "stage_two",
        ENDED,
        State.STAGE_TWO,
        msg("The worker is not satisfied and asked for the second stage"),
        pmsg("button", "Ask for the second stage"),
        EventKind.REOPENED,
        ASKING,
    ),
    _step(  # ``outcome``: both chairs of the panel, or the other body
        "decide_again",
        _in(State.STAGE_TWO),
        State.DECIDED,
        msg("The second stage was decided"),
        pmsg("button", "Write down what the panel decided"),
        EventKind.FINISHED,
        PORTAL,
    ),
    _step(  # ``outcome``: said by the worker, who loses nothing by it
        "refer",
        _in(State.DECIDED, State.REFUSED, State.CLOSED),
        State.REFERRED,
        msg("The worker takes the matter elsewhere"),
        pmsg("button", "I take it elsewhere"),
        who=ASKING,
    ),
    _step(
        "refer_at_once",
        _in(State.STAGE_TWO),
        State.REFERRED,
        msg("The worker takes the matter elsewhere"),
        pmsg("button", "I take it elsewhere"),
        EventKind.FINISHED,
        ASKING,
    ),
    _step(
        "withdraw",
        UNFINISHED,
        State.WITHDRAWN,
        msg("The request was taken back"),
        pmsg("button", "Take my request back"),
        EventKind.FINISHED,
        ASKING,
    ),
    _step(  # ``asking``: within seven days, to where it stood
        "undo_withdrawal",
        _in(State.WITHDRAWN),
        State.ACKNOWLEDGED,
        msg("The withdrawal was undone"),
        pmsg("button", "Undo the withdrawal"),
        EventKind.RESUMED,
        ASKING,
    ),
)


def stood_before(names: Iterable[str], step: str) -> str:
    """Where a review stood before it last took ``step`` (``doubt`` or ``withdraw``), from the steps of its timeline."""
    state, before = State.SUBMITTED.value, {"doubt": State.ACKNOWLEDGED.value, "withdraw": State.ACKNOWLEDGED.value}
    for name in names:
        if name in before:
            before[name] = state
        if name in _LEADS_BACK:
            state = before[_LEADS_BACK[name]]
        elif name in STEPS:
            state = STEPS[name].to
    return before[step]


_LEADS_BACK = {"identity": "doubt", "no_doubt": "doubt", "undo_withdrawal": "withdraw"}


def back_to(name: str, state: str) -> Step:
    """A step that leads to where the review stood before: after proof of identity, or an undone withdrawal."""
    return replace(STEPS[name], to=State(state).value)


def extend_step(state: str) -> Step:
    """More time changes no state, so it is a step from each unfinished state to itself (Article 12A(3))."""
    froms = frozenset({state}) & UNFINISHED
    return Step("extend", froms, state, OFFICER, msg("The time was extended"), pmsg("button", "Take two more months"))
