"""What a file shows, for the person who decides what goes from it."""

import io
from dataclasses import dataclass

from portal.documents.cuts import CannotCut
from portal.documents.encodings import decoded
from portal.documents.kinds import FileKind
from portal.documents.mails import read_mail
from portal.documents.pdfreading import draw_page, opened, read_page
from portal.documents.pictures import upright
from portal.documents.plaintext import read_table
from portal.documents.worddoc import read_document
from portal.documents.workbook import read_sheets

MOST_SIGNS = 200_000
PICTURE_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A page, a sheet, or the whole of a file. ``rows`` are the cells of a sheet or table, first row 1."""

    name: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    is_hidden: bool = False
    has_picture: bool = False


def outline(kind: FileKind, data: bytes) -> tuple[Part, ...]:
    """The parts of a file in their order. Raises CannotCut for one that cannot be read."""
    if kind is FileKind.PDF:
        with opened(data) as document:
            texts = [read_page(document, index).text for index in range(len(document))]
        return tuple(Part(str(number), text, has_picture=True) for number, text in enumerate(texts, 1))
    if kind is FileKind.IMAGE:
        upright(data)
        return (Part("1", has_picture=True),)
    if kind is FileKind.WORKBOOK:
        return tuple(Part(name, rows=rows, is_hidden=hidden) for name, rows, hidden in read_sheets(data))
    if kind is FileKind.TABLE:
        return (Part("", rows=tuple(tuple(row) for row in read_table(data)[0])),)
    readers = {FileKind.TEXT: decoded, FileKind.MAIL: read_mail, FileKind.DOCUMENT: read_document}
    if kind not in readers:
        raise CannotCut("no_such_cut")
    return (Part("", readers[kind](data)[:MOST_SIGNS]),)


def picture_of(kind: FileKind, data: bytes, number: int) -> bytes:
    """A page of a PDF, or a picture, as a PNG for the screen. Raises CannotCut when there is no such page."""
    if kind is FileKind.PDF:
        with opened(data) as document:
            if not 1 <= number <= len(document):
                raise CannotCut("no_such_page")
            wide = document[number - 1].get_size()[0]
            drawn = draw_page(document, number - 1, min(3.0, PICTURE_WIDTH / max(wide, 1)))
    elif kind is FileKind.IMAGE and number == 1:
        drawn = upright(data)
        drawn.thumbnail((PICTURE_WIDTH, 4 * PICTURE_WIDTH))
    else:
        raise CannotCut("no_such_page")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
