"""A case as a representative sees it: each line and each word belongs to a part, and what is not shared tells nothing.

Where the outcome is not shared, the page stands as it stood before there was one, save that it was answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.cases.representing import Represented
from portal.cases.rules import MessageKind
from portal.cases.speaking import Lines, Shared
from portal.cases.standing_in import has_unseen_answer
from portal.cases.status import ANSWERED, status_of
from portal.cases.turn import Desk
from portal.cases.view import CaseView, OpenQuestion, TimelineEntry, view_case
from portal.core.text import Locale, Message, Words, pmsg

SAID: Mapping[MessageKind, Message] = {
    MessageKind.QUESTION: pmsg("words in a request", "A question"),
    MessageKind.REPLY: pmsg("words in a request", "An answer"),
    MessageKind.LETTER: pmsg("words in a request", "A letter"),
}


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One line as shared: the words alone, the line alone, or both."""

    at: datetime
    role: Message
    said: Message
    words: Words | None
    lang: Locale | None


@dataclass(frozen=True, slots=True)
class SharedView:
    """What a page for a representative shows of the case itself."""

    reference: str
    status: Message
    received_on: date
    due_on: date | None
    is_open: bool
    hides_outcome: bool
    lines: tuple[SharedLine, ...]
    questions: tuple[OpenQuestion, ...]


def view_shared(session: Session, held: Represented, lines: Lines, *, desk: Desk) -> SharedView:
    """Gather it. Nothing of a part that is not shared is in what this gives."""
    view = view_case(session, held.case, desk=desk, for_requester=True)
    return share(view, held, lines, is_hidden=has_unseen_answer(session, held, lines))


def share(view: CaseView, held: Represented, lines: Lines, *, is_hidden: bool) -> SharedView:
    """The same of a case that was gathered; ``is_hidden``: it was answered, and the answer is not shared."""
    is_open = view.is_open and not is_hidden
    return SharedView(
        reference=view.reference,
        status=ANSWERED if is_hidden else status_of(view.state, has_question=bool(view.open_questions)),
        received_on=view.received_on,
        due_on=view.due_on if is_open else None,
        is_open=is_open,
        hides_outcome=Shared.OUTCOME not in held.parts,
        lines=tuple(_lines(view.timeline, held.parts, lines)),
        questions=view.open_questions if held.may_speak and not is_hidden else (),
    )


def _lines(timeline: tuple[TimelineEntry, ...], parts: frozenset[Shared], lines: Lines) -> Iterator[SharedLine]:
    for one in _until_told(timeline, parts, lines):
        if not lines.may_show(one.step, parts):
            continue
        words = one.words if Shared.LETTERS in parts else None
        if Shared.HISTORY in parts:
            yield SharedLine(one.at, one.role, one.said, words, one.lang if words else None)
        elif words is not None and one.kind is not None:
            yield SharedLine(one.at, one.role, SAID[one.kind], words, one.lang)


def _until_told(
    timeline: tuple[TimelineEntry, ...], parts: frozenset[Shared], lines: Lines
) -> tuple[TimelineEntry, ...]:
    """Latest first, as it came; without the outcome, only what was before anything told of it."""
    if Shared.OUTCOME in parts:
        return timeline
    told = [at for at, one in enumerate(timeline) if one.step in lines.telling]
    return timeline[told[-1] + 1 :] if told else timeline
