"""When the question is asked whether the effect waits, what the register says about it, and what silence means."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from portal.core.text import Message, msg
from portal.decision_review.rules import ReviewClass
from portal.register.rules import Effect
from portal.register.terms import InterimRelief


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


def why_ask(review_class: ReviewClass | None, effect_on: date | None, target_on: date) -> Because | None:
    """The reason to ask, or None."""
    if review_class is ReviewClass.ALONE:
        return Because.ALONE
    return Because.SOON if effect_on is not None and effect_on < target_on else None


def safety_of(relief: InterimRelief | None, effect: Effect | None) -> Safety:
    """From the register's entry: waiting on request is safe; for serious effects it is where the effect is serious."""
    if relief is InterimRelief.ON_REQUEST:
        return Safety.SAFE
    if relief is InterimRelief.NOT_POSSIBLE:
        return Safety.UNSAFE
    if relief is InterimRelief.IF_SERIOUS and effect in {Effect.LEGAL, Effect.SIMILARLY_SIGNIFICANT}:
        return Safety.SAFE
    return Safety.UNKNOWN


BECAUSE: Mapping[Because, Message] = {
    Because.ALONE: msg("A computer alone made the decision"),
    Because.SOON: msg("The effect comes before the day by which we want to answer"),
    Because.ASKED: msg("An officer asked for it"),
}
SAFETY: Mapping[Safety, Message] = {
    Safety.SAFE: msg("The register says that the effect can wait. If you say nothing, it waits"),
    Safety.UNSAFE: msg(
        "The register says that the effect cannot wait. If you say nothing, the top of the body is asked"
    ),
    Safety.UNKNOWN: msg(
        "The register does not say whether the effect can wait. If you say nothing, the top of the body is asked"
    ),
}
ANSWERS: Mapping[Answer, Message] = {
    Answer.HOLD: msg("The effect waits until the review is decided"),
    Answer.GOES_ON: msg("The effect does not wait"),
}
