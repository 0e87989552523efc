"""Working days in Wales: weekends, the bank holidays of England and Wales, and one-off days that the operator adds.

Scotland's days and St David's Day are working days here (law.md section 2.3). The names are said in both languages.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import import_module

from portal.core.text import Bilingual

ONE_DAY = timedelta(days=1)
EVERY_YEAR = 8
"""England and Wales have eight bank holidays in an ordinary year; a calendar with fewer does not reach that year."""

_WEEKEND = {5: Bilingual("dydd Sadwrn", "Saturday"), 6: Bilingual("dydd Sul", "Sunday")}
_NAMES = {
    "New Year's Day": Bilingual("Dydd Calan", "New Year’s Day"),
    "Good Friday": Bilingual("Dydd Gwener y Groglith", "Good Friday"),
    "Easter Monday": Bilingual("Dydd Llun y Pasg", "Easter Monday"),
    "May Day": Bilingual("Gŵyl Banc Dechrau Mai", "Early May bank holiday"),
    "Spring Bank Holiday": Bilingual("Gŵyl Banc y Gwanwyn", "Spring bank holiday"),
    "Late Summer Bank Holiday": Bilingual("Gŵyl Banc yr Haf", "Summer bank holiday"),
    "Christmas Day": Bilingual("Dydd Nadolig", "Christmas Day"),
    "Boxing Day": Bilingual("Gŵyl San Steffan", "Boxing Day"),
    "Platinum Jubilee of Elizabeth II": Bilingual("Gŵyl Banc y Jiwbilî Platinwm", "Platinum Jubilee bank holiday"),
    "State Funeral of Queen Elizabeth II": Bilingual(
        "Gŵyl Banc Angladd Gwladol y Frenhines Elizabeth II", "Bank holiday for the State Funeral of Queen Elizabeth II"
    ),
    "Coronation of Charles III": Bilingual(
        "Gŵyl Banc Coroni’r Brenin Charles III", "Bank holiday for the coronation of King Charles III"
    ),
}
_OBSERVED = " (observed)"
_ONE_OFF = Bilingual("gŵyl banc ychwanegol", "additional bank holiday")
_ANY = Bilingual("gŵyl banc", "bank holiday")


class WorkingDays:
    """The calendar that every time limit is counted by. ``one_off`` are days the government added late (a setting)."""

    def __init__(self, one_off: Iterable[date] = ()) -> None:
        self._one_off = frozenset(one_off)

    def why_not(self, day: date) -> Bilingual | None:
        """Why nobody works on this day, in both languages; None for a working day."""
        return self.holiday(day) or _WEEKEND.get(day.weekday())

    def holiday(self, day: date) -> Bilingual | None:
        """The name of the bank holiday, if it is one."""
        return bank_holidays(day.year).get(day) or (_ONE_OFF if day in self._one_off else None)

    def is_working_day(self, day: date) -> bool:
        return self.why_not(day) is None

    def roll(self, day: date) -> date:
        """The day itself if it is a working day, else the next one (Regulation 1182/71, Article 3(4))."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def later(self, day: date, working_days: int) -> date:
        """The day so many working days after ``day``, which is not counted itself."""
        for _ in range(working_days):
            day = self.roll(day + ONE_DAY)
        return day

    def between(self, day: date, last: date) -> int:
        """How many working days come after ``day``, up to ``last``."""
        return sum(self.is_working_day(day + ONE_DAY * (at + 1)) for at in range((last - day).days))

    def reaches(self, year: int) -> bool:
        """True if the bank holidays of that year are known."""
        return len(bank_holidays(year)) >= EVERY_YEAR


@cache
def bank_holidays(year: int) -> Mapping[date, Bilingual]:
    """The bank holidays of England and Wales in one year, substitute days included.

    The package knows the calendars of the whole world; it is read when a date is first counted, not at every start.
    """
    holidays = import_module("holidays")
    found = holidays.country_holidays("GB", subdiv="WLS", years=year, language="en_GB")
    return {day: _both(name) for day, name in found.items() if day.year == year}


def _both(name: str) -> Bilingual:
    known = _NAMES.get(name.removesuffix(_OBSERVED), _ANY)
    if not name.endswith(_OBSERVED):
        return known
    return Bilingual(f"{known.cy}, diwrnod amgen", f"{known.en}, substitute day")


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later; if that month is too short, its last day (law.md 2.3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
