"""The step table of a system's life (state_machines.json, ``system``), and what falls due. Pure.

Beyond that file: a plan may be stopped in every state before use; a change may be dropped and a review closed, since
nothing else led out of them; the plug can be pulled wherever people are affected; a suspended system that is given up
is retired at once, since ``retiring`` is a state of use; and the emergency is a state of its own with an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.text import Message, msg, pmsg
from portal.register.rules import IN_USE, SystemState

NOTICE_DAYS = 14
"""Staff are told at least so many days before a system, or a material change of it, begins."""
EMERGENCY_DAYS = 28
"""So long may a system run on two signatures; then it is switched off by the portal."""
CONSULTATION_DAYS = 30
TRAINING_PERCENT = 90
"""What a body that has set nothing else asks for."""
LEAST_TRAINING_PERCENT = 50
"""No body can set the threshold lower: a limit that anything passes is none."""
MANAGER_GONE_DAYS = 5
CONFIRM_MONTHS = 3
LAST_DAY = date(9999, 1, 1)
"""A day of confirmation that nobody can mean is counted from here: the calendar ends in 9999."""
LONGEST_TRIAL_MONTHS = 12
SIGNATURE_DAYS = 14
"""A first signature that nobody has joined lapses after so many days."""
REVIEW_DAYS = 28
"""So long a review of a system takes at most; then it is told and shown as overdue."""
REMINDED_DAYS = 7
"""So long a branch that was reminded still has to answer, before its silence counts."""
ENDLESS_DAYS = 28
"""A trial without a last day is asked for one every week, and switched off after so many days."""
OVERTURNED = 3
"""So many decisions of one kind that a person overturned propose a change of the system; or a review, where none can
be proposed."""
OVERTURNED_MONTHS = 12


class Role(StrEnum):
    """In which role somebody moves a system. The log shows it instead of a name."""

    EDITOR = "editor"
    MANAGER = "manager"
    OFFICER = "officer"
    UNION = "union"
    OFF_SWITCH = "off_switch"
    PORTAL = "portal"


class Check(StrEnum):
    """What has to be there before a step; ``gate`` says what each one looks at."""

    NONE = "none"
    PROPOSAL = "proposal"
    READY = "ready"
    POSITIONS = "positions"
    ASSESSED = "assessed"
    TRIAL = "trial"
    GO_LIVE = "go_live"
    EMERGENCY = "emergency"
    CHANGE = "change"
    RESUME = "resume"
    REVIEWED = "reviewed"
    ENDLESS = "endless"


class Cause(StrEnum):
    """Why a system was switched off or is being looked at, in words that exist in both languages already."""

    HARM = "harm"
    WRONG = "wrong"
    DATA = "data"
    CHECK = "check"
    TRIAL_ENDED = "trial_ended"
    EMERGENCY_ENDED = "emergency_ended"
    REVIEW_DUE = "review_due"
    NO_MANAGER = "no_manager"
    INCIDENT = "incident"
    OVERTURNED = "overturned"
    NO_LAST_DAY = "no_last_day"


CAUSES_OF_PEOPLE = (Cause.HARM, Cause.WRONG, Cause.DATA, Cause.CHECK)


class Letter(StrEnum):
    """A letter to everybody whom a system affects; the value names its pair of templates."""

    STARTS = "system_starts"
    EMERGENCY = "system_emergency"
    SUSPENDED = "system_suspended"


@dataclass(frozen=True, slots=True)
class Step:
    """One way from a state to another. ``signed_by``: every one of these roles signs, by different people.

    ``reason`` and ``until`` are the questions of its form, None where it asks nothing. ``asks_cause`` and
    ``asks_terms`` are two particular questions, and ``asks_talk`` what the unions are asked about.
    """

    name: str
    froms: frozenset[SystemState]
    to: SystemState
    who: frozenset[Role]
    check: Check = Check.NONE
    signed_by: frozenset[Role] = frozenset()
    reason: Message | None = None
    until: Message | None = None
    asks_cause: bool = False
    asks_terms: bool = False
    asks_talk: bool = False


S = SystemState
EDITOR, MANAGER, OFFICER, UNION = Role.EDITOR, Role.MANAGER, Role.OFFICER, Role.UNION
_OFF = frozenset({MANAGER, OFFICER, Role.OFF_SWITCH})
_PLANNED = frozenset({S.PROPOSED, S.READINESS, S.IN_CONSULTATION, S.ASSESSMENT, S.APPROVED, S.BUILD_OR_BUY})


def _step(
    name: str,
    froms: SystemState | frozenset[SystemState],
    to: SystemState,
    *who: Role,
    check: Check = Check.NONE,
    both_sign: bool = False,
    reason: Message | None = None,
    until: Message | None = None,
    asks_talk: bool = False,
) -> Step:
    starts = froms if isinstance(froms, frozenset) else frozenset({froms})
    roles = frozenset(who)
    signed_by = roles if both_sign else frozenset()
    return Step(name, starts, to, roles, check, signed_by, reason, until, asks_talk=asks_talk)


STEPS: tuple[Step, ...] = (
    _step("propose", S.REPORTED, S.PROPOSED, EDITOR, check=Check.PROPOSAL),
    _step("dismiss", S.REPORTED, S.REJECTED, EDITOR, reason=msg("Why it does not go on the register")),
    _step("check_readiness", S.PROPOSED, S.READINESS, EDITOR, check=Check.PROPOSAL),
    _step(
        "open_consultation",
        S.READINESS,
        S.IN_CONSULTATION,
        MANAGER,
        check=Check.READY,
        reason=msg("What training and expert help you offer the unions"),
        until=msg("Last day on which the unions can answer"),
        asks_talk=True,
    ),
    _step(
        "extend_consultation",
        S.IN_CONSULTATION,
        S.IN_CONSULTATION,
        UNION,
        reason=msg("Why the branch needs more time"),
        until=msg("New last day"),
    ),
    _step("close_consultation", S.IN_CONSULTATION, S.ASSESSMENT, MANAGER, check=Check.POSITIONS),
    _step(
        "approve",
        S.ASSESSMENT,
        S.APPROVED,
        MANAGER,
        OFFICER,
        check=Check.ASSESSED,
        both_sign=True,
        reason=msg("On which conditions it is approved"),
    ),
    _step("reject", _PLANNED, S.REJECTED, MANAGER, reason=msg("Why it is not going ahead; staff will read this")),
    Step("build_or_buy", frozenset({S.APPROVED}), S.BUILD_OR_BUY, frozenset({EDITOR}), asks_terms=True),
    _step(
        "start_trial",
        frozenset({S.APPROVED, S.BUILD_OR_BUY}),
        S.PILOT,
        MANAGER,
        check=Check.TRIAL,
        reason=msg("Who takes part, what counts as success, and what stops the trial"),
        until=msg("Last day of the trial"),
    ),
    _step(
        "set_last_day",
        S.PILOT,
        S.PILOT,
        MANAGER,
        check=Check.ENDLESS,
        reason=msg("Why the trial lasts until that day"),
        until=msg("Last day of the trial"),
    ),
    _step("go_live", frozenset({S.APPROVED, S.PILOT, S.EMERGENCY}), S.LIVE, MANAGER, check=Check.GO_LIVE),
    _step(
        "go_live_emergency",
        _PLANNED | {S.PILOT},
        S.EMERGENCY,
        MANAGER,
        OFFICER,
        check=Check.EMERGENCY,
        both_sign=True,
        reason=msg("Why it cannot wait; staff will read this"),
    ),
    _step("propose_change", S.LIVE, S.CHANGE_PROPOSED, EDITOR, reason=msg("What is to change")),
    _step("adopt_change", S.CHANGE_PROPOSED, S.LIVE, MANAGER, check=Check.CHANGE),
    _step("drop_change", S.CHANGE_PROPOSED, S.LIVE, MANAGER, EDITOR, reason=msg("Why the change is dropped")),
    _step("open_review", S.LIVE, S.UNDER_REVIEW, MANAGER, UNION, reason=msg("Why it needs to be looked at again")),
    _step(
        "close_review",
        S.UNDER_REVIEW,
        S.LIVE,
        MANAGER,
        check=Check.REVIEWED,
        reason=msg("What the review found, and how the unions took part"),
    ),
    Step("suspend", IN_USE, S.SUSPENDED, _OFF, asks_cause=True),
    _step(
        "resume",
        S.SUSPENDED,
        S.LIVE,
        MANAGER,
        check=Check.RESUME,
        reason=msg("What was put right, and how the unions were consulted"),
    ),
    _step(
        "retire",
        frozenset({S.LIVE, S.PILOT, S.EMERGENCY, S.UNDER_REVIEW}),
        S.RETIRING,
        MANAGER,
        reason=msg("What happens to the data and to decisions under review"),
        until=msg("Day on which it is to be gone"),
    ),
    _step(
        "retire_suspended",
        S.SUSPENDED,
        S.RETIRED,
        MANAGER,
        reason=msg("What happens to the data and to decisions under review"),
    ),
    _step("finish_retiring", S.RETIRING, S.RETIRED, MANAGER),
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}

PORTAL_STEPS: Mapping[str, frozenset[SystemState]] = {
    "suspend": frozenset({S.PILOT, S.EMERGENCY}),
    "open_review": frozenset({S.LIVE}),
    "propose_change": frozenset({S.LIVE}),
}
"""What the portal does because time passed or because of what reviews of decisions found, and from where: nothing else
moves without a person."""

LABELS: Mapping[str, Message] = {
    "propose": pmsg("button", "Put it on the register as proposed"),
    "dismiss": pmsg("button", "Say that it does not go on the register"),
    "check_readiness": pmsg("button", "Start the readiness check"),
    "open_consultation": pmsg("button", "Open the consultation"),
    "extend_consultation": pmsg("button", "Extend the consultation"),
    "close_consultation": pmsg("button", "Go on to the assessments"),
    "approve": pmsg("button", "Approve"),
    "reject": pmsg("button", "Stop the plan"),
    "build_or_buy": pmsg("button", "Build or buy it"),
    "start_trial": pmsg("button", "Start a trial"),
    "set_last_day": pmsg("button", "Set the last day of the trial"),
    "go_live": pmsg("button", "Put it into use"),
    "go_live_emergency": pmsg("button", "Use it in an emergency"),
    "propose_change": pmsg("button", "Propose a change"),
    "adopt_change": pmsg("button", "Adopt the change"),
    "drop_change": pmsg("button", "Drop the change"),
    "open_review": pmsg("button", "Open a review"),
    "close_review": pmsg("button", "Close the review"),
    "suspend": pmsg("button", "Switch it off now"),
    "resume": pmsg("button", "Switch it on again"),
    "retire": pmsg("button", "Retire it"),
    "retire_suspended": pmsg("button", "Retire it without using it again"),
    "finish_retiring": pmsg("button", "Say that it is gone"),
}

CAUSES: Mapping[Cause, Message] = {
    Cause.HARM: msg("It may be harming people"),
    Cause.WRONG: msg("It may be giving wrong results"),
    Cause.DATA: msg("The data may not be safe"),
    Cause.CHECK: msg("It is off while we check it"),
    Cause.TRIAL_ENDED: msg("The trial has ended"),
    Cause.EMERGENCY_ENDED: msg("The time for using it in an emergency has ended"),
    Cause.REVIEW_DUE: msg("The check of it is overdue"),
    Cause.NO_MANAGER: msg("Nobody has been responsible for it for more than five days"),
    Cause.INCIDENT: msg("A serious incident was recorded"),
    Cause.OVERTURNED: msg("A person has overturned three decisions of the same kind"),
    Cause.NO_LAST_DAY: msg("The trial had no last day, and nobody set one"),
}


def allowed(state: SystemState, roles: frozenset[Role]) -> tuple[Step, ...]:
    """The steps that start here and that one of these roles may take. What a step's check lacks is asked apart."""
    return tuple(step for step in STEPS if state in step.froms and step.who & roles)
