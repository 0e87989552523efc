"""Workbooks and Word files with things hidden in them."""

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "application/vnd.openxmlformats"


def octets(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rota() -> bytes:
    """One seen sheet, with a hidden row, a hidden column, a white cell and a comment; one sheet that is very hidden."""
    book = Workbook()
    seen = book.worksheets[0]
    seen.title = "Rota"
    for row in (
        ["Name", "Score", "Note"],
        ["Siân Prydderch", 41, "late"],
        ["Mali Tudur", 7741, "told"],
        ["Gwyn", 50, ""],
    ):
        seen.append(row)
    seen["A2"].comment = Comment("Ask Mali Tudur", "Mali Tudur")
    seen["E2"] = "=B2*2"
    seen["F2"], seen["F2"].font = "white words", Font(color="FFFFFFFF")
    seen.row_dimensions[4].hidden = True
    seen.column_dimensions["C"].hidden = True
    secret = book.create_sheet("Mali list")
    for number in range(1204):
        secret.append([f"Mali Tudur {number}", number])
    secret.sheet_state = "veryHidden"
    book.defined_names["secret"] = DefinedName("secret", attr_text="'Mali list'!$A$1")
    book.properties.creator = "Mali Tudur"
    return octets(book)


def hiding(number: int) -> bytes:
    """A sheet of a rota, and one that is very hidden, with so many rows."""
    book = Workbook()
    seen = book.worksheets[0]
    seen.title = "Rota"
    for row in (["Name", "Score"], ["Siân Prydderch", 41], ["Mali Tudur", 77]):
        seen.append(row)
    seen["A2"].comment = Comment("Ask Mali Tudur", "Mali Tudur")
    secret = book.create_sheet("Mali list")
    for one in range(number):
        secret.append([f"Mali Tudur {one}"])
    secret.sheet_state = "veryHidden"
    return octets(book)


def plain(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return octets(book)


def rich(*pieces: str) -> bytes:
    """A cell whose text is written in several looks."""
    book = Workbook()
    book.worksheets[0]["A1"] = CellRichText(*(TextBlock(InlineFont(b=True), piece) for piece in pieces))
    return octets(book)


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part changed or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts[name] = change(parts.get(name, b""))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for one, body in parts.items():
            new.writestr(one, body)
    return out.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same package with parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def word(body: str) -> bytes:
    """A Word file with this body."""
    main = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{TYPES}-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{TYPES}-officedocument.wordprocessingml'
            '.document.main+xml"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        package.writestr("word/document.xml", main)
    return out.getvalue()


def run(text: str, *, hidden: bool = False) -> str:
    look = "<w:rPr><w:vanish/></w:rPr>" if hidden else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"
