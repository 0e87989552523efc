"""What a sheet holds and does not show: rows and columns, cells below others, formats and colours that show nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from portal.documents.sheetparts import Book, covered, filled

_PAPER, _INK = "FFFFFF", "000000"
_LOW, _NARROW, _TINY, _NEAR = 2.0, 0.3, 3.0, 16
"""Lower rows (points), narrower columns (signs), smaller letters (points) and nearer colours are not seen."""
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SHOWING = re.compile(r"[0#?@]|General|[dmyhs]", re.IGNORECASE)
_WHITE = re.compile(r"\[(?:white|color ?2)\]", re.IGNORECASE)
_COMPARED = {
    "equal": lambda value, limit: value == limit,
    "notEqual": lambda value, limit: value != limit,
    "lessThan": lambda value, limit: value < limit,
    "lessThanOrEqual": lambda value, limit: value <= limit,
    "greaterThan": lambda value, limit: value > limit,
    "greaterThanOrEqual": lambda value, limit: value >= limit,
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Rows and columns with something in them that nobody sees, and single cells."""

    rows: frozenset[int]
    columns: frozenset[int]
    cells: frozenset[tuple[int, int]]

    def __contains__(self, cell: Cell) -> bool:
        return cell.row in self.rows or cell.column in self.columns or (cell.row, cell.column) in self.cells


NOTHING = Hidden(frozenset(), frozenset(), frozenset())


def hidden_in(book: Book, sheet: Worksheet) -> Hidden:
    """All that a sheet does not show."""
    cells = list(filled(sheet))
    places = {(cell.row, cell.column) for cell in cells}
    unseen = {(cell.row, cell.column) for cell in cells if _is_unseen(cell)}
    below = covered(book.said_by(sheet).merged, places)
    rows, columns = _hidden_rows(sheet, {row for row, _ in places}), _hidden_columns(sheet, {at for _, at in places})
    return Hidden(rows, columns, frozenset(unseen | below | _by_condition(sheet, cells)))


def _hidden_rows(sheet: Worksheet, used: Iterable[int]) -> frozenset[int]:
    plain = sheet.sheet_format.defaultRowHeight
    low = plain is not None and plain < _LOW

    def is_hidden(number: int) -> bool:
        size = sheet.row_dimensions.get(number)
        if size is None:
            return low
        return bool(size.hidden) or (size.height < _LOW if size.height is not None else low)

    return frozenset(filter(is_hidden, used))


def _hidden_columns(sheet: Worksheet, used: Iterable[int]) -> frozenset[int]:
    plain = sheet.sheet_format.defaultColWidth
    wanted, hidden, known = set(used), set(), set()
    for size in sheet.column_dimensions.values():
        first, last = _number(size.min or size.index), _number(size.max or size.index)
        inside = {number for number in wanted if first <= number <= last}
        known |= inside
        if size.hidden or (size.width is not None and size.width < _NARROW):
            hidden |= inside
    return frozenset(hidden | (wanted - known if plain is not None and plain < _NARROW else set()))


def _number(column: int | str) -> int:
    return column if isinstance(column, int) else int(range_boundaries(f"{column}1")[0] or 1)


def _is_unseen(cell: Cell) -> bool:
    """A value in a format that shows nothing, in the colour of its ground, or in letters too small."""
    if shows_nothing(cell.number_format, cell.value):
        return True
    if cell.font is not None and cell.font.sz is not None and cell.font.sz < _TINY:
        return True
    ground = _ground(cell.fill)
    ink = _PAPER if _WHITE.search(cell.number_format) else _rgb(cell.font.color if cell.font else None, _INK)
    return _are_near(ink, ground)


def _are_near(ink: str | None, ground: str | None) -> bool:
    """Whether two colours cannot be told apart on a screen."""
    try:
        pairs = zip(bytes.fromhex(ink or ""), bytes.fromhex(ground or ""), strict=True)
        return bool(ink) and bool(ground) and all(abs(one - other) <= _NEAR for one, other in pairs)
    except ValueError:
        return False


def _ground(fill: Any) -> str | None:
    return _rgb(fill.fgColor, _PAPER) if fill is not None and fill.fill_type == "solid" else _PAPER


def shows_nothing(number_format: str, value: object) -> bool:
    """Whether a format shows nothing of such a value: an empty section, or words in its place."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format or "General")
    if isinstance(value, str):
        section = sections[3] if len(sections) > 3 else (sections[-1] if "@" in sections[-1] else "@")
    elif isinstance(value, bool) or not isinstance(value, int | float) or len(sections) == 1 or value > 0:
        section = sections[0]
    else:
        section = sections[2] if value == 0 and len(sections) > 2 else sections[1 if value < 0 else 0]
    return not _SHOWING.search(_SILENT.sub("", section)) and not (section.strip() == "" and len(sections) == 1)


def _by_condition(sheet: Worksheet, cells: list[Cell]) -> set[tuple[int, int]]:
    """Cells that a conditional format hides, or may hide: what a formula says is not worked out here."""
    found: set[tuple[int, int]] = set()
    for area in sheet.conditional_formatting:
        rules = [rule for rule in area.rules if _hides(rule)]
        if not rules:
            continue
        bounds = [range_boundaries(str(one)) for one in area.sqref.ranges]
        for cell in cells:
            inside = any(top <= cell.row <= low and left <= cell.column <= right for left, top, right, low in bounds)
            if inside and any(_may_apply(rule, cell.value) for rule in rules):
                found.add((cell.row, cell.column))
    return found


def _hides(rule: Any) -> bool:
    """Whether a rule shows nothing of a value."""
    for drawn in (rule.dataBar, rule.iconSet):
        if drawn is not None and drawn.showValue is False:
            return True
    look = rule.dxf
    if look is None:
        return False
    if look.numFmt is not None and all(shows_nothing(look.numFmt.formatCode, value) for value in (1, "x")):
        return True
    if look.font is None or look.font.color is None:
        return False
    fill = look.fill
    ground = _rgb(fill.bgColor if fill.bgColor is not None else fill.fgColor, _PAPER) if fill is not None else _PAPER
    return _are_near(_rgb(look.font.color, _INK), ground)


def _may_apply(rule: Any, value: object) -> bool:
    compare = _COMPARED.get(rule.operator or "") if rule.type == "cellIs" else None
    if compare is None or len(rule.formula) != 1 or isinstance(value, bool) or not isinstance(value, int | float):
        return True
    try:
        return bool(compare(value, float(rule.formula[0])))
    except ValueError:
        return True


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
