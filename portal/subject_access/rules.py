"""The step table of an access request, and the words of its choices. Law: law.md sections 2.2 to 2.5."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from portal.cases.rules import Relation, Step, Steps, steps_of
from portal.core.text import Message, msg, pmsg
from portal.timelimits.events import EventKind

KEPT_FOR = timedelta(days=90)
"""How long a released file can be collected; then the sweep removes it."""
CODE_LENGTH = 12
MOST_WRONG_CODES = 10
"""After so many wrong tries a collection code is void and the officer makes a new one."""
CLARIFY_WAIT_DAYS = 30
"""How long to wait for an answer before the search goes on without it (ICO: generally one month)."""


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTITY_WAIT = "identity_wait"
    SCOPING = "scoping"
    CLARIFICATION_WAIT = "clarification_wait"
    SEARCHING = "searching"
    DISCLOSED = "disclosed"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


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
    State.DISCLOSED: pmsg("state of an access request", "Answered with data"),
    State.NOTHING_HELD: pmsg("state of an access request", "Answered: nothing held"),
    State.REFUSED: pmsg("state of an access request", "Refused"),
    State.WITHDRAWN: pmsg("state of an access request", "Withdrawn"),
}
NEXT: Mapping[State, Message] = {
    State.RECEIVED: msg("Start work"),
    State.IDENTITY_WAIT: msg("Wait for proof of identity"),
    State.SCOPING: msg("Find the data"),
    State.CLARIFICATION_WAIT: msg("Wait for the answer, or go on without it"),
    State.SEARCHING: msg("Find the data"),
    State.DISCLOSED: msg("Nothing more to do"),
    State.NOTHING_HELD: msg("Nothing more to do"),
    State.REFUSED: msg("Nothing more to do"),
    State.WITHDRAWN: msg("Nothing more to do"),
}

_OFFICER = frozenset({Relation.OFFICER})
_ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
_WORKING = frozenset({State.SCOPING.value, State.SEARCHING.value})
_BEGUN = _WORKING | {State.RECEIVED.value}
_UNFINISHED = _BEGUN | {State.CLARIFICATION_WAIT.value, State.IDENTITY_WAIT.value}
_ASKED = frozenset({State.CLARIFICATION_WAIT.value})
_DOUBTED = frozenset({State.IDENTITY_WAIT.value})


def _step(
    name: str, froms: frozenset[str], to: State, said: Message, label: Message, clock: EventKind | None = None
) -> Step:
    return Step(name, froms, to.value, _OFFICER, said, label, clock)


STEPS: Steps = steps_of(
    _step(
        "start", frozenset({State.RECEIVED.value}), State.SCOPING, msg("The work began"), pmsg("button", "Start work")
    ),
    _step(
        "clarify",
        _WORKING,
        State.CLARIFICATION_WAIT,
        msg("A question was asked"),
        pmsg("button", "Ask what information is wanted"),
    ),
    Step(
        "answer",
        _ASKED,
        State.SCOPING.value,
        _ASKING | _OFFICER,
        msg("An answer came in"),
        pmsg("button", "Write down an answer that came another way"),
    ),
    _step(
        "go_on",
        _ASKED,
        State.SEARCHING,
        msg("The work went on without an answer"),
        pmsg("button", "Go on without an answer"),
    ),
    _step(
        "take_back", _ASKED, State.SCOPING, msg("The question was taken back"), pmsg("button", "Take the question back")
    ),
    _step(
        "doubt",
        _BEGUN,
        State.IDENTITY_WAIT,
        msg("Proof of identity was asked for"),
        pmsg("button", "Ask for proof of identity"),
    ),
    _step(
        "identity",
        _DOUBTED,
        State.SCOPING,
        msg("Proof of identity was received"),
        pmsg("button", "Write down that identity was shown"),
    ),
    _step(
        "no_doubt",
        _DOUBTED,
        State.SCOPING,
        msg("Proof of identity is no longer needed"),
        pmsg("button", "Go on without proof of identity"),
    ),
    _step(
        "disclose",
        _WORKING,
        State.DISCLOSED,
        msg("The data was released"),
        pmsg("button", "Release the data"),
        EventKind.FINISHED,
    ),
    _step(
        "nothing_held",
        _WORKING,
        State.NOTHING_HELD,
        msg("Nothing was found"),
        pmsg("button", "Answer that nothing is held"),
        EventKind.FINISHED,
    ),
    _step(
        "refuse",
        _WORKING,
        State.REFUSED,
        msg("The request was refused"),
        pmsg("button", "Refuse the request"),
        EventKind.FINISHED,
    ),
    Step(
        "withdraw",
        _UNFINISHED,
        State.WITHDRAWN.value,
        _ASKING,
        msg("The request was withdrawn"),
        pmsg("button", "Withdraw my request"),
        EventKind.FINISHED,
    ),
)


def extend_step(state: str) -> Step:
    """More time changes no state, so it is a step from each unfinished state to itself."""
    froms = frozenset({state}) & _UNFINISHED
    said, label = msg("The time was extended"), pmsg("button", "Take two more months")
    return Step("extend", froms, state, _OFFICER, said, label)


def steps_for(state: str) -> Steps:
    """The whole table as it stands for a case in this state."""
    return {**STEPS, "extend": extend_step(state)}
