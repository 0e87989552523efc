"""Which numbers of a table are withheld, so that nobody can find out a small one, by any sum or difference.

A number from one to four is withheld. Where the others of its sum would give it away, more are withheld, the smallest
first. What was told once is never withheld later: a later table only chooses among numbers told for the first time. A
withheld number is at least one, and readers may know that: bounds are tried as well as sums, and in the end each small
number needs another world, in which it is different and everything that is told the same.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

SMALL = 5
"""Fewer than so many are withheld (law.md 0)."""
MOST_STEPS = 4000
"""After so many tries to find another world a number counts as found out, and more is withheld."""


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
    """One more number to withhold, where a small one could still be found out: of its own sums, else of any other.

    No proof that it can be is needed: unless there is another world, it counts as found out.
    """
    small = sorted((key for key in hidden if is_small(cells[key])), key=str)
    known = found_out(cells, sums, hidden)
    for key in [key for key in small if key in known] or _without_another_world(cells, sums, hidden, small):
        for line in sorted(sums, key=lambda line: key not in line.members):
            if (chosen := _choose(cells, line, hidden, told)) is not None:
                return chosen
    return None


def _without_another_world(
    cells: Cells, sums: Sequence[Sum], hidden: set[Hashable], small: Sequence[Hashable]
) -> Iterator[Hashable]:
    return (key for key in small if another_world(cells, sums, hidden, key) is None)


def another_world(
    cells: Cells, sums: Sequence[Sum], hidden: Collection[Hashable], key: Hashable
) -> dict[Hashable, int] | None:
    """What else the withheld numbers could be: changes by one, that of ``key`` among them, with which every sum is
    right, all that is shown stays, and no withheld number is below one. None if the search finds none.
    """
    touched: dict[Hashable, list[Sum]] = {}
    for line in sums:
        for member in line.members:
            touched.setdefault(member, []).append(line)
    for change in (1, -1):
        search = _Search(cells, touched, hidden)
        if search.mend({key: change}):
            return search.found
    return None


class _Search:
    """The search for another world: one change after another, each mending the first sum that is wrong."""

    def __init__(self, cells: Cells, touched: Mapping[Hashable, list[Sum]], hidden: Collection[Hashable]) -> None:
        self._cells, self._touched, self._hidden = cells, touched, hidden
        self._steps = MOST_STEPS
        self.found: dict[Hashable, int] | None = None

    def mend(self, changes: dict[Hashable, int]) -> bool:
        self._steps -= 1
        last = next(reversed(changes))
        if self._steps < 0 or self._cells[last] + changes[last] < 1:
            return False
        wrong = self._first_wrong(changes)
        if wrong is None:
            self.found = changes
            return True
        line, off = wrong
        free = (key for key in line.members if key in self._hidden and key not in changes)
        return any(self.mend({**changes, key: off if key == line.total else -off}) for key in free)

    def _first_wrong(self, changes: dict[Hashable, int]) -> tuple[Sum, int] | None:
        """A sum that does not come out with these changes, and in which direction."""
        for key in changes:
            for line in self._touched.get(key, ()):
                off = sum(changes.get(part, 0) for part in line.parts) - changes.get(line.total, 0)
                if off:
                    return line, 1 if off > 0 else -1
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
