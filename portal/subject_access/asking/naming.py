"""Whether words name somebody: so that nobody reads what is written about them, or works on it."""

import re
import unicodedata
from dataclasses import dataclass

SHORTEST_PART = 3
"""A shorter part of a name («Jo», «ap») says too little to tell who is meant."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody is called."""

    name: str
    email: str = ""


def parts_of(text: str) -> tuple[str, ...]:
    """The words of a text in order, without accents, in small letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


def is_named(text: str, known: Known) -> bool:
    """Their whole name, of two words or more in either order, or their email address."""
    if known.email and known.email.casefold() in text.casefold():
        return True
    wanted, said = parts_of(known.name), parts_of(text)
    orders = {wanted, (wanted[-1], *wanted[:-1])} if len(wanted) > 1 else set()
    return any(said[at : at + len(wanted)] == order for order in orders for at in range(len(said)))


def may_be_meant(text: str, known: Known) -> bool:
    """Any part of their name, or their email address."""
    said = set(parts_of(text))
    return is_named(text, known) or any(len(part) >= SHORTEST_PART and part in said for part in parts_of(known.name))
