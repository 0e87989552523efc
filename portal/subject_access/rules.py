"""Where an access request stands, and the words of its choices; ``steps`` is its step table. Law: law.md 2.2 to 2.5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg

UNDO_WITHDRAWAL = timedelta(days=7)
REOPEN_WITHIN_MONTHS = 12
PROOF_WAIT_DAYS = 30
"""How long to wait for proof of identity, with two reminders, before the request ends without it."""
CODE_LENGTH = 12
MOST_WRONG_CODES = 10
"""After so many wrong tries a collection code is void and the officer makes a new one."""
CLARIFY_WAIT_DAYS = 30
"""How long to wait for an answer before the search goes on without it (ICO: generally one month)."""


TARGET_DAYS, FILES_DAYS = range(14, 29), range(30, 91)
"""What a body may choose from. The law's day is never before the 28th day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Calendar days to answer in, and days for which a released file stays."""

    target_days: int = 28
    files_days: int = 90

    @property
    def files_kept(self) -> timedelta:
        """How long a released file can be collected, and what was found stays after that."""
        return timedelta(days=self.files_days)


USUAL = Terms()


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTITY_WAIT = "identity_wait"
    SCOPING = "scoping"
    CLARIFICATION_WAIT = "clarification_wait"
    SEARCHING = "searching"
    REDACTING = "redacting"
    SIGN_OFF = "sign_off"
    READY_TO_COLLECT = "ready_to_collect"
    DISCLOSED = "disclosed"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_VERIFIED = "not_verified"  # nobody showed who they are after two reminders; it can be revived
    REOPENED = "reopened"  # something is missing, says the requester: somebody else looks again
    CLOSED = "closed"


class Channel(StrEnum):
    """How a request reached the body: any words to anybody count."""

    PORTAL = "portal"
    EMAIL = "email"
    LETTER = "letter"
    SPOKEN = "spoken"
    PHONE = "phone"
    SOCIAL = "social"
    OTHER = "other"


class AnswerFormat(StrEnum):
    """In which form somebody wants their copy."""

    DOWNLOAD = "download"
    PAPER = "paper"
    LARGE_PRINT = "large_print"
    AUDIO = "audio"
    BRAILLE = "braille"
    IN_PERSON = "in_person"


class Given(StrEnum):
    """How the answer was given."""

    PORTAL = "portal"
    POST = "post"
    IN_PERSON = "in_person"
    OTHER = "other"


class IdentityCheck(StrEnum):
    """How somebody was recognised. No copy of any document is kept, only this word and the day."""

    KNOWN = "known"
    WORK_ADDRESS = "work_address"
    QUESTIONS = "questions"
    SEEN_IN_PERSON = "seen_in_person"
    DOCUMENT_SEEN = "document_seen"


class ExtensionGround(StrEnum):
    """Article 12A(3): nothing else is a ground; the amount of data alone is not."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


class RefusalGround(StrEnum):
    """Why a request is refused."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    EXEMPT = "exempt"


CHANNELS: Mapping[Channel, Message] = {
    Channel.PORTAL: pmsg("how a request came", "In this portal"),
    Channel.EMAIL: pmsg("how a request came", "By email"),
    Channel.LETTER: pmsg("how a request came", "In a letter"),
    Channel.SPOKEN: pmsg("how a request came", "In person, in words"),
    Channel.PHONE: pmsg("how a request came", "By telephone"),
    Channel.SOCIAL: pmsg("how a request came", "In a chat or on social media"),
    Channel.OTHER: pmsg("how a request came", "In another way"),
}
FORMATS: Mapping[AnswerFormat, Message] = {
    AnswerFormat.DOWNLOAD: pmsg("format of an answer", "A file to download from this portal"),
    AnswerFormat.PAPER: pmsg("format of an answer", "On paper"),
    AnswerFormat.LARGE_PRINT: pmsg("format of an answer", "In large print"),
    AnswerFormat.AUDIO: pmsg("format of an answer", "As an audio recording"),
    AnswerFormat.BRAILLE: pmsg("format of an answer", "In Braille"),
    AnswerFormat.IN_PERSON: pmsg("format of an answer", "Shown to me in person"),
}
GIVEN: Mapping[Given, Message] = {
    Given.PORTAL: pmsg("how an answer is given", "As a file in this portal"),
    Given.POST: pmsg("how an answer is given", "By post"),
    Given.IN_PERSON: pmsg("how an answer is given", "In person"),
    Given.OTHER: pmsg("how an answer is given", "In another way that they asked for"),
}
IDENTITY: Mapping[IdentityCheck, Message] = {
    IdentityCheck.KNOWN: pmsg("identity check", "Somebody who knows them confirmed who they are"),
    IdentityCheck.WORK_ADDRESS: pmsg("identity check", "They wrote from an address that we already had"),
    IdentityCheck.QUESTIONS: pmsg("identity check", "They answered questions that only they could answer"),
    IdentityCheck.SEEN_IN_PERSON: pmsg("identity check", "They came in person and showed their work card"),
    IdentityCheck.DOCUMENT_SEEN: pmsg("identity check", "They showed another document, because nothing less would do"),
}
EXTENSIONS: Mapping[ExtensionGround, Message] = {
    ExtensionGround.COMPLEXITY: pmsg("ground for more time", "The request is complex"),
    ExtensionGround.NUMBER: pmsg("ground for more time", "The number of requests from the same person"),
}
REFUSALS: Mapping[RefusalGround, Message] = {
    RefusalGround.UNFOUNDED: pmsg("ground for refusal", "The request is manifestly unfounded"),
    RefusalGround.EXCESSIVE: pmsg("ground for refusal", "The request is manifestly excessive"),
    RefusalGround.EXEMPT: pmsg("ground for refusal", "All of the data is covered by an exemption in law"),
}
STATES: Mapping[State, Message] = {
    State.RECEIVED: pmsg("state of an access request", "Received"),
    State.IDENTITY_WAIT: pmsg("state of an access request", "Waiting for proof of identity"),
    State.SCOPING: pmsg("state of an access request", "In progress"),
    State.CLARIFICATION_WAIT: pmsg("state of an access request", "Waiting for an answer"),
    State.SEARCHING: pmsg("state of an access request", "Searching"),
    State.REDACTING: pmsg("state of an access request", "Material being prepared"),
    State.SIGN_OFF: pmsg("state of an access request", "With the second person"),
    State.READY_TO_COLLECT: pmsg("state of an access request", "Ready to collect"),
    State.DISCLOSED: pmsg("state of an access request", "Answered with data"),
    State.NOTHING_HELD: pmsg("state of an access request", "Answered: nothing held"),
    State.REFUSED: pmsg("state of an access request", "Refused"),
    State.WITHDRAWN: pmsg("state of an access request", "Withdrawn"),
    State.NOT_VERIFIED: pmsg("state of an access request", "Ended without proof of identity"),
    State.REOPENED: pmsg("state of an access request", "Reopened"),
    State.CLOSED: pmsg("state of an access request", "Closed"),
}
NEXT: Mapping[State, Message] = {
    State.RECEIVED: msg("Start work"),
    State.IDENTITY_WAIT: msg("Wait for proof of identity"),
    State.SCOPING: msg("Send the search tasks"),
    State.CLARIFICATION_WAIT: msg("Wait for the answer, or go on without it"),
    State.SEARCHING: msg("Wait for the search tasks, or chase them"),
    State.REDACTING: msg("Decide on each item and take out what must go"),
    State.SIGN_OFF: msg("A second person approves or sends back"),
    State.READY_TO_COLLECT: msg("Wait until it is collected"),
    State.DISCLOSED: msg("Nothing more to do"),
    State.NOTHING_HELD: msg("Nothing more to do"),
    State.REFUSED: msg("Nothing more to do"),
    State.WITHDRAWN: msg("Nothing more to do"),
    State.NOT_VERIFIED: msg("Nothing more to do"),
    State.REOPENED: msg("Somebody else looks again"),
    State.CLOSED: msg("Nothing more to do"),
}
