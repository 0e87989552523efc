"""The words of asking: whose paper it is, and what one officer proposes to another."""

from enum import StrEnum


class Side(StrEnum):
    """Who sent a paper."""

    WORKER = "worker"
    BODY = "body"


class Proposed(StrEnum):
    """What needs a second person."""

    EXTENSION = "extension"  # changes no state; notice must go out in the first month (Article 12A(4))
    REFUSAL = "refusal"  # Article 12(5)
    EXPLANATION = "explanation"  # the answer of class D
