"""What a report is made of. Plain values; nothing here knows what its numbers are about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.cases.periods import Quarter, quarter_of

SETTLED = timedelta(days=14)
"""So long after its last day a quarter is frozen: everything that a person can still undo of it is done by then."""
LOOKED_BACK = 8
"""In so many earlier quarters it is looked whether something became known since."""
FROZEN = "frozen"
"""The one event of ``Kind.REPORT``: a quarter was frozen. It is written with all others or not at all."""
NAMED = ":"
"""Stands between a key and the code of a system that it names: what the register says of each system itself."""


class Kind(StrEnum):
    """The parts of a report, in its order."""

    SYSTEMS = "systems"
    REVIEWS = "reviews"
    ACCESS = "access"
    COMPLAINTS = "complaints"
    CONCERNS = "concerns"
    REPORT = "report"  # the report itself, and no part of it


class Care(StrEnum):
    """How the numbers of a part are told."""

    OPEN = "open"  # as they are: they count systems, and the register names each of them
    TOLD = "told"  # exactly what tables elsewhere tell of the same quarter, with what those withhold
    ROUNDED = "rounded"  # withheld where small, noughts too, and rounded: no other table tells these quarters


class Unit(StrEnum):
    """What a number is."""

    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"


Numbers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a room counted of one quarter. ``withheld``: what it withholds itself. ``total``: the key of the number that
    all others make. ``plain``: numbers that count nobody (a median, a share), told as they are if they are here at all.
    ``known`` is what it counts today of earlier quarters, by their written names. How much more that is than was
    counted of them so far stands in the lines of ``late``, each with the numbers that it adds up."""

    care: Care
    numbers: Numbers
    withheld: frozenset[str] = frozenset()
    total: str | None = None
    plain: Numbers = field(default_factory=dict)
    known: Mapping[str, Numbers] = field(default_factory=dict)
    late: Mapping[str, Collection[str]] = field(default_factory=dict)


Told = Mapping[tuple[Kind, str], int | None]
"""The numbers of a report by part and key; None is withheld, and a number that there is none of is missing."""


@dataclass(frozen=True, slots=True)
class Report:
    """One quarter of one body as it was told, with the report before, if there is one."""

    body_id: str
    quarter: Quarter
    frozen_on: date
    told: Told
    before: Told | None

    def named(self, kind: Kind, key: str) -> tuple[str, ...]:
        """The codes of the systems that a line counts, where it names them."""
        start = f"{key}{NAMED}"
        return tuple(sorted(at.removeprefix(start) for part, at in self.told if part is kind and at.startswith(start)))

    def change(self, kind: Kind, key: str) -> int | None:
        """By how much a number differs from that of the report before, as far as both tell it."""
        now, then = self.told.get((kind, key)), (self.before or {}).get((kind, key))
        return None if now is None or then is None else now - then


def newest_told(today: date) -> Quarter:
    """The last quarter of which everything is known."""
    quarter = quarter_of(today).before
    return quarter if quarter.is_told(today, SETTLED) else quarter.before


def looked_back(quarter: Quarter) -> tuple[Quarter, ...]:
    """The earlier quarters in which something may have become known since, newest first."""
    found: list[Quarter] = []
    for _ in range(LOOKED_BACK):
        quarter = quarter.before
        found.append(quarter)
    return tuple(found)
