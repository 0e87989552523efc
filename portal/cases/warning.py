"""When somebody hears that a day comes near, and who: each stage adds people and takes nobody away (routing.md D4)."""

from datetime import date, timedelta
from enum import StrEnum

STAGES = (10, 5, 2, 0)
"""So many days before a day is due, somebody is told; who, ``listeners`` says."""

AFTER_THE_WORKER = timedelta(seconds=1)
"""A day of the law was missed: staff hear with the next letters, when the worker's own has left."""


class Listener(StrEnum):
    """Who hears that a day comes near."""

    OWNER = "owner"  # the handler; everybody who works on the body's requests while there is none
    DEPUTY = "deputy"  # the other officers of the body
    BOARD = "board"  # the addresses that the body's administrator named


def stage_of(due_on: date, today: date) -> int | None:
    """The last stage that has come; None while the day is further away, and once it has passed."""
    left = (due_on - today).days
    return min((stage for stage in STAGES if 0 <= left <= stage), default=None)


def listeners(stage: int, *, owner_is_away: bool = False) -> frozenset[Listener]:
    """Ten days before: the owner. Five: their deputy too. Two days before and on the day: the board as well."""
    heard = {Listener.OWNER}
    if stage <= 5 or owner_is_away:
        heard.add(Listener.DEPUTY)
    if stage <= 2:
        heard.add(Listener.BOARD)
    return frozenset(heard)
