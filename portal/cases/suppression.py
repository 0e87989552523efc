"""Which numbers of a table are withheld, so that nobody can find out a small one, by any sum or difference.

A number from one to four is withheld. Where the others of its sum would give it away, more are withheld, the smallest
first. What was told once is never withheld later: a later table only chooses among numbers told for the first time. A
withheld number is at least one, and readers may know that: bounds are tried as well as sums.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

SMALL = 5
"""Fewer than so many are withheld (law.md 0)."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One total and the numbers that make it."""

    total: Hashable
    parts: tuple[Hashable, ...]

    @property
    def members(self) -> tuple[Hashable, ...]:
        return (self.total, *self.parts)


Cells = Mapping[Hashable, int]


def is_small(number: int) -> bool:
    """Whether a number is withheld for its own sake."""
    return 0 < number < SMALL


def withheld(
    cells: Cells, sums: Sequence[Sum], *, told: Collection[Hashable] = (), before: Collection[Hashable] = ()
) -> frozenset[Hashable]:
    """The keys of the numbers that are not shown. ``told`` stay shown, ``before`` stay withheld."""
    hidden = {key for key, number in cells.items() if key not in told and is_small(number)} | set(before)
    while True:
        more = _uncovered(cells, sums, hidden, told) or _given_away(cells, sums, hidden, told)
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def _uncovered(cells: Cells, sums: Sequence[Sum], hidden: set[Hashable], told: Collection[Hashable]) -> Hashable | None:
    """One more number to withhold, for a sum of which too little is withheld."""
    for line in sums:
        parts = [part for part in line.parts if part in hidden]
        if line.total in hidden:
            wanting = not parts
        else:
            wanting = bool(parts) and (len(parts) == 1 or sum(cells[part] for part in parts) < SMALL)
        if wanting and (chosen := _choose(cells, line, hidden, told)) is not None:
            return chosen
    return None


def _choose(cells: Cells, line: Sum, hidden: set[Hashable], told: Collection[Hashable]) -> Hashable | None:
    """The smallest number of a sum that can still be withheld; the total last. A nought hides nothing."""
    free = [key for key in line.members if key not in hidden and key not in told and cells[key] > 0]
    return min(free, key=lambda key: (key == line.total, cells[key], line.members.index(key)), default=None)


def _given_away(
    cells: Cells, sums: Sequence[Sum], hidden: set[Hashable], told: Collection[Hashable]
) -> Hashable | None:
    """One more number to withhold, where a small one could still be found out."""
    known = found_out(cells, sums, hidden)
    for key in sorted((key for key in known if is_small(cells[key])), key=str):
        for line in sums:
            if key in line.members and (chosen := _choose(cells, line, hidden, told)) is not None:
                return chosen
    return None


def found_out(cells: Cells, sums: Sequence[Sum], hidden: Collection[Hashable]) -> frozenset[Hashable]:
    """The withheld numbers that follow from those that are shown."""
    return _by_subtraction(cells, sums, hidden) | _by_bounds(cells, sums, hidden)


def _by_subtraction(cells: Cells, sums: Sequence[Sum], hidden: Collection[Hashable]) -> frozenset[Hashable]:
    """Those that follow from adding and subtracting sums: the equations are solved as far as they can be."""
    unknown = [key for key in cells if key in hidden]
    rows = [_coefficients(line, unknown) for line in sums]
    _reduce(rows)
    alone = [[at for at, factor in enumerate(row) if factor] for row in rows]
    return frozenset(unknown[places[0]] for places in alone if len(places) == 1)


def _coefficients(line: Sum, unknown: Sequence[Hashable]) -> list[Fraction]:
    return [Fraction((key in line.parts) - (key == line.total)) for key in unknown]


def _reduce(rows: list[list[Fraction]]) -> None:
    """Gauss and Jordan: each row keeps one leading unknown that no other row has."""
    lead = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(lead, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[lead], rows[pivot] = rows[pivot], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for at, row in enumerate(rows):
            if at != lead and (factor := row[column]):
                rows[at] = [value - factor * first for value, first in zip(row, rows[lead], strict=True)]
        lead += 1


def _by_bounds(cells: Cells, sums: Sequence[Sum], hidden: Collection[Hashable]) -> frozenset[Hashable]:
    """Those that follow because every withheld number is at least one."""
    most = sum(cells.values()) + 1
    low = {key: 1 if key in hidden else number for key, number in cells.items()}
    high = {key: most if key in hidden else number for key, number in cells.items()}
    narrowed = True
    while narrowed:
        narrowed = False
        for line in sums:
            for key in line.members:
                bounds = _bounds(line, key, low, high)
                if bounds != (low[key], high[key]):
                    low[key], high[key] = bounds
                    narrowed = True
    return frozenset(key for key in hidden if low[key] == high[key])


def _bounds(line: Sum, key: Hashable, low: dict[Hashable, int], high: dict[Hashable, int]) -> tuple[int, int]:
    """What one sum says about one of its members."""
    others = [part for part in line.parts if part != key]
    least, greatest = sum(low[part] for part in others), sum(high[part] for part in others)
    if key == line.total:
        return max(low[key], least), min(high[key], greatest)
    return max(low[key], low[line.total] - greatest), min(high[key], high[line.total] - least)
