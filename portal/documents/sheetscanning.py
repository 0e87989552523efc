"""What a workbook says besides what its sheets show, sheet by sheet and part by part."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.pictures import scan_picture
from portal.documents.sheethiding import hidden_in
from portal.documents.sheetparts import Book, filled, opened_book, rows_of

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
        (r"docProps/custom\.xml|xl/persons/.*|xl/printerSettings/.*", FindingCode.PROPERTIES),
    )
]
_KNOWN = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docProps/(?:app|core)\.xml|xl/(?:workbook|styles|sharedStrings"
    r"|calcChain|metadata)\.xml|xl/(?:worksheets|chartsheets|theme|drawings|charts|media|tables|pivotTables|pivotCache)/.*"
)
"""Parts that a workbook shows, or that say nothing of anybody."""
_PROPERTY = re.compile(
    rb"<(?:dc:|cp:)(?:creator|lastModifiedBy|title|subject|description|keywords|category|contentStatus)[^>]*>[^<]"
    rb"|<(?:Company|Manager|HyperlinkBase|Template)>[^<]"
)
_PICTURES = re.compile(r"xl/media/.*\.(?:jpe?g|png|webp)", re.IGNORECASE)
_CACHED = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_OUTSIDE = re.compile(rb'TargetMode="External"')
_ALTERNATIVE = re.compile(rb'\b(?:descr|title)="[^"]|\bhidden="(?:1|true)"')


def scan_workbook(data: bytes) -> list[Finding]:
    """Every finding, with the name of the sheet or the part it is in."""
    try:
        book = opened_book(data)
        return [*_in_sheets(book), *_in_book(book), *_in_parts(book), *_in_drawings(book)]
    except (CannotCut, etree.LxmlError) as refusal:
        code = FindingCode.LOCKED if getattr(refusal, "reason", "") == "encrypted" else FindingCode.UNREADABLE
        return [Finding(code, can_fix=False)]


def _in_sheets(book: Book) -> Iterator[Finding]:
    for sheet in book.book.worksheets:
        if sheet.sheet_state != "visible":
            yield Finding(FindingCode.HIDDEN_SHEET, sheet.title, max(1, len(rows_of(sheet))))
            continue
        hidden = hidden_in(book, sheet)
        rows = len(hidden.rows) or (1 if sheet.sheet_format.zeroHeight else 0)
        if rows:
            yield Finding(FindingCode.HIDDEN_ROWS, sheet.title, rows)
        if hidden.columns:
            yield Finding(FindingCode.HIDDEN_COLUMNS, sheet.title, len(hidden.columns))
        unseen = len(hidden.cells) + book.said_by(sheet).pale
        if unseen:
            yield Finding(FindingCode.HIDDEN_TEXT, sheet.title, unseen)
        yield from _aside(book, sheet)


def _aside(book: Book, sheet: Worksheet) -> Iterator[Finding]:
    """Lists to choose from, advice that appears on a click, values kept beside the cells."""
    lists = [one for one in sheet.data_validations.dataValidation if _says(one)]
    if lists:
        yield Finding(FindingCode.FORM_FIELD, sheet.title, len(lists))
    if book.said_by(sheet).aside:
        yield Finding(FindingCode.HIDDEN_PARTS, sheet.title, book.said_by(sheet).aside)


def _says(validation: object) -> bool:
    listed = str(getattr(validation, "formula1", "") or "").startswith('"')
    return listed or any(getattr(validation, name, None) for name in ("prompt", "promptTitle", "error", "errorTitle"))


def _in_book(book: Book) -> Iterator[Finding]:
    for chart in book.book.chartsheets:
        if chart.sheet_state != "visible":
            yield Finding(FindingCode.HIDDEN_SHEET, chart.title)
    if book.shared.pale:
        yield Finding(FindingCode.HIDDEN_TEXT, "xl/sharedStrings.xml", book.shared.pale)
    yield from _in_names(book)


def _in_names(book: Book) -> Iterator[Finding]:
    own = [name for name in book.book.defined_names if not name.startswith("_xlnm.")]
    if own:
        yield Finding(FindingCode.DEFINED_NAME, number=len(own))
    for sheet in book.book.worksheets:
        names = [name for name in sheet.defined_names if not name.startswith("_xlnm.")]
        if names:
            yield Finding(FindingCode.DEFINED_NAME, sheet.title, len(names))


def _in_parts(book: Book) -> Iterator[Finding]:
    parts = book.parts
    named = {re.sub(r"Records|Definition", "", name) for name in parts}  # both halves of a cache are one
    counted = Counter(code for name in named for pattern, code in _PARTS if pattern.fullmatch(name))
    yield from (Finding(code, number=number) for code, number in counted.items() if code is not FindingCode.PROPERTIES)
    told = [name for name in ("docProps/core.xml", "docProps/app.xml") if _PROPERTY.search(parts.get(name, b""))]
    told += ["absPath"] if b"absPath" in parts.get("xl/workbook.xml", b"") else []
    if told or counted[FindingCode.PROPERTIES]:
        yield Finding(FindingCode.PROPERTIES)
    for name in sorted(parts):
        if not _KNOWN.fullmatch(name) and not any(pattern.fullmatch(name) for pattern, _code in _PARTS):
            yield Finding(FindingCode.HIDDEN_PARTS, name)
    outside = sum(len(_OUTSIDE.findall(part)) for name, part in parts.items() if name.endswith(".rels"))
    if outside and not counted[FindingCode.EXTERNAL_LINK]:
        yield Finding(FindingCode.EXTERNAL_LINK, number=outside)
    unused = _unused_texts(book)
    if unused:
        yield Finding(FindingCode.HIDDEN_PARTS, "xl/sharedStrings.xml", unused)


def _unused_texts(book: Book) -> int:
    """Texts that no cell refers to any more."""
    part = book.parts.get("xl/sharedStrings.xml")
    if part is None:
        return 0
    used = {number for said in book.said.values() for number in said.used}
    texts = (one for _event, one in etree.iterparse(io.BytesIO(part), tag="{*}si", resolve_entities=False))
    return sum(str(number) not in used and any(map(str.strip, one.itertext())) for number, one in enumerate(texts))


def _in_drawings(book: Book) -> Iterator[Finding]:
    """Pictures with details, words that describe drawings, and values behind charts that no cell shows."""
    shown: set[str] | None = None
    for name, part in sorted(book.parts.items()):
        if _PICTURES.fullmatch(name):
            yield from (Finding(one.code, name) for one in scan_picture(part))
        elif name.startswith("xl/media/"):
            yield Finding(FindingCode.UNREADABLE, name)
        elif name.startswith("xl/drawings/") and name.endswith(".xml") and _ALTERNATIVE.search(part):
            yield Finding(FindingCode.HIDDEN_TEXT, name, len(_ALTERNATIVE.findall(part)))
        elif name.startswith("xl/charts/chart"):
            shown = _shown(book) if shown is None else shown
            unseen = sum(_plain(value.decode("utf-8", "replace")) not in shown for value in _CACHED.findall(part))
            if unseen:
                yield Finding(FindingCode.HIDDEN_PARTS, name, unseen)


def _shown(book: Book) -> set[str]:
    shown = {""}
    for sheet in book.book.worksheets:
        if sheet.sheet_state == "visible":
            hidden = hidden_in(book, sheet)
            shown |= {_plain(str(cell.value)) for cell in filled(sheet) if cell not in hidden}
    return shown


def _plain(value: str) -> str:
    try:
        return repr(float(value))
    except ValueError:
        return " ".join(value.split())
