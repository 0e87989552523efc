"""The words of speaking for somebody else. Law: law.md 2.2."""

from enum import StrEnum


class AuthorityKind(StrEnum):
    """Who speaks for the person who asks."""

    UNION = "union"
    SOLICITOR = "solicitor"
    FAMILY = "family"
    OTHER = "other"


class AuthorityScope(StrEnum):
    """What they may do."""

    ASK_AND_FOLLOW = "ask_and_follow"  # ask, answer questions, see where it stands; the answer goes to the person
    RECEIVE = "receive"  # all of that, and receive the answer
