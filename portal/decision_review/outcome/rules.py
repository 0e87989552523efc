"""The words of outcomes: paragraphs, what is put right, the second stage, and the ways onward."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.text import Message, pmsg
from portal.decision_review.rules import Outcome

PARAGRAPH_LIMIT = 3000
DAYS_TO_ASK = 20
LEAST_DAYS_TO_ASK, MOST_DAYS_TO_ASK = 10, 130
"""Working days after the letter in which a body asks people to ask for the second stage: no law says any. A body can
set its own number, and who asks later is heard all the same."""
MOST_REMEDIES = 3


class Purpose(StrEnum):
    """What an approved paragraph of a letter says."""

    OPENING = "opening"
    OVERTURNED = "overturned"
    CHANGED = "changed"
    UPHELD = "upheld"
    FRESH_DECISION = "fresh_decision"
    MADE_BY_HUMAN = "made_by_human"
    EXPLAINED = "explained"
    REMEDY = "remedy"
    ONWARD = "onward"
    CLOSING = "closing"


class RemedyKind(StrEnum):
    """What is put right."""

    RESTORE_SHIFT = "restore_shift"
    PAY = "pay"
    DELETE_FLAG = "delete_flag"
    CORRECT_DATA = "correct_data"
    TELL_OTHERS = "tell_others"  # those who relied on the decision
    DECIDE_AFRESH = "decide_afresh"
    APOLOGY = "apology"
    OTHER = "other"


class WorkerSays(StrEnum):
    """What the worker says of a remedy."""

    HAPPENED = "happened"
    DID_NOT = "did_not"


class Way(StrEnum):
    """Who decides at the second stage."""

    JOINT_PANEL = "joint_panel"
    OTHER_BODY = "other_body"


class Chair(StrEnum):
    """Who was named to decide the second stage."""

    EMPLOYER = "employer"
    UNION = "union"
    OTHER_BODY = "other_body"


class Elsewhere(StrEnum):
    """Where a worker takes it."""

    COMPLAINT = "complaint"
    ICO = "ico"
    GRIEVANCE = "grievance"
    EHRC = "ehrc"
    TRIBUNAL = "tribunal"
    COURT = "court"
    OTHER = "other"


PURPOSES: Mapping[Purpose, Message] = {
    Purpose.OPENING: pmsg("paragraph of a letter", "How every letter begins"),
    Purpose.OVERTURNED: pmsg("paragraph of a letter", "The decision was overturned"),
    Purpose.MADE_BY_HUMAN: pmsg("paragraph of a letter", "A person made the decision anew"),
    Purpose.CHANGED: pmsg("paragraph of a letter", "The decision was changed"),
    Purpose.FRESH_DECISION: pmsg("paragraph of a letter", "A person will decide afresh"),
    Purpose.UPHELD: pmsg("paragraph of a letter", "The decision stands"),
    Purpose.EXPLAINED: pmsg("paragraph of a letter", "No decision of a system was found"),
    Purpose.REMEDY: pmsg("paragraph of a letter", "Something is put right"),
    Purpose.ONWARD: pmsg("paragraph of a letter", "If the worker does not agree"),
    Purpose.CLOSING: pmsg("paragraph of a letter", "How every letter ends"),
}
REMEDIES: Mapping[RemedyKind, Message] = {
    RemedyKind.RESTORE_SHIFT: pmsg("what is put right", "Give the shift or task back"),
    RemedyKind.PAY: pmsg("what is put right", "Pay what was lost"),
    RemedyKind.DELETE_FLAG: pmsg("what is put right", "Delete the score or flag"),
    RemedyKind.CORRECT_DATA: pmsg("what is put right", "Correct the data"),
    RemedyKind.TELL_OTHERS: pmsg("what is put right", "Tell those who relied on the decision"),
    RemedyKind.DECIDE_AFRESH: pmsg("what is put right", "Decide afresh, by a person"),
    RemedyKind.APOLOGY: pmsg("what is put right", "Apologise"),
    RemedyKind.OTHER: pmsg("what is put right", "Something else"),
}
SAYS: Mapping[WorkerSays, Message] = {
    WorkerSays.HAPPENED: pmsg("what the worker says", "It happened"),
    WorkerSays.DID_NOT: pmsg("what the worker says", "It did not happen"),
}
WAYS: Mapping[Way, Message] = {
    Way.JOINT_PANEL: pmsg("second stage", "A joint panel: a chair of the employer and a chair of the unions"),
    Way.OTHER_BODY: pmsg("second stage", "Another body"),
}
CHAIRS: Mapping[Chair, Message] = {
    Chair.EMPLOYER: pmsg("second stage", "The employer’s chair"),
    Chair.UNION: pmsg("second stage", "The unions’ chair"),
    Chair.OTHER_BODY: pmsg("second stage", "The other body"),
}
PLACES: Mapping[Elsewhere, Message] = {
    Elsewhere.COMPLAINT: pmsg("where it is taken", "A data-protection complaint to the employer"),
    Elsewhere.ICO: pmsg("where it is taken", "The Information Commission (ICO)"),
    Elsewhere.GRIEVANCE: pmsg("where it is taken", "A grievance with the employer"),
    Elsewhere.EHRC: pmsg("where it is taken", "The Equality Advisory and Support Service, or the EHRC"),
    Elsewhere.TRIBUNAL: pmsg("where it is taken", "Acas, for a tribunal"),
    Elsewhere.COURT: pmsg("where it is taken", "A court"),
    Elsewhere.OTHER: pmsg("where it is taken", "Somewhere else"),
}


def purposes_of(outcome: Outcome, *, has_remedies: bool) -> tuple[Purpose, ...]:
    """Which paragraphs a letter of this outcome can hold, in their order."""
    remedy = (Purpose.REMEDY,) if has_remedies else ()
    return (Purpose.OPENING, Purpose(outcome.value), *remedy, Purpose.ONWARD, Purpose.CLOSING)
