"""The three statutory clocks of law.md section 2, as pure functions of a list of events.

Access requests: UK GDPR Article 12A, counted the ICO's way (section 2.3). Reviews of automated decisions: the same
month, which nothing pauses (section 2.6). Data protection complaints: Data Protection Act 2018 section 164A (section
2.7). The portal's own, earlier targets stand beside the statutory day and are never shown as law.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.core.text import Message, msg
from portal.timelimits import reasons
from portal.timelimits.calendar import ONE_DAY, WorkingDays, months_later
from portal.timelimits.counting import (
    Count,
    Events,
    Start,
    agreed_days,
    count_period,
    day_received,
    first_day,
    first_end,
    last_end,
    longer_days,
    pauses_of,
    promised_days,
    reopened_on,
    start_of,
)
from portal.timelimits.events import EventKind

COMPLAINTS_FROM = date(2026, 6, 19)
"""Only complaints received on or after this day have the duty (SI 2026/82, regulation 7)."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The portal's own service targets; each body may set them (law.md section 0)."""

    access_days: int = 28
    review_working_days: int = 10
    second_look_working_days: int = 20
    complaint_days: int = 29
    complaint_outcome_working_days: int = 20
    complaint_ceiling_months: int = 3


DEFAULT_TARGETS = Targets()


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """When an answer is due and why. Days are local days in Europe/London; the answer is due at the end of ``due_on``.

    While the clock is stopped, or has not started, ``due_on`` is the earliest day it can be: ``paused_since`` or
    ``waiting_since`` says so.
    """

    received_on: date
    starts_on: date
    period_ends_on: date  # before it moves to a working day
    base_on: date  # after it moved, before paused days are added
    paused_days: int
    due_on: date
    target_on: date
    notice_by: date | None  # the last day to tell of an extension; None where the law knows no extension
    paused_since: date | None
    waiting_since: date | None  # proof of identity or a fee is outstanding: the month has not begun
    extended_on: date | None
    finished_on: date | None
    cautious_on: date  # the strictest reading: paused days are added before the date moves
    literal_on: date  # Article 12A(5) to the letter: the days of asking and of answering are both left out
    reasons: tuple[Message, ...]

    @property
    def is_extended(self) -> bool:
        return self.extended_on is not None

    @property
    def is_running(self) -> bool:
        """True while days are being counted."""
        return self.paused_since is None and self.waiting_since is None and self.finished_on is None

    def is_late(self, today: date) -> bool:
        """True if the last day has passed without an answer, or the answer came after it."""
        stopped = self.paused_since is not None or self.waiting_since is not None
        return not stopped and (self.finished_on or today) > self.due_on


def access_request(
    events: Events, calendar: WorkingDays, *, targets: Targets = DEFAULT_TARGETS, as_at: date | None = None
) -> TimeLimit:
    """The time limit of a request for one's own data. With ``as_at``, a question still open counts up to that day.

    The body's own target came with the request, in calendar days; it is never later than the law's day.
    """
    start = start_of(events)
    extended_on = first_day(events, EventKind.EXTENDED)
    pauses = pauses_of(events, start.starts_on, as_at)
    months = 3 if extended_on else 1
    count = count_period(start.starts_on, months, pauses, calendar)
    notice = count_period(start.starts_on, 1, pauses, calendar)
    days = promised_days(events) or targets.access_days
    target = start.starts_on + timedelta(days=days * months + len(count.left_out))
    limit = _time_limit(events, start, count, calendar, target=target, notice_by=notice.due_on, extended_on=extended_on)
    again = reopened_on(events)
    return limit if again is None else _second_look(limit, again, calendar, targets)


def review(events: Events, calendar: WorkingDays, *, targets: Targets = DEFAULT_TARGETS) -> TimeLimit:
    """The time limit of a review of an automated decision. Nothing stops this clock: Article 12A(5) is not for it.

    Under a right that the body agreed, its promise counts where it comes before the month: what kind of review it is
    never lengthens what the worker was told first. The second stage has the portal's own working days. Who takes longer
    for their side moves the portal's own target, and no day of the law or of an agreed right.
    """
    start = start_of(events)
    extended_on = first_day(events, EventKind.EXTENDED)
    count = count_period(start.starts_on, 3 if extended_on else 1, [], calendar)
    notice = count_period(start.starts_on, 1, [], calendar)
    longer = longer_days(events)
    target = calendar.later(start.starts_on, (promised_days(events) or targets.review_working_days) + longer)
    limit = _time_limit(events, start, count, calendar, target=target, notice_by=notice.due_on, extended_on=extended_on)
    agreed = agreed_days(events)
    if agreed is not None:
        limit = _agreed(limit, agreed, calendar)
    if longer:
        limit = replace(limit, reasons=(*limit.reasons, *reasons.longer(longer, limit.target_on)))
    again = reopened_on(events)
    return limit if again is None else _second_look(limit, again, calendar, targets)


def complaint(events: Events, calendar: WorkingDays, *, targets: Targets = DEFAULT_TARGETS) -> TimeLimit | None:
    """By when a data protection complaint must be acknowledged; None if it came before the duty. Nothing pauses it."""
    if day_received(events) < COMPLAINTS_FROM:
        return None
    return acknowledgement(events, calendar, targets=targets)


def acknowledgement(events: Events, calendar: WorkingDays, *, targets: Targets = DEFAULT_TARGETS) -> TimeLimit:
    """The thirty days, whether the duty had begun or not: an older complaint gets the same as the portal's promise."""
    received_on = day_received(events)
    ends_on = received_on + timedelta(days=30)
    due_on = calendar.roll(ends_on)
    said = (reasons.received(received_on), reasons.thirty_days_later(ends_on), *reasons.moved(calendar, ends_on))
    return TimeLimit(
        received_on=received_on,
        starts_on=received_on,
        period_ends_on=ends_on,
        base_on=due_on,
        paused_days=0,
        due_on=due_on,
        target_on=min(received_on + timedelta(days=targets.complaint_days), due_on),
        notice_by=None,
        paused_since=None,
        waiting_since=None,
        extended_on=None,
        finished_on=last_end(events),
        cautious_on=received_on + timedelta(days=29),  # "beginning when it is received" read with that day as the first
        literal_on=received_on + timedelta(days=29),
        reasons=said,
    )


def complaint_case(events: Events, calendar: WorkingDays, *, targets: Targets = DEFAULT_TARGETS) -> TimeLimit:
    """What a complaint owes next: until it is acknowledged that, by law; from then on its outcome, by our own promise.

    The law says «without undue delay» and names no day for the outcome, so the target and the ceiling are the portal's
    own. Nothing pauses either: no event but an end is looked at.
    """
    limit = acknowledgement(events, calendar, targets=targets)
    if acknowledged_on(events) is None:
        if limit.received_on >= COMPLAINTS_FROM:
            return limit
        return replace(limit, reasons=(*limit.reasons, reasons.before_the_duty(COMPLAINTS_FROM)))
    again = reopened_on(events)
    starts_on = again or limit.received_on
    ends_on = months_later(starts_on, targets.complaint_ceiling_months)
    due_on = calendar.roll(ends_on)
    target_on = min(calendar.later(starts_on, targets.complaint_outcome_working_days), due_on)
    return replace(
        limit,
        starts_on=starts_on,
        period_ends_on=ends_on,
        base_on=due_on,
        due_on=due_on,
        target_on=target_on,
        cautious_on=target_on,
        literal_on=due_on,
        reasons=reasons.outcome_of_complaint(
            limit.received_on, again, targets.complaint_outcome_working_days, target_on, due_on
        ),
    )


def acknowledged_on(events: Events) -> date | None:
    """The day of the acknowledgement; an outcome sent before it is one as well."""
    return first_day(events, EventKind.ACKNOWLEDGED) or first_end(events)


def refusal_of_extension(limit: TimeLimit, *, on: date) -> Message | None:
    """Why the time cannot be extended on that day, or None if it can: notice must be given within the first month.

    ``limit`` is computed as at that day, so that a question still open counts (Article 12A(4)(a) and (5)(b)(ii)).
    """
    if limit.finished_on is not None:
        return msg("The request is finished, so there is no time to extend")
    if limit.extended_on is not None:
        return msg("The time was already extended on {date}", date=limit.extended_on)
    if limit.notice_by is None:
        return msg("The law knows no extension of this time limit")
    if on > limit.notice_by:
        return msg("Too late to extend: notice had to be given by {date}", date=limit.notice_by)
    return None


def _time_limit(
    events: Events,
    start: Start,
    count: Count,
    calendar: WorkingDays,
    *,
    target: date,
    notice_by: date,
    extended_on: date | None,
) -> TimeLimit:
    cautious = calendar.roll(count.period_ends_on + ONE_DAY * len(count.left_out))
    literal = calendar.roll(count.period_ends_on + ONE_DAY * len(count.literal))
    return TimeLimit(
        received_on=start.received_on,
        starts_on=start.starts_on,
        period_ends_on=count.period_ends_on,
        base_on=count.base_on,
        paused_days=len(count.left_out),
        due_on=count.due_on,
        target_on=min(target, cautious, literal, count.due_on),
        notice_by=notice_by,
        paused_since=count.paused_since,
        waiting_since=start.waiting_since,
        extended_on=extended_on,
        finished_on=last_end(events),
        cautious_on=cautious,
        literal_on=literal,
        reasons=(*start.reasons, *_why(count, calendar, extended_on)),
    )


def _agreed(limit: TimeLimit, working_days: int, calendar: WorkingDays) -> TimeLimit:
    """The promise of a right that was agreed. The law's two more months are not for it."""
    promised_on = calendar.later(limit.starts_on, working_days)
    due_on = min(promised_on, limit.due_on)
    said = reasons.agreed(working_days, promised_on, kept=promised_on <= limit.due_on)
    return replace(
        limit,
        due_on=due_on,
        target_on=min(limit.target_on, due_on),
        notice_by=None,
        reasons=(*limit.reasons, *said),
    )


def _second_look(limit: TimeLimit, again: date, calendar: WorkingDays, targets: Targets) -> TimeLimit:
    """The portal's own time for looking again after an answer. The law's clock has ended and is not told anew."""
    due_on = calendar.later(again, targets.second_look_working_days)
    return replace(
        limit,
        due_on=due_on,
        target_on=due_on,
        notice_by=None,
        paused_since=None,
        waiting_since=None,
        reasons=reasons.second_look(again, targets.second_look_working_days, due_on),
    )


def _why(count: Count, calendar: WorkingDays, extended_on: date | None) -> list[Message]:
    """The counting replayed in words, from the start of the period on."""
    said: list[Message] = []
    if extended_on is None:
        said.append(reasons.month_later(count.period_ends_on))
    else:
        said.extend(reasons.three_months_later(extended_on, count.period_ends_on))
    said.extend(reasons.moved(calendar, count.period_ends_on))
    for pause in count.counted:
        if pause.ended is not None and not pause.is_open:
            said.extend(reasons.paused(pause.asked, pause.ended, by_answer=pause.by_answer))
    if count.left_out:
        moved_to = count.base_on + ONE_DAY * len(count.left_out)
        said.append(reasons.added(len(count.left_out), moved_to))
        said.extend(reasons.moved(calendar, moved_to))
    if count.paused_since is not None:
        said.extend(reasons.stopped_since(count.paused_since))
    return said
