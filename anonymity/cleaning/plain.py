"""Text: passed on as UTF-8 if it is text throughout (CLEANING.md section 6)."""

import codecs
import re
from collections.abc import Iterator

from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.source import Source

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NOT_IN_TEXT = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_LONGEST_MARK = 3


def encoding_of(start: bytes) -> tuple[str, int]:
    """The encoding a text says it has, and how long the mark is that says so."""
    return next(((name, len(mark)) for mark, name in _MARKS.items() if start.startswith(mark)), ("utf-8", 0))


def clean(source: Source) -> Iterator[bytes]:
    """The text without a mark in front."""
    encoding, size = encoding_of(source.peek(_LONGEST_MARK))
    source.take(size)
    if size:
        source.found.add(Found.SOFTWARE)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    while octets := source.some():
        yield _checked(decoder, octets, final=False)
    yield _checked(decoder, b"", final=True)


def _checked(decoder: codecs.IncrementalDecoder, octets: bytes, *, final: bool) -> bytes:
    try:
        text = decoder.decode(octets, final)
        if _NOT_IN_TEXT.search(text):
            raise CannotClean(Reason.NOT_TEXT)
        return text.encode("utf-8")
    except UnicodeError:
        raise CannotClean(Reason.NOT_TEXT) from None
