"""One question a page, without a session and without script.

Every page posts to one address. It carries the answers of the other pages in hidden fields, the name of the question it
shows in ``step``, and what the person pressed in ``go``: nothing (on), ``back``, ``here`` (the same page in the other
language) or the name of a question to change. Nothing is stored before the last page is sent, and nothing that was
typed is lost on the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.web.fields import FieldBag
from portal.web.forms import Problems


@dataclass(frozen=True, slots=True)
class Question:
    """One page: its name, the fields it shows, and the check of what was typed there."""

    name: str
    fields: tuple[str, ...]
    check: Callable[[FieldBag, Problems], object]


class Page(StrEnum):
    """What comes next."""

    QUESTION = "question"
    CHECK = "check"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Next:
    """The page to show. ``returns`` means that it leads back to the check page."""

    page: Page
    question: Question | None = None
    number: int = 0
    total: int = 0
    problems: Problems | None = None
    returns: bool = False


def follow(fields: FieldBag, questions: Sequence[Question]) -> Next:
    """From what was posted to the next page. A skipped step, or an old page, leads to the first open question."""
    names = [question.name for question in questions]
    step, go = fields.one("step"), fields.one("go")
    if go in names:
        return _show(questions, names.index(go), returns=True)
    if go == "send":
        return _send(fields, questions)
    if step not in names:
        return Next(Page.CHECK) if go == "here" else _show(questions, 0)
    place = names.index(step)
    if go == "here":
        return _show(questions, place, returns=bool(fields.one("returns")))
    if go == "back":
        return Next(Page.CHECK) if fields.one("returns") else _show(questions, max(place - 1, 0))
    problems = problems_of(fields, questions[place])
    if problems:
        return _show(questions, place, problems=problems, returns=bool(fields.one("returns")))
    if fields.one("returns") or place + 1 == len(questions):
        return Next(Page.CHECK)
    return _show(questions, place + 1)


def first(questions: Sequence[Question]) -> Next:
    """The page that somebody begins with."""
    return _show(questions, 0)


def carried(fields: FieldBag, questions: Sequence[Question], *, besides: Question | None) -> Mapping[str, list[str]]:
    """The answers of every other page, for its hidden fields."""
    own = besides.fields if besides else ()
    return {
        name: fields.many(name)
        for question in questions
        for name in question.fields
        if name not in own and fields.many(name)
    }


def problems_of(fields: FieldBag, question: Question) -> Problems:
    """What is wrong with the answers of one page."""
    problems = Problems()
    question.check(fields, problems)
    return problems


def _send(fields: FieldBag, questions: Sequence[Question]) -> Next:
    for place, question in enumerate(questions):
        problems = problems_of(fields, question)
        if problems:
            return _show(questions, place, problems=problems, returns=True)
    return Next(Page.SEND)


def _show(
    questions: Sequence[Question], place: int, *, problems: Problems | None = None, returns: bool = False
) -> Next:
    return Next(Page.QUESTION, questions[place], place + 1, len(questions), problems, returns)
