"""The figures of one system as tables: for which days, what each column counts, and what is withheld.

Periods never overlap, so no difference of two tables tells what happened on the days between. A period is some whole
quarters: it ends with the first of them by which ten reviews have ended, so that there is something to tell. Nothing in
a table is about a reviewer, and none is told for fewer than ten reviews. Where one person decided all reviews that a
line counts, or all but one, its outcomes would be that person's: they are withheld.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Protocol

from portal.cases.suppression import SMALL, Sum, withheld
from portal.core.text import Message, msg
from portal.decision_review.rules import Outcome

LEAST_TOLD = 10
"""A period has at least so many reviews that ended in it."""
SETTLED = timedelta(days=14)
"""So long after its last day a quarter is told: until then a withdrawal can be undone, and its figure is not final."""
EVERY_POINT = "*"
"""The line of all decision points together."""


class Column(StrEnum):
    """What is counted."""

    REQUESTS = "requests"
    OVERRIDE = "override"
    OVERTURNED = "overturned"
    MADE_BY_HUMAN = "made_by_human"
    CHANGED = "changed"
    FRESH_DECISION = "fresh_decision"
    UPHELD = "upheld"
    EXPLAINED = "explained"
    ENDED = "ended"


COLUMNS: Mapping[Column, Message] = {
    Column.REQUESTS: msg("Reviews that ended"),
    Column.OVERRIDE: msg("The system’s decision did not stand"),
    Column.OVERTURNED: msg("of them: overturned"),
    Column.MADE_BY_HUMAN: msg("of them: made anew by a person"),
    Column.CHANGED: msg("of them: changed"),
    Column.FRESH_DECISION: msg("of them: to be decided afresh"),
    Column.UPHELD: msg("The decision stands"),
    Column.EXPLAINED: msg("No decision of a system was found"),
    Column.ENDED: msg("Ended without a decision"),
}
SHARE = msg("Share that did not stand, per cent")
MEDIAN = msg("Working days to the decision, median")
OVERRIDES = (Column.OVERTURNED, Column.MADE_BY_HUMAN, Column.CHANGED, Column.FRESH_DECISION)
OUTCOMES_TOLD = frozenset(Column) - {Column.REQUESTS, Column.ENDED}
"""What tells how reviews were decided."""
LEAST_OF_OTHERS = 2
"""So many decisions were made without each single person, where outcomes are told."""
PARTS = (Column.OVERRIDE, Column.UPHELD, Column.EXPLAINED, Column.ENDED)
Key = tuple[str, Column]


class Figure(Protocol):
    """What a frozen figure tells."""

    @property
    def decision_point(self) -> str: ...

    @property
    def finished_on(self) -> date: ...

    @property
    def working_days(self) -> int: ...

    @property
    def outcome(self) -> Outcome | None: ...

    @property
    def nobody_alone(self) -> bool: ...

    @property
    def nobody_alone_at_point(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One decision point, or all of them. A number that is withheld is None; so are share and median where they would
    tell one."""

    point: str
    numbers: Mapping[Column, int | None]
    percent: int | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One period of one system."""

    first: date
    last: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What the newest tables of several systems tell, added up. ``decided`` and ``override`` are of those systems alone
    whose outcomes are told; the median is of their reviews."""

    systems: int
    ended: int
    decided: int
    override: int
    days: float | None

    @property
    def percent(self) -> int | None:
        return self.override * 100 // self.decided if self.decided else None


def quarter_end(day: date) -> date:
    """The last day of the quarter in which a day lies."""
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def tables_of(figures: Iterable[Figure], today: date) -> tuple[Table, ...]:
    """Every period that can be told, oldest first. What has been told stays as it is, whatever comes later."""
    rows = sorted(figures, key=lambda one: one.finished_on)
    tables: list[Table] = []
    if not rows:
        return ()
    first = quarter_begin(rows[0].finished_on)
    held: list[Figure] = []
    last = quarter_end(first)
    while is_told(last, today):
        held += [one for one in rows if quarter_end(one.finished_on) == last]
        if len(held) >= LEAST_TOLD:
            tables.append(_table(first, last, held))
            first, held = last + timedelta(days=1), []
        last = quarter_end(last + timedelta(days=1))
    return tuple(tables)


def add_up(told: Iterable[tuple[Line, Sequence[int]]]) -> Together:
    """The lines of systems together, each with the working days of its decisions: nothing is added that they withhold,
    so whoever has read them learns nothing by this."""
    lines = [(line, days) for line, days in told if line.numbers[Column.REQUESTS] is not None]
    open_ = [(line, days) for line, days in lines if line.percent is not None]
    days = [one for line, each in open_ if line.days is not None for one in each]
    return Together(
        systems=len(lines),
        ended=sum(line.numbers[Column.REQUESTS] or 0 for line, _days in lines),
        decided=sum(_number(line, Column.OVERRIDE) + _number(line, Column.UPHELD) for line, _days in open_),
        override=sum(_number(line, Column.OVERRIDE) for line, _days in open_),
        days=float(median(days)) if days else None,
    )


def whole_line(table: Table) -> Line:
    """The line of all decision points, or of the only one."""
    return table.lines[-1]


def _number(line: Line, column: Column) -> int:
    return line.numbers[column] or 0


def is_told(last: date, today: date) -> bool:
    """Whether everything that ended in the quarter of this last day is known for good."""
    return last + SETTLED < today


def is_nobodys(deciders: Sequence[Set[str]]) -> bool:
    """Whether nobody made all of these decisions, or all but one. ``deciders`` are the people of each decision.

    More decisions never make it false: once said of a part of a period, it is true of the whole.
    """
    return bool(deciders) and all(
        sum(person not in each for each in deciders) >= LEAST_OF_OTHERS for person in frozenset().union(*deciders)
    )


def quarter_begin(day: date) -> date:
    """The first day of the quarter in which a day lies."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def cells_of(figures: Sequence[Figure]) -> tuple[dict[Key, int], list[Sum]]:
    """The true numbers of a table, and the sums that hold between them."""
    points = sorted({one.decision_point for one in figures})
    cells = {(point, column): 0 for point in (*points, EVERY_POINT) for column in Column}
    for one in figures:
        for column in _columns_of(one.outcome):
            cells[one.decision_point, column] += 1
            cells[EVERY_POINT, column] += 1
    sums = [Sum((EVERY_POINT, column), tuple((point, column) for point in points)) for column in Column]
    for point in (*points, EVERY_POINT):
        sums.append(Sum((point, Column.REQUESTS), tuple((point, column) for column in PARTS)))
        sums.append(Sum((point, Column.OVERRIDE), tuple((point, column) for column in OVERRIDES)))
    return cells, sums


def _columns_of(outcome: Outcome | None) -> tuple[Column, ...]:
    if outcome is None:
        return (Column.REQUESTS, Column.ENDED)
    own = Column(outcome.value)
    return (Column.REQUESTS, Column.OVERRIDE, own) if outcome.is_override else (Column.REQUESTS, own)


def _table(first: date, last: date, figures: Sequence[Figure]) -> Table:
    cells, sums = cells_of(figures)
    hidden = withheld(cells, sums) | _of_one_person(figures)  # type: ignore[arg-type]
    points = sorted({point for point, _column in cells} - {EVERY_POINT})
    lines = [_line(point, cells, hidden, figures) for point in points]
    if len(points) > 1:
        lines.append(_line(EVERY_POINT, cells, hidden, figures))
    return Table(first, last, tuple(lines))


def _of_one_person(figures: Sequence[Figure]) -> frozenset[Key]:
    """The outcomes of lines that would be one person's. Where those of one decision point are, so are those of the
    others: else it would follow from the sum."""
    points = {one.decision_point for one in figures}
    decided = {one.decision_point for one in figures if one.outcome is not None}
    apart = {one.decision_point for one in figures if one.nobody_alone_at_point}
    hidden: set[str] = set()
    if not decided <= apart:
        hidden |= points
    if not any(one.nobody_alone for one in figures):
        hidden |= {*points, EVERY_POINT}
    return frozenset((point, column) for point in hidden for column in OUTCOMES_TOLD)


def _line(point: str, cells: Mapping[Key, int], hidden: frozenset[object], figures: Sequence[Figure]) -> Line:
    numbers = {column: None if (point, column) in hidden else cells[point, column] for column in Column}
    override, upheld, explained = (numbers[one] for one in (Column.OVERRIDE, Column.UPHELD, Column.EXPLAINED))
    percent, days = None, None
    if override is not None and upheld is not None and override + upheld >= SMALL:
        percent = override * 100 // (override + upheld)
        if explained is not None:
            days = float(median(_days(point, figures)))
    return Line(point, numbers, percent, days)


def _days(point: str, figures: Sequence[Figure]) -> list[int]:
    """Whether a share and a median are told follows from numbers that are shown, so it tells nothing by itself."""
    mine = [one for one in figures if point in {one.decision_point, EVERY_POINT}]
    return [one.working_days for one in mine if one.outcome is not None]
