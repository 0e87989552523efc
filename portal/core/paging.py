"""Keyset pages: the next page begins after a value, never after a count, so a deep page costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PAGE = 25


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """One page of a list, and the cursor of the next, if there is one."""

    items: Sequence[T]
    next_cursor: str | None


def write_cursor(*values: str | int | None) -> str:
    """An opaque, URL-safe place in a list."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, width: int) -> list[str | int | None] | None:
    """The values of a cursor; None for no cursor and for a broken one (which shows the first page)."""
    if not cursor or len(cursor) > 400:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(values, list) or len(values) != width:
        return None
    if not all(value is None or isinstance(value, int) or _is_plain(value) for value in values):
        return None
    return values


def _is_plain(value: object) -> bool:
    """A text that any database takes: no half of a sign, nothing that cannot be printed."""
    return isinstance(value, str) and (value.isprintable() or not value)
