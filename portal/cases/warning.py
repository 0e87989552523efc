"""When somebody hears that a day comes near (routing.md D4)."""

from datetime import date, timedelta

STAGES = (10, 5, 2, 0)
"""So many days before a day is due, somebody is told; who, ``routing.ladders`` says."""

AFTER_THE_WORKER = timedelta(seconds=1)
"""A day of the law was missed: staff hear with the next letters, when the worker's own has left."""


def stage_of(due_on: date, today: date) -> int | None:
    """The last stage that has come; None while the day is further away, and once it has passed."""
    left = (due_on - today).days
    return min((stage for stage in STAGES if 0 <= left <= stage), default=None)
