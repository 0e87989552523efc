"""When the question is asked whether the effect waits, what the register says about it, and what silence means."""

from datetime import date
from enum import StrEnum

from portal.decision_review.rules import ReviewClass


class Because(StrEnum):
    """Why it is asked."""

    ALONE = "alone"  # a computer alone decided
    SOON = "soon"  # the effect comes before the target day
    ASKED = "asked"  # an officer thought it right


class Safety(StrEnum):
    """What the register's entry says about waiting."""

    SAFE = "safe"
    UNSAFE = "unsafe"  # the entry says that the effect cannot wait
    UNKNOWN = "unknown"  # no entry, or it says nothing


class Answer(StrEnum):
    """Whether the effect waits."""

    HOLD = "hold"
    GOES_ON = "goes_on"


def why_ask(review_class: ReviewClass, effect_on: date | None, target_on: date) -> Because | None:
    """The reason to ask, or None."""
    if review_class is ReviewClass.ALONE:
        return Because.ALONE
    return Because.SOON if effect_on is not None and effect_on < target_on else None
