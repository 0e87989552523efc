"""What a body promises about concerns: by when somebody answers, in what order, and why that day.

No law sets a clock for concerns (law.md 3.1): each day is the body's own promise, its pages say so, and nothing pauses
it. The days that count are those of readers' acts; of what is written in a concern nothing is known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, nmsg
from portal.timelimits.calendar import WorkingDays, months_later


class Promise(StrEnum):
    """What somebody who raised a concern is promised."""

    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    REPLY = "reply"
    UPDATE = "update"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Promises:
    """The days of one body: working days, and months to the outcome (the defaults of law.md 0)."""

    acknowledge: int = 2
    triage: int = 5
    reply: int = 10
    update: int = 20
    outcome_months: int = 3

    def __post_init__(self) -> None:
        in_order = 1 <= self.acknowledge <= self.triage <= self.reply
        if not in_order or self.update < 1 or self.outcome_months < 1:
            raise ValueError("promises are at least a day, and in their order")


DEFAULT_PROMISES = Promises()
CHECK_INS = (30, 90)
"""So many days after the outcome the reporter is asked whether anybody treated them badly for it."""
QUIET_DAYS = 14
"""So many days after the last question, if nobody writes meanwhile, a concern is closed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The days of a concern, as far as they are known: when it came, and what readers did about it."""

    opened_on: date
    acknowledged_on: date | None = None
    triaged_on: date | None = None
    replied_on: date | None = None
    updated_on: date | None = None
    outcome_on: date | None = None
    reopened_on: date | None = None

    @property
    def begins_on(self) -> date:
        """The day from which everything is counted: a concern that is taken up again begins anew."""
        return self.reopened_on or self.opened_on

    def since_beginning(self, day: date | None) -> date | None:
        """A day that counts; what was done before a concern was taken up again was done for another round."""
        return day if day is not None and day >= self.begins_on else None


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise that is not kept yet, by when, and the counting in words."""

    promise: Promise
    due_on: date
    reasons: tuple[Message, ...]

    def is_late(self, today: date) -> bool:
        return today > self.due_on


def owed(answered: Answered, calendar: WorkingDays, promises: Promises = DEFAULT_PROMISES) -> tuple[Owed, ...]:
    """What is owed now, soonest first. An answer acknowledges as well; after the outcome nothing is owed."""
    if answered.since_beginning(answered.outcome_on) is not None:
        return ()
    return tuple(sorted(_owed(answered, calendar, promises), key=lambda one: (one.due_on, one.promise)))


def first_owed(answered: Answered, calendar: WorkingDays, promises: Promises = DEFAULT_PROMISES) -> Owed | None:
    """What is due first."""
    return next(iter(owed(answered, calendar, promises)), None)


def _owed(answered: Answered, calendar: WorkingDays, promises: Promises) -> Iterator[Owed]:
    begins_on = answered.begins_on
    came = _came(answered)
    replied_on = answered.since_beginning(answered.replied_on)
    acknowledged_on = answered.since_beginning(answered.acknowledged_on) or replied_on
    if acknowledged_on is None:
        yield _after(Promise.ACKNOWLEDGE, begins_on, promises.acknowledge, calendar, came)
    if answered.since_beginning(answered.triaged_on) is None and replied_on is None:
        yield _after(Promise.TRIAGE, begins_on, promises.triage, calendar, came)
    if replied_on is None:
        yield _after(Promise.REPLY, begins_on, promises.reply, calendar, came)
    else:
        told_on = max(replied_on, answered.since_beginning(answered.updated_on) or replied_on)
        said = msg("The last answer came on {date}", date=told_on)
        yield _after(Promise.UPDATE, told_on, promises.update, calendar, said)
    yield _outcome(begins_on, acknowledged_on, calendar, promises, came)


def _outcome(
    begins_on: date, acknowledged_on: date | None, calendar: WorkingDays, promises: Promises, came: Message
) -> Owed:
    """Three months from the acknowledgement; one that comes late moves nothing."""
    promised_on = calendar.later(begins_on, promises.acknowledge)
    counted_from = min(acknowledged_on or promised_on, promised_on)
    due_on = calendar.roll(months_later(counted_from, promises.outcome_months))
    return Owed(
        Promise.OUTCOME,
        due_on,
        (
            came,
            msg("The months are counted from the acknowledgement, at the latest from {date}", date=counted_from),
            nmsg("{n} month later: {date}", "{n} months later: {date}", promises.outcome_months, date=due_on),
            OWN_PROMISE,
        ),
    )


def _after(promise: Promise, from_on: date, days: int, calendar: WorkingDays, said: Message) -> Owed:
    due_on = calendar.later(from_on, days)
    counted = nmsg("{n} working day later: {date}", "{n} working days later: {date}", days, date=due_on)
    return Owed(promise, due_on, (said, counted, OWN_PROMISE))


def _came(answered: Answered) -> Message:
    if answered.reopened_on is not None:
        return msg("It was taken up again on {date}", date=answered.reopened_on)
    return msg("It came on {date}", date=answered.opened_on)


OWN_PROMISE = msg("This is the employer’s own promise. No law sets a day for concerns")


def check_ins(outcome_on: date) -> tuple[date, ...]:
    """The days on which the reporter is asked how it went on."""
    return tuple(outcome_on + timedelta(days=days) for days in CHECK_INS)


def check_in_due(outcome_on: date, asked: int, today: date) -> int | None:
    """Which of the questions is due now, as its number of days; None when none is. ``asked`` is the last one asked."""
    due = max((days for days, on in zip(CHECK_INS, check_ins(outcome_on), strict=True) if on <= today), default=0)
    return due if due > asked else None


def check_in_shown(outcome_on: date, today: date) -> int:
    """Which question stands on the reporter's page: each from its day until the next one's, the last one while it can
    still keep the concern from being closed. 0 for none."""
    days = (today - outcome_on).days
    return 0 if days > CHECK_INS[-1] + QUIET_DAYS else max((one for one in CHECK_INS if one <= days), default=0)
