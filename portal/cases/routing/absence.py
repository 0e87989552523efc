"""Who is away, and what that moves (routing.md D3). Leave is known by its days and never by its reason.

A deputy acts in an office and not for its holder, so nobody is deputy for themselves, and whoever was left out has
nobody who stands in for them. Where holder and deputy are both away, it goes up and does not wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.cases.routing.exclusions import Barred
from portal.cases.routing.people import Office, World
from portal.directory.rules import AwaySource as AwaySource
from portal.timelimits.calendar import WorkingDays

SILENT_WORKING_DAYS = 3
"""So many working days without signing in while something is due count as being away."""


@dataclass(frozen=True, slots=True)
class Away:
    """Days away, the last one included; without a last day until somebody comes back."""

    source: AwaySource
    from_on: date
    until_on: date | None = None

    def holds(self, today: date) -> bool:
        return self.from_on <= today and (self.until_on is None or today <= self.until_on)


def is_away(told: Iterable[Away], today: date) -> bool:
    """Whether any source says so; none is asked before another."""
    return any(one.holds(today) for one in told)


def inferred(last_seen_on: date, due_since: date | None, today: date, calendar: WorkingDays) -> Away | None:
    """Somebody with something due who has not signed in for three whole working days is away until they come."""
    if due_since is None:
        return None
    silent_since = max(last_seen_on, due_since)
    last_silent = calendar.later(silent_since, SILENT_WORKING_DAYS)
    return Away(AwaySource.INFERRED, last_silent) if last_silent < today else None


@dataclass(frozen=True, slots=True)
class Gap:
    """An office of a home that nobody, or only one person, can act in."""

    office: Office
    home: str
    has_holder: bool


def gaps(world: World, needed: Mapping[str, Iterable[Office]]) -> tuple[Gap, ...]:
    """Where a holder or a deputy is missing: every office has to have both, and they are two people."""
    found = []
    for home, offices in sorted(needed.items()):
        for office in sorted(offices):
            seats = [seat for seat in world.seats if seat.office is office and seat.home == home]
            holders = {seat.person_id for seat in seats if not seat.is_deputy}
            if not holders or len({seat.person_id for seat in seats}) < 2:
                found.append(Gap(office, home, bool(holders)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Held:
    """One open item that somebody has in place of somebody who was away when it came."""

    item_id: str
    person_id: str
    in_place_of: str | None = None


def hand_back(items: Sequence[Held], returned: str, barred: Mapping[str, Barred]) -> tuple[Held, ...]:
    """What is offered back to somebody who is here again. An item that they must not receive is not, nor said to be."""
    nobody: Barred = {}
    return tuple(
        one for one in items if one.in_place_of == returned and returned not in barred.get(one.item_id, nobody)
    )


def orphaned(items: Iterable[Held], leaver: str) -> tuple[Held, ...]:
    """What has to go to somebody else at once because its holder has left: routed anew in a world without them."""
    return tuple(one for one in items if one.person_id == leaver)
