"""The parts of a workbook, unpacked within bounds, and its sheets as the library reads them.

A sheet may be formatted down to its last row: what holds no value is left out before the library sees it, and what the
library would not keep (values below merged cells) is kept.
"""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from portal.documents.cuts import CannotCut

MOST_CELLS = 1_000_000
MOST_UNPACKED = 300 * 1024 * 1024
_MOST_PARTS = 5000
_SHARED, _TINY = "xl/sharedStrings.xml", 3.0
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml")
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[A-Z])')
_ASIDE = frozenset({"scenarios", "protectedRanges", "customSheetViews", "oleObjects", "controls", "customProperties"})
"""Elements of a sheet that hold values or names, and that nobody sees."""


@dataclass(slots=True)
class SheetPart:
    """What a sheet says besides its cells: ranges that are merged, texts it refers to by number, elements aside, pieces
    of text inside a cell that are white or tiny, and headers and footers."""

    merged: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    aside: int = 0
    pale: int = 0
    headers: int = 0


@dataclass(slots=True)
class Book:
    """A workbook: its parts as they came, its sheets, and what each sheet says besides its cells."""

    parts: dict[str, bytes]
    book: Workbook
    said: dict[str, SheetPart]
    shared: SheetPart

    def said_by(self, sheet: Worksheet) -> SheetPart:
        """What a sheet says besides its cells."""
        return self.said.get(sheet.title, SheetPart())


def unpacked(data: bytes) -> dict[str, bytes]:
    """Every part. Raises CannotCut for a file that is broken, locked or built to harm."""
    try:
        with ZipFile(io.BytesIO(data)) as package:
            members = [one for one in package.infolist() if not one.is_dir()]
            if any(one.flag_bits & 0x1 for one in members):
                raise CannotCut("encrypted")
            if len(members) > _MOST_PARTS or sum(one.file_size for one in members) > MOST_UNPACKED:
                raise CannotCut("too_complex")
            parts = {one.filename: package.read(one) for one in members}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError):
        raise CannotCut("damaged") from None
    if not parts or len({name.casefold() for name in parts}) < len(members):
        raise CannotCut("damaged")
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for name, part in parts.items() if _is_xml(name)):
        raise CannotCut("damaged")
    return parts


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def opened_book(data: bytes, *, seen_only: bool = False) -> Book:
    """The parts and the sheets with their values, or without pieces of text inside cells that nobody sees.

    Raises CannotCut for what cannot be read.
    """
    parts = unpacked(data)
    said: dict[str, SheetPart] = {}
    try:
        thin = _thinned(parts, said, seen_only=seen_only)
        reader = ExcelReader(io.BytesIO(thin), data_only=True)
        reader.read()
        book, places = reader.wb, {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
        formulas = load_workbook(io.BytesIO(thin)) if _has_formulas(parts) else None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, etree.LxmlError) as failure:
        raise CannotCut("unreadable") from failure
    if sum(len(sheet._cells) for sheet in book.worksheets) > MOST_CELLS:
        raise CannotCut("too_complex")
    if formulas is not None:
        for sheet in book.worksheets:
            _say_formulas(sheet, formulas[sheet.title])
    return Book(parts, book, {title: said[place] for title, place in places.items() if place in said}, said[_SHARED])


def _has_formulas(parts: dict[str, bytes]) -> bool:
    return any(_FORMULA.search(part) for name, part in parts.items() if _SHEET.fullmatch(name))


def filled(sheet: Worksheet) -> Iterator[Cell]:
    """The cells that hold something, row by row."""
    for _place, cell in sorted(sheet._cells.items()):
        if isinstance(cell, Cell) and cell.value is not None:
            yield cell


def rows_of(sheet: Worksheet) -> dict[int, list[Cell]]:
    """The same by rows."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in filled(sheet):
        rows[cell.row].append(cell)
    return rows


def _thinned(parts: dict[str, bytes], said: dict[str, SheetPart], *, seen_only: bool) -> bytes:
    """The same workbook without cells that hold nothing, and without merging."""
    out = io.BytesIO()
    said[_SHARED] = SheetPart()
    with ZipFile(out, "w", ZIP_STORED) as package:
        for name, part in parts.items():
            if _SHEET.fullmatch(name):
                said[name] = SheetPart()
                part = _thin(part, said[name], seen_only=seen_only)
            elif name == _SHARED and b"<r>" in part:
                root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
                said[_SHARED].pale = _pale(root, goes=seen_only)
                part = bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
            package.writestr(name, part)
    return out.getvalue()


def _pale(root: Any, *, goes: bool) -> int:
    """How many pieces of a text are white or tiny; they may go."""
    found = [one for one in root.iter("{*}r") if _is_pale(one.find("{*}rPr"))]
    for one in found if goes else ():
        one.getparent().remove(one)
    return len(found)


def _is_pale(look: Any) -> bool:
    if look is None:
        return False
    colour, size = look.find("{*}color"), look.find("{*}sz")
    if size is not None and float(size.get("val", "11")) < _TINY:
        return True
    is_white = colour is not None and str(colour.get("rgb", "")).upper().endswith("FFFFFF")
    return is_white or (colour is not None and colour.get("theme") == "0" and not colour.get("tint"))


def _thin(part: bytes, said: SheetPart, *, seen_only: bool) -> bytes:
    before: Any = None
    reader = etree.iterparse(io.BytesIO(part), tag=("{*}row", "{*}mergeCells"), resolve_entities=False, no_network=True)
    for _event, one in reader:
        if etree.QName(one).localname == "mergeCells":
            said.merged += [inner.get("ref", "") for inner in one]
            one.clear()
            continue
        _drop_if_empty(before)
        said.pale += _pale(one, goes=seen_only)
        for cell in list(one):
            if len(cell) == 0:
                one.remove(cell)
            elif cell.get("t") == "s":
                said.used.add("".join(cell.itertext()).strip())
        before = one
    _drop_if_empty(before)
    for one in list(reader.root):
        name = etree.QName(one).localname if isinstance(one.tag, str) else ""
        said.aside += name in _ASIDE or (name == "extLst" and any((text or "").strip() for text in one.itertext()))
        said.headers += name == "headerFooter" and any(map(_has_words, one))
        if name == "mergeCells":
            reader.root.remove(one)
    return bytes(etree.tostring(reader.root, encoding="UTF-8", xml_declaration=True))


def _has_words(header: Any) -> bool:
    """Whether a header says something of its own: codes such as «&P» for the number of the page are nobody's words."""
    return any(map(str.isalnum, _CODES.sub("", header.text or "")))


def _drop_if_empty(row: Any) -> None:
    if row is not None and len(row) == 0:
        row.getparent().remove(row)


def _say_formulas(sheet: Worksheet, formulas: Worksheet) -> None:
    """A formula that was never worked out has no value: it is told as it is written, so that nothing is lost."""
    for cell in filled(formulas):
        if cell.data_type == "f" and sheet.cell(cell.row, cell.column).value is None:
            told = sheet.cell(cell.row, cell.column)
            told.value, told.data_type = str(getattr(cell.value, "text", cell.value)), "s"


def covered(merged: list[str], cells: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The cells below merged ones, all but the first of each range."""
    found: set[tuple[int, int]] = set()
    for area in merged:
        try:
            left, top, right, bottom = range_boundaries(area)
        except (ValueError, TypeError):
            continue
        inside = {(row, column) for row, column in cells if top <= row <= bottom and left <= column <= right}
        found |= inside - {(top, left)}
    return found
