"""The words of answering: what is proposed to the second person, and where a pack stands."""

from enum import StrEnum


class Outcome(StrEnum):
    """What the second person is asked to approve."""

    RELEASE = "release"
    NOTHING_HELD = "nothing_held"
    REFUSAL = "refusal"
    EXTENSION = "extension"


class PackState(StrEnum):
    """Where a pack stands. Only one that is ready, and whose hash was approved, is released."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"
