"""What can happen to a clock. A case only ever adds to its list of these; the date is computed from the list."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What happened on the day. The order in which events were written down makes no difference."""

    RECEIVED = "received"  # it reached any part of the body; if corrected, the earliest day counts
    IDENTITY_ASKED = "identity_asked"  # there was reasonable doubt who asks: the month waits for the answer
    IDENTITY_RECEIVED = "identity_received"
    IDENTITY_NOT_NEEDED = "identity_not_needed"  # the doubt was withdrawn: as if nothing had been asked until that day
    FEE_ASKED = "fee_asked"
    FEE_PAID = "fee_paid"
    FEE_NOT_NEEDED = "fee_not_needed"
    CLARIFICATION_ASKED = "clarification_asked"  # carries the question's id, as do the next three
    CLARIFICATION_ANSWERED = "clarification_answered"
    CLARIFICATION_ENDED = "clarification_ended"  # the search went on without an answer: the clock runs from that day
    CLARIFICATION_WITHDRAWN = "clarification_withdrawn"  # the question is undone: no day of it counts as a pause
    ACKNOWLEDGED = "acknowledged"  # a complaint: from now on its outcome is what is owed
    EXTENDED = "extended"
    FINISHED = "finished"  # the answer was sent, or the person took the request back
    RESUMED = "resumed"  # the end before it is undone: the clock counts as if it had never stopped
    AGREED = "agreed"  # a review under a right of the body: carries its promise, and the id of who said so as question
    AGREED_ENDED = "agreed_ended"  # it is not under that right after all: as if it had never been said
    LONGER = "longer"  # the person takes longer for their side of a review: how much, and an id of its own as question
    LONGER_ENDED = "longer_ended"  # it is not so after all: as if it had never been said
    REOPENED = "reopened"  # after an answer: somebody else looks again, on a clock of the portal's own


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a clock, on a local day in Europe/London; the time of day never matters.

    ``working_days`` came with it: a system's own target, the promise of an agreed right, or what somebody takes longer;
    with an access request the target of its body, in calendar days.
    """

    kind: EventKind
    on: date
    question: str = ""
    working_days: int = 0
