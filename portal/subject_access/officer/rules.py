"""What the desk shows and when it warns: plain values in and out. Law: law.md 2.3 and 2.4."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, pmsg

WITHIN = (7, 14, 28)
"""«Due within so many days», as the filter offers it."""
RED_DAYS = 7
"""From so many days before its day on, a request is marked."""
STAGES = (10, 5, 2, 0)
"""So many days before a day is due, somebody is told; who, ``listeners`` says."""
VISIT_SHOWN = timedelta(minutes=10)
"""A colleague who opened a request in the last minutes is named to whoever opens it."""
VISIT_KEPT = timedelta(hours=1)
MOST_VIEWS = 30
MOST_PRINTED = 1000
MOST_ADDRESSES = 20


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


class Clock(StrEnum):
    """How a clock stands, as the filter asks it."""

    LATE = "late"
    STOPPED = "stopped"


CLOCKS: Mapping[Clock, Message] = {
    Clock.LATE: pmsg("clock of a request", "Late"),
    Clock.STOPPED: pmsg("clock of a request", "Stopped, or not started"),
}
