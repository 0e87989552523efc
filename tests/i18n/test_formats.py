"""Days, times, sizes, lists and counted labels, as tables in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from portal.i18n.formats import count, date_long, date_time, days_left, file_size, join_names, time_hm

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "welsh", "english"),
    [
        (date(2026, 11, 22), "22 Tachwedd 2026", "22 November 2026"),
        (date(2027, 1, 1), "1 Ionawr 2027", "1 January 2027"),
        (date(2028, 2, 29), "29 Chwefror 2028", "29 February 2028"),
        (date(2026, 7, 3), "3 Gorffennaf 2026", "3 July 2026"),
        (date(2026, 12, 31), "31 Rhagfyr 2026", "31 December 2026"),
    ],
)
def test_a_day_is_written_long_and_its_month_never_mutates(day: date, welsh: str, english: str) -> None:
    assert date_long(day, Locale.CY) == welsh
    assert date_long(day, Locale.EN) == english


def test_every_month_has_its_name_in_both_languages() -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert len({date_long(day, Locale.CY) for day in days}) == 12
    assert len({date_long(day, Locale.EN) for day in days}) == 12


def test_an_instant_is_written_in_london_time() -> None:
    summer_night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert date_long(summer_night, Locale.EN) == "1 July 2026"
    assert time_hm(summer_night) == "00:30"
    assert date_time(summer_night, Locale.EN) == "1 July 2026 at 00:30"
    assert date_time(summer_night, Locale.CY) == "1 Gorffennaf 2026 am 00:30"


def test_the_clock_has_twenty_four_hours() -> None:
    assert time_hm(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)) == "14:05"


@pytest.mark.parametrize(
    ("names", "welsh", "english"),
    [
        ([], "", ""),
        (["GMB"], "GMB", "GMB"),
        (["GMB", "UNISON"], "GMB, UNISON", "GMB and UNISON"),
        (["Caerdydd", "Ynys Môn", "Conwy"], "Caerdydd, Ynys Môn, Conwy", "Caerdydd, Ynys Môn and Conwy"),
    ],
)
def test_a_welsh_list_has_commas_only(names: list[str], welsh: str, english: str) -> None:
    assert join_names(names, Locale.CY) == welsh
    assert join_names(names, Locale.EN) == english


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (1024, "1 KB"),
        (1025, "2 KB"),
        (34_000, "34 KB"),
        (1_048_575, "1024 KB"),
        (1_048_576, "1 MB"),
        (1_300_000, "1.2 MB"),
        (10 * 1_048_576, "10 MB"),
    ],
)
def test_a_size_is_told_in_the_larger_unit(octets: int, text: str) -> None:
    assert file_size(octets) == text


def test_thousands_are_parted_by_commas() -> None:
    assert [count(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1,000", "1,234,567"]


@pytest.mark.parametrize(
    ("days", "welsh", "english"),
    [
        (-20, "{n} diwrnod yn hwyr (i’w gwblhau erbyn 2 Tachwedd 2026)", "{n} days overdue (was due 2 November 2026)"),
        (
            -2,
            "{n} ddiwrnod yn hwyr (i’w gwblhau erbyn 20 Tachwedd 2026)",
            "{n} days overdue (was due 20 November 2026)",
        ),
        (-1, "{n} diwrnod yn hwyr (i’w gwblhau erbyn 21 Tachwedd 2026)", "{n} day overdue (was due 21 November 2026)"),
        (0, "I’w gwblhau heddiw (22 Tachwedd 2026)", "Due today (22 November 2026)"),
        (1, "I’w gwblhau yfory (23 Tachwedd 2026)", "Due tomorrow (23 November 2026)"),
        (2, "I’w gwblhau ymhen {n} ddiwrnod (24 Tachwedd 2026)", "Due in {n} days (24 November 2026)"),
        (3, "I’w gwblhau ymhen {n} diwrnod (25 Tachwedd 2026)", "Due in {n} days (25 November 2026)"),
        (4, "I’w gwblhau ymhen {n} diwrnod (26 Tachwedd 2026)", "Due in {n} days (26 November 2026)"),
        (5, "I’w gwblhau ymhen {n} diwrnod (27 Tachwedd 2026)", "Due in {n} days (27 November 2026)"),
        (6, "I’w gwblhau ymhen {n} diwrnod (28 Tachwedd 2026)", "Due in {n} days (28 November 2026)"),
        (7, "I’w gwblhau ymhen {n} diwrnod (29 Tachwedd 2026)", "Due in {n} days (29 November 2026)"),
        (20, "I’w gwblhau ymhen {n} diwrnod (12 Rhagfyr 2026)", "Due in {n} days (12 December 2026)"),
    ],
)
def test_a_due_day_says_how_far_away_it_is(days: int, welsh: str, english: str) -> None:
    message = days_left(TODAY + timedelta(days=days), today=TODAY)
    assert Catalogue.for_locale(Locale.CY).say(message) == welsh.replace("{n}", str(abs(days)))
    assert Catalogue.for_locale(Locale.EN).say(message) == english.replace("{n}", str(abs(days)))
