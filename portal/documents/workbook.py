"""Spreadsheets: a cut or mended one is a new workbook of values alone.

A new workbook holds only what was copied into it: no cache, link, name, comment, formula, macro, picture or property
comes along. What was hidden stays hidden when it is cut, to be decided on, and goes when it is mended.
"""

import io
import re
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from anonymity.cleaning.archive import written
from portal.documents.cuts import CannotCut, CellsCut, Cut, Cutting, SheetCut, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import blackened, blackened_over
from portal.documents.sheethiding import NOTHING, Hidden, hidden_in
from portal.documents.sheetparts import Book, filled, opened_book, rows_of, unpacked

BLACK = "█████"
MOST_PLACES = 20_000_000
_UNSEEN = ";;;"
_LOST = {
    FindingCode.LEFT_OUT_COMMENTS: re.compile(r"xl/(?:threadedComments/.*|comments\d*)\.xml|xl/comments/.*\.xml"),
    FindingCode.LEFT_OUT_DRAWINGS: re.compile(r"xl/(?:charts/chart\d*\.xml|media/.*)"),
    FindingCode.LEFT_OUT_FILES: re.compile(r"xl/embeddings/.*"),
}
_WORDS = re.compile(r'["\\]')


def read_sheets(data: bytes) -> list[tuple[str, tuple[tuple[str, ...], ...], bool]]:
    """Each sheet: its name, its cells as texts, and whether it is hidden."""
    return [(sheet.title, _texts(sheet), sheet.sheet_state != "visible") for sheet in opened_book(data).book.worksheets]


def read_rows(data: bytes) -> list[str]:
    """Each row that holds something, its cells beside each other as they are read."""
    return [
        "\t".join(str(cell.value) for cell in cells)
        for sheet in opened_book(data).book.worksheets
        for cells in rows_of(sheet).values()
    ]


def _texts(sheet: Worksheet) -> tuple[tuple[str, ...], ...]:
    """The rows down to the last that holds something, each as far as its last cell."""
    rows = rows_of(sheet)
    if sum(cells[-1].column for cells in rows.values()) > MOST_PLACES:
        raise CannotCut("too_complex")
    return tuple(_row(rows.get(number, [])) for number in range(1, max(rows, default=0) + 1))


def _row(cells: Sequence[Cell]) -> tuple[str, ...]:
    told = [""] * (cells[-1].column if cells else 0)
    for cell in cells:
        told[cell.column - 1] = str(cell.value)
    return tuple(told)


def cut_workbook(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A new workbook of the values that stay; blackened cells say so. Pieces of a text that nobody saw go, and that is
    told: in a cell of values they would be seen."""
    book = opened_book(data, seen_only=True)
    hidden = {sheet: hidden_in(book, sheet) for sheet in book.book.worksheets}
    counts = [0] * len(cuts)
    # Words last: they may be cut from the name of a sheet, by which the other cuts find it.
    for place in sorted(range(len(cuts)), key=lambda place: isinstance(cuts[place], WordsCut)):
        counts[place] = _cut(book.book, cuts[place])
    return Cutting(FileKind.WORKBOOK, _anew(book, hidden, keep_hidden=True), counts, lost=_lost(book))


def mended_workbook(data: bytes) -> bytes:
    """A new workbook of what one sees alone."""
    book = opened_book(data, seen_only=True)
    return _anew(book, {sheet: hidden_in(book, sheet) for sheet in book.book.worksheets}, keep_hidden=False)


def _lost(book: Book) -> list[Finding]:
    """What a workbook of values cannot have."""
    counted = {code: sum(map(bool, map(pattern.fullmatch, book.parts))) for code, pattern in _LOST.items()}
    counted[FindingCode.LEFT_OUT_HEADERS] = sum(said.headers for said in book.said.values())
    counted[FindingCode.LEFT_OUT_PIECES] = book.shared.pale + sum(said.pale for said in book.said.values())
    return [Finding(code, number=number, can_fix=False) for code, number in counted.items() if number]


def count_headers(data: bytes) -> int:
    """How many sheets have a header or a footer with words: no workbook of values has one."""
    return sum(said.headers for said in opened_book(data).said.values())


def _cut(book: Workbook, cut: Cut) -> int:
    if isinstance(cut, WordsCut):
        found = sum(_blacken(cells, cut) for sheet in book.worksheets for cells in rows_of(sheet).values())
        return found + sum(_rename(sheet, cut) for sheet in book.worksheets)
    if isinstance(cut, SheetCut | CellsCut):
        if cut.sheet not in {sheet.title for sheet in book.worksheets}:
            return 0
        sheet = book[cut.sheet]
        area = f"A1:{get_column_letter(sheet.max_column)}{sheet.max_row}" if isinstance(cut, SheetCut) else cut.cells
        return _blacken_area(sheet, area)
    raise CannotCut("no_such_cut")


def _blacken(row: Sequence[Cell], cut: WordsCut) -> int:
    """Words may begin in one cell of a row and end in the next that holds something."""
    texts = [str(cell.value) for cell in row]
    left, number = blackened_over(texts, cut.words, whole=cut.whole, by=BLACK)
    if number:
        for cell, before, after in zip(row, texts, left, strict=True):
            if before != after:
                cell.value = after
    return number


def _rename(sheet: Worksheet, cut: WordsCut) -> int:
    title, number = blackened(sheet.title, cut.words, whole=cut.whole, by=BLACK)
    if number:
        sheet.title = title[:31]
    return number


def _blacken_area(sheet: Worksheet, area: str) -> int:
    try:
        left, top, right, bottom = range_boundaries(area)
    except (ValueError, TypeError):
        raise CannotCut("no_such_cells") from None
    number = 0
    for cell in filled(sheet):
        if (top or 1) <= cell.row <= (bottom or cell.row) and (left or 1) <= cell.column <= (right or cell.column):
            cell.value = BLACK
            number += 1
    return number


def _anew(book: Book, hidden: dict[Worksheet, Hidden], *, keep_hidden: bool) -> bytes:
    new = Workbook()
    new.remove(new.worksheets[0])
    for sheet in book.book.worksheets:
        if sheet.sheet_state == "visible" or keep_hidden:
            _copy_sheet(sheet, new.create_sheet(sheet.title), hidden[sheet], keep_hidden=keep_hidden)
    if not new.worksheets:
        new.create_sheet("-")
    if all(sheet.sheet_state != "visible" for sheet in new.worksheets):
        new.worksheets[0].sheet_state = "visible"
    out = io.BytesIO()
    _Writer(new, ZipFile(out, "w", ZIP_DEFLATED)).save()
    return _without_properties(out.getvalue())


class _Writer(ExcelWriter):  # type: ignore[misc]
    """The library's writer puts each sheet into a plain temporary file first; this one keeps it in memory."""

    def write_worksheet(self, ws: Worksheet) -> None:
        out = io.BytesIO()
        ws._drawing = SpreadsheetDrawing()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def _without_properties(data: bytes) -> bytes:
    """The library writes a day and its own name into each workbook: both parts go, and what leads to them."""
    members = {name: part for name, part in unpacked(data).items() if not name.startswith("docProps/")}
    for name in ("_rels/.rels", "[Content_Types].xml"):
        root = etree.fromstring(members[name])
        for one in list(root):
            if "docProps/" in (one.get("Target") or one.get("PartName") or ""):
                root.remove(one)
        members[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written((name, members[name]) for name in sorted(members))


def _copy_sheet(old: Worksheet, new: Worksheet, hidden: Hidden, *, keep_hidden: bool) -> None:
    new.sheet_state = old.sheet_state
    for cell in filled(old):
        if keep_hidden or cell not in hidden:
            _copy_cell(cell, new, is_unseen=(cell.row, cell.column) in hidden.cells)
    _copy_sizes(old, new, hidden if keep_hidden else NOTHING)


def _copy_sizes(old: Worksheet, new: Worksheet, hidden: Hidden) -> None:
    for letter, size in old.column_dimensions.items():
        if size.width:
            new.column_dimensions[letter].width = size.width
    for number in hidden.rows:
        new.row_dimensions[number].hidden = True
    for number in hidden.columns:
        new.column_dimensions[get_column_letter(number)].hidden = True


def _copy_cell(cell: Cell, new: Worksheet, *, is_unseen: bool) -> None:
    """A cell that nobody saw is not seen in the copy either, until somebody decides."""
    copy = new.cell(cell.row, cell.column, cell.value)
    if isinstance(cell.value, str):
        copy.data_type = "s"  # a text that begins with = stays a text
    looks = "General" if _WORDS.search(cell.number_format) else cell.number_format  # a format may hold words of its own
    copy.number_format = _UNSEEN if is_unseen and cell.value != BLACK else looks
    copy.font = Font(bold=bool(cell.font and cell.font.bold))
    copy.alignment = Alignment(wrap_text=bool(cell.alignment and cell.alignment.wrap_text))
