"""What can be followed, how far back is looked, and when the weekly letter goes. Pure."""

from datetime import date, timedelta
from enum import StrEnum

MOST_ENTRIES = 50
"""A feed holds no more than these, newest first."""

MOST_FOLLOWED = 50
"""So many things one account follows at once."""

LOOK_BACK = timedelta(days=14)
"""News older than this is told by no letter: what an operator brings in of years gone by is not news."""

KEEP_MARKS = timedelta(days=60)
"""How long it is remembered that something was told; longer than anything is looked back for."""


class News(StrEnum):
    """What there can be to tell of a system."""

    VERSION = "version"
    STATE = "state"
    CORRECTION = "correction"


class Followed(StrEnum):
    """What somebody follows."""

    SYSTEM = "system"
    EMPLOYER = "employer"
    WORKPLACE = "workplace"
    STAFF_GROUP = "staff_group"


def weekly_day(day: date) -> date:
    """The Monday after: when the letter of the week is written."""
    return day + timedelta(days=7 - day.weekday())
