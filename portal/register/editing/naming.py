"""Lasting names made from words: of a new system, and of a new child of a list."""

import re
import unicodedata
from collections.abc import Collection

from portal.core.ids import new_code
from portal.register.parts import Both

LONGEST = 60
_NO_NAME = re.compile(r"[^a-z0-9]+")


def slug_of(text: Both) -> str:
    """Lower-case words with dashes, from the English if there is any; a random one where nothing is left."""
    flat = unicodedata.normalize("NFD", (text.en or text.cy).lower())
    plain = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return _NO_NAME.sub("-", plain)[:LONGEST].strip("-") or new_code(6).lower()


def free_slug(text: Both, taken: Collection[str]) -> str:
    """The same, told apart from those that are there."""
    slug = slug_of(text)
    if slug not in taken:
        return slug
    stem = slug[: LONGEST - 4].strip("-")
    return next(name for number in range(2, len(taken) + 3) if (name := f"{stem}-{number}") not in taken)
