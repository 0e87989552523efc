"""The words of answering: what is proposed to the second person, and where a pack stands."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, pmsg

GAP = "[?]"
"""Stands in a letter where the register does not say what the law wants told: such a letter cannot be proposed."""
REMIND_BEFORE_DAYS = (60, 14)
"""So many days before it is removed, somebody who has not collected their answer is reminded."""
BUILDER_LEASE = timedelta(minutes=2)
"""A builder that has not been heard of for so long is taken for dead, and its pack is begun anew."""
LETTER_LIMIT = 8000
ABOUT_LIMIT = 30_000
GLOSSARY_LIMIT = 4000


class Outcome(StrEnum):
    """What the second person is asked to approve."""

    RELEASE = "release"
    NOTHING_HELD = "nothing_held"
    REFUSAL = "refusal"
    EXTENSION = "extension"


OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.RELEASE: pmsg("answer that is proposed", "Release the data"),
    Outcome.NOTHING_HELD: pmsg("answer that is proposed", "Nothing is held"),
    Outcome.REFUSAL: pmsg("answer that is proposed", "Refuse the request"),
    Outcome.EXTENSION: pmsg("answer that is proposed", "Take two more months"),
}


def reminders_due(remove_on: date, today: date) -> int:
    """How many reminders should have gone by today."""
    return sum((remove_on - today).days <= days for days in REMIND_BEFORE_DAYS)


class PackState(StrEnum):
    """Where a pack stands. Only one that is ready, and whose hash was approved, is released."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


class Way(StrEnum):
    """How a released pack was taken."""

    SIGNED_IN = "signed_in"
    CODE = "code"
    OFFICER = "officer"


WAYS: Mapping[Way, Message] = {
    Way.SIGNED_IN: pmsg("way an answer was taken", "Downloaded with your account"),
    Way.CODE: pmsg("way an answer was taken", "Downloaded with your ten words and the collection code"),
    Way.OFFICER: pmsg("way an answer was taken", "Opened by the data protection team, to check it or to print it"),
}
