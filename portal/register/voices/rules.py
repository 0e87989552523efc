"""The words and limits of the talk between union and employer. Pure."""

from enum import StrEnum

from portal.core.text import Message, pmsg
from portal.register.rules import Position

LONGEST_TEXT = 1500
LONGEST_LINE = 120
LONGEST_LINK = 400
LEAST_DAYS = 14
"""The least time that a branch has for its answer."""


class EntryKind(StrEnum):
    """What was put into the log of a consultation."""

    PAPER = "paper"
    MEETING = "meeting"
    NOTE = "note"


class ConditionState(StrEnum):
    """How far a condition is. Only the branch that set it can say that it is met."""

    OPEN = "open"
    TAKEN_ON = "taken_on"
    SAID_DONE = "said_done"
    MET = "met"


ENTRY_KINDS: dict[EntryKind, Message] = {
    EntryKind.PAPER: pmsg("consultation log", "Paper"),
    EntryKind.MEETING: pmsg("consultation log", "Meeting"),
    EntryKind.NOTE: pmsg("consultation log", "Note"),
}
CONDITION_STATES: dict[ConditionState, Message] = {
    ConditionState.OPEN: pmsg("state of a condition", "Waits for the employer"),
    ConditionState.TAKEN_ON: pmsg("state of a condition", "Under way"),
    ConditionState.SAID_DONE: pmsg("state of a condition", "The employer says that it is met"),
    ConditionState.MET: pmsg("state of a condition", "Met, says the union"),
}
TONES = {Position.NOT_AGREED: "late", Position.AGREED: "good"}


def tone_of(position: Position) -> str:
    """How a position is coloured; it always stands in words too."""
    return TONES.get(position, "soon")
