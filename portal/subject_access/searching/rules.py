"""The words of searching, who searches, and when somebody is reminded. Law: Article 15(1A), law.md 2.2."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who is to search. ``first`` is whom the place names when somebody else takes over; ``second`` confirms."""

    person_id: str | None
    first: str | None = None
    second: str | None = None


def who_searches(
    owner: str | None,
    deputy: str | None,
    *,
    barred: Collection[str],
    away: Collection[str],
    is_own_mailbox: bool,
    doubtful: Collection[str] = (),
    close: Collection[str] = (),
) -> Searcher:
    """The owner; the deputy while the owner is away or has a conflict; nobody if neither may.

    ``barred`` are the requester and everybody left out of the case: a manager whom the request is about never searches.
    Two people who are both away leave it with the owner: somebody must hold it. Nobody searches their own mailbox
    alone, so without a second person it is for the officer to choose. ``doubtful`` are those whom the requester
    may mean: they are not proposed, and it is for the officer to choose them in spite of that. ``close`` are those who
    are responsible for what was asked about: somebody else is proposed if there is anybody.
    """
    kept = {*barred, *doubtful}
    may = [person for person in (owner, deputy) if person is not None and person not in kept]
    apart = [person for person in may if person not in close]
    here = next((few for few in ([one for one in some if one not in away] for some in (apart, may)) if few), may)
    if not here:
        return Searcher(None, first=owner)
    person = here[0]
    first = owner if owner is not None and owner != person else None
    if not is_own_mailbox:
        return Searcher(person, first)
    second = next((other for other in may if other != person), None)
    return Searcher(person, first, second) if second is not None else Searcher(None, first=owner)


NAMED_IN_WORDS = msg("The person who asks may mean them")
RESPONSIBLE = msg("They are responsible for a system that this is about")


def due_day(sent_on: date, target_on: date) -> date:
    """When a task is due: a week on, but not after the portal's own target for the whole request, nor before today."""
    return max(sent_on, min(sent_on + timedelta(days=TASK_DAYS), target_on))


def chases_due(sent_on: date, today: date) -> int:
    """How many reminders should have gone by today."""
    return sum(today >= sent_on + timedelta(days=days) for days in CHASES)
