"""The order of a thread, and when it is forgotten."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

FIRST = bytes(32)
MOST_ITEMS = 500
MOST_MESSAGES = 480
"""A thread full of messages still takes changes of its readers: somebody can always be dropped."""
KEPT_WEEKS, JITTER_WEEKS = 52 * 6, 9
REPORTER_KEY = bytes(32)
"""The key id under which the reporter's own grants stand: no key has it."""
MOST_CASE_FILES = 512 * 1024 * 1024
WAITING_DAYS = 1
NOTES = "notes"
MOST_NOTES = 4


class Placed(Protocol):
    """Anything with a place in a chain."""

    @property
    def prev(self) -> bytes: ...

    @property
    def hash(self) -> bytes: ...


P = TypeVar("P", bound=Placed)


def in_order(items: Iterable[P]) -> list[P]:
    """The items of one thread, from the first to the head: each follows the one whose hash it names."""
    by_place = {item.prev: item for item in items}
    ordered, place = [], FIRST
    while place in by_place:
        item = by_place.pop(place)
        ordered.append(item)
        place = item.hash
    return ordered


def expiry_week(active: date, jitter: int) -> date:
    """The Monday of the week after which a thread is forgotten.

    Six years after it was last written in, the limitation period (law.md section 4), and some weeks drawn at random, so
    that the week of forgetting does not tell the week of writing.
    """
    return week_of(active) + timedelta(weeks=KEPT_WEEKS + jitter)


def week_of(day: date) -> date:
    """The Monday of a day's week: lists and file times say no more than that."""
    return day - timedelta(days=day.weekday())


def notes_hashes(lane: str, locator_hash: bytes, key_id: bytes) -> list[bytes]:
    """Where lanes of readers only are found. The anonymous box, which looks for the hash itself, never meets one.

    The lane and the key of whoever begins it go into it: every reader of a thread can work out both locators beside it,
    and must not be able to take the place of the notes that others begin. Each has a few places: whoever was dropped
    from the notes that they began can begin others.
    """
    whole = b"porth:v1:notes\0" + lane.encode() + b"\0" + locator_hash + key_id
    return [hashlib.sha256(whole + bytes([place])).digest() for place in range(MOST_NOTES)]
