"""Short codes as people type them from a poster: capitals, spaces and a copied address do not matter."""

import re

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""What codes are made of. Nothing in it looks like something else in it, and no code spells a word."""

LENGTH = 6
LONGEST = 200
_BETWEEN = re.compile(r"[\s.,:;·–—_-]+")
_ADDRESS = re.compile(r"/s/([^/?#]+)")


def read_code(typed: str) -> str:
    """What was typed, as a code would be written; it need not be one."""
    address = _ADDRESS.search(typed[:LONGEST])
    return _BETWEEN.sub("", address[1] if address else typed[:LONGEST]).upper()


def is_code(code: str) -> bool:
    """Whether it could be a code: six signs, all of them signs that codes are made of."""
    return len(code) == LENGTH and set(code) <= set(LETTERS)


def foreign_signs(code: str) -> str:
    """The signs that stand in no code, in the order typed, each once: an O for a Q, a 1 for a 7."""
    return "".join(dict.fromkeys(sign for sign in code if sign not in LETTERS))
