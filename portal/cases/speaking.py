"""Who may follow a case, or speak in it, for the person whose case it is: what, which parts, and until when.

Nobody is asked where a representative works. Whoever reads a case at an employer would read a union membership in it,
which is special category data: a representative is a person with a name, whoever they work for (routing.md D5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.core.text import Message, pmsg

USUAL_MONTHS, MOST_MONTHS = 6, 12
MOST_NAMED = 5


class Scope(StrEnum):
    """What a representative may do."""

    FOLLOW = "follow"
    SPEAK = "speak"


class Shared(StrEnum):
    """A part of a case that its person shares. Where it stands, and until when, is always shared."""

    ASKED = "asked"
    HISTORY = "history"
    LETTERS = "letters"
    RECORDS = "records"  # of the decision: of a review alone
    OUTCOME = "outcome"


class Use(StrEnum):
    """What a representative did with their ten words."""

    OPENED = "opened"
    WROTE = "wrote"


class Work(StrEnum):
    """What a representative wrote or gave for the person."""

    ASKED = "asked"
    WORDS = "words"
    FILE = "file"
    CORRECTION = "correction"
    SIDE = "side"
    CLASS = "class"
    REMEDY = "remedy"
    AGAIN = "again"


class Standing(StrEnum):
    """Where the time of a representative stands on a day."""

    TO_COME = "to_come"
    LIVING = "living"
    OVER = "over"
    REVOKED = "revoked"


class Period(Protocol):
    """From a day until a day, both included, unless it was taken back."""

    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date: ...
    @property
    def revoked_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Of a kind of case: which parts each step of its timeline tells of, besides that it happened.

    A step that stands nowhere here is shown to nobody but whoever sees everything. With one of ``ending`` there is an
    outcome; from one of ``telling`` on the timeline speaks of it.
    """

    parts: Mapping[str, frozenset[Shared]]
    telling: frozenset[str]
    ending: frozenset[str]
    all_parts: frozenset[Shared]

    def may_show(self, step: str, parts: frozenset[Shared]) -> bool:
        """Whether a line of that step tells nothing that is not shared."""
        return self.parts.get(step, self.all_parts) <= parts


Steps = Collection[str]


def lines_of(plain: Steps, parts: Mapping[Shared, Steps], *, telling: Steps, ending: Steps) -> Lines:
    """The steps that tell of no part, and those of each."""
    told: dict[str, frozenset[Shared]] = dict.fromkeys(plain, frozenset())
    told |= {step: frozenset({part}) for part, steps in parts.items() for step in steps}
    return Lines(told, frozenset(telling), frozenset(ending), frozenset(Shared))


COMMON = (
    "open",
    "ask",
    "reply",
    "letter",
    "withdraw_question",
    "go_on",
    "withdraw",
    "undo_withdrawal",
    "assign_handler",
    "end_handler",
    "represented",
    "represented_on_paper",
    "asked_for",
    "authority_seen",
    "representative_ended",
    "representative_ended_here",
    "representative_over",
)
"""Steps of every kind of case that tell of no part."""

SCOPES: Mapping[Scope, Message] = {
    Scope.FOLLOW: pmsg("what a representative may do", "Follow it: read what is shared"),
    Scope.SPEAK: pmsg(
        "what a representative may do", "Speak: read what is shared, answer questions, write, add files and disagree"
    ),
}
SHARED: Mapping[Shared, Message] = {
    Shared.ASKED: pmsg("what a representative may see", "What was asked for, word for word"),
    Shared.HISTORY: pmsg("what a representative may see", "What has happened and when, line by line"),
    Shared.LETTERS: pmsg("what a representative may see", "The letters, questions and answers, word for word"),
    Shared.RECORDS: pmsg("what a representative may see", "The records of the decision, the worker’s side and papers"),
    Shared.OUTCOME: pmsg("what a representative may see", "The outcome, its reasons and what is put right"),
}
USES: Mapping[Use, Message] = {
    Use.OPENED: pmsg("what a representative did", "opened it"),
    Use.WROTE: pmsg("what a representative did", "wrote for you"),
}
STANDINGS: Mapping[Standing, Message] = {
    Standing.TO_COME: pmsg("time of a representative", "Not begun yet"),
    Standing.LIVING: pmsg("time of a representative", "Now"),
    Standing.OVER: pmsg("time of a representative", "Its time is over"),
    Standing.REVOKED: pmsg("time of a representative", "Taken back"),
}


def standing_of(period: Period, today: date) -> Standing:
    """Taken back comes before every day; the first and the last day are included."""
    if period.revoked_at is not None:
        return Standing.REVOKED
    if today < period.from_on:
        return Standing.TO_COME
    return Standing.LIVING if today <= period.until_on else Standing.OVER


def is_living(period: Period, today: date) -> bool:
    """Whether their ten words open anything on that day."""
    return standing_of(period, today) is Standing.LIVING
