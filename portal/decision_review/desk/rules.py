"""What the desk of reviews shows, and what it remembers of who looked. Plain values in and out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.cases.rules import Relation
from portal.core.text import Message, msg, pmsg
from portal.decision_review.rules import NEXT, State

RED_DAYS = 7
ERASED_AFTER = "years_6"
"""The rule under which a review is deleted, as its tombstone says it."""


class Looked(StrEnum):
    """Which part of a review somebody opened."""

    REVIEW = "review"
    WHO = "who"
    PAPERS = "papers"
    RECORDS = "records"
    HOLD = "hold"
    OUTCOME = "outcome"
    REMEDY = "remedy"
    SECOND = "second"
    QUESTION = "question"


class Looker(StrEnum):
    """In which capacity somebody opened it: the worker reads this, and never a name."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    OWNER = "owner"
    REMEDY = "remedy"
    PANEL = "panel"
    ASKED = "asked"
    REPRESENTATIVE = "representative"


LOOKED: Mapping[Looked, Message] = {
    Looked.REVIEW: pmsg("part of a review", "The request"),
    Looked.WHO: pmsg("part of a review", "Who asks, and who must not see it"),
    Looked.PAPERS: pmsg("part of a review", "Your papers"),
    Looked.RECORDS: pmsg("part of a review", "The records of the decision"),
    Looked.HOLD: pmsg("part of a review", "The question whether the effect waits"),
    Looked.OUTCOME: pmsg("part of a review", "The outcome"),
    Looked.REMEDY: pmsg("part of a review", "What is to be put right"),
    Looked.SECOND: pmsg("part of a review", "The second stage"),
    Looked.QUESTION: pmsg("part of a review", "A question of the reviewer"),
}
LOOKERS: Mapping[Looker, Message] = {
    Looker.OFFICER: pmsg("who looked at a request", "Data protection team"),
    Looker.REVIEWER: pmsg("who looked at a request", "An independent reviewer"),
    Looker.MANAGER: pmsg("who looked at a request", "The manager responsible for the system"),
    Looker.OWNER: pmsg("who looked at a request", "Somebody who was asked for the records"),
    Looker.REMEDY: pmsg("who looked at a request", "Somebody who has to put something right"),
    Looker.PANEL: pmsg("who looked at a request", "Somebody who decides the second stage"),
    Looker.ASKED: pmsg("who looked at a request", "Somebody whom the reviewer asked"),
    Looker.REPRESENTATIVE: pmsg("who looked at a request", "Your representative"),
}
NOTHING_FOR_YOU = msg("Nothing for you at the moment")


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits in a review besides its state."""

    has_proposal: bool = False
    is_contested: bool = False
    has_hold_question: bool = False
    has_hold_to_do: bool = False
    has_late_records: bool = False
    has_records_to_share: bool = False
    hears_worker: bool = False


def next_of(state: State, standing: Standing, held: Iterable[Relation]) -> Message:
    """The one thing that somebody in these relations does next."""
    relations = frozenset(held)
    if Relation.REVIEWER in relations:
        return _REVIEWING.get(state, NOTHING_FOR_YOU)
    if Relation.OFFICER in relations:
        return _of_officer(state, standing)
    if Relation.RESPONSIBLE_MANAGER in relations:
        return _of_manager(standing)
    return NOTHING_FOR_YOU


def _of_officer(state: State, standing: Standing) -> Message:
    if standing.has_proposal:
        return msg("A second officer approves or sends back")
    if standing.is_contested:
        return msg("The worker says that it is another kind of review: a second officer decides")
    if state is State.EVIDENCE_WAIT and standing.has_records_to_share:
        return msg("Share the records with the worker")
    if state is State.EVIDENCE_WAIT and standing.has_late_records:
        return msg("The records are late: chase them, or go on without them")
    if state is State.REPRESENTATIONS_OPEN and standing.hears_worker:
        return msg("Wait for the worker’s side")
    return NEXT[state]


def _of_manager(standing: Standing) -> Message:
    if standing.has_hold_question:
        return msg("Answer whether the effect waits")
    return msg("Write down that the effect was stopped") if standing.has_hold_to_do else NOTHING_FOR_YOU


_REVIEWING: Mapping[State, Message] = {
    State.ASSIGNED: msg("Declare that you are independent, and begin"),
    State.IN_REVIEW: msg("Look at it, and decide"),
    State.SECOND_LOOK: msg("Look at it, and decide"),
}
