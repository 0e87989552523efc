"""The figures of one financial year as a table: what each column counts, and what is withheld from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median

from portal.cases.periods import Quarter
from portal.cases.suppression import Sum, withheld
from portal.core.text import Message, msg

YEAR = 0
"""The key of the whole year's line, beside the numbers of its quarters."""


class Column(StrEnum):
    """What is counted."""

    RECEIVED = "received"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    LATE = "late"
    EXTENDED = "extended"
    NOT_EXTENDED = "not_extended"
    DATA = "data"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    ENDED = "ended"


COLUMNS: Mapping[Column, Message] = {
    Column.RECEIVED: msg("Received"),
    Column.ANSWERED: msg("Answered"),
    Column.IN_TIME: msg("Answered in time"),
    Column.LATE: msg("Answered late"),
    Column.EXTENDED: msg("With two more months"),
    Column.DATA: msg("Answered with data"),
    Column.NOTHING_HELD: msg("Nothing held"),
    Column.REFUSED: msg("Refused"),
    Column.ENDED: msg("Ended without an answer"),
}
"""What is shown. That no more time was taken is counted all the same: who knows one knows the other."""
FIRST_DAY, LAST_DAY = msg("First day"), msg("Last day")
SHARE = msg("In time, per cent")
MEDIAN = msg("Days to the answer, median")
HOURS = msg("Hours of searching")
PARTITIONS = (
    (Column.IN_TIME, Column.LATE),
    (Column.EXTENDED, Column.NOT_EXTENDED),
    (Column.DATA, Column.NOTHING_HELD, Column.REFUSED),
)
"""Each of these adds up to what was answered."""
Key = tuple[int, Column]


@dataclass(slots=True)
class Counted:
    """What happened in one period. ``days`` and ``minutes`` are of the requests that were answered."""

    numbers: dict[Column, int] = field(default_factory=lambda: dict.fromkeys(Column, 0))
    days: list[int] = field(default_factory=list)
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. A number that is withheld is None; ``percent``, ``days`` and ``hours`` are None also where
    nothing was answered."""

    first: date
    last: date
    is_year: bool
    numbers: Mapping[Column, int | None]
    percent: int | None
    days: float | None
    hours: int | None

    @property
    def is_empty(self) -> bool:
        """Nothing was answered, so there is no share, no median and no time spent."""
        return self.numbers[Column.ANSWERED] == 0


def table_of(quarters: Sequence[Quarter], counted: Mapping[Quarter, Counted]) -> tuple[Line, ...]:
    """The lines of a financial year: its quarters that are told, and the whole year once all four are."""
    each = [counted.get(quarter, Counted()) for quarter in quarters]
    hidden = _hidden([one.numbers for one in each])
    lines = [
        _line(quarter.first, quarter.last, quarter.number, one, hidden)
        for quarter, one in zip(quarters, each, strict=True)
    ]
    if len(quarters) == 4:
        lines.append(_line(quarters[0].first, quarters[-1].last, YEAR, _sum(each), hidden))
    return tuple(lines)


def _sum(each: Sequence[Counted]) -> Counted:
    numbers = {column: sum(one.numbers[column] for one in each) for column in Column}
    return Counted(numbers, [days for one in each for days in one.days], sum(one.minutes for one in each))


def _hidden(each: Sequence[Mapping[Column, int]]) -> frozenset[Key]:
    """Quarter by quarter, as they were told: what one table showed, the next does not withhold."""
    cells: dict[Key, int] = {}
    hidden: frozenset[Key] = frozenset()
    sums: list[Sum] = []
    for number, numbers in enumerate(each, start=1):
        told = {key for key in cells if key not in hidden}
        cells |= {(number, column): numbers[column] for column in Column}
        sums += [Sum((number, Column.ANSWERED), tuple((number, part) for part in parts)) for parts in PARTITIONS]
        if number == 4:
            cells |= {(YEAR, column): sum(one[column] for one in each) for column in Column}
            sums += [Sum((YEAR, Column.ANSWERED), tuple((YEAR, part) for part in parts)) for parts in PARTITIONS]
            sums += [Sum((YEAR, column), tuple((at, column) for at in range(1, 5))) for column in Column]
        hidden = frozenset(withheld(cells, sums, told=told, before=hidden))  # type: ignore[arg-type]
    return hidden


def _line(first: date, last: date, number: int, one: Counted, hidden: frozenset[Key]) -> Line:
    shown = {column: None if (number, column) in hidden else one.numbers[column] for column in Column}
    answered, in_time, late = shown[Column.ANSWERED], shown[Column.IN_TIME], shown[Column.LATE]
    return Line(
        first=first,
        last=last,
        is_year=number == YEAR,
        numbers=shown,
        percent=in_time * 100 // answered if answered and in_time is not None and late is not None else None,
        days=float(median(one.days)) if answered else None,
        hours=round(one.minutes / 60) if answered else None,
    )
