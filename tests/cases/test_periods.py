"""Quarters, and how an address names them."""

from datetime import date, timedelta

import pytest

from portal.cases.periods import Quarter, quarter_of, read_quarter


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_an_address_names_a_quarter_by_the_calendar(written: str, first: date, last: date) -> None:
    quarter = read_quarter(written)
    assert quarter is not None
    assert (quarter.first, quarter.last, quarter.written) == (first, last, written)
    assert quarter_of(first) == quarter_of(last) == quarter
    assert quarter.following.before == quarter.before.following == quarter


@pytest.mark.parametrize(
    "written",
    ["", "2026", "2026-0", "2026-5", "2026-11", "26-1", "0000-1", "9999-4", "²026-1", "2026-3 ", "2026-3\n", "١٢٣٤-1"],
)
def test_anything_else_names_none(written: str) -> None:
    assert read_quarter(written) is None


def test_a_quarter_is_told_when_it_has_settled_and_only_one_of_four_ends_the_financial_year() -> None:
    quarter = Quarter(2026, 2)
    assert not quarter.is_told(date(2026, 10, 14), timedelta(days=14))
    assert quarter.is_told(date(2026, 10, 15), timedelta(days=14))
    assert [Quarter(2026, number).ends_year for number in range(1, 5)] == [False, False, False, True]
