"""The words of searching: where one searches, and what a search can find. Law: Article 15(1A), law.md 2.2."""

from enum import StrEnum

TASK_DAYS = 7
"""A search task is due so many days after it was sent; the officer may name an earlier or later day."""


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
