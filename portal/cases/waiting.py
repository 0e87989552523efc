"""Proof of identity or of authority that was asked for and does not come: two reminders, then the request ends."""

from datetime import date, timedelta
from enum import StrEnum

REMIND_AFTER = timedelta(days=10)
"""A reminder after so long, another after as long again, and after as long again the request ends."""
MOST_REMINDERS = 2


class Waiting(StrEnum):
    """What has to happen to a request that waits for proof."""

    REMIND = "remind"
    GIVE_UP = "give_up"


def due_for(waiting_on: date, reminders: int, reminded_on: date | None, today: date) -> Waiting | None:
    """What is due today: each reminder so long after the last word, the end so long after the last reminder."""
    last = max(waiting_on, reminded_on) if reminded_on is not None else waiting_on
    if today < last + REMIND_AFTER:
        return None
    return Waiting.REMIND if reminders < MOST_REMINDERS else Waiting.GIVE_UP
