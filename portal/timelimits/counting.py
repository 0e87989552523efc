"""The counting itself: where the period starts, which days are left out of it, and where it ends.

The ICO's way (law.md section 2.3): the month rolls to a working day, the paused days are added, and it rolls again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.core.text import Message
from portal.timelimits import reasons
from portal.timelimits.calendar import ONE_DAY, WorkingDays, months_later
from portal.timelimits.events import Event, EventKind

Events = Sequence[Event]


@dataclass(frozen=True, slots=True)
class Start:
    received_on: date
    starts_on: date
    waiting_since: date | None
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    asked: date
    ended: date | None  # None while it is not known how long it will be
    is_open: bool
    by_answer: bool


@dataclass(slots=True)
class Count:
    """A period of months with the pauses that fell inside it."""

    period_ends_on: date
    base_on: date
    due_on: date
    left_out: set[date] = field(
        default_factory=set
    )  # the ICO's way: from the day asked up to the day before the answer
    literal: set[date] = field(default_factory=set)  # both days included
    counted: list[Pause] = field(default_factory=list)
    paused_since: date | None = None


def count_period(starts_on: date, months: int, pauses: Sequence[Pause], calendar: WorkingDays) -> Count:
    """Roll, add the paused days, roll again: the order of the ICO's own example of 19 June.

    A question asked after the last day changes nothing: time that has run out does not come back.
    """
    ends_on = months_later(starts_on, months)
    base_on = calendar.roll(ends_on)
    count = Count(ends_on, base_on, base_on)
    for pause in sorted(
        pauses, key=lambda pause: (pause.asked, pause.ended or date.max, pause.is_open, pause.by_answer)
    ):
        if pause.asked > count.due_on:
            break
        count.counted.append(pause)
        if pause.is_open:
            count.paused_since = count.paused_since or pause.asked
        if pause.ended is None:
            continue
        length = (pause.ended - pause.asked).days
        count.left_out.update(pause.asked + ONE_DAY * step for step in range(length))
        count.literal.update(pause.asked + ONE_DAY * step for step in range(length + 1))
        count.due_on = calendar.roll(base_on + ONE_DAY * len(count.left_out)) if count.left_out else base_on
    return count


def start_of(events: Events) -> Start:
    """The relevant time: the latest of receipt, proof of identity and fee, where asked for (Article 12A(2))."""
    received_on = day_received(events)
    said = [reasons.received(received_on)]
    starts_on, waiting_since = received_on, None
    for asked, met, waived in (
        (EventKind.IDENTITY_ASKED, EventKind.IDENTITY_RECEIVED, EventKind.IDENTITY_NOT_NEEDED),
        (EventKind.FEE_ASKED, EventKind.FEE_PAID, EventKind.FEE_NOT_NEEDED),
    ):
        until = last_day(events, waived, date.min) or date.min
        asked_on, met_on = last_day(events, asked, until), last_day(events, met, until)
        if asked_on is not None and (met_on is None or met_on < asked_on):
            said.extend((reasons.not_started(asked, asked_on), reasons.earliest()))
            waiting_since = min(waiting_since or asked_on, asked_on)
        if met_on is not None and met_on > received_on:
            said.append(reasons.started(met, met_on))
            starts_on = max(starts_on, met_on)
    return Start(received_on, starts_on, waiting_since, tuple(said))


def pauses_of(events: Events, starts_on: date, as_at: date | None) -> list[Pause]:
    """One pause for each question, counted from the start of the period on, without those that were withdrawn."""
    finished_on = first_end(events)
    withdrawn = {event.question for event in events if event.kind is EventKind.CLARIFICATION_WITHDRAWN}
    asked_on = _by_question(events, EventKind.CLARIFICATION_ASKED)
    answered = _by_question(events, EventKind.CLARIFICATION_ANSWERED)
    given_up = _by_question(events, EventKind.CLARIFICATION_ENDED)
    pauses = []
    for question, day in asked_on.items():
        if question in withdrawn:
            continue
        ends = [found[question] for found in (answered, given_up) if question in found]
        if finished_on is not None:
            ends.append(finished_on)
        ended = min(ends) if ends else as_at
        asked = max(day, starts_on)
        is_open = not ends
        by_answer = question in answered and answered[question] == ended
        pauses.append(Pause(asked, None if ended is None else max(asked, ended), is_open, by_answer))
    return pauses


def _by_question(events: Events, kind: EventKind) -> dict[str, date]:
    """The first day of that kind for each question."""
    found: dict[str, date] = {}
    for event in events:
        if event.kind is kind:
            found[event.question] = min(event.on, found.get(event.question, event.on))
    return found


def day_received(events: Events) -> date:
    received_on = first_day(events, EventKind.RECEIVED)
    if received_on is None:
        raise ValueError("a clock needs the day of receipt")
    return received_on


def ends_of(events: Events) -> list[date]:
    """The days on which the clock ended and stayed ended: each day of resuming undoes the last end up to it."""
    ends = sorted(event.on for event in events if event.kind is EventKind.FINISHED)
    for resumed_on in sorted(event.on for event in events if event.kind is EventKind.RESUMED):
        before = [day for day in ends if day <= resumed_on]
        if before:
            ends.remove(before[-1])
    return ends


def first_end(events: Events) -> date | None:
    """The day of the first answer, from which the law's clock no longer runs."""
    return min(ends_of(events), default=None)


def reopened_on(events: Events) -> date | None:
    """The last day on which somebody asked to look again after an answer."""
    return max((event.on for event in events if event.kind is EventKind.REOPENED), default=None)


def last_end(events: Events) -> date | None:
    """The day on which everything was done; None while the first answer, or one more look, is still owed."""
    ends = ends_of(events)
    again = sum(event.kind is EventKind.REOPENED for event in events)
    return ends[-1] if len(ends) > again else None


def promised_days(events: Events) -> int | None:
    """The target that came with the request: that of the system a review is about, in working days; or that of the
    body of an access request, in calendar days."""
    return min((event.working_days for event in events if _promises(event, EventKind.RECEIVED)), default=None)


def agreed_days(events: Events) -> int | None:
    """What a right that the body agreed promises, in working days, unless it was ended; the shortest of several."""
    ended = {event.question for event in events if event.kind is EventKind.AGREED_ENDED}
    said = (event for event in events if _promises(event, EventKind.AGREED) and event.question not in ended)
    return min((event.working_days for event in said), default=None)


def longer_days(events: Events) -> int:
    """By how many working days the person takes longer for their side than was offered; the most of several."""
    ended = {event.question for event in events if event.kind is EventKind.LONGER_ENDED}
    said = (event for event in events if _promises(event, EventKind.LONGER) and event.question not in ended)
    return max((event.working_days for event in said), default=0)


def _promises(event: Event, kind: EventKind) -> bool:
    return event.kind is kind and event.working_days > 0


def first_day(events: Events, kind: EventKind) -> date | None:
    return min((event.on for event in events if event.kind is kind), default=None)


def last_day(events: Events, kind: EventKind, after: date) -> date | None:
    return max((event.on for event in events if event.kind is kind and event.on > after), default=None)
