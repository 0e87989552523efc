"""The small-unit guard (routing.md D1.7): where few people could have sent something, where and when it was gives away
who. It then goes to nobody of the unit, and nothing but the day is shown of place, role and time.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.core.clock import london_day

MOST_OF_A_SMALL_UNIT = 7
"""So many people or fewer are few (law.md 0)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Whom something could come from: how many, the teams that they are in, and who is over them there."""

    size: int
    team_ids: frozenset[str] = frozenset()
    manager_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Detail:
    """What a page would show of where something comes from."""

    workplace: str | None
    staff_group: str | None
    at: datetime | date


def is_small(unit: Unit) -> bool:
    """Whether the guard is up. A unit that nobody is known to be in is small as well: it is not known to be large."""
    return unit.size <= MOST_OF_A_SMALL_UNIT


def shown(detail: Detail, unit: Unit) -> Detail:
    """The detail as it may be shown."""
    if not is_small(unit):
        return detail
    day = london_day(detail.at) if isinstance(detail.at, datetime) else detail.at
    return replace(detail, workplace=None, staff_group=None, at=day)
