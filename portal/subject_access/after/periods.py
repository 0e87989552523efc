"""The only periods for which figures are told: quarters, and the financial years from April to March that they make.

Nobody can choose other days: two figures of nearly the same days would tell what happened on the days between.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.subject_access.rules import UNDO_WITHDRAWAL

APRIL = 4
SETTLED = UNDO_WITHDRAWAL
"""So long after its last day a quarter is told: until then a withdrawal of it can be undone."""


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
        following = Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)
        return following.first - timedelta(days=1)

    def is_told(self, today: date) -> bool:
        """Whether everything that happened in it is known for good."""
        return today > self.last + SETTLED


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    year = day.year - (day.month < APRIL)
    return Quarter(year, (day.month - APRIL) % 12 // 3 + 1)


def told_years(first: date | None, today: date) -> list[int]:
    """The financial years that have a quarter to tell, newest first."""
    if first is None:
        return []
    begun = range(quarter_of(first).year, quarter_of(today).year + 1)
    return [year for year in reversed(begun) if Quarter(year, 1).is_told(today)]


def told_quarters(year: int, today: date) -> list[Quarter]:
    """The quarters of a year that are told, in their order."""
    return [quarter for quarter in (Quarter(year, number) for number in range(1, 5)) if quarter.is_told(today)]
