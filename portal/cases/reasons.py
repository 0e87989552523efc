"""Why somebody has a case, kept with every assignment in two voices (routing.md, first paragraph).

Who receives it reads in which capacity, and the same words whatever keeps somebody else from it. Who sent it reads
that, and why nobody before them, for they said so themselves. What was true on the day stays what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.cases.routing.given import Because, Given
from portal.cases.routing.preview import why_to_receiver, why_to_sender
from portal.cases.rules import Duty
from portal.core.text import Message, msg, pmsg


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, for who has it and for who sent it. ``in_place_of`` was away when it came."""

    to_receiver: Message
    to_sender: tuple[Message, ...]
    in_place_of: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"receiver": self.to_receiver.to_json(), "sender": [one.to_json() for one in self.to_sender]}


TAKEN_ON = Reason(
    msg("It is yours because you took it on"), (msg("They work on such requests, and took it on themselves"),)
)
CHOSEN = Reason(
    msg("It is yours because a colleague who works on such requests gave it to you"),
    (msg("Somebody who works on such requests chose them"),),
)
ASKED = Reason(msg("It is yours because you were asked to stand beside the person"), (msg("You asked them"),))
DUTIES: Mapping[Duty, Message] = {
    Duty.HANDLER: pmsg("duty in a case", "Who works on it"),
    Duty.REVIEWER: pmsg("duty in a case", "Who looks at it again"),
    Duty.REPRESENTATIVE: pmsg("duty in a case", "Who stands beside you"),
}


def reason_of(given: Given) -> Reason:
    """The rule book's answer, to be kept."""
    away = given.instead_of.person_id if given.instead_of is not None and given.because is Because.AWAY else None
    return Reason(why_to_receiver(given), why_to_sender(given), away)


def read_to_receiver(why: Mapping[str, Any] | None) -> Message | None:
    """What who has it reads; None for an assignment of before that was kept."""
    return Message.from_json(why["receiver"]) if why else None


def read_to_sender(why: Mapping[str, Any] | None) -> tuple[Message, ...]:
    """What who sent it reads."""
    return tuple(Message.from_json(one) for one in why["sender"]) if why else ()
