"""By when a question is answered and reminded of, and what its days do not tell."""

from datetime import date, timedelta

import pytest

from portal.register.unlisted.rules import Told, blurred_day, due_day, reminder_due
from portal.timelimits.calendar import WorkingDays

CALENDAR = WorkingDays()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("later", range(60))
def test_an_answer_is_due_within_ten_working_days_on_a_friday(later: int) -> None:
    received = MONDAY + timedelta(days=later)
    due = due_day(CALENDAR, received)
    assert due.weekday() == 4
    assert CALENDAR.later(received, 5) < due <= CALENDAR.later(received, 10)


def test_the_day_by_which_to_answer_does_not_tell_on_which_day_of_seven_it_came() -> None:
    days = [MONDAY - timedelta(days=3) + timedelta(days=n) for n in range(7)]
    assert {due_day(CALENDAR, day) for day in days} == {date(2026, 12, 4)}


@pytest.mark.parametrize("asked", [MONDAY + timedelta(days=n) for n in range(7)])
def test_what_a_reader_asks_in_a_week_stands_as_if_it_came_on_the_next_sunday(asked: date) -> None:
    stands = blurred_day(asked)
    assert stands.weekday() == 6 and asked < stands <= asked + timedelta(days=7)
    assert stands == (MONDAY + timedelta(days=6 if asked.weekday() < 6 else 13))


@pytest.mark.parametrize(
    ("told", "today", "expected"),
    [
        (Told.NOTHING, date(2026, 11, 24), Told.ASKED),
        (Told.ASKED, date(2026, 12, 1), None),
        (Told.ASKED, date(2026, 12, 2), Told.SOON),
        (Told.SOON, date(2026, 12, 4), None),
        (Told.SOON, date(2026, 12, 5), Told.LATE),
        (Told.NOTHING, date(2026, 12, 5), Told.LATE),
        (Told.LATE, date(2027, 1, 5), None),
    ],
)
def test_the_office_is_told_at_first_then_two_working_days_before_and_when_it_is_late(
    told: Told, today: date, expected: Told | None
) -> None:
    assert reminder_due(told, due_on=date(2026, 12, 4), today=today, calendar=CALENDAR) is expected
