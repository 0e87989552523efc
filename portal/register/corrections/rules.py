"""What a correction is, how long its answer may take, and how many are taken. Pure."""

from enum import StrEnum

from portal.core.text import Message, msg, pmsg

ANSWER_WITHIN = 10
"""Working days, not counting the day it came."""

LONGEST_TEXT = 600
LONGEST_ANSWER = 600
MOST_AN_HOUR = 20
MOST_A_DAY = 60
"""Bounds for one body, without an account: above them an editor would drown, and the page says when to try again."""

MOST_A_DAY_OF_ONE = 20
"""The bound for somebody who is signed in."""


class CorrectionKind(StrEnum):
    """What is said to be wrong."""

    NOT_ME = "not_me"
    ERROR = "error"


class Outcome(StrEnum):
    """What the body made of it."""

    CORRECTED = "corrected"
    TO_BE_CORRECTED = "to_be_corrected"
    STANDS = "stands"


KINDS: dict[CorrectionKind, Message] = {
    CorrectionKind.NOT_ME: msg("It says that this system affects me, and it does not"),
    CorrectionKind.ERROR: msg("Something on the page is wrong or out of date"),
}

SHORT_KINDS: dict[CorrectionKind, Message] = {
    CorrectionKind.NOT_ME: pmsg("correction", "Not me"),
    CorrectionKind.ERROR: pmsg("correction", "Error"),
}

OUTCOMES: dict[Outcome, Message] = {
    Outcome.CORRECTED: msg("The register has been corrected"),
    Outcome.TO_BE_CORRECTED: msg("The register will be corrected in its next version"),
    Outcome.STANDS: msg("The register is right as it stands"),
}
