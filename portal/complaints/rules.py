"""The words of data-protection complaints, and what can be decided about them from plain values. Law: law.md 2.7.

Section 164A asks that a complaint is easy to make, is acknowledged within 30 days, is looked into without undue delay
with news of its progress, and gets an outcome. It knows no pause and no extension, so nothing here has one.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg
from portal.timelimits.calendar import ONE_DAY, WorkingDays, months_later

TEXT_LIMIT = 4000
LETTER_LIMIT = 8000
NAME_LIMIT = 200
REACH_LIMIT = 1000
REASON_LIMIT = 1000
MOST_FILES = 10
MOST_PEOPLE = 10
MOST_ALTERNATES = 10
PROGRESS_WORKING_DAYS = 10
ENQUIRY_WORKING_DAYS = 3
UNDO_WITHDRAWAL = timedelta(days=7)
REOPEN_MONTHS = 3
"""So long after the outcome the complaint can be taken up again; after that it is closed."""
YEARS_KEPT = 3
LONGEST_HOLD = timedelta(days=366)
EARLIEST = date(2018, 5, 25)
"""No complaint under this Act came before it."""


class State(StrEnum):
    """Where a complaint stands (the machine ``dp_complaint``, with the withdrawal that it does not draw)."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ENQUIRING = "enquiring"
    PROGRESS = "progress"
    OUTCOME = "outcome"
    REMEDY = "remedy"
    CLOSED = "closed"
    REGULATOR = "regulator"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """How a complaint came."""

    PORTAL = "portal"
    EMAIL = "email"
    LETTER = "letter"
    SPOKEN = "spoken"
    PHONE = "phone"
    SOCIAL = "social"
    OTHER = "other"


class Outcome(StrEnum):
    """How a complaint ended."""

    UPHELD = "upheld"
    PARTLY = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    RESOLVED = "resolved_informally"


class Theme(StrEnum):
    """What a complaint was about, as the yearly return counts it; who decides chooses it."""

    ACCESS = "access"
    PURPOSE = "purpose"
    ACCURACY = "accuracy"
    SECURITY = "security"
    AUTOMATED = "automated"
    TOO_MUCH = "too_much"
    NOT_TOLD = "not_told"
    OTHER = "other"


class Looked(StrEnum):
    """Which part of a complaint somebody opened."""

    COMPLAINT = "complaint"
    FILES = "files"
    TASK = "task"


class Warned(StrEnum):
    """What the portal warned of; each once for a complaint and a day."""

    ACKNOWLEDGE = "acknowledge"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    PROGRESS = "progress"
    TARGET = "target"
    CEILING = "ceiling"
    NOBODY = "nobody"
    TASK = "task"


class Kept(StrEnum):
    """By which rule a complaint was deleted; its tombstone names it."""

    YEARS_3 = "years_3"


STATES: Mapping[str, Message] = {
    State.RECEIVED: pmsg("state of a complaint", "Received, not yet acknowledged"),
    State.ACKNOWLEDGED: pmsg("state of a complaint", "Acknowledged, enquiries not begun"),
    State.ENQUIRING: pmsg("state of a complaint", "Enquiries are going on"),
    State.PROGRESS: pmsg("state of a complaint", "Enquiries are going on, and progress was told"),
    State.OUTCOME: pmsg("state of a complaint", "The outcome was sent"),
    State.REMEDY: pmsg("state of a complaint", "Being put right"),
    State.CLOSED: pmsg("state of a complaint", "Closed"),
    State.REGULATOR: pmsg("state of a complaint", "With the Information Commission (ICO)"),
    State.WITHDRAWN: pmsg("state of a complaint", "Taken back by the person who complained"),
}
CHANNELS: Mapping[Channel, Message] = {
    Channel.PORTAL: pmsg("how a complaint came", "In this portal"),
    Channel.EMAIL: pmsg("how a complaint came", "By email"),
    Channel.LETTER: pmsg("how a complaint came", "In a letter that reads like a complaint"),
    Channel.SPOKEN: pmsg("how a complaint came", "In person, in words"),
    Channel.PHONE: pmsg("how a complaint came", "By telephone"),
    Channel.SOCIAL: pmsg("how a complaint came", "In a chat or on social media"),
    Channel.OTHER: pmsg("how a complaint came", "In another way"),
}
OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.UPHELD: pmsg("outcome of a complaint", "Upheld"),
    Outcome.PARTLY: pmsg("outcome of a complaint", "Partly upheld"),
    Outcome.NOT_UPHELD: pmsg("outcome of a complaint", "Not upheld"),
    Outcome.RESOLVED: pmsg("outcome of a complaint", "Resolved informally, with the agreement of the person"),
}
THEMES: Mapping[Theme, Message] = {
    Theme.ACCESS: pmsg("theme of a complaint", "A request for a copy of data"),
    Theme.PURPOSE: pmsg("theme of a complaint", "Data used for something else"),
    Theme.ACCURACY: pmsg("theme of a complaint", "Data that was wrong or old"),
    Theme.SECURITY: pmsg("theme of a complaint", "Data lost, or seen by somebody who should not have seen it"),
    Theme.AUTOMATED: pmsg("theme of a complaint", "A decision that a computer made or influenced"),
    Theme.TOO_MUCH: pmsg("theme of a complaint", "More data than needed, or kept too long"),
    Theme.NOT_TOLD: pmsg("theme of a complaint", "People were not told how their data is used"),
    Theme.OTHER: pmsg("theme of a complaint", "Something else"),
}
LOOKED: Mapping[Looked, Message] = {
    Looked.COMPLAINT: pmsg("what was looked at", "The complaint"),
    Looked.FILES: pmsg("what was looked at", "A file of the complaint"),
    Looked.TASK: pmsg("what was looked at", "One question or task, without the rest of the complaint"),
}
KEPT: Mapping[Kept, Message] = {
    Kept.YEARS_3: pmsg("rule of deletion", "3 years after the complaint was closed"),
}

PORTAL_ASKS = msg(
    "Read the complaint and what it is about. Decide whom to ask what, and write here what you looked at first. Begin "
    "today: the law does not wait for the acknowledgement."
)
"""The first question, to who handles it: it stands in no row, and is said in the language of who reads it."""


def progress_due(told_on: date, calendar: WorkingDays) -> date:
    """When news of the progress is due, after the last news."""
    return calendar.later(told_on, PROGRESS_WORKING_DAYS)


def last_progress_due(told_on: date, today: date, calendar: WorkingDays) -> date | None:
    """The last day on which news fell due: every ten working days anew while none is given."""
    due, found = progress_due(told_on, calendar), None
    while due <= today:
        due, found = progress_due(due, calendar), due
    return found


def reopen_until(finished_on: date) -> date:
    """The last day on which a complaint can be taken up again."""
    return months_later(finished_on, REOPEN_MONTHS)


def may_reopen(state: str, finished_on: date | None, today: date) -> bool:
    """Whether the person can still say that the outcome is not right."""
    answered = {State.OUTCOME, State.REMEDY}
    return state in answered and finished_on is not None and today <= reopen_until(finished_on)


def may_undo(state: str, finished_on: date | None, today: date) -> bool:
    """Whether taking the complaint back can be undone."""
    return state == State.WITHDRAWN and finished_on is not None and today <= finished_on + UNDO_WITHDRAWAL


def closes_on(state: str, finished_on: date) -> date:
    """The first day on which a complaint that ended so counts as closed."""
    if state == State.WITHDRAWN:
        return finished_on + UNDO_WITHDRAWAL + ONE_DAY
    return reopen_until(finished_on) + ONE_DAY
