"""Names in another order or with initials, and days in other signs, are found as what they are; other people not."""

import io
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.documents.cuts import WordsCut
from portal.documents.cutting import cut
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded, blackened
from portal.documents.proving import words_left
from portal.documents.reading import outline
from tests.documents import sheets

GIVEN, SURNAMES = ("Mali", "Siân", "Elin", "Ifan"), ("Tudur", "Rhys-Evans", "Prydderch", "O’Neill")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def found(text: str, words: str) -> list[str]:
    return [text[start:end] for start, end in Folded(text).spans(words, whole=True)]


@pytest.mark.parametrize(
    "written",
    ["Tudur, Mali", "TUDUR Mali", "TUDUR, MALI", "tudur, mali", "M. Tudur", "M Tudur",
     "Tudur, M.", "TUDUR M", "Tudur,\nMali", "Tudur\tMali"],
)  # fmt: skip
def test_a_name_is_found_in_every_way_that_it_is_written(written: str) -> None:
    assert found(f"x {written} (nyrs)", "Mali Tudur") == [written]


@pytest.mark.parametrize(
    ("text", "words"),
    [("i Tudur", "Ifan Tudur"), ("I Tudur", "Ifan Tudur"), ("a Tudur", "Alun Tudur"),
     ("Gwen Tudur\nMali Huws", "Mali Tudur"),
     ("Tudurog, Mali", "Mali Tudur"), ("AM Tudur", "Mali Tudur"), ("Tudur, Malila", "Mali Tudur"),
     ("ward cardiac", "cardiac ward"), ("13/5/2026", "3/5/2026"), ("4 May 2026", "3 May 2026")],
)  # fmt: skip
def test_what_is_not_that_name_or_day_stays(text: str, words: str) -> None:
    assert found(text, words) == []


def test_more_given_names_go_with_all_their_initials_or_the_first() -> None:
    for written in ("Prys, Mali Elin", "M. E. Prys", "M.E. Prys", "ME Prys", "M. Prys", "Prys, M.E."):
        assert found(f"({written})", "Mali Elin Prys") == [written]
    assert found("Me Prys", "Mali Elin Prys") == []


@given(st.sampled_from(GIVEN), st.sampled_from(SURNAMES), st.sampled_from(range(5)), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_way_of_writing_a_name_is_left_after_it_was_blackened(
    given_: str, surname: str, way: int, loud: bool
) -> None:
    ways = (f"{given_} {surname}", f"{surname}, {given_}", f"{surname} {given_}", f"{given_[0]}. {surname}",
            f"{surname}, {given_[0]}.")  # fmt: skip
    text = f"Gyda {ways[way].upper() if loud else ways[way]}; ar y ward."
    left, number = blackened(text, f"{given_} {surname}", whole=True, by="█")
    assert (number, left) == (1, "Gyda █; ar y ward.")
    assert words_left(FileKind.TEXT, left.encode(), [f"{given_} {surname}"]) == []
    assert words_left(FileKind.TEXT, text.encode(), [f"{given_} {surname}"]) == [f"{given_} {surname}"]


@given(st.dates(date(1935, 1, 1), date(2049, 12, 31)))
@settings(max_examples=40, deadline=None)
def test_a_day_typed_in_any_way_is_found_in_every_other(day: date) -> None:
    ways = (f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", day.isoformat(),
            f"{day} 00:00:00", f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            f"{MONTHS[day.month - 1]} {day.day}, {day.year}")  # fmt: skip
    other = day + timedelta(days=1)
    for typed in (ways[0], ways[1], ways[3], ways[5]):
        for written in ways:
            if written != ways[2] or day.year >= 1950:
                assert found(f"Ganed {written}.", typed)[:1] in ([written], [written.removesuffix(" 00:00:00")])
        assert found(f"Ganed {other:%d/%m/%Y}.", typed) == []


def test_a_name_over_two_columns_and_a_day_of_a_cell_go_from_a_workbook() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Tudur", "Mali", datetime(1980, 5, 3)])
    sheet.append(["Huws", "Gwen", datetime(1981, 5, 3)])
    out = io.BytesIO()
    book.save(out)
    done = cut(FileKind.WORKBOOK, out.getvalue(), [WordsCut("Mali Tudur"), WordsCut("3 May 1980")])
    assert outline(FileKind.WORKBOOK, done.data)[0].rows == (
        ("█████", "█████", "█████"),
        ("Huws", "Gwen", "1981-05-03 00:00:00"),
    )
    assert list(done.counts) == [1, 1]
    assert cut(FileKind.WORKBOOK, sheets.plain(["Tudur, M.", "x"]), [WordsCut("Mali Tudur")]).counts == [1]
