"""What happens to a request after its answer: until when it can be reopened, and how long what is kept.

The defaults are those of law.md 4. No law names a period for the files of access requests: storage limitation (UK GDPR
Article 5(1)(e)) asks for one that is decided and kept to. Three and six years follow the NHS records code.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, pmsg
from portal.subject_access.rules import REOPEN_WITHIN_MONTHS, UNDO_WITHDRAWAL, USUAL, State, Terms
from portal.subject_access.steps import REOPENABLE
from portal.timelimits.calendar import ONE_DAY, months_later

CLOSED_AFTER_MONTHS = REOPEN_WITHIN_MONTHS
"""A request is closed when nobody can reopen it any more."""
YEARS_KEPT = 3
YEARS_KEPT_AFTER_REOPENING = 6
YEARS_USUAL = range(2, 7)
"""What a body may choose from (law.md 4)."""
SETTLED = UNDO_WITHDRAWAL
"""So long after its last day a quarter is told: until then a withdrawal of it can be undone."""
LOOKED_AHEAD = timedelta(days=30)
LONGEST_HOLD = timedelta(days=366)
"""A hold is looked at again within a year; it can be set anew."""
HOLD_TOLD_BEFORE = timedelta(days=14)
MISSING_LIMIT = 4000
REASON_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many years a body keeps a closed request: answered once, and reopened."""

    closed: int = YEARS_KEPT
    reopened: int = YEARS_KEPT_AFTER_REOPENING


DEFAULT_KEEPING = Keeping()


class Outcome(StrEnum):
    """How a request ended, as the figures count it."""

    DATA = "data"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_VERIFIED = "not_verified"


OUTCOMES: Mapping[str, Outcome] = {
    State.READY_TO_COLLECT: Outcome.DATA,
    State.DISCLOSED: Outcome.DATA,
    State.NOTHING_HELD: Outcome.NOTHING_HELD,
    State.REFUSED: Outcome.REFUSED,
    State.WITHDRAWN: Outcome.WITHDRAWN,
    State.NOT_VERIFIED: Outcome.NOT_VERIFIED,
}
ANSWERS = frozenset({Outcome.DATA, Outcome.NOTHING_HELD, Outcome.REFUSED})
"""The others ended without an answer."""
FREEZES_AFTER: Mapping[Outcome, timedelta] = {
    Outcome.DATA: timedelta(0),
    Outcome.NOTHING_HELD: timedelta(0),
    Outcome.REFUSED: timedelta(0),
    Outcome.WITHDRAWN: UNDO_WITHDRAWAL + ONE_DAY,
}
"""So long after its end the figures of a request are final. What ended without proof waits until it is closed."""


class What(StrEnum):
    """What is deleted when its time is over."""

    FILE = "file"
    MATERIAL = "material"
    REQUEST = "request"


class Rule(StrEnum):
    """By which rule; a tombstone names it."""

    DAYS_90 = "days_90"
    OWN_FILES = "own_files"
    YEARS_3 = "years_3"
    YEARS_6 = "years_6"
    OWN_CLOSED = "own_closed"
    OWN_REOPENED = "own_reopened"


WHATS: Mapping[What, Message] = {
    What.FILE: pmsg("what is deleted", "The released file"),
    What.MATERIAL: pmsg("what is deleted", "What was found, with its copies and packs"),
    What.REQUEST: pmsg("what is deleted", "The whole request, with its words and messages"),
}
RULES: Mapping[Rule, Message] = {
    Rule.DAYS_90: pmsg("rule of deletion", "90 days after it was made available or collected"),
    Rule.OWN_FILES: pmsg("rule of deletion", "The employer’s own days after it was made available or collected"),
    Rule.YEARS_3: pmsg("rule of deletion", "3 years after the request was closed"),
    Rule.YEARS_6: pmsg("rule of deletion", "6 years after the request was closed, because it was reopened"),
    Rule.OWN_CLOSED: pmsg("rule of deletion", "The employer’s own period after the request was closed"),
    Rule.OWN_REOPENED: pmsg("rule of deletion", "The employer’s own period for requests that were reopened"),
}


@dataclass(frozen=True, slots=True)
class Availability:
    """How long one answer could be taken: until when, and when it was taken first."""

    until: date
    taken_on: date | None


def reopen_until(finished_on: date) -> date:
    """The last day on which somebody can say that something is missing."""
    return months_later(finished_on, REOPEN_WITHIN_MONTHS)


def may_reopen(state: str, finished_on: date | None, today: date) -> bool:
    """Whether somebody may say that something is missing."""
    return state in REOPENABLE and finished_on is not None and today <= reopen_until(finished_on)


def may_review(account_id: str, answered_before: Collection[str]) -> bool:
    """A reopened request is for somebody who neither proposed nor approved an answer of it."""
    return account_id not in answered_before


def closes_on(finished_on: date) -> date:
    """The first day on which a request counts as closed."""
    return months_later(finished_on, CLOSED_AFTER_MONTHS) + ONE_DAY


def material_goes_on(finished_on: date, answers: Iterable[Availability], kept: timedelta = USUAL.files_kept) -> date:
    """When what was found is deleted: so long after the answer was collected, or could no longer be. It outlives the
    file, so that a lost answer can be made again."""
    days = [finished_on + kept]
    for answer in answers:
        days.append(max(answer.until, (answer.taken_on or answer.until) + kept))
    return max(days)


def rule_of_files(terms: Terms) -> Rule:
    """By which rule files go."""
    return Rule.DAYS_90 if terms.files_days == USUAL.files_days else Rule.OWN_FILES


def request_goes_on(closed_on: date, *, was_reopened: bool, keeping: Keeping = DEFAULT_KEEPING) -> tuple[date, Rule]:
    """When a closed request is deleted, and by which rule."""
    years = keeping.reopened if was_reopened else keeping.closed
    return months_later(closed_on, 12 * years), _rule(keeping, was_reopened=was_reopened)


def _rule(keeping: Keeping, *, was_reopened: bool) -> Rule:
    if was_reopened:
        return Rule.YEARS_6 if keeping.reopened == YEARS_KEPT_AFTER_REOPENING else Rule.OWN_REOPENED
    return Rule.YEARS_3 if keeping.closed == YEARS_KEPT else Rule.OWN_CLOSED


def is_usual(keeping: Keeping) -> bool:
    """Within what is usual elsewhere (law.md 4), and no shorter for what was reopened."""
    return {keeping.closed, keeping.reopened} <= set(YEARS_USUAL) and keeping.closed <= keeping.reopened
