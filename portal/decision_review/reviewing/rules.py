"""The words of the reviewer's work."""

import calendar
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from portal.core.text import Message, pmsg
from portal.decision_review.rules import FIRST_MONTHS, Outcome, ReviewClass


class Seat(StrEnum):
    """In which place somebody reviews."""

    FIRST = "first"
    SECOND = "second"  # by rule, after the first
    PANEL = "panel"  # one of two, where first and second differ
    STAGE_TWO = "stage_two"


class SeatEnd(StrEnum):
    """How somebody's time in a seat ended. The first three are found by the portal, the first that holds."""

    LEFT_OUT = "left_out"
    LEFT = "left"
    ROLE_ENDED = "role_ended"
    REPLACED = "replaced"
    HANDED_BACK = "handed_back"


class AskedOf(StrEnum):
    """Whom a reviewer asks, beside the worker."""

    OWNER = "owner"
    EXPERT = "expert"


class Quality(StrEnum):
    """What was wrong with how the decision was made, for the learning of the body."""

    STALE_DATA = "stale_data"
    WRONG_DATA = "wrong_data"
    MISSING_DATA = "missing_data"
    WRONG_RULE = "wrong_rule"
    UNFAIR_EFFECT = "unfair_effect"
    NOT_EXPLAINED = "not_explained"
    HUMAN_DID_NOT_LOOK = "human_did_not_look"
    NOTHING_WRONG = "nothing_wrong"


class DrawRule(StrEnum):
    """By which rule it was decided whether a second reviewer looks."""

    FIRST_MONTHS = "first_months"  # class A upheld in the first six months of a system
    SAMPLE = "sample"
    NOT_NEEDED = "not_needed"


class Source(StrEnum):
    """What a reviewer considered, beside the items of the records."""

    WORKER = "worker"
    REGISTER = "register"
    LAW = "law"
    OTHER = "other"


class Chased(StrEnum):
    """How far what waits was chased."""

    REMINDED = "reminded"
    ESCALATED = "escalated"


ANSWER_WORKING_DAYS = 3
"""So long somebody has to answer a reviewer's question. Like the next two, the portal's own promise and no law."""
SEAT_WORKING_DAYS = 2
"""So long officers have to choose a second reviewer, or the two of a panel."""
FURTHER_WORKING_DAYS = 2
"""So long after a reminder it goes further up."""
SEATS: Mapping[Seat, Message] = {
    Seat.FIRST: pmsg("seat of a reviewer", "First reviewer"),
    Seat.SECOND: pmsg("seat of a reviewer", "Second reviewer"),
    Seat.PANEL: pmsg("seat of a reviewer", "Panel"),
    Seat.STAGE_TWO: pmsg("seat of a reviewer", "Second stage"),
}
SEAT_ENDS: Mapping[SeatEnd, Message] = {
    SeatEnd.LEFT_OUT: pmsg("how a reviewer’s time ended", "They were left out of this review"),
    SeatEnd.LEFT: pmsg("how a reviewer’s time ended", "They no longer work here"),
    SeatEnd.ROLE_ENDED: pmsg("how a reviewer’s time ended", "They no longer hold the role of reviewer"),
    SeatEnd.REPLACED: pmsg("how a reviewer’s time ended", "An officer gave it to somebody else"),
    SeatEnd.HANDED_BACK: pmsg("how a reviewer’s time ended", "They handed it back"),
}
ASKED: Mapping[AskedOf, Message] = {
    AskedOf.OWNER: pmsg("asked by a reviewer", "Who has the records of the system"),
    AskedOf.EXPERT: pmsg("asked by a reviewer", "Somebody who knows about it"),
}
QUALITIES: Mapping[Quality, Message] = {
    Quality.STALE_DATA: pmsg("how a decision was made", "The data was too old"),
    Quality.WRONG_DATA: pmsg("how a decision was made", "The data was wrong"),
    Quality.MISSING_DATA: pmsg("how a decision was made", "Data was missing"),
    Quality.WRONG_RULE: pmsg("how a decision was made", "The rule was wrong, or was wrongly applied"),
    Quality.UNFAIR_EFFECT: pmsg("how a decision was made", "The effect was unfair"),
    Quality.NOT_EXPLAINED: pmsg("how a decision was made", "It was not explained"),
    Quality.HUMAN_DID_NOT_LOOK: pmsg("how a decision was made", "No person really looked"),
    Quality.NOTHING_WRONG: pmsg("how a decision was made", "Nothing was wrong"),
}
SOURCES: Mapping[Source, Message] = {
    Source.WORKER: pmsg("what a reviewer considered", "What the worker says"),
    Source.REGISTER: pmsg("what a reviewer considered", "The register"),
    Source.LAW: pmsg("what a reviewer considered", "The law, and what was agreed with the unions"),
    Source.OTHER: pmsg("what a reviewer considered", "Answers to my questions, or something else"),
}
WEIGHT: tuple[Outcome, ...] = tuple(Outcome)
"""The weightiest first: what is better for the worker comes before."""


def weightiest(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of the whole: the weightiest of its issues."""
    return min(outcomes, key=WEIGHT.index)


def which_rule(review_class: ReviewClass | None, outcome: Outcome, live_since: date | None, today: date) -> DrawRule:
    """By which rule it is said whether a second reviewer looks: an upheld decision of a computer alone."""
    if review_class is not ReviewClass.ALONE or outcome is not Outcome.UPHELD:
        return DrawRule.NOT_NEEDED
    is_new = live_since is not None and today < months_after(live_since, FIRST_MONTHS)
    return DrawRule.FIRST_MONTHS if is_new else DrawRule.SAMPLE


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
