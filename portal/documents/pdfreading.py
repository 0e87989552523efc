"""What a PDF shows: signs with their places by PDFium, and its pages drawn.

PDFium is not made for several threads at once; everything here holds one lock. Places are in the page's own space.
"""

import ctypes
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from portal.documents.cuts import CannotCut

_ONE_AT_A_TIME = threading.RLock()
MOST_PAGES = 2000
_HYPHENS = frozenset("-\u00ad\u2010\u2011\ufffe\x02")
DEEPEST = 10
"""How deep forms may stand in forms to be looked into."""
TEXT, PATH, PICTURE, SHADING = (
    raw.FPDF_PAGEOBJ_TEXT,
    raw.FPDF_PAGEOBJ_PATH,
    raw.FPDF_PAGEOBJ_IMAGE,
    raw.FPDF_PAGEOBJ_SHADING,
)
Sorts = Sequence[int]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a page. What PDFium added by itself (spaces, ends of lines) has no place."""

    text: str
    origin: tuple[float, float] | None
    box: Box | None  # with the room around it
    ink: Box | None  # what is printed
    index: int = -1  # PDFium's own number of it


@dataclass(frozen=True, slots=True)
class PageText:
    """The signs of one page in reading order; ``frame`` is the part of the page that is shown."""

    number: int
    frame: Box
    signs: tuple[Sign, ...]

    @property
    def text(self) -> str:
        return "".join(sign.text for sign in self.signs)


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, while the lock is held. Raises CannotCut for one that cannot be read."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise CannotCut("unreadable") from None
        try:
            if len(document) > MOST_PAGES:
                raise CannotCut("too_many_pages")
            yield document
        finally:
            document.close()


def read_page(document: pypdfium2.PdfDocument, index: int) -> PageText:
    """The signs of one page (from 0)."""
    page = document[index]
    texts = page.get_textpage()
    try:
        signs = tuple(_divided(_signs(texts)))
        return PageText(index + 1, tuple(page.get_bbox()), signs)
    finally:
        texts.close()
        page.close()


def meets(one: Box, other: Box, *, by: float = 0.0) -> bool:
    """True if two boxes share room, more than ``by`` across and along."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > by and along > by


def is_off(box: Box, frame: Box) -> bool:
    """True for what lies outside the part of the page that is shown."""
    return not meets(box, frame)


def _divided(signs: Iterable[Sign]) -> Iterator[Sign]:
    """The signs with an end of line between two that stand far apart: PDFium reads them on as one word."""
    before = None
    for sign in signs:
        if before is not None and _is_far(before, sign):
            yield Sign("\n", None, None, None)
        yield sign
        before = sign


def _is_far(one: Sign, other: Sign) -> bool:
    """True if two signs are further apart than the higher of them is. A hyphen may end a line, and go on below."""
    if one.box is None or other.box is None or one.text in _HYPHENS or one.text.isspace() or other.text.isspace():
        return False
    high = max(one.box[3] - one.box[1], other.box[3] - other.box[1], 1.0)
    across = max(other.box[0] - one.box[2], one.box[0] - other.box[2])
    along = max(other.box[1] - one.box[3], one.box[1] - other.box[3])
    return max(across, along) > high


def _signs(texts: pypdfium2.PdfTextPage) -> Iterator[Sign]:
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(texts.count_chars()):
        code = raw.FPDFText_GetUnicode(texts, index)
        text = _sign_of(code)
        if raw.FPDFText_IsGenerated(texts, index) == 1:
            yield Sign(text, None, None, None, index)
            continue
        raw.FPDFText_GetCharOrigin(texts, index, ctypes.byref(x), ctypes.byref(y))
        yield Sign(text, (x.value, y.value), texts.get_charbox(index, loose=True), texts.get_charbox(index), index)


def _sign_of(code: int) -> str:
    """A code unit as text; half a pair and no sign at all become the sign for «unknown»."""
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def draw_page(document: pypdfium2.PdfDocument, index: int, scale: float, *, without: Sorts = ()) -> Image.Image:
    """One page as a picture, in its reading direction; ``without`` some sorts of what it draws."""
    page = document[index]
    try:
        for thing in page.get_objects(filter=list(without), max_depth=DEEPEST) if without else ():
            raw.FPDFPageObj_SetIsActive(thing, False)
        return drawn(page, scale)
    finally:
        page.close()


def drawn(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    """An open page as a picture, as its parts are switched on."""
    bitmap = page.render(scale=scale, may_draw_forms=False)
    try:
        picture: Image.Image = bitmap.to_pil()
        return picture.convert("RGB")
    finally:
        bitmap.close()


def turn_of(document: pypdfium2.PdfDocument, index: int) -> int:
    """By how many degrees a page is turned."""
    page = document[index]
    try:
        return int(page.get_rotation())
    finally:
        page.close()


def drawn_boxes(page: pypdfium2.PdfPage, sorts: Sorts) -> list[tuple[pypdfium2.PdfObject, Box]]:
    """What an open page draws of these sorts, in its order, with the place of each on the page."""
    things = page.get_objects(filter=list(sorts), max_depth=DEEPEST)
    return [(thing, _placed(thing)) for thing in things]


def _placed(thing: pypdfium2.PdfObject) -> Box:
    """The box of something on its page: what stands in a form is placed with the form, and that with what it is in."""
    left, bottom, right, top = thing.get_bounds()
    return _on_page(thing, [(x, y) for x in (left, right) for y in (bottom, top)])


def clips_of(thing: pypdfium2.PdfObject) -> list[Box]:
    """The boxes on the page outside which something is not shown."""
    clip = raw.FPDFPageObj_GetClipPath(thing)
    x, y = ctypes.c_float(), ctypes.c_float()
    boxes = []
    for path in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
        points = []
        for segment in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, segment), x, y)
            points.append((x.value, y.value))
        if points:
            boxes.append(_on_page(thing, points))
    return boxes


def _on_page(thing: pypdfium2.PdfObject, corners: Sequence[tuple[float, float]]) -> Box:
    form = thing.container
    while form is not None:
        matrix = form.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        form = form.container
    across, along = [x for x, _y in corners], [y for _x, y in corners]
    return min(across), min(along), max(across), max(along)
