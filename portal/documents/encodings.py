"""Letters out of bytes. No letter is lost: what is not UTF-8 is read sign by sign, and how it was read is told."""

import codecs
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How a text was read."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    CP1252 = "cp1252"  # the everyday encoding of older programmes
    MIXED = "mixed"  # UTF-8, save for some bytes, which are of that older encoding


@dataclass(frozen=True, slots=True)
class Letters:
    """A text, how it was read, and how many bytes were not of the encoding that the rest has."""

    text: str
    encoding: Encoding
    strange: int = 0


def read_letters(data: bytes, said: str = "") -> Letters:
    """A text as people wrote it. ``said`` is the encoding that a mail names: it is believed if it fits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
        return Letters(text, Encoding.UTF16, text.count("\ufffd"))
    if said and (text_said := _strictly(data, said)) is not None:
        return Letters(text_said, Encoding.UTF8)
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= sign <= "\udcff" for sign in text)
    if not strange:
        return Letters(text, Encoding.UTF8)
    is_older = not any(sign > "\x7f" and not "\udc80" <= sign <= "\udcff" for sign in text)
    return Letters(
        "".join(map(_everyday, text)), Encoding.CP1252 if is_older else Encoding.MIXED, 0 if is_older else strange
    )


def decoded(data: bytes) -> str:
    """The text alone."""
    return read_letters(data).text


def _strictly(data: bytes, encoding: str) -> str | None:
    if encoding.casefold() in ("us-ascii", "ascii", "iso-8859-1", "latin-1"):
        return None  # what senders say without looking
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return None


def _everyday(sign: str) -> str:
    if not "\udc80" <= sign <= "\udcff":
        return sign
    octet = bytes([ord(sign) - 0xDC00])
    try:
        return octet.decode("cp1252")
    except UnicodeDecodeError:
        return octet.decode("latin-1")  # five bytes that the older encoding does not know
