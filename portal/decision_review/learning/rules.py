"""The words of learning."""

from enum import StrEnum


class Told(StrEnum):
    """Whether somebody who may have been hit by the same fault was told."""

    NOT_YET = "not_yet"
    TOLD = "told"
    NOT_HIT = "not_hit"  # looked at: the fault did not reach them
    NOT_REACHED = "not_reached"
