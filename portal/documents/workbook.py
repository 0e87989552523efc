"""Spreadsheets: what they hide is named sheet by sheet; a cut or mended one is a new workbook of values alone.

A new workbook holds only what was copied into it: no cache, link, name, comment, formula, macro, picture or property
comes along. Sheets, rows and columns that were hidden stay hidden when it is cut, and go when it is mended.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from anonymity.cleaning.archive import Archive, written
from anonymity.cleaning.outcome import CannotClean
from portal.documents.cuts import CannotCut, CellsCut, Cut, Cutting, SheetCut, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import blackened

MOST_CELLS = 1_000_000
BLACK = "█████"
_PAPER, _INK = "FFFFFF", "000000"
_PARTS: Sequence[tuple[re.Pattern[str], FindingCode]] = [
    (re.compile(pattern), code)
    for pattern, code in (
        (r"xl/pivotCache/pivotCache\d*\.xml|xl/model/.*", FindingCode.PIVOT_CACHE),
        (
            r"xl/externalLinks/externalLink\d*\.xml|xl/connections\.xml|xl/queryTables/.*\.xml",
            FindingCode.EXTERNAL_LINK,
        ),
        (r"xl/(threadedComments/.*|comments\d*)\.xml|xl/comments/.*\.xml", FindingCode.COMMENT),
        (r"xl/revisions/.*", FindingCode.TRACKED_CHANGE),
        (r".*vbaProject\.bin|xl/macrosheets/.*|xl/activeX/.*", FindingCode.MACRO),
        (r"xl/embeddings/.*", FindingCode.EMBEDDED_FILE),
        (r"docProps/thumbnail.*", FindingCode.THUMBNAIL),
        (r"customXml/item\d*\.xml", FindingCode.HIDDEN_PARTS),
    )
]
_PROPERTY = re.compile(rb"<(?:dc:|cp:)(?:creator|lastModifiedBy|title|subject|description|keywords)[^>]*>[^<]")


def opened_archive(data: bytes) -> Archive:
    """The members of the file, within bounds. Raises CannotCut for one that is broken, locked or built to harm."""
    try:
        archive = Archive(data)
        parts = {name: archive.read(name) for name in archive.names if name.endswith((".xml", ".rels"))}
    except CannotClean as refusal:
        raise CannotCut(refusal.reason.value) from None
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise CannotCut("damaged")
    return Archive(data)


def scan_workbook(data: bytes) -> list[Finding]:
    """Every finding, with the name of the sheet it is on."""
    try:
        archive = opened_archive(data)
        parts = {re.sub(r"Records|Definition", "", name) for name in archive.names}  # both halves of a cache are one
        named = Counter(code for name in parts for pattern, code in _PARTS if pattern.fullmatch(name))
        findings = [Finding(code, number=number) for code, number in named.items()]
        if "docProps/core.xml" in archive.names and _PROPERTY.search(archive.read("docProps/core.xml")):
            findings.append(Finding(FindingCode.PROPERTIES))
        return [*_in_sheets(data), *findings]
    except CannotCut as refusal:
        code = FindingCode.LOCKED if refusal.reason == "encrypted" else FindingCode.UNREADABLE
        return [Finding(code, can_fix=False)]


def _in_sheets(data: bytes) -> Iterable[Finding]:
    book = _loaded(data)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield Finding(FindingCode.HIDDEN_SHEET, sheet.title, max(1, _rows_with_values(sheet)))
            continue
        hidden = _hidden(sheet)
        if hidden.rows:
            yield Finding(FindingCode.HIDDEN_ROWS, sheet.title, len(hidden.rows))
        if hidden.columns:
            yield Finding(FindingCode.HIDDEN_COLUMNS, sheet.title, len(hidden.columns))
        unseen = sum(_is_unseen(cell) for row in sheet.iter_rows() for cell in row)
        if unseen:
            yield Finding(FindingCode.HIDDEN_TEXT, sheet.title, unseen)
    names = [name for name in book.defined_names if not name.startswith("_xlnm.")]
    if names:
        yield Finding(FindingCode.DEFINED_NAME, number=len(names))


def _loaded(data: bytes) -> Workbook:
    try:
        book: Workbook = load_workbook(io.BytesIO(data), data_only=True)
        formulas: Workbook = load_workbook(io.BytesIO(data))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, etree.LxmlError) as failure:
        raise CannotCut("unreadable") from failure
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
        raise CannotCut("too_complex")
    for sheet in book.worksheets:
        _say_formulas(sheet, formulas[sheet.title])
    return book


def _say_formulas(sheet: Worksheet, formulas: Worksheet) -> None:
    """A formula that was never worked out has no value: it is told as it is written, so that nothing is lost."""
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and sheet.cell(cell.row, cell.column).value is None:
                told = sheet.cell(cell.row, cell.column)
                told.value, told.data_type = str(getattr(cell.value, "text", cell.value)), "s"


def _rows_with_values(sheet: Worksheet) -> int:
    return sum(any(value is not None for value in row) for row in sheet.iter_rows(values_only=True))


@dataclass(frozen=True, slots=True)
class _Hidden:
    rows: frozenset[int]
    columns: frozenset[int]


def _hidden(sheet: Worksheet) -> _Hidden:
    """Rows and columns with something in them that nobody sees."""
    rows = {number for number, size in sheet.row_dimensions.items() if size.hidden or size.height == 0}
    columns: set[int] = set()
    for size in sheet.column_dimensions.values():
        if size.hidden or size.width == 0:
            first, last = size.min or size.index, size.max or size.index
            columns |= set(range(_number(first), min(_number(last), sheet.max_column) + 1))
    filled = {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    return _Hidden(frozenset(rows & {row for row, _ in filled}), frozenset(columns & {column for _, column in filled}))


def _number(column: int | str) -> int:
    if isinstance(column, int):
        return column
    return int(range_boundaries(f"{column}1")[0] or 1)


def _is_unseen(cell: Any) -> bool:
    """A value in a format that shows nothing, or in the colour of its ground."""
    if not isinstance(cell, Cell) or cell.value is None:
        return False
    if cell.number_format.replace(" ", "") in (";;;", ";;;@"):
        return True
    is_filled = cell.fill is not None and cell.fill.fill_type == "solid"
    ground = _rgb(cell.fill.fgColor, _PAPER) if is_filled else _PAPER
    return ground is not None and ground == _rgb(cell.font.color if cell.font else None, _INK)


def _rgb(colour: Any, plain: str) -> str | None:
    """A colour as six hexadecimal signs; None where only the theme knows it."""
    if colour is None:
        return plain
    if colour.type == "theme":
        return (_PAPER, _INK)[colour.theme] if colour.theme in (0, 1) and not colour.tint else None
    if colour.type == "indexed":
        known = COLOR_INDEX[colour.indexed] if 0 <= colour.indexed < len(COLOR_INDEX) else ""
        return known[-6:].upper() if len(known) == 8 else plain
    return colour.rgb[-6:].upper() if isinstance(colour.rgb, str) else None


def read_sheets(data: bytes) -> list[tuple[str, tuple[tuple[str, ...], ...], bool]]:
    """Each sheet: its name, its cells as texts, and whether it is hidden."""
    opened_archive(data)
    return [
        (
            sheet.title,
            tuple(
                tuple("" if value is None else str(value) for value in row) for row in sheet.iter_rows(values_only=True)
            ),
            sheet.sheet_state != "visible",
        )
        for sheet in _loaded(data).worksheets
    ]


def cut_workbook(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A new workbook of the values that stay; blackened cells say so."""
    opened_archive(data)
    book = _loaded(data)
    counts = [0] * len(cuts)
    # Words last: they may be cut from the name of a sheet, by which the other cuts find it.
    for place in sorted(range(len(cuts)), key=lambda place: isinstance(cuts[place], WordsCut)):
        counts[place] = _cut(book, cuts[place])
    return Cutting(FileKind.WORKBOOK, _anew(book, keep_hidden=True), counts)


def mended_workbook(data: bytes) -> bytes:
    """A new workbook of what one sees alone."""
    opened_archive(data)
    return _anew(_loaded(data), keep_hidden=False)


def _cut(book: Workbook, cut: Cut) -> int:
    if isinstance(cut, WordsCut):
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        return sum(_blacken(cell, cut) for cell in cells) + sum(_rename(sheet, cut) for sheet in book.worksheets)
    if isinstance(cut, SheetCut | CellsCut):
        if cut.sheet not in book.sheetnames:
            return 0
        sheet = book[cut.sheet]
        area = f"A1:{get_column_letter(sheet.max_column)}{sheet.max_row}" if isinstance(cut, SheetCut) else cut.cells
        return _blacken_area(sheet, area)
    raise CannotCut("no_such_cut")


def _blacken(cell: Any, cut: WordsCut) -> int:
    if not isinstance(cell, Cell) or cell.value is None:
        return 0
    text, number = blackened(str(cell.value), cut.words, whole=cut.whole, by=BLACK)
    if number:
        cell.value = text
    return number


def _rename(sheet: Worksheet, cut: WordsCut) -> int:
    title, number = blackened(sheet.title, cut.words, whole=cut.whole, by=BLACK)
    if number:
        sheet.title = title[:31]
    return number


def _blacken_area(sheet: Worksheet, area: str) -> int:
    try:
        first_column, first_row, last_column, last_row = range_boundaries(area)
    except (ValueError, TypeError):
        raise CannotCut("no_such_cells") from None
    number = 0
    for row in sheet.iter_rows(
        first_row or 1,
        min(last_row or sheet.max_row, sheet.max_row),
        first_column or 1,
        min(last_column or sheet.max_column, sheet.max_column),
    ):
        for cell in row:
            if isinstance(cell, Cell) and cell.value is not None:
                cell.value = BLACK
                number += 1
    return number


def _anew(book: Workbook, *, keep_hidden: bool) -> bytes:
    new = Workbook()
    new.remove(new.worksheets[0])
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" or keep_hidden:
            _copy_sheet(sheet, new.create_sheet(sheet.title), keep_hidden=keep_hidden)
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
    archive = Archive(data)
    members = {name: archive.read(name) for name in archive.names if not name.startswith("docProps/")}
    for name in ("_rels/.rels", "[Content_Types].xml"):
        root = etree.fromstring(members[name])
        for one in list(root):
            if "docProps/" in (one.get("Target") or one.get("PartName") or ""):
                root.remove(one)
        members[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written((name, members[name]) for name in sorted(members))


def _copy_sheet(old: Worksheet, new: Worksheet, *, keep_hidden: bool) -> None:
    hidden = _hidden(old)
    new.sheet_state = old.sheet_state
    for row in old.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.value is not None and (keep_hidden or not _is_hidden(cell, hidden)):
                _copy_cell(cell, new)
    _copy_sizes(old, new, hidden if keep_hidden else _Hidden(frozenset(), frozenset()))


def _copy_sizes(old: Worksheet, new: Worksheet, hidden: _Hidden) -> None:
    for letter, size in old.column_dimensions.items():
        if size.width:
            new.column_dimensions[letter].width = size.width
    for number in hidden.rows:
        new.row_dimensions[number].hidden = True
    for number in hidden.columns:
        new.column_dimensions[get_column_letter(number)].hidden = True


def _is_hidden(cell: Cell, hidden: _Hidden) -> bool:
    return cell.row in hidden.rows or cell.column in hidden.columns or _is_unseen(cell)


def _copy_cell(cell: Cell, new: Worksheet) -> None:
    copy = new.cell(cell.row, cell.column, cell.value)
    if isinstance(cell.value, str):
        copy.data_type = "s"  # a text that begins with = stays a text
    copy.number_format = cell.number_format
    copy.font = Font(bold=bool(cell.font and cell.font.bold))
    copy.alignment = Alignment(wrap_text=bool(cell.alignment and cell.alignment.wrap_text))
