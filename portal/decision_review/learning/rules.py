"""The words of learning."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.text import Message, pmsg

LESSON_LIMIT = 2000
CRITERIA_LIMIT = 4000
NAME_LIMIT = 200
MOST_LOOKED_AT = 1_000_000


class Told(StrEnum):
    """Whether somebody who may have been hit by the same fault was told."""

    NOT_YET = "not_yet"
    TOLD = "told"
    NOT_HIT = "not_hit"  # looked at: the fault did not reach them
    NOT_REACHED = "not_reached"


TOLD: Mapping[Told, Message] = {
    Told.NOT_YET: pmsg("was somebody told", "Not yet"),
    Told.TOLD: pmsg("was somebody told", "Told"),
    Told.NOT_HIT: pmsg("was somebody told", "The fault did not reach them"),
    Told.NOT_REACHED: pmsg("was somebody told", "They could not be reached"),
}
