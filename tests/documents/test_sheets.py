"""Workbooks: every corner that hides something is named, and gone from a copy that was mended or cut."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image as Picture
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image

from portal.documents import sheetparts
from portal.documents.cuts import CannotCut, CellsCut, WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind
from portal.documents.proving import words_left
from portal.documents.reading import outline
from portal.documents.scanning import scan
from portal.documents.sheethiding import shows_nothing
from tests.documents import sheets

BOOK = FileKind.WORKBOOK
SECRET = "Mali Tudur"
Change = Callable[[Any], object]


def made(change: Change) -> bytes:
    """A sheet with a word in B2 that is seen, changed as a test says."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Rota"
    sheet.append(["Name", "Score"])
    sheet.append(["Gwyn", SECRET])
    change(sheet)
    return sheets.octets(book)


def inside(data: bytes) -> bytes:
    """Every part, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())


def looks(**values: Any) -> Change:
    def change(sheet: Any) -> None:
        for name, value in values.items():
            setattr(sheet["B2"], name, value)

    return change


def size(part: str, key: Any, name: str, value: object) -> Change:
    return lambda sheet: setattr(getattr(sheet, part)[key], name, value)


def merge(sheet: Any) -> None:
    sheet["A2"].value, sheet["B2"].value = "shown", SECRET
    sheet.merged_cells.add("A2:B2")


def rule(one: Any) -> Change:
    return lambda sheet: sheet.conditional_formatting.add("B1:B9", one)


BLACK_FILL = PatternFill("solid", fgColor="FF000000", bgColor="FF000000")
HIDING: dict[str, tuple[Change, FindingCode]] = {
    "a row without height": (size("row_dimensions", 2, "height", 0.5), FindingCode.HIDDEN_ROWS),
    "a hidden row": (size("row_dimensions", 2, "hidden", True), FindingCode.HIDDEN_ROWS),
    "all rows without height": (
        lambda sheet: setattr(sheet.sheet_format, "defaultRowHeight", 0),
        FindingCode.HIDDEN_ROWS,
    ),
    "a column without width": (size("column_dimensions", "B", "width", 0.1), FindingCode.HIDDEN_COLUMNS),
    "all columns without width": (
        lambda sheet: setattr(sheet.sheet_format, "defaultColWidth", 0),
        FindingCode.HIDDEN_COLUMNS,
    ),
    "a format that shows nothing": (looks(number_format=";;;"), FindingCode.HIDDEN_TEXT),
    "a format that shows other words": (looks(number_format='0;0;0;"-"'), FindingCode.HIDDEN_TEXT),
    "white on white": (looks(font=Font(color="FFFFFFFF")), FindingCode.HIDDEN_TEXT),
    "black on black": (looks(fill=BLACK_FILL), FindingCode.HIDDEN_TEXT),
    "nearly white on white": (looks(font=Font(color="FFFDFDFD")), FindingCode.HIDDEN_TEXT),
    "letters too small": (looks(font=Font(size=1)), FindingCode.HIDDEN_TEXT),
    "below a merged cell": (merge, FindingCode.HIDDEN_TEXT),
    "a condition that hides by colour": (
        rule(FormulaRule(formula=["TRUE"], font=Font(color="FFFFFFFF"))),
        FindingCode.HIDDEN_TEXT,
    ),
    "a condition that hides below black": (
        rule(FormulaRule(formula=["TRUE"], fill=BLACK_FILL, font=Font(color="FF000000"))),
        FindingCode.HIDDEN_TEXT,
    ),
}


@pytest.mark.parametrize("case", HIDING)
def test_what_a_sheet_hides_is_named_goes_when_mended_and_stays_unseen_when_cut(case: str) -> None:
    change, code = HIDING[case]
    data = made(change)
    assert code in {one.code for one in scan(BOOK, data)}
    mended = fix(BOOK, data)[1]
    assert scan(BOOK, mended) == ()
    assert SECRET.encode() not in inside(mended)
    copy = cut(BOOK, data, [WordsCut("Gwyn", whole=True)] if "merged" not in case else [])
    assert code in {one.code for one in scan(BOOK, copy.data)}, "a cut copy does not show what nobody saw"
    assert SECRET.encode() not in inside(cut(BOOK, data, [WordsCut(SECRET)]).data)
    assert SECRET.encode() not in inside(cut(BOOK, data, [CellsCut("Rota", "B2")]).data)


@pytest.mark.parametrize(
    ("number_format", "value", "hides"),
    [
        (";;;", 1, True),
        (";;;", "x", True),
        (";;", 1, True),
        (";;", "x", False),
        ("0;;", -1, True),
        ("0;;", 1, False),
        ("0;0;;@", 0, True),
        (";;;@", "x", False),
        ('"";"";"";""', 5, True),
        ('"***"', 5, True),
        ('"£"#,##0.00', 5, False),
        ("[Red]0", 5, False),
        ("dd/mm/yyyy", 5, False),
        ("General", "x", False),
        ("@", "x", False),
        ("", 1, False),
    ],
)
def test_formats_that_show_nothing(number_format: str, value: object, hides: bool) -> None:
    assert shows_nothing(number_format, value) is hides


@pytest.mark.parametrize(
    ("condition", "hidden"),
    [
        (CellIsRule(operator="lessThan", formula=["5"], font=Font(color="FFFFFFFF")), {3}),
        (CellIsRule(operator="equal", formula=["$Z$1"], font=Font(color="FFFFFFFF")), {3, 4}),
        (CellIsRule(operator="equal", formula=["3"], font=Font(color="FFFF0000")), set()),
        (DataBarRule("min", 0, "max", 9, color="FF0000", showValue=False), {3, 4}),
    ],
)
def test_what_a_condition_may_hide(condition: Any, hidden: set[int]) -> None:
    def change(sheet: Any) -> None:
        sheet["B3"], sheet["B4"] = 3, 9
        sheet.conditional_formatting.add("B3:B4", condition)

    rows = outline(BOOK, fix(BOOK, made(change))[1])[0].rows
    assert {at for at in (3, 4) if len(rows) < at or not any(rows[at - 1])} == hidden


def test_white_pieces_of_a_text_in_a_cell_are_named_and_go() -> None:
    def change(sheet: Any) -> None:
        white = TextBlock(InlineFont(color="FFFFFFFF"), SECRET)
        sheet["B2"] = CellRichText("seen ", white, TextBlock(InlineFont(sz=1), SECRET))

    data = made(change)
    assert Finding(FindingCode.HIDDEN_TEXT, "Rota", 2) in scan(BOOK, data)
    assert outline(BOOK, fix(BOOK, data).data)[0].rows[1] == ("Gwyn", "seen ")
    done = cut(BOOK, data, [WordsCut("Gwyn")])
    assert outline(BOOK, done.data)[0].rows[1] == ("█████", "seen ")
    assert done.lost == [Finding(FindingCode.LEFT_OUT_PIECES, number=2, can_fix=False)]


def test_headers_and_footers_of_sheets_are_told_when_they_go() -> None:
    def change(sheet: Any) -> None:
        sheet.oddHeader.center.text = f"Rota of {SECRET}"
        sheet.evenFooter.left.text = "&P"

    data = made(change)
    lost = Finding(FindingCode.LEFT_OUT_HEADERS, number=1, can_fix=False)
    for done in (cut(BOOK, data, [WordsCut("Gwyn")]), fix(BOOK, data)):
        assert list(done.lost) == [lost]
        assert b"headerFooter" not in inside(done.data)
    only_numbers = made(lambda sheet: setattr(sheet.oddFooter.left, "text", "&P / &N"))
    assert cut(BOOK, only_numbers, [WordsCut("Gwyn")]).lost == []


def listed(sheet: Any) -> None:
    choice = DataValidation(type="list", formula1=f'"{SECRET},Gwyn"')
    sheet.add_data_validation(choice)
    choice.add("C1")


def chart(sheet: Any) -> None:
    drawn = BarChart()
    drawn.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    sheet.add_chart(drawn, "D1")


def picture(sheet: Any) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = SECRET
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif)
    sheet.add_image(Picture(out), "D1")


CORNERS: dict[str, tuple[Change, FindingCode]] = {
    "a list to choose from": (listed, FindingCode.FORM_FIELD),
    "a name of one sheet": (
        lambda sheet: sheet.defined_names.add(DefinedName("own", attr_text=f'"{SECRET}"')),
        FindingCode.DEFINED_NAME,
    ),
    "rows hidden unless used": (lambda sheet: setattr(sheet.sheet_format, "zeroHeight", True), FindingCode.HIDDEN_ROWS),
    "details of a picture": (picture, FindingCode.PICTURE_DETAILS),
    "a link": (lambda sheet: setattr(sheet["A1"], "hyperlink", "https://example.org/mali"), FindingCode.EXTERNAL_LINK),
}


@pytest.mark.parametrize("case", CORNERS)
def test_corners_of_a_sheet_are_named_and_go(case: str) -> None:
    change, code = CORNERS[case]
    data = made(change)
    assert code in {one.code for one in scan(BOOK, data)}
    assert scan(BOOK, fix(BOOK, data)[1]) == ()
    assert words_left(BOOK, cut(BOOK, data, [WordsCut(SECRET)]).data, [SECRET]) == []


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("docProps/app.xml", b"<Properties><Manager>Mali</Manager></Properties>", FindingCode.PROPERTIES),
        ("docProps/custom.xml", b"<x/>", FindingCode.PROPERTIES),
        ("xl/persons/person.xml", b"<x/>", FindingCode.PROPERTIES),
        ("xl/threadedComments/threadedComment1.xml", b"<x/>", FindingCode.COMMENT),
        ("xl/charts/chart1.xml", b"<c:x xmlns:c='c'><c:v>unseen</c:v><c:v>Gwyn</c:v></c:x>", FindingCode.HIDDEN_PARTS),
        ("xl/drawings/drawing1.xml", b"<x descr='y' descr2=\"\"/>".replace(b"'", b'"'), FindingCode.HIDDEN_TEXT),
        ("xl/media/image1.emf", b"x", FindingCode.UNREADABLE),
        ("xl/slicers/slicer1.xml", b"<x/>", FindingCode.HIDDEN_PARTS),
        ("anything.bin", b"x", FindingCode.HIDDEN_PARTS),
    ],
)
def test_parts_are_looked_into(name: str, body: bytes, code: FindingCode) -> None:
    data = sheets.changed(sheets.plain(["Gwyn"]), name, lambda _old: body)
    assert code in {one.code for one in scan(BOOK, data)}
    assert scan(BOOK, fix(BOOK, data)[1]) == ()


SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def test_texts_that_no_cell_uses_and_elements_aside_are_named() -> None:
    old = made(lambda sheet: None)
    texts = b"<sst xmlns='%s'><si><t>Gwyn</t></si><si><t>unused</t></si><si><r><t>forgotten</t></r></si></sst>" % SPACE
    data = sheets.with_parts(old, {"xl/sharedStrings.xml": texts})
    for name, before, after in (
        (
            "[Content_Types].xml",
            b"</Types>",
            b"<Override PartName='/xl/sharedStrings.xml' ContentType='%s'/></Types>" % SHARED,
        ),
        ("xl/worksheets/sheet1.xml", b't="inlineStr"><is><t>Gwyn</t></is>', b't="s"><v>0</v>'),
        ("xl/worksheets/sheet1.xml", b"<pageMargins", b"<scenarios><scenario name='x'/></scenarios><pageMargins"),
        ("xl/workbook.xml", b"<sheets>", b"<!-- absPath c:/mali --><sheets>"),
    ):
        data = sheets.changed(data, name, lambda part, before=before, after=after: part.replace(before, after))  # type: ignore[misc]
    found = scan(BOOK, data)
    assert set(found) == {
        Finding(FindingCode.HIDDEN_PARTS, "xl/sharedStrings.xml", 2),
        Finding(FindingCode.HIDDEN_PARTS, "Rota"),
        Finding(FindingCode.PROPERTIES),
    }
    mended = fix(BOOK, data)[1]
    assert b"Gwyn" in inside(mended)
    assert not any(word in inside(mended) for word in (b"unused", b"forgotten", b"scenario", b"absPath"))


def test_a_name_in_two_cells_of_a_row_goes_from_both_and_from_no_other_row() -> None:
    data = sheets.plain(["Mali", None, "Tudur"], ["Tudur", "Mali"], ["x", "Mali"], ["Tudur", "y"])
    done = cut(BOOK, data, [WordsCut(SECRET)])
    assert outline(BOOK, done.data)[0].rows == (
        ("█████", "", "█████"),
        ("█████", "█████"),
        ("x", "Mali"),
        ("Tudur", "y"),
    )
    assert done.counts == [2]


def test_words_in_a_format_go_and_what_does_not_come_along_is_told() -> None:
    def change(sheet: Any) -> None:
        sheet["C2"], sheet["C2"].number_format = 7, f'0" {SECRET}"'
        chart(sheet)
        picture(sheet)

    done = cut(BOOK, made(change), [WordsCut(SECRET)])
    assert done.lost == [Finding(FindingCode.LEFT_OUT_DRAWINGS, number=2, can_fix=False)]
    assert load_workbook(io.BytesIO(done.data))["Rota"]["C2"].value == 7
    assert cut(BOOK, sheets.rota(), [WordsCut("Gwyn")]).lost == [Finding(FindingCode.LEFT_OUT_COMMENTS, can_fix=False)]


def test_a_sheet_that_is_formatted_to_its_end_is_read_like_any_other() -> None:
    def change(sheet: Any) -> None:
        sheet["XFD1048576"].font = Font(bold=True)
        sheet["A1048570"] = "far down"

    data = made(change)
    assert {one.code for one in scan(BOOK, data)} == {FindingCode.PROPERTIES}
    done = cut(BOOK, data, [WordsCut(SECRET), CellsCut("Rota", "A:A")])
    assert done.counts == [1, 3]
    rows = outline(BOOK, done.data)[0].rows
    assert (len(rows), rows[-1], rows[5]) == (1_048_570, ("█████",), ())


def test_an_archive_built_to_harm_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheets.plain(["x"])
    monkeypatch.setattr(sheetparts, "MOST_UNPACKED", len(inside(data)) - 100)
    with pytest.raises(CannotCut, match="too_complex"):
        outline(BOOK, data)
    with pytest.raises(CannotCut, match="damaged"):
        outline(BOOK, data[:-30])


WORD = st.from_regex(r"[ŵŷ][ŵŷâ -]{0,6}[ŵŷ]", fullmatch=True)  # the format has no such letters of its own
CELL = st.one_of(st.none(), st.integers(0, 99), st.text("ŵŷâ -", max_size=9))


@settings(max_examples=8)
@given(WORD, st.lists(st.lists(CELL, max_size=3), max_size=3), st.sampled_from([name for name in HIDING]))
def test_after_the_cut_no_part_of_a_workbook_holds_the_words(word: str, rows: list[list[Any]], case: str) -> None:
    def change(sheet: Any) -> None:
        for row in rows:
            sheet.append(row)
        sheet["B2"] = f"x {word}"
        HIDING[case][0](sheet)

    done = cut(BOOK, made(change), [WordsCut(word), WordsCut(word, whole=False)])
    assert words_left(BOOK, done.data, [word]) == []
    assert word.encode() not in inside(done.data)


def test_a_chart_that_one_saw_is_told_when_a_mended_workbook_has_it_no_more() -> None:
    lost = (Finding(FindingCode.LEFT_OUT_DRAWINGS, can_fix=False),)
    assert tuple(fix(BOOK, made(chart)).lost) == lost
    assert not fix(BOOK, sheets.rota()).lost
