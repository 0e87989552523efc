"""The words of outcomes: paragraphs, what is put right, the second stage, and the ways onward."""

from enum import StrEnum


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


class Elsewhere(StrEnum):
    """Where a worker takes it."""

    COMPLAINT = "complaint"
    ICO = "ico"
    GRIEVANCE = "grievance"
    EHRC = "ehrc"
    TRIBUNAL = "tribunal"
    COURT = "court"
    OTHER = "other"
