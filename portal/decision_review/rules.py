"""Where a review stands, its classes and the words of its choices; ``steps`` is its step table. Law: law.md 2.6.

``State`` is the machine ``review`` of the design, with these differences. ``draft`` is not kept: what is typed stands
in the form alone until it is sent, for many ask on a shared computer. ``identity_wait`` and ``not_verified`` are new,
since Article 12(6) holds for reviews too; so is ``refused``, since Article 12(4) does.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg

NEW_RULES_FROM = date(2026, 2, 5)
"""Articles 22A to 22D apply to decisions taken from this day; older ones fall under the old Article 22 (law.md 2.1)."""

SCHEME_BEGINS = date(2018, 5, 25)
"""The first day of the UK GDPR's predecessor: no decision before it can be reviewed under data protection law."""

TEXT_LIMIT = 4000
UNDO_WITHDRAWAL = timedelta(days=7)
HOLD_WORKING_DAYS = 1
PACK_WORKING_DAYS = 3
LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER = 3, 10
"""Between these the worker chooses how long they take for their side."""
FIRST_MONTHS = 6
"""So long after a system goes live, every decision of class A that is upheld has a second look."""
SAMPLE_PERCENT = 20
"""After that, so many of a hundred."""
REMEDY_CHECK = timedelta(days=30)
SILENCE = timedelta(days=14)
YEARS_KEPT = 6


class State(StrEnum):
    """Where a review stands."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    IDENTITY_WAIT = "identity_wait"
    CLASSIFIED = "classified"
    INTERIM_RELIEF = "interim_relief"
    EVIDENCE_WAIT = "evidence_wait"
    REPRESENTATIONS_OPEN = "representations_open"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    SECOND_LOOK = "second_look"
    DECIDED = "decided"
    IMPLEMENTING = "implementing"
    STAGE_TWO = "stage_two"
    REFERRED = "referred"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_VERIFIED = "not_verified"  # nobody showed who they are after two reminders; it can be revived
    CLOSED = "closed"


class ReviewClass(StrEnum):
    """What kind of review it is. The class says which law or agreement it rests on; it never lengthens the clock."""

    ALONE = "a"  # a computer alone made a significant decision (Article 22C)
    INFLUENCED = "b"  # a computer influenced a significant decision that a person made
    AGREED = "c"  # a right of this body, agreed with its unions, with a promise of its own
    NOT_FOUND = "d"  # no decision of a system was found: the answer explains what happened


class Outcome(StrEnum):
    """How one issue of a review ends, and the whole of it: the weightiest of its issues, in this order."""

    OVERTURNED = "overturned"
    MADE_BY_HUMAN = "made_by_human"
    CHANGED = "changed"
    FRESH_DECISION = "fresh_decision"
    UPHELD = "upheld"
    EXPLAINED = "explained"  # no decision found

    @property
    def is_override(self) -> bool:
        """True where the system's decision did not stand."""
        return self not in {Outcome.UPHELD, Outcome.EXPLAINED}


class Wanted(StrEnum):
    """The four safeguards of Article 22C(2)."""

    INFORMATION = "information"
    MY_SIDE = "my_side"
    HUMAN = "human"
    CONTEST = "contest"


class Channel(StrEnum):
    """How a request reached the body: any words to anybody count."""

    PORTAL = "portal"
    EMAIL = "email"
    LETTER = "letter"
    SPOKEN = "spoken"
    PHONE = "phone"
    OTHER = "other"


class ExtensionGround(StrEnum):
    """Article 12A(3): nothing else is a ground."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


class RefusalGround(StrEnum):
    """Article 12(5): nothing else is a ground."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"


class IdentityCheck(StrEnum):
    """How somebody was recognised. No copy of any document is kept, only this word and the day."""

    KNOWN = "known"
    WORK_ADDRESS = "work_address"
    QUESTIONS = "questions"
    SEEN_IN_PERSON = "seen_in_person"


STATES: Mapping[State, Message] = {
    State.SUBMITTED: pmsg("state of a review", "Sent"),
    State.ACKNOWLEDGED: pmsg("state of a review", "Received, to be classified"),
    State.IDENTITY_WAIT: pmsg("state of a review", "Waiting for proof of identity"),
    State.CLASSIFIED: pmsg("state of a review", "Classified"),
    State.INTERIM_RELIEF: pmsg("state of a review", "Asked whether the effect waits"),
    State.EVIDENCE_WAIT: pmsg("state of a review", "Waiting for the records of the decision"),
    State.REPRESENTATIONS_OPEN: pmsg("state of a review", "The worker’s side is open"),
    State.ASSIGNED: pmsg("state of a review", "Given to a reviewer"),
    State.IN_REVIEW: pmsg("state of a review", "Being reviewed"),
    State.SECOND_LOOK: pmsg("state of a review", "With a second reviewer"),
    State.DECIDED: pmsg("state of a review", "Decided"),
    State.IMPLEMENTING: pmsg("state of a review", "Being put right"),
    State.STAGE_TWO: pmsg("state of a review", "At the second stage"),
    State.REFERRED: pmsg("state of a review", "Taken elsewhere"),
    State.REFUSED: pmsg("state of a review", "Refused"),
    State.WITHDRAWN: pmsg("state of a review", "Withdrawn"),
    State.NOT_VERIFIED: pmsg("state of a review", "Ended without proof of identity"),
    State.CLOSED: pmsg("state of a review", "Closed"),
}
NEXT: Mapping[State, Message] = {
    State.SUBMITTED: msg("Say what kind of review it is"),
    State.ACKNOWLEDGED: msg("Say what kind of review it is"),
    State.IDENTITY_WAIT: msg("Wait for proof of identity"),
    State.CLASSIFIED: msg("Ask for the records of the decision"),
    State.INTERIM_RELIEF: msg("Ask for the records of the decision"),
    State.EVIDENCE_WAIT: msg("Wait for the records, or chase them"),
    State.REPRESENTATIONS_OPEN: msg("Give it to an independent reviewer"),
    State.ASSIGNED: msg("Wait until the reviewer begins"),
    State.IN_REVIEW: msg("The reviewer decides"),
    State.SECOND_LOOK: msg("The second reviewer decides"),
    State.DECIDED: msg("Nothing more to do"),
    State.IMPLEMENTING: msg("See that it is put right"),
    State.STAGE_TWO: msg("The panel decides"),
    State.REFERRED: msg("Nothing more to do"),
    State.REFUSED: msg("Nothing more to do"),
    State.WITHDRAWN: msg("Nothing more to do"),
    State.NOT_VERIFIED: msg("Nothing more to do"),
    State.CLOSED: msg("Nothing more to do"),
}
CLASSES: Mapping[ReviewClass, Message] = {
    ReviewClass.ALONE: pmsg("class of a review", "A computer alone made a significant decision"),
    ReviewClass.INFLUENCED: pmsg("class of a review", "A computer influenced a significant decision"),
    ReviewClass.AGREED: pmsg("class of a review", "A right that was agreed with the unions"),
    ReviewClass.NOT_FOUND: pmsg("class of a review", "No decision of a system was found"),
}
OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.OVERTURNED: pmsg("outcome of a review", "The decision was overturned"),
    Outcome.MADE_BY_HUMAN: pmsg("outcome of a review", "A person made the decision anew"),
    Outcome.CHANGED: pmsg("outcome of a review", "The decision was changed"),
    Outcome.FRESH_DECISION: pmsg("outcome of a review", "A person will decide afresh"),
    Outcome.UPHELD: pmsg("outcome of a review", "The decision stands"),
    Outcome.EXPLAINED: pmsg(
        "outcome of a review", "There was no decision of a system here; what happened is explained"
    ),
}
WANTED: Mapping[Wanted, Message] = {
    Wanted.INFORMATION: msg("Explain the decision to me"),
    Wanted.MY_SIDE: msg("Hear my side"),
    Wanted.HUMAN: msg("Have a person decide"),
    Wanted.CONTEST: msg("I challenge the decision: change it"),
}
CHANNELS: Mapping[Channel, Message] = {
    Channel.PORTAL: pmsg("how a request came", "In this portal"),
    Channel.EMAIL: pmsg("how a request came", "By email"),
    Channel.LETTER: pmsg("how a request came", "In a letter"),
    Channel.SPOKEN: pmsg("how a request came", "In person, in words"),
    Channel.PHONE: pmsg("how a request came", "By telephone"),
    Channel.OTHER: pmsg("how a request came", "In another way"),
}
EXTENSIONS: Mapping[ExtensionGround, Message] = {
    ExtensionGround.COMPLEXITY: pmsg("ground for more time", "The request is complex"),
    ExtensionGround.NUMBER: pmsg("ground for more time", "The number of requests from the same person"),
}
REFUSALS: Mapping[RefusalGround, Message] = {
    RefusalGround.UNFOUNDED: pmsg("ground for refusal", "The request is manifestly unfounded"),
    RefusalGround.EXCESSIVE: pmsg("ground for refusal", "The request is manifestly excessive"),
}
IDENTITY: Mapping[IdentityCheck, Message] = {
    IdentityCheck.KNOWN: pmsg("identity check", "Somebody who knows them confirmed who they are"),
    IdentityCheck.WORK_ADDRESS: pmsg("identity check", "They wrote from an address that we already had"),
    IdentityCheck.QUESTIONS: pmsg("identity check", "They answered questions that only they could answer"),
    IdentityCheck.SEEN_IN_PERSON: pmsg("identity check", "They came in person and showed their work card"),
}


def is_under_old_rules(decided_on: date) -> bool:
    """Whether the decision was taken before Articles 22A to 22D (SI 2026/82 reg 5)."""
    return decided_on < NEW_RULES_FROM
