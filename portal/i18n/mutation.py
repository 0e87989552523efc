"""Welsh words under their dictionary form: cais, gais, chais and nghais are one word to whoever searches.

A form does not always say which word it is of: ``lan`` may be glan, llan or lan. So every word that it can be is named,
and two words meet when they can be the same one. Words are folded (``portal.i18n.sorting.fold``) before they come here.
"""

import re
from functools import lru_cache

from portal.i18n.sorting import fold

LONGEST = 40
"""Signs of a word that are kept; no word of a name is longer."""

_TOKEN = re.compile(r"[^\W_]+(?:['\-–][^\W_]+)*")
_JOINTS = re.compile(r"['\-–]")
_VOWELS = tuple("aeiouwy")

_UNDONE = (
    ("ngh", ("c",)),
    ("ng", ("g",)),
    ("mh", ("p",)),
    ("nh", ("t",)),
    ("ch", ("c",)),
    ("ph", ("p",)),
    ("th", ("t",)),
    ("dd", ("d",)),
    ("ff", ()),
    ("ll", ()),
    ("rh", ()),
    ("b", ("p",)),
    ("d", ("t",)),
    ("f", ("b", "m")),
    ("g", ("c",)),
    ("l", ("ll", "gl")),
    ("m", ("b",)),
    ("n", ("d", "gn")),
    ("r", ("rh", "gr")),
)
"""How a word begins, and how the word may have begun before its mutation. The first that fits counts."""


@lru_cache(maxsize=8192)
def radicals(word: str) -> frozenset[str]:
    """Every word that this may be a form of, itself among them: its soft, nasal or aspirate mutation, or an h before
    a vowel."""
    found = {word}
    for begins, before in _UNDONE:
        if word.startswith(begins):
            found.update(first + word[len(begins) :] for first in before)
            break
    if word.startswith(_VOWELS):
        found.add(f"g{word}")
    elif word.startswith("h") and word[1:].startswith(_VOWELS):
        found.add(word[1:])
    return frozenset(found)


def tokens(text: str) -> list[str]:
    """The words of a text, folded, as they stand: with their apostrophes and hyphens."""
    return [found[0] for found in _TOKEN.finditer(fold(text))]


def spellings(token: str) -> frozenset[str]:
    """A word as it may be written: ``e-bost`` is ebost and bost, ``mae'n`` is maen and mae."""
    parts = _JOINTS.split(token)
    if len(parts) == 1:
        return frozenset({token[:LONGEST]})
    return frozenset(part[:LONGEST] for part in ("".join(parts), *parts) if len(part) > 1)


def asked_as(token: str) -> frozenset[str]:
    """A word as it is searched for: as one, or by the longest of its parts."""
    parts = _JOINTS.split(token)
    longest = max(parts, key=len)[:LONGEST]
    return frozenset({"".join(parts)[:LONGEST]} | ({longest} if len(longest) > 1 else set()))
