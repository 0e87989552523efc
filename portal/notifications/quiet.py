"""When a letter leaves, by what somebody wishes: at once, in a digest, and not in their quiet hours. Pure.

Hours are those of the clock on the wall in London. Where the clock leaves an hour out, what would end within it ends
where it goes on; an hour that comes twice is quiet twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from portal.core.clock import LONDON
from portal.notifications.passing import Pace

DIGEST_HOUR = 8
ONE_DAY = timedelta(days=1)


class Digest(StrEnum):
    """How somebody wants to hear of news."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes. ``quiet_from`` is the first quiet hour, ``quiet_to`` the first that is not any more."""

    digest: Digest = Digest.AT_ONCE
    weekday: int = 0
    quiet_from: int | None = None
    quiet_to: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("weekdays are 0 to 6")
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet hours begin and end")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise ValueError("not the whole day is quiet")

    def is_quiet(self, at: datetime) -> bool:
        """Whether an instant lies in the quiet hours."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        hour = at.astimezone(LONDON).hour
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to


AS_IT_COMES = Wish()
"""Of somebody who said nothing."""


def leaves_at(at: datetime, pace: Pace, wish: Wish = AS_IT_COMES) -> datetime:
    """The instant from which a letter that is written at ``at`` may leave."""
    if pace in (Pace.URGENT, Pace.LAW):
        return at
    return _out_of_quiet(_digest_at(at, wish) if pace is Pace.NEWS else at, wish)


def _digest_at(at: datetime, wish: Wish) -> datetime:
    """The next digest after an instant: what comes at the very moment is in the next one."""
    if wish.digest is Digest.AT_ONCE:
        return at
    day = at.astimezone(LONDON).date()
    while True:
        moment = datetime.combine(day, time(DIGEST_HOUR), tzinfo=LONDON).astimezone(UTC)
        is_day = wish.digest is Digest.DAILY or day.weekday() == wish.weekday
        if is_day and moment > at:
            return moment
        day += ONE_DAY


def _out_of_quiet(at: datetime, wish: Wish) -> datetime:
    """The first instant from ``at`` on that is not quiet. Where the one hour of a day that is none is left out, the
    next day has it."""
    while wish.quiet_to is not None and wish.is_quiet(at):
        here = at.astimezone(LONDON)
        day = here.date() if here.hour < wish.quiet_to else here.date() + ONE_DAY
        at = datetime.combine(day, time(wish.quiet_to), tzinfo=LONDON).astimezone(UTC)
    return at
