"""The step table of an access request (the machine ``sar``): from where, to where, by whom, with what for the clock.

Buttons, the verbs' own checks and the tests all read this table. Guards that need rows (every task answered, each item
decided, a second person) are asked by the verb that takes the step.
"""

from portal.cases.rules import Relation, Step, Steps, steps_of
from portal.core.text import Message, msg, pmsg
from portal.subject_access.rules import State
from portal.timelimits.events import EventKind

OFFICER = frozenset({Relation.OFFICER})
ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
PORTAL = frozenset({Relation.PORTAL})


def _in(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


WORKING = _in(State.SCOPING, State.SEARCHING)
BEGUN = WORKING | _in(State.RECEIVED)
ANSWERED = _in(State.DISCLOSED, State.NOTHING_HELD, State.REFUSED)
PREPARING = WORKING | _in(State.REDACTING, State.REOPENED)
UNFINISHED = PREPARING | _in(State.RECEIVED, State.IDENTITY_WAIT, State.CLARIFICATION_WAIT, State.SIGN_OFF)
WITHDRAWABLE = BEGUN | _in(State.IDENTITY_WAIT, State.CLARIFICATION_WAIT)
EXTENDABLE = UNFINISHED - _in(State.REOPENED)
REOPENABLE = ANSWERED | _in(State.READY_TO_COLLECT)
CLOSABLE = ANSWERED | _in(State.WITHDRAWN, State.NOT_VERIFIED)


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
    _step("start", _in(State.RECEIVED), State.SCOPING, msg("The work began"), pmsg("button", "Start work")),
    _step(
        "clarify",
        WORKING,
        State.CLARIFICATION_WAIT,
        msg("A question was asked"),
        pmsg("button", "Ask what information is wanted"),
    ),
    _step(
        "answer",
        _in(State.CLARIFICATION_WAIT),
        State.SCOPING,
        msg("An answer came in"),
        pmsg("button", "Write down an answer that came another way"),
        who=ASKING | OFFICER,
    ),
    _step(
        "go_on",
        _in(State.CLARIFICATION_WAIT),
        State.SEARCHING,
        msg("The work went on without an answer"),
        pmsg("button", "Go on without an answer"),
    ),
    _step(
        "take_back",
        _in(State.CLARIFICATION_WAIT),
        State.SCOPING,
        msg("The question was taken back"),
        pmsg("button", "Take the question back"),
    ),
    _step(
        "doubt",
        BEGUN,
        State.IDENTITY_WAIT,
        msg("Proof of identity was asked for"),
        pmsg("button", "Ask for proof of identity"),
    ),
    _step(
        "identity",
        _in(State.IDENTITY_WAIT),
        State.SCOPING,
        msg("Proof of identity was received"),
        pmsg("button", "Write down that identity was shown"),
    ),
    _step(
        "no_doubt",
        _in(State.IDENTITY_WAIT),
        State.SCOPING,
        msg("Proof of identity is no longer needed"),
        pmsg("button", "Go on without proof of identity"),
    ),
    _step(
        "await_authority",
        _in(State.RECEIVED),
        State.IDENTITY_WAIT,
        msg("Proof was asked for that the representative may speak for this person"),
        None,
        EventKind.IDENTITY_ASKED,
        PORTAL,
    ),
    _step(
        "give_up_proof",
        _in(State.IDENTITY_WAIT),
        State.NOT_VERIFIED,
        msg("The request ended because no proof of identity came"),
        None,
        EventKind.FINISHED,
        OFFICER | PORTAL,
    ),
    _step(
        "revive",
        _in(State.NOT_VERIFIED),
        State.IDENTITY_WAIT,
        msg("The request was taken up again"),
        pmsg("button", "Take the request up again"),
        EventKind.RESUMED,
        ASKING | OFFICER,
    ),
    _step(
        "send_tasks",
        _in(State.SCOPING, State.REOPENED),
        State.SEARCHING,
        msg("The search tasks were sent"),
        pmsg("button", "Send the search tasks"),
    ),
    _step(
        "search_more",
        _in(State.REDACTING),
        State.SEARCHING,
        msg("More has to be searched"),
        pmsg("button", "Search for more"),
    ),
    _step(
        "search_done",
        _in(State.SEARCHING),
        State.REDACTING,
        msg("Every search is answered"),
        pmsg("button", "Go on to the material"),
        who=OFFICER | PORTAL,
    ),
    _step(
        "finish",
        _in(State.REDACTING),
        State.SIGN_OFF,
        msg("The answer was prepared and is with a second person"),
        pmsg("button", "Hand the answer to a second person"),
    ),
    _step(
        "propose_nothing",
        PREPARING,
        State.SIGN_OFF,
        msg("The answer was prepared and is with a second person"),
        pmsg("button", "Answer that nothing is held"),
    ),
    _step(
        "propose_refusal",
        PREPARING,
        State.SIGN_OFF,
        msg("The answer was prepared and is with a second person"),
        pmsg("button", "Refuse the request"),
    ),
    _step(
        "send_back",
        _in(State.SIGN_OFF),
        State.REDACTING,
        msg("The second person sent the answer back"),
        pmsg("button", "Send back"),
    ),
    _step(
        "approve",
        _in(State.SIGN_OFF),
        State.READY_TO_COLLECT,
        msg("A second person approved the answer, and it can be collected"),
        pmsg("button", "Approve and make it ready to collect"),
        EventKind.FINISHED,
    ),
    _step(
        "approve_nothing",
        _in(State.SIGN_OFF),
        State.NOTHING_HELD,
        msg("A second person approved the answer: nothing is held"),
        pmsg("button", "Approve: nothing is held"),
        EventKind.FINISHED,
    ),
    _step(
        "approve_refusal",
        _in(State.SIGN_OFF),
        State.REFUSED,
        msg("A second person approved the refusal"),
        pmsg("button", "Approve the refusal"),
        EventKind.FINISHED,
    ),
    _step(
        "collect",
        _in(State.READY_TO_COLLECT),
        State.DISCLOSED,
        msg("The answer was collected"),
        pmsg("button", "Write down that it was handed over"),
        who=frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE, Relation.OFFICER}),
    ),
    _step(
        "lapse",
        _in(State.READY_TO_COLLECT),
        State.DISCLOSED,
        msg("Nobody collected the answer in time. A new copy is free"),
        None,
        who=PORTAL,
    ),
    _step(
        "withdraw",
        WITHDRAWABLE,
        State.WITHDRAWN,
        msg("The request was withdrawn"),
        pmsg("button", "Withdraw my request"),
        EventKind.FINISHED,
        ASKING,
    ),
    _step(
        "undo_withdrawal",
        _in(State.WITHDRAWN),
        State.SCOPING,
        msg("The withdrawal was undone"),
        pmsg("button", "Undo the withdrawal"),
        EventKind.RESUMED,
        ASKING,
    ),
    _step(
        "reopen",
        REOPENABLE,
        State.REOPENED,
        msg("The requester says that something is missing"),
        pmsg("button", "Say what is missing"),
        EventKind.REOPENED,
        ASKING,
    ),
    _step("close", CLOSABLE, State.CLOSED, msg("The request was closed"), None, who=PORTAL),
)


def extend_step(state: str) -> Step:
    """More time changes no state, so it is a step from each unfinished state to itself."""
    froms = frozenset({state}) & EXTENDABLE
    said, label = msg("The time was extended"), pmsg("button", "Take two more months")
    return Step("extend", froms, state, OFFICER, said, label)


def steps_for(state: str) -> Steps:
    """The whole table as it stands for a case in this state."""
    return {**STEPS, "extend": extend_step(state)}
