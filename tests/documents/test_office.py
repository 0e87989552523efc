"""Spreadsheets and Word files: what they hide is named, mended, or cut for good."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Color, Font, PatternFill

from portal.documents.cuts import AreaCut, CannotCut, CellsCut, SheetCut, WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import FindingCode
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind
from portal.documents.proving import words_left
from portal.documents.reading import outline
from portal.documents.scanning import scan
from portal.documents.worddoc import read_document
from tests.documents import sheets

BOOK, WORD = FileKind.WORKBOOK, FileKind.DOCUMENT
NAME = "Mali Tudur"


def said(kind: FileKind, data: bytes) -> set[tuple[FindingCode, str, int]]:
    return {(one.code, one.place, one.number) for one in scan(kind, data)}


def cells(data: bytes, sheet: str = "Rota") -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))


def test_a_very_hidden_sheet_is_named_with_its_rows_and_so_is_all_else_that_hides() -> None:
    assert said(BOOK, sheets.rota()) == {
        (FindingCode.HIDDEN_SHEET, "Mali list", 1204),
        (FindingCode.HIDDEN_ROWS, "Rota", 1),
        (FindingCode.HIDDEN_COLUMNS, "Rota", 1),
        (FindingCode.HIDDEN_TEXT, "Rota", 1),
        (FindingCode.DEFINED_NAME, "", 1),
        (FindingCode.COMMENT, "", 1),
        (FindingCode.PROPERTIES, "", 1),
    }


def test_a_mended_workbook_holds_what_one_saw_and_has_no_finding() -> None:
    kind, mended, _lost = fix(BOOK, sheets.rota())
    assert (kind, scan(kind, mended)) == (BOOK, ())
    assert words_left(BOOK, mended, ["Mali list", "white words", "told", "Gwyn"]) == []
    assert [row[:2] for row in cells(mended)][:3] == [("Name", "Score"), ("Siân Prydderch", 41), (NAME, 7741)]
    assert [part.name for part in outline(BOOK, mended)] == ["Rota"]


def test_cut_words_and_cells_are_gone_from_every_part_and_hidden_parts_stay_to_be_decided() -> None:
    done = cut(BOOK, sheets.rota(), [WordsCut(NAME), CellsCut("Rota", "B2:B3"), WordsCut("Mali", whole=True)])
    assert done.counts[:2] == [1205, 2]
    assert words_left(BOOK, done.data, [NAME, "Mali", "7741"]) == []
    assert (FindingCode.HIDDEN_SHEET, "█████ list", 1204) in said(BOOK, done.data)
    assert cells(done.data)[1][:2] == ("Siân Prydderch", "█████")
    assert cells(done.data)[1][4] == "=B2*2", "a formula that was never worked out is told, not lost"


def test_a_whole_sheet_a_column_and_a_row_can_go() -> None:
    data = sheets.plain(["a", "b"], ["c", "d"])
    for cells_cut, left in ((CellsCut("Sheet", "A:A"), ("█████", "b")), (CellsCut("Sheet", "1:1"), ("█████", "█████"))):
        assert cells(cut(BOOK, data, [cells_cut]).data, "Sheet")[0] == left
    assert set(cells(cut(BOOK, data, [SheetCut("Sheet")]).data, "Sheet")) == {("█████", "█████")}
    for wrong in (CellsCut("Sheet", "nonsense!"), AreaCut(1, 0, 0, 1, 1)):
        with pytest.raises(CannotCut):
            cut(BOOK, data, [wrong])


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    done = cut(BOOK, sheets.plain(["=HYPERLINK(1)", "x"]), [WordsCut("nobody")])
    cell = load_workbook(io.BytesIO(done.data))["Sheet"]["A1"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/pivotCache/pivotCacheRecords1.xml", FindingCode.PIVOT_CACHE),
        ("xl/externalLinks/externalLink1.xml", FindingCode.EXTERNAL_LINK),
        ("xl/connections.xml", FindingCode.EXTERNAL_LINK),
        ("xl/revisions/revisionLog1.xml", FindingCode.TRACKED_CHANGE),
        ("xl/vbaProject.bin", FindingCode.MACRO),
        ("xl/embeddings/oleObject1.bin", FindingCode.EMBEDDED_FILE),
        ("customXml/item1.xml", FindingCode.HIDDEN_PARTS),
        ("docProps/thumbnail.jpeg", FindingCode.THUMBNAIL),
    ],
)
def test_parts_that_no_sheet_shows_are_named_and_go(name: str, code: FindingCode) -> None:
    data = sheets.with_parts(sheets.plain(["a"]), {name: b"<x>Mali Tudur</x>"})
    assert code in {one.code for one in scan(BOOK, data)}
    assert words_left(BOOK, fix(BOOK, data)[1], [NAME]) == []


def test_a_workbook_with_entities_or_no_workbook_at_all_is_not_read() -> None:
    evil = sheets.with_parts(sheets.plain(["a"]), {"xl/evil.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})
    for data in (evil, b"PK\x03\x04nonsense", b""):
        (finding,) = scan(BOOK, data)
        assert (finding.code, finding.can_fix) == (FindingCode.UNREADABLE, False)
        with pytest.raises(CannotCut):
            cut(BOOK, data, [])


def test_a_name_over_several_pieces_of_text_is_cut_once_and_whole() -> None:
    data = sheets.word(sheets.paragraph(sheets.run("Before Ma"), sheets.run("li"), sheets.run(" Tudur after")))
    done = cut(WORD, data, [WordsCut(NAME)])
    assert done.counts == [1]
    assert read_document(done.data) == "Before █████ after"


def test_changes_and_hidden_words_are_named_and_go() -> None:
    change = (
        f'<w:del w:id="1" w:author="x"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="x">{sheets.run("added")}</w:ins>'
    )
    data = sheets.word(sheets.paragraph(sheets.run("Seen "), change, sheets.run("unseen", hidden=True)))
    found = said(WORD, data)
    assert {(FindingCode.TRACKED_CHANGE, "", 2), (FindingCode.HIDDEN_TEXT, "", 1)} <= found
    kind, mended, _lost = fix(WORD, data)
    assert scan(kind, mended) == ()
    assert read_document(mended) == "Seen added"
    assert words_left(WORD, mended, [NAME, "unseen"]) == []
    assert words_left(WORD, cut(WORD, data, [WordsCut("Seen")]).data, [NAME]) == [], "a deleted name is still a name"


def test_macros_and_locked_files_are_findings_that_nothing_mends() -> None:
    data = sheets.with_parts(sheets.word(sheets.paragraph(sheets.run("x"))), {"word/vbaProject.bin": b"x"})
    (finding,) = scan(WORD, data)
    assert (finding.code, finding.can_fix) == (FindingCode.MACRO, False)
    with pytest.raises(CannotCut, match="macros"):
        cut(WORD, data, [WordsCut("x")])


def test_a_sheet_goes_whole_even_if_its_name_is_cut_before() -> None:
    done = cut(BOOK, sheets.rota(), [WordsCut("Mali"), SheetCut("Mali list"), CellsCut("Rota", "B2:B2")])
    assert done.counts == [2, 2408, 1]
    assert set(cells(done.data, "█████ list")) == {("█████", "█████")}


def test_words_in_the_colour_of_their_ground_are_hidden_however_the_colour_is_written() -> None:
    book = load_workbook(io.BytesIO(sheets.plain(["white", "under black", "seen", "head", "pale"])))
    (row,) = book.worksheets[0].iter_rows()
    row[0].font = Font(color=Color(theme=0))
    row[1].fill = PatternFill("solid", fgColor="FF000000")
    row[3].font, row[3].fill = Font(color=Color(theme=0)), PatternFill("solid", fgColor=Color(theme=1))
    row[4].font = Font(color=Color(theme=0, tint=-0.5))
    assert said(BOOK, sheets.octets(book)) >= {(FindingCode.HIDDEN_TEXT, "Sheet", 2)}


def test_the_halves_of_a_pivot_cache_and_a_model_of_data_are_named() -> None:
    halves = {f"xl/pivotCache/pivotCache{half}1.xml": b"<x/>" for half in ("Definition", "Records")}
    for parts in (halves, {"xl/pivotCache/pivotCacheDefinition1.xml": b"<x/>"}, {"xl/model/item.data": b"x"}):
        assert (FindingCode.PIVOT_CACHE, "", 1) in said(BOOK, sheets.with_parts(sheets.plain(["a"]), parts))


@pytest.mark.parametrize("between", ["<w:tab/>", "<w:br/>", "<w:cr/>"])
def test_words_on_both_sides_of_a_tab_or_a_line_end_are_words_of_their_own(between: str) -> None:
    text = f"<w:r><w:t>Mali</w:t>{between}<w:t>Tudur</w:t>{between}<w:t>Tel</w:t></w:r>"
    data = sheets.word(f"<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>{text}</w:p>")
    assert words_left(WORD, data, [NAME, "Tudur"]) == [NAME, "Tudur"]
    for words in (NAME, "Tudur"):
        done = cut(WORD, data, [WordsCut(words)])
        assert done.counts == [1]
        assert words_left(WORD, done.data, [words]) == []
    assert read_document(data).split() == ["Mali", "Tudur", "Tel"]


def test_a_hyphen_that_keeps_words_together_is_a_hyphen() -> None:
    data = sheets.word("<w:p><w:r><w:t>Anne</w:t><w:noBreakHyphen/><w:t>Mair said</w:t></w:r></w:p>")
    done = cut(WORD, data, [WordsCut("Anne-Mair")])
    assert read_document(done.data) == "█████- said"


def test_proof_reads_what_is_written_in_signs_of_the_format_and_nothing_of_the_format_itself() -> None:
    part = b"<x a='Gwyn &amp; Rhys'>Si&#226;n &amp; Co</x>"
    data = sheets.with_parts(sheets.plain(["a"]), {"xl/x.xml": part, "xl/y.bin": b"Mali"})
    assert words_left(BOOK, data, ["Siân & Co", "Gwyn & Rhys", "Mali"]) == ["Siân & Co", "Gwyn & Rhys", "Mali"]
    assert cut(BOOK, sheets.plain(["a", "b", "c"], ["flat 2", 7]), [WordsCut("2")]).counts == [1]
    named = sheets.word("<w:p><w:r><w:rPr><w:sz w:val='20'/></w:rPr><w:t>Val and Body, 20</w:t></w:r></w:p>")
    assert cut(WORD, named, [WordsCut("Val"), WordsCut("Body"), WordsCut("20")]).counts == [1, 1, 1]
