"""The words of asking: whose paper it is, and what one officer proposes to another."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.text import Message, msg


class Side(StrEnum):
    """Who sent a paper."""

    WORKER = "worker"
    BODY = "body"


class Proposed(StrEnum):
    """What needs a second person."""

    EXTENSION = "extension"  # changes no state; notice must go out in the first month (Article 12A(4))
    REFUSAL = "refusal"  # Article 12(5)
    EXPLANATION = "explanation"  # the answer of class D


PROPOSED: Mapping[Proposed, Message] = {
    Proposed.EXTENSION: msg("Take two more months"),
    Proposed.REFUSAL: msg("Refuse the request"),
    Proposed.EXPLANATION: msg("Explain: no decision of a system was found"),
}
