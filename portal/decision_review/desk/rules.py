"""What the desk of reviews shows, and what it remembers of who looked. Plain values in and out."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.text import Message, msg, pmsg

RED_DAYS = 7
MOST_PRINTED = 1000
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


LOOKED: Mapping[Looked, Message] = {
    Looked.REVIEW: pmsg("part of a review", "The request"),
    Looked.WHO: pmsg("part of a review", "Who asks, and who must not see it"),
    Looked.PAPERS: pmsg("part of a review", "Your papers"),
    Looked.RECORDS: pmsg("part of a review", "The records of the decision"),
    Looked.HOLD: pmsg("part of a review", "The question whether the effect waits"),
    Looked.OUTCOME: pmsg("part of a review", "The outcome"),
}
NOTHING_FOR_YOU = msg("Nothing for you at the moment")
ANSWER_HOLD = msg("Answer whether the effect waits")
SECOND_APPROVES = msg("A second officer approves or sends back")
SETTLE_CLASS = msg("The worker contests the kind of review: a second officer decides")
BEGIN_REVIEW = msg("Declare that you are independent, and begin")
DO_REVIEW = msg("Look at it, and decide")
FIND_REVIEWER = msg("Give it to an independent reviewer: the worker’s days are over")
WORKERS_SIDE = msg("Wait for the worker’s side")
