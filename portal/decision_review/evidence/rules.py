"""What the records of a decision are made of."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.core.text import Message, pmsg


class ItemKind(StrEnum):
    """What one item of the records is."""

    INPUT = "input"
    OUTPUT = "output"
    THRESHOLD = "threshold"
    MODEL_VERSION = "model_version"  # of the rule or the model
    REGISTER_VERSION = "register_version"  # in force on that day: found by the portal
    SEEN = "seen"  # what the human saw
    ACTED = "acted"  # who acted, as a role
    SECONDS = "seconds"  # between output and action
    COMPARABLE = "comparable"
    KNOWN_ISSUE = "known_issue"

    @property
    def is_blind(self) -> bool:
        """True for what a reviewer may not see before they wrote down a view of their own."""
        return self in _BLIND


_BLIND = frozenset(
    {ItemKind.OUTPUT, ItemKind.THRESHOLD, ItemKind.SEEN, ItemKind.ACTED, ItemKind.SECONDS, ItemKind.COMPARABLE}
)


class CorrectionAnswer(StrEnum):
    """What became of a correction."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


KINDS: Mapping[ItemKind, Message] = {
    ItemKind.INPUT: pmsg("record of a decision", "Data that went in"),
    ItemKind.OUTPUT: pmsg("record of a decision", "What the system gave out"),
    ItemKind.THRESHOLD: pmsg("record of a decision", "The limit or rule that was applied"),
    ItemKind.MODEL_VERSION: pmsg("record of a decision", "Which version of the rule or model"),
    ItemKind.REGISTER_VERSION: pmsg("record of a decision", "What the register said on that day"),
    ItemKind.SEEN: pmsg("record of a decision", "What the person who acted saw"),
    ItemKind.ACTED: pmsg("record of a decision", "Who acted, as a post"),
    ItemKind.SECONDS: pmsg("record of a decision", "Seconds between the output and the act"),
    ItemKind.COMPARABLE: pmsg("record of a decision", "What the system gave out in comparable cases"),
    ItemKind.KNOWN_ISSUE: pmsg("record of a decision", "A fault that was known"),
}
TYPED: tuple[ItemKind, ...] = tuple(kind for kind in ItemKind if kind is not ItemKind.REGISTER_VERSION)
"""What an owner adds; the register's version the portal finds itself."""
NEEDED = (ItemKind.INPUT, ItemKind.OUTPUT, ItemKind.ACTED)
"""Without these the records cannot be frozen. Where there was none, the item says so."""
CORRECTIONS: Mapping[CorrectionAnswer, Message] = {
    CorrectionAnswer.ACCEPTED: pmsg("answer to a correction", "It is corrected"),
    CorrectionAnswer.PARTLY: pmsg("answer to a correction", "It is partly corrected"),
    CorrectionAnswer.REJECTED: pmsg("answer to a correction", "It stays as it is"),
}


def fingerprint_of(items: Iterable[Sequence[str | bytes]]) -> bytes:
    """The SHA-256 over the items in their order. Each part says its length first, so that no two lists are alike."""
    digest = hashlib.sha256()
    for item in items:
        digest.update(len(item).to_bytes(4, "big"))
        for part in item:
            octets = part.encode() if isinstance(part, str) else part
            digest.update(len(octets).to_bytes(8, "big") + octets)
    return digest.digest()
