"""Alphabetical order and a form for searching.

The Welsh alphabet has letters of two characters (ch, dd, ff, ng, ll, ph, rh, th). No library gets all of it right: ICU
takes every ``ng`` for the letter and puts Llangefni before Llanberis; the default collation knows no such letters at
all. The key is bytes, to be stored in a column when a name is written, so that SQLite and PostgreSQL agree and a page
can go on where the last one stopped.
"""

import re
import unicodedata

from portal.core.text import Locale

_ALPHABET = "a b c ch d dd e f ff g ng h i j k l ll m n o p ph q r rh s t th u v w x y z"
_RANK = {letter: 100 + i for i, letter in enumerate(_ALPHABET.split())}
_GAP = 1
_DIGIT = 10
_BREAK = "\u034f"
_TWO_LETTERS = re.compile(
    r"(llan|bryn|bron|pen|hen|gwyn|mewn|ban(?=gor)|dan(?=gos)|un(?=glwm|gor))(?=g)|(ar(?=hol)|\bpar)(?=h)"
)
"""Where n and g, or r and h, are two letters: Llan-gefni, Bangor, dangos, mewngofnodi, arholi, parhau."""


def fold(text: str) -> str:
    """The text without accents and case, ’ as ': what a search compares, so that ``ty`` finds ``Tŷ``."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")


def sort_key(text: str, locale: Locale) -> bytes:
    """Sorts by the alphabet of the language first, then by accents, then by case. Any two different texts differ."""
    folded = fold(text)
    first = _welsh_ranks(folded) if locale is Locale.CY else folded.encode("utf-8")
    return b"\x00".join((first, text.casefold().encode("utf-8"), text.encode("utf-8")))


def _welsh_ranks(folded: str) -> bytes:
    marked = _TWO_LETTERS.sub(lambda found: found[0] + _BREAK, folded)
    ranks, at = bytearray(), 0
    while at < len(marked):
        two = marked[at : at + 2]
        if len(two) == 2 and two in _RANK:
            ranks.append(_RANK[two])
            at += 2
            continue
        ranks += _rank(marked[at])
        at += 1
    return bytes(ranks)


def _rank(character: str) -> bytes:
    """One letter, digit or gap; other punctuation does not count."""
    if character in _RANK:
        return bytes([_RANK[character]])
    if character.isdecimal():
        return bytes([_DIGIT + int(character)])
    return bytes([_GAP]) if character.isspace() or character in "-–" else b""
