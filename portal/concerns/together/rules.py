"""How many concerns may be spoken of, and how: in bands, from ten on; counts are of concerns and never of people."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.cases.suppression import Sum, withheld
from portal.concerns.casework.rules import Theme

BANDS = (10, 20, 50, 100)
"""«10 or more», «20 or more» … (law.md 0). Below the first of them nobody is told anything."""
FIRST_BAND = BANDS[0]

Counted = Mapping[tuple[Theme, str | None], int]
"""Concerns by theme and by the system that they were told to be about."""


def band_of(number: int) -> int:
    """The greatest band that so many reach; 0 below the first."""
    return max((band for band in BANDS if band <= number), default=0)


def bands_shown(told: Mapping[int, date], ever_linked: int) -> dict[int, date]:
    """Of the bands that reporters were told, those that somebody may know who can open so many of the threads that are
    or were together: a greater one would tell them that there are threads which they cannot open."""
    return {band: on for band, on in told.items() if band <= ever_linked}


def band_to_tell(told: Mapping[int, date], linked: int, ever_linked: int) -> int:
    """What a holder may tell reporters: what they count now, and never less than what they know was told before."""
    return max([band_of(linked), *bands_shown(told, ever_linked)])


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the sheet for the joint forum: at least so many concerns, 0 for «fewer than ten», none included.

    ``system_id`` None is the theme's own line.
    """

    theme: Theme
    system_id: str | None
    band: int


def report(counted: Counted) -> tuple[ReportLine, ...]:
    """A line for each theme, below it those systems alone that reach ten.

    What is below ten is withheld, and where the other numbers of a sum would give it away the smallest of them as
    well. A number that is told is told as a band, and the sum of all themes is not told.
    """
    themes = {theme: _parts(theme, counted) for theme in Theme}
    cells: dict[Hashable, int] = {key: number for parts in themes.values() for key, number in parts.items()}
    cells |= {theme: sum(parts.values()) for theme, parts in themes.items()}
    few = frozenset(key for key, number in cells.items() if 0 < number < FIRST_BAND)
    hidden = withheld(cells, [Sum(theme, tuple(parts)) for theme, parts in themes.items()], before=few)
    shown = {key: 0 if key in hidden else band_of(number) for key, number in cells.items()}
    lines = []
    for theme, parts in themes.items():
        lines.append(ReportLine(theme, None, shown[theme]))
        named = sorted(key[1] for key in parts if key[1] is not None and shown[key])
        lines += [ReportLine(theme, system_id, shown[(theme, system_id)]) for system_id in named]
    return tuple(lines)


def _parts(theme: Theme, counted: Counted) -> dict[tuple[Theme, str | None], int]:
    """The numbers of a theme by system, those systems together that do not reach ten by themselves."""
    parts: dict[tuple[Theme, str | None], int] = {(theme, None): 0}
    for (one, system_id), number in counted.items():
        if one is theme:
            key = (theme, system_id if number >= FIRST_BAND else None)
            parts[key] = parts.get(key, 0) + number
    return parts
