"""What a question about a tool is, how it is answered, by when, and by how many people. Pure."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg
from portal.timelimits.calendar import WorkingDays

ANSWER_WITHIN = 10
"""Working days, not counting the day it came."""

SOON = 2
"""Working days before the answer is due when the register's office is reminded."""

FRIDAY, SUNDAY = 4, 6
LONGEST_NAME = 200
LONGEST_SINCE = 100
LONGEST_HOW = 600
LONGEST_QUESTION = 300
LONGEST_ANSWER = 600


class Finding(StrEnum):
    """What the body found out."""

    ENTERED = "entered"
    TO_BE_ENTERED = "to_be_entered"
    NOT_USED = "not_used"
    NOT_SUCH = "not_such"
    CANNOT_SAY = "cannot_say"


class Silence(StrEnum):
    """Why it cannot be said whether a tool is used."""

    TOO_LITTLE = "too_little"
    LAW = "law"
    SECURITY = "security"
    INQUIRY = "inquiry"


class Told(StrEnum):
    """How far the register's office has been written to about a question."""

    NOTHING = "nothing"
    ASKED = "asked"
    SOON = "soon"
    LATE = "late"


BY_TWO = frozenset({Finding.NOT_USED, Finding.NOT_SUCH, Finding.CANNOT_SAY})
"""Answers after which nothing comes into the register: a second person reads them before everybody does."""

FINDINGS: dict[Finding, Message] = {
    Finding.ENTERED: msg("It is in the register"),
    Finding.TO_BE_ENTERED: msg("It is used, and will be entered in the register"),
    Finding.NOT_USED: msg("It is not used"),
    Finding.NOT_SUCH: msg("It is used, but it is not a system for this register"),
    Finding.CANNOT_SAY: msg("It cannot be said whether it is used"),
}

SILENCES: dict[Silence, Message] = {
    Silence.TOO_LITTLE: msg("What was told is not enough to find it"),
    Silence.LAW: msg("A law forbids saying it"),
    Silence.SECURITY: msg("Saying it would put the safety of people or of systems at risk"),
    Silence.INQUIRY: msg("An inquiry or a court case is under way"),
}

OPEN = pmsg("question about a tool", "Being looked into")
NOT_WORDED = msg("A question has come. The register’s office has not put it into words for this page yet.")


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody told of a tool. Kept out of every printout."""

    called: str = field(repr=False)
    where: str = field(default="", repr=False)
    since: str = field(default="", repr=False)
    how: str = field(default="", repr=False)


def due_day(calendar: WorkingDays, received_on: date) -> date:
    """The last Friday within ten working days: the same for seven days, so it does not tell on which one it came."""
    last = calendar.later(received_on, ANSWER_WITHIN)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def blurred_day(today: date) -> date:
    """The Sunday to come: what a reader of a concern asks stands as if it had come then, and is seen from Monday on."""
    return today + timedelta(days=(SUNDAY - today.weekday()) % 7 or 7)


def reminder_due(told: Told, *, due_on: date, today: date, calendar: WorkingDays) -> Told | None:
    """What the register's office is to be told today, if anything; a step that was missed is not made up for."""
    if today > due_on:
        wanted = Told.LATE
    elif calendar.later(today, SOON) >= due_on:
        wanted = Told.SOON
    else:
        wanted = Told.ASKED
    order = list(Told)
    return wanted if order.index(wanted) > order.index(told) else None
