"""The only periods for which figures are told: quarters, and the financial years from April to March that they make.

Nobody can choose other days: two figures of nearly the same days would tell what happened on the days between. A
quarter is told so long after its last day as its room needs to know for good what happened in it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

APRIL = 4
WRITTEN = re.compile(r"(\d{4})-([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of the financial year that begins in April of ``year``."""

    year: int
    number: int

    @property
    def first(self) -> date:
        month = APRIL + 3 * (self.number - 1)
        return date(self.year + (month > 12), (month - 1) % 12 + 1, 1)

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def ends_year(self) -> bool:
        """January to March."""
        return self.number == 4

    @property
    def written(self) -> str:
        """As an address names it, by the calendar: «2026-3» is July to September 2026."""
        return f"{self.first.year}-{(self.first.month + 2) // 3}"

    def is_told(self, today: date, settled: timedelta) -> bool:
        """Whether everything that happened in it is known for good."""
        return today > self.last + settled


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    year = day.year - (day.month < APRIL)
    return Quarter(year, (day.month - APRIL) % 12 // 3 + 1)


def read_quarter(written: str) -> Quarter | None:
    """The quarter of an address; None for anything else that somebody wrote there."""
    found = WRITTEN.fullmatch(written) if written.isascii() else None
    if found is None or not 1900 <= int(found[1]) < 9000:
        return None
    return quarter_of(date(int(found[1]), 3 * int(found[2]), 1))


def told_years(first: date | None, today: date, settled: timedelta) -> list[int]:
    """The financial years that have a quarter to tell, newest first."""
    if first is None:
        return []
    begun = range(quarter_of(first).year, quarter_of(today).year + 1)
    return [year for year in reversed(begun) if Quarter(year, 1).is_told(today, settled)]


def told_quarters(year: int, today: date, settled: timedelta) -> list[Quarter]:
    """The quarters of a year that are told, in their order."""
    each = (Quarter(year, number) for number in range(1, 5))
    return [quarter for quarter in each if quarter.is_told(today, settled)]
