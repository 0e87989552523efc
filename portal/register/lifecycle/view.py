"""A system's life as plain values for the desk: what can be done, what is missing and where, what has happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.text import Bilingual, Message, msg, pmsg
from portal.register.lifecycle.gate import gate, missing
from portal.register.lifecycle.gate_facts import Facts, Missing, Where
from portal.register.lifecycle.rules import LABELS, Role, Step, allowed
from portal.register.lifecycle.telling import words_of_step
from portal.register.models import SystemStep
from portal.register.rules import BEFORE_USE, SystemState
from portal.register.words import words

ROLE_WORDS = {
    Role.EDITOR: pmsg("role", "Register editor"),
    Role.MANAGER: pmsg("role", "Responsible manager"),
    Role.OFFICER: pmsg("role", "Data Protection Officer"),
    Role.UNION: pmsg("role", "Union representative"),
    Role.OFF_SWITCH: pmsg("role", "Holder of the off-switch"),
    Role.PORTAL: pmsg("who acted on a request", "Portal"),
}

NEXT = {
    SystemState.REPORTED: msg("Say whether it goes on the register"),
    SystemState.PROPOSED: msg("Start the readiness check"),
    SystemState.READINESS: msg("Answer the readiness check, then open the consultation"),
    SystemState.IN_CONSULTATION: msg("Wait for the unions’ positions"),
    SystemState.ASSESSMENT: msg("Finish the assessments, then approve it"),
    SystemState.REJECTED: msg("Nothing more to do"),
    SystemState.APPROVED: msg("Build or buy it, or tell staff when it begins"),
    SystemState.BUILD_OR_BUY: msg("Tell staff when the trial begins"),
    SystemState.PILOT: msg("Measure what it does to work, then decide"),
    SystemState.EMERGENCY: msg("Put right what is missing, before the time ends"),
    SystemState.LIVE: msg("Keep the entry right"),
    SystemState.CHANGE_PROPOSED: msg("Publish the new version, then adopt the change"),
    SystemState.UNDER_REVIEW: msg("Finish the review together with the unions"),
    SystemState.SUSPENDED: msg("Put it right, or retire it"),
    SystemState.RETIRING: msg("Finish open cases, then say that it is gone"),
    SystemState.RETIRED: msg("Nothing more to do"),
}

NOTED = {
    "confirmed": msg("The entry was confirmed as still right"),
    "staff_told": msg("Staff were told when it begins"),
    "union_reminded": msg("A union branch was reminded"),
    "union_escalated": msg("A union branch’s silence was taken further"),
    "extend_consultation": msg("The consultation was extended"),
    "set_last_day": msg("The last day of the trial was set"),
    "review_owed": msg("A review is due"),
}
LEARNED = {
    "propose_change": msg(
        "The portal proposed this change because a person overturned three decisions of the same kind. "
        "If the change is dropped, a review of the system begins."
    ),
    "open_review": msg(
        "A person overturned three decisions of the same kind, and the change that was proposed for it was dropped. "
        "So the system is under review."
    ),
    "review_owed": msg(
        "A person overturned three decisions of the same kind. "
        "A change can only be proposed of a system that is simply in use, so a review of it is due."
    ),
}
"""What three overturned decisions led to, by the step that the portal took."""
LEADS_TO_USE = BEFORE_USE | {SystemState.PILOT, SystemState.EMERGENCY}
EDITING = frozenset({Role.EDITOR, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Offer:
    """One step that somebody may take, and how much is in its way."""

    name: str
    label: Message
    lacks: int


@dataclass(frozen=True, slots=True)
class Lack:
    """One line of what is missing; ``href`` leads where this reader can put it right."""

    message: Message
    href: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the log."""

    at: datetime
    role: Message
    said: Message
    words: Bilingual | None


def offers(state: SystemState, roles: frozenset[Role], facts: Facts) -> list[Offer]:
    """The steps on offer, in the table's order."""
    return [Offer(step.name, LABELS[step.name], len(missing(step.check, facts))) for step in allowed(state, roles)]


def lacks_before_use(state: SystemState, facts: Facts) -> list[Missing]:
    """What keeps a system that is not in ordinary use from getting there; of another one nothing is asked."""
    return gate(facts) if state in LEADS_TO_USE and state is not SystemState.REJECTED else []


def linked(found: Iterable[Missing], at: str, roles: frozenset[Role]) -> list[Lack]:
    """The list with its links."""
    pages = {
        Where.READINESS: f"{at}/readiness",
        Where.UNIONS: f"{at}/unions",
        Where.NOTICE: f"{at}/notice",
        Where.INCIDENTS: f"{at}#incidents",
        Where.STEPS: at,
    }
    mine = pages if roles & EDITING else {}
    if Role.EDITOR in roles:
        mine = {**mine, Where.ENTRY: f"{at}/edit"}
    return [Lack(one.message, mine.get(one.where, "")) for one in found]


def history(steps: Sequence[SystemStep]) -> list[Happened]:
    """The log, newest line first."""
    return [_happened(line) for line in reversed(steps)]


def learned(line: SystemStep | None) -> Message | None:
    """What overturned decisions led to, and why it is that."""
    return LEARNED[line.step] if line is not None else None


def signed_role(line: SystemStep) -> Message:
    """In which role the first of two signed."""
    return ROLE_WORDS[Role(line.role)]


def is_second(step: Step, first: SystemStep | None) -> bool:
    """Whether this signature is the one that takes the step."""
    return bool(step.signed_by) and first is not None


def _happened(line: SystemStep) -> Happened:
    told = words_of_step(line)
    return Happened(
        at=line.at,
        role=ROLE_WORDS[Role(line.role)],
        said=_said(line),
        words=told.bilingual if told.cy or told.en else None,
    )


def _said(line: SystemStep) -> Message:
    if line.step in NOTED:
        return NOTED[line.step]
    if line.step == "published":
        return msg("Brought in from a file: {state}", state=words(line.to_state))
    if line.from_state is line.to_state:
        return msg("Signed by the first of two: {step}", step=LABELS[line.step])
    return words(line.to_state)
