"""The words of speaking for somebody else, and of proof that does not come. Law: law.md 2.2 and routing.md D5.

A union is no kind of representative here. Whoever reads a case at an employer would read a membership in it, which is
special category data: a representative is a person with a name and an address, whoever they work for.
"""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.text import Message, pmsg

AUTHORITY_MONTHS = 6
MOST_AUTHORITY_MONTHS = 12


class AuthorityKind(StrEnum):
    """Who speaks for the person who asks."""

    SOLICITOR = "solicitor"
    FAMILY = "family"
    OTHER = "other"


class AuthorityScope(StrEnum):
    """What they may do."""

    ASK_AND_FOLLOW = "ask_and_follow"  # ask, answer questions, see where it stands; the answer goes to the person
    RECEIVE = "receive"  # all of that, and receive the answer


class EnclosureKind(StrEnum):
    """What a paper is that came with a request."""

    REQUEST = "request"  # the request itself: the letter, the email, a note of what was said
    AUTHORITY = "authority"  # signed by the person whose data it is


class Looked(StrEnum):
    """Which part of a request somebody opened."""

    REQUEST = "request"
    SEARCH = "search"
    MATERIAL = "material"
    ANSWER = "answer"
    TASK = "task"


class Ground(StrEnum):
    """Why somebody must not search, decide or see a request."""

    ASKED = "asked"  # the person who asks wants it so
    NAMED = "named"  # the request is about them
    DECIDED = "decided"  # they made the decision that it is about
    CLOSE = "close"  # they are close to the person, or in a dispute with them
    OTHER = "other"


class Outcome(StrEnum):
    """What came of a wish that somebody is left out."""

    LEFT_OUT = "left_out"
    NOBODY = "nobody"


KINDS: Mapping[AuthorityKind, Message] = {
    AuthorityKind.SOLICITOR: pmsg("who speaks for somebody", "A solicitor or adviser"),
    AuthorityKind.FAMILY: pmsg("who speaks for somebody", "Somebody of the family"),
    AuthorityKind.OTHER: pmsg("who speaks for somebody", "Another person whom they trust"),
}
SCOPES: Mapping[AuthorityScope, Message] = {
    AuthorityScope.ASK_AND_FOLLOW: pmsg(
        "what a representative may do", "Ask, answer questions and see where it stands. The data goes to the person"
    ),
    AuthorityScope.RECEIVE: pmsg("what a representative may do", "All of that, and receive the data"),
}
LOOKED: Mapping[Looked, Message] = {
    Looked.REQUEST: pmsg("what was looked at", "The request"),
    Looked.SEARCH: pmsg("what was looked at", "The searches"),
    Looked.MATERIAL: pmsg("what was looked at", "The material that was found"),
    Looked.ANSWER: pmsg("what was looked at", "The answer being prepared"),
    Looked.TASK: pmsg("what was looked at", "One search, without the rest of the request"),
}


GROUNDS: Mapping[Ground, Message] = {
    Ground.ASKED: pmsg("why somebody is left out", "The person who asks wants it so"),
    Ground.NAMED: pmsg("why somebody is left out", "The request names them or is about them"),
    Ground.DECIDED: pmsg("why somebody is left out", "They made or prepared the decision that it is about"),
    Ground.CLOSE: pmsg("why somebody is left out", "They are close to this person, or in a dispute with them"),
    Ground.OTHER: pmsg("why somebody is left out", "Another reason"),
}
OWN_GROUNDS: Mapping[Ground, Message] = {
    Ground.NAMED: pmsg("why I step back", "I am named in this request, or it is about me"),
    Ground.DECIDED: pmsg("why I step back", "I made or prepared the decision that it is about"),
    Ground.CLOSE: pmsg("why I step back", "I am close to this person, or in a dispute with them"),
    Ground.OTHER: pmsg("why I step back", "Another reason"),
}
