"""Tidying and measuring what a person typed, before it is sealed (FORMAT.md section 1)."""

import re
import unicodedata

BODY_LIMIT, NAME_LIMIT = 12_000, 200
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_HALVES = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def tidy(text: str) -> str:
    """One kind of line end, no tabs, no control or direction-changing characters, NFC, no blank ends."""
    lines = _LINE_ENDS.sub("\n", _HALVES.sub("", text)).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", lines)).strip(" \n")


def tidy_name(text: str) -> str:
    """A tidied text on one line."""
    return tidy(tidy(text).replace("\n", " "))


def is_tidy(text: str) -> bool:
    """Whether no character stands in it that tidying removes. NFC is not asked: Unicode versions differ."""
    return _UNSEEN.search(text) is None


def cost(text: str) -> int:
    """What a tidy text takes up inside a seal: its UTF-8 bytes, and one more for each quote, backslash and line end."""
    return len(text.encode("utf-8")) + sum(map(text.count, '"\\\n'))
