"""Until when, and by which rule: tables without a database."""

from datetime import date

import pytest

from portal.cases.periods import Quarter, quarter_of, told_quarters, told_years
from portal.subject_access.after.rules import (
    SETTLED,
    Availability,
    Rule,
    closes_on,
    material_goes_on,
    may_reopen,
    may_review,
    request_goes_on,
)

END = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("state", "finished_on", "today", "may"),
    [
        ("disclosed", END, date(2027, 3, 31), True),
        ("disclosed", END, date(2027, 4, 1), False),
        ("ready_to_collect", END, END, True),
        ("nothing_held", END, END, True),
        ("refused", END, END, True),
        ("withdrawn", END, END, False),
        ("searching", None, END, False),
        ("closed", END, END, False),
    ],
)
def test_something_missing_can_be_said_for_twelve_months(
    state: str, finished_on: date | None, today: date, may: bool
) -> None:
    assert may_reopen(state, finished_on, today) is may


def test_a_request_is_closed_on_the_day_after_it_could_last_be_reopened() -> None:
    assert closes_on(END) == date(2027, 4, 1)
    assert not may_reopen("disclosed", END, closes_on(END))


def test_who_answered_before_does_not_look_again() -> None:
    assert may_review("a", {"b", "c"})
    assert not may_review("b", {"b", "c"})


@pytest.mark.parametrize(
    ("answers", "goes_on"),
    [
        ((), date(2026, 6, 29)),
        ((Availability(date(2026, 6, 29), END),), date(2026, 6, 29)),
        ((Availability(date(2026, 6, 29), date(2026, 4, 10)),), date(2026, 7, 9)),
        ((Availability(date(2026, 6, 29), None),), date(2026, 9, 27)),
        ((Availability(date(2026, 12, 1), date(2026, 4, 10)),), date(2026, 12, 1)),
    ],
)
def test_what_was_found_outlives_the_file_so_that_a_lost_answer_can_be_made_again(
    answers: tuple[Availability, ...], goes_on: date
) -> None:
    assert material_goes_on(END, answers) == goes_on


def test_a_request_is_kept_for_three_years_and_for_six_when_it_was_reopened() -> None:
    assert request_goes_on(date(2027, 4, 1), was_reopened=False) == (date(2030, 4, 1), Rule.YEARS_3)
    assert request_goes_on(date(2027, 4, 1), was_reopened=True) == (date(2033, 4, 1), Rule.YEARS_6)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 4, 1), Quarter(2026, 1)),
        (date(2026, 12, 31), Quarter(2026, 3)),
        (date(2027, 1, 1), Quarter(2026, 4)),
        (date(2027, 3, 31), Quarter(2026, 4)),
    ],
)
def test_a_day_lies_in_the_quarter_of_its_financial_year(day: date, quarter: Quarter) -> None:
    assert quarter_of(day) == quarter
    assert quarter.first <= day <= quarter.last


def test_a_quarter_is_told_when_no_withdrawal_of_it_can_be_undone_any_more() -> None:
    assert told_quarters(2026, date(2026, 7, 7), SETTLED) == []
    assert told_quarters(2026, date(2026, 7, 8), SETTLED) == [Quarter(2026, 1)]
    assert len(told_quarters(2026, date(2027, 4, 8), SETTLED)) == 4
    assert told_years(date(2025, 2, 1), date(2026, 7, 8), SETTLED) == [2026, 2025, 2024]
    assert told_years(date(2026, 11, 1), date(2026, 11, 22), SETTLED) == [2026]
    assert told_years(None, date(2026, 11, 22), SETTLED) == []
