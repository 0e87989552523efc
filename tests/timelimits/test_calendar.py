"""Working days in Wales."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.clock import Clock
from portal.core.text import Bilingual
from portal.timelimits.calendar import _ANY, WorkingDays, bank_holidays, months_later

WALES = WorkingDays()
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def test_the_calendar_reaches_next_year() -> None:
    next_year = Clock().today().year + 1
    assert WALES.reaches(next_year)
    assert {"Christmas Day", "Good Friday", "Easter Monday"} <= {name.en for name in bank_holidays(next_year).values()}


@pytest.mark.parametrize("year", range(2020, 2040))
def test_every_bank_holiday_has_a_name_in_both_languages(year: int) -> None:
    for name in bank_holidays(year).values():
        assert name.cy != name.en
        assert name != _ANY or year == 2020  # VE Day moved the early May holiday of that year alone


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 12, 28), "Boxing Day, substitute day"),
        (date(2027, 12, 27), "Christmas Day, substitute day"),
        (date(2027, 12, 28), "Boxing Day, substitute day"),
        (date(2028, 1, 3), "New Year’s Day, substitute day"),
        (date(2026, 11, 21), "Saturday"),
        (date(2026, 11, 22), "Sunday"),
    ],
)
def test_a_day_off_says_why(day: date, why: str) -> None:
    reason = WALES.why_not(day)
    assert reason is not None
    assert reason.en == why


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 3, 1),  # St David's Day
        date(2026, 11, 30),  # St Andrew's Day, Scotland only
        date(2026, 8, 3),  # Scotland's summer holiday
        date(2026, 6, 15),  # Scotland's day for the World Cup
        date(2029, 1, 2),  # 2 January, Scotland only
    ],
)
def test_scotlands_days_and_st_davids_day_are_working_days(day: date) -> None:
    assert WALES.is_working_day(day)


def test_a_one_off_day_of_the_settings_is_a_holiday() -> None:
    day = date(2027, 6, 15)
    assert WALES.is_working_day(day)
    assert WorkingDays([day]).why_not(day) == Bilingual("gŵyl banc ychwanegol", "additional bank holiday")
    assert WorkingDays([day]).roll(day) == date(2027, 6, 16)


def test_ten_working_days_step_over_the_christmas_holidays() -> None:
    assert WALES.later(date(2026, 12, 21), 10) == date(2027, 1, 7)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 31), 14, date(2027, 12, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_short_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(days)
def test_rolling_gives_the_first_working_day_from_there_on(day: date) -> None:
    rolled = WALES.roll(day)
    assert rolled >= day
    assert WALES.is_working_day(rolled)
    assert not any(WALES.is_working_day(day + timedelta(days=n)) for n in range((rolled - day).days))
