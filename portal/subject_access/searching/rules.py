"""The words of searching, who searches, and when somebody is reminded. Law: Article 15(1A), law.md 2.2."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg

TASK_DAYS = 7
"""A search task is due so many days after it was sent, or on the case's target day if that is earlier."""
CHASES = (5, 7, 9)
"""So many days after it was sent: a letter to who searches; to them and their deputy; to the officer as well."""


class PlaceKind(StrEnum):
    """What sort of place is searched."""

    SYSTEM = "system"  # a system of the register
    MAIL = "mail"
    CHAT = "chat"
    PERSONNEL = "personnel"
    OCCUPATIONAL_HEALTH = "occupational_health"
    SHARED_DRIVE = "shared_drive"
    PAPER = "paper"
    CCTV = "cctv"
    OTHER = "other"


class TaskState(StrEnum):
    """Where a search task stands."""

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    WAIVED = "waived"


class Result(StrEnum):
    """What a search found."""

    FOUND = "found"
    NOTHING = "nothing"
    TOO_MUCH = "too_much"
    NOT_ME = "not_me"


PLACES: Mapping[PlaceKind, Message] = {
    PlaceKind.SYSTEM: pmsg("place that is searched", "A system of the register"),
    PlaceKind.MAIL: pmsg("place that is searched", "Email"),
    PlaceKind.CHAT: pmsg("place that is searched", "Chat and messages"),
    PlaceKind.PERSONNEL: pmsg("place that is searched", "Personnel files"),
    PlaceKind.OCCUPATIONAL_HEALTH: pmsg("place that is searched", "Occupational health"),
    PlaceKind.SHARED_DRIVE: pmsg("place that is searched", "Shared drives"),
    PlaceKind.PAPER: pmsg("place that is searched", "Papers"),
    PlaceKind.CCTV: pmsg("place that is searched", "Cameras"),
    PlaceKind.OTHER: pmsg("place that is searched", "Another place"),
}
TASKS: Mapping[TaskState, Message] = {
    TaskState.PLANNED: pmsg("state of a search task", "Planned"),
    TaskState.SENT: pmsg("state of a search task", "Sent"),
    TaskState.ANSWERED: pmsg("state of a search task", "Answered"),
    TaskState.WAIVED: pmsg("state of a search task", "Not searched"),
}
RESULTS: Mapping[Result, Message] = {
    Result.FOUND: pmsg("result of a search", "Found something"),
    Result.NOTHING: pmsg("result of a search", "Found nothing"),
    Result.TOO_MUCH: pmsg("result of a search", "Too much to give everything: it has to be narrowed"),
    Result.NOT_ME: pmsg("result of a search", "Somebody else has to search here"),
}


NAMED_IN_WORDS = msg("The person who asks may mean them")
RESPONSIBLE = msg("They are responsible for a system that this is about")


def due_day(sent_on: date, target_on: date) -> date:
    """When a task is due: a week on, but not after the portal's own target for the whole request, nor before today."""
    return max(sent_on, min(sent_on + timedelta(days=TASK_DAYS), target_on))


def chases_due(sent_on: date, today: date) -> int:
    """How many reminders should have gone by today."""
    return sum(today >= sent_on + timedelta(days=days) for days in CHASES)
