"""Doing the work that the box asks for, in tests and in the bench."""

from itertools import count
from typing import Any

from portal.concerns.reporting.tickets import is_solved

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def solve(challenge: str, bits: int) -> str:
    """The value of the header Porth-Work for this challenge."""
    return next(f"{challenge}.{nonce}" for nonce in map(spell, count()) if is_solved(challenge, nonce, bits))


def spell(number: int) -> str:
    """A number as a nonce of seven letters."""
    letters = ""
    for _ in range(7):
        number, rest = divmod(number, 36)
        letters = LETTERS[rest] + letters
    return letters


def work(client: Any, box: str = "/cy/concern/box") -> dict[str, str]:
    """The header that admits one request to the box."""
    given = client.post(f"{box}/challenge").json()
    return {"porth-work": solve(given["challenge"], given["bits"])}
