"""What the records of a decision are made of."""

from enum import StrEnum


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
