"""The words of the reviewer's work."""

from enum import StrEnum


class Seat(StrEnum):
    """In which place somebody reviews."""

    FIRST = "first"
    SECOND = "second"  # by rule, after the first
    PANEL = "panel"  # one of two, where first and second differ
    STAGE_TWO = "stage_two"


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
