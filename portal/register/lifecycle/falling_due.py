"""What falls due in a system's life because days pass, and by when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.register.lifecycle.rules import (
    CONFIRM_MONTHS,
    EMERGENCY_DAYS,
    ENDLESS_DAYS,
    LAST_DAY,
    MANAGER_GONE_DAYS,
    OVERTURNED,
    OVERTURNED_MONTHS,
    REVIEW_DAYS,
    Cause,
)
from portal.register.rules import BEFORE_USE, IN_USE, SystemState
from portal.timelimits.calendar import months_later

S = SystemState


class Due(StrEnum):
    """What falls due because time passed."""

    SUSPEND = "suspend"
    REVIEW = "review"
    UNMANAGED = "unmanaged"
    SUSPENDED_STILL = "suspended_still"
    CONFIRM = "confirm"
    REVIEW_LATE = "review_late"
    LAST_DAY = "last_day"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the sweep looks at in one system. ``unmanaged_since``: the day nobody, not even a deputy, was left;
    ``asked_on``: the day its manager was first asked for the last day of a trial that has none."""

    state: SystemState
    state_since: date
    state_until: date | None
    review_due_on: date | None
    confirmed_on: date | None
    unmanaged_since: date | None = None
    asked_on: date | None = None

    @property
    def is_endless(self) -> bool:
        """A trial, brought in from a file, of which nobody said when it ends."""
        return self.state is SystemState.PILOT and self.state_until is None


def due(watched: Watched, *, today: date) -> tuple[tuple[Due, Cause | None], ...]:
    """What falls due today for one system, each with its cause. At most one of them moves it."""
    found: list[tuple[Due, Cause | None]] = []
    move = _move_due(watched, today)
    if move is not None:
        found.append(move)
    if is_unmanaged(watched, today=today) and (Due.REVIEW, Cause.NO_MANAGER) not in found:
        found.append((Due.UNMANAGED, Cause.NO_MANAGER))
    if watched.is_endless and move is None:
        found.append((Due.LAST_DAY, None))
    if watched.state is S.UNDER_REVIEW and review_by(watched.state_since, watched.state_until) < today:
        found.append((Due.REVIEW_LATE, None))
    if watched.state is S.SUSPENDED and watched.state_since < today:
        found.append((Due.SUSPENDED_STILL, None))
    is_old = confirm_due_on(watched.confirmed_on, watched.state_since) < today
    if is_old and watched.state in IN_USE:
        found.append((Due.CONFIRM, None))
    return tuple(found)


def _move_due(watched: Watched, today: date) -> tuple[Due, Cause] | None:
    until = watched.state_until
    if until is None and watched.state is S.EMERGENCY:
        until = watched.state_since + timedelta(days=EMERGENCY_DAYS)
    has_ended = until is not None and until < today
    if has_ended and watched.state is S.PILOT:
        return Due.SUSPEND, Cause.TRIAL_ENDED
    if watched.is_endless and watched.asked_on is not None and off_on(watched.asked_on) <= today:
        return Due.SUSPEND, Cause.NO_LAST_DAY
    if has_ended and watched.state is S.EMERGENCY:
        return Due.SUSPEND, Cause.EMERGENCY_ENDED
    if watched.state is S.LIVE and is_unmanaged(watched, today=today):
        return Due.REVIEW, Cause.NO_MANAGER
    if watched.state is S.LIVE and watched.review_due_on is not None and watched.review_due_on < today:
        return Due.REVIEW, Cause.REVIEW_DUE
    return None


def is_unmanaged(watched: Watched, *, today: date) -> bool:
    """More than five days without a responsible manager or an acting deputy, while people are affected."""
    since = watched.unmanaged_since
    return watched.state in IN_USE and since is not None and today - since > timedelta(days=MANAGER_GONE_DAYS)


def off_on(asked_on: date) -> date:
    """The day on which a trial without a last day is switched off, after its manager was first asked for one."""
    return asked_on + timedelta(days=ENDLESS_DAYS)


def review_by(state_since: date, state_until: date | None) -> date:
    """The last day on which a review of a system ends in time."""
    return state_until or state_since + timedelta(days=REVIEW_DAYS)


def is_lesson(overturned_on: Iterable[date], *, reviewed_on: date | None, today: date) -> bool:
    """Whether so many decisions of one kind were overturned within a year, and since the last review of the system,
    that the system itself has to be looked at."""
    since = months_later(today, -OVERTURNED_MONTHS)
    counted = [day for day in overturned_on if day > since and (reviewed_on is None or day > reviewed_on)]
    return len(counted) >= OVERTURNED


def confirm_due_on(confirmed_on: date | None, state_since: date) -> date:
    """The last day on which «still right?» is answered in time: a quarter after the last time."""
    return months_later(min(confirmed_on or state_since, LAST_DAY), CONFIRM_MONTHS)


def overdue_since(state: SystemState, review_due_on: date | None, *, today: date) -> date | None:
    """The day since which the check of a system in use is overdue, None when it is not."""
    if review_due_on is None or review_due_on >= today or state in BEFORE_USE or state is S.RETIRED:
        return None
    return review_due_on
