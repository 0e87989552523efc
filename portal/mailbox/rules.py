"""The order of a thread, and when it is forgotten."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

FIRST = bytes(32)
MOST_ITEMS = 500
KEPT_WEEKS = 52 * 6


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


def expiry_week(opened: date) -> date:
    """The Monday of the week after which a thread is forgotten: six years, the limitation period (law.md section 4)."""
    return week_of(opened) + timedelta(weeks=KEPT_WEEKS)


def week_of(day: date) -> date:
    """The Monday of a day's week: lists say no more than that."""
    return day - timedelta(days=day.weekday())
