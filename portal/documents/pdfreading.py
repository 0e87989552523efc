"""What a PDF shows: signs with their places by PDFium, and its pages drawn.

PDFium is not made for several threads at once; everything here holds one lock. Places are in the page's own space.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from portal.documents.cuts import CannotCut

_ONE_AT_A_TIME = threading.RLock()
MOST_PAGES = 2000
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a page. What PDFium added by itself (spaces, ends of lines) has no place."""

    text: str
    origin: tuple[float, float] | None
    box: Box | None  # with the room around it
    ink: Box | None  # what is printed


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
        signs = tuple(_signs(texts))
        return PageText(index + 1, tuple(page.get_bbox()), signs)
    finally:
        texts.close()
        page.close()


def _signs(texts: pypdfium2.PdfTextPage) -> Iterator[Sign]:
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(texts.count_chars()):
        code = raw.FPDFText_GetUnicode(texts, index)
        text = _sign_of(code)
        if raw.FPDFText_IsGenerated(texts, index) == 1:
            yield Sign(text, None, None, None)
            continue
        raw.FPDFText_GetCharOrigin(texts, index, ctypes.byref(x), ctypes.byref(y))
        yield Sign(text, (x.value, y.value), texts.get_charbox(index, loose=True), texts.get_charbox(index))


def _sign_of(code: int) -> str:
    """A code unit as text; half a pair and no sign at all become the sign for «unknown»."""
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def draw_page(document: pypdfium2.PdfDocument, index: int, scale: float) -> Image.Image:
    """One page as a picture, in its reading direction."""
    page = document[index]
    try:
        bitmap = page.render(scale=scale, may_draw_forms=False)
        try:
            drawn: Image.Image = bitmap.to_pil()
            return drawn.convert("RGB")
        finally:
            bitmap.close()
    finally:
        page.close()
