"""Reads of questions about tools: what everybody may know, and what waits at the desk of the register's office."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, write_cursor
from portal.core.text import Bilingual
from portal.core.vault import Vault
from portal.directory.models import Body
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.corrections.queries import place_of
from portal.register.models import System, SystemVersion
from portal.register.queries import IS_CURRENT
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.rules import Account

SECOND = (RoleName.REGISTER_EDITOR, RoleName.DATA_PROTECTION_OFFICER)
"""Who may be the second person of an answer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its employer, and the entry that answers it."""

    row: ToolQuestion
    body: Bilingual
    slug: str
    short_code: str | None
    system: Bilingual | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What everybody may know of one employer's questions, or of all of them."""

    open: int = 0
    overdue: int = 0
    answered: int = 0


def tally(session: Session, body_id: str | None, *, today: date) -> Tally:
    """How many are open, how many of these late, and how many answered."""
    is_open = ToolQuestion.answered_on.is_(None)
    asked = select(
        func.count().filter(is_open),
        func.count().filter(is_open, ToolQuestion.due_on < today),
        func.count().filter(~is_open),
    ).where(_is_shown(today), *_of(body_id))
    return Tally(*session.execute(asked).one())


def list_open(session: Session, body_id: str | None, *, today: date, cursor: str | None = None) -> Cut[Line]:
    """What is being looked into, the first due first: for everybody from the day after it came."""
    asked = _joined().where(ToolQuestion.answered_on.is_(None), _is_shown(today), *_of(body_id))
    return _by_due(session, asked, cursor)


def list_answered(session: Session, body_id: str | None, *, cursor: str | None = None) -> Cut[Line]:
    """What was answered, newest first."""
    return _by_answer(session, _joined().where(ToolQuestion.answered_on.is_not(None), *_of(body_id)), cursor)


def list_at_desk(
    session: Session, actor: Actor, *, today: date, answered: bool, cursor: str | None = None
) -> Cut[Line]:
    """The same for the bodies in whose register's office somebody works, or whose answers they read as the second."""
    asked = _joined().where(ToolQuestion.body_id.in_(sorted(bodies_of(actor))))
    if answered:
        return _by_answer(session, asked.where(ToolQuestion.answered_on.is_not(None)), cursor)
    return _by_due(session, asked.where(ToolQuestion.answered_on.is_(None), _is_shown(today)), cursor)


def count_at_desk(session: Session, actor: Actor, *, today: date) -> tuple[int, int]:
    """How many wait, and how many of these are late."""
    late = func.count().filter(ToolQuestion.due_on < today)
    asked = select(func.count(), late).where(
        ToolQuestion.answered_on.is_(None), _is_shown(today), ToolQuestion.body_id.in_(sorted(bodies_of(actor)))
    )
    waiting, overdue = session.execute(asked).one()
    return waiting, overdue


def get_at_desk(session: Session, actor: Actor, question_id: str, *, today: date) -> Line:
    """One question; NotFound for everybody else, and before the day on which it is seen."""
    asked = _joined().where(
        ToolQuestion.id == question_id, _is_shown(today), ToolQuestion.body_id.in_(sorted(bodies_of(actor)))
    )
    found = _read(session, asked)
    if not found:
        raise NotFound
    return found[0]


def bodies_of(actor: Actor) -> Collection[str]:
    return actor.bodies_where(*SECOND)


def account_of(vault: Vault, question: ToolQuestion) -> Account | None:
    """What was told; None once it has been answered."""
    if question.sealed is None:
        return None
    return Account(**json.loads(vault.open_words(question.sealed, context=told_context(question.id)).reveal()))


def seen_mark(question: ToolQuestion) -> str:
    """What an answer is recognised by, so that the second person says yes to what they read and to nothing else."""
    parts = (question.asked_cy, question.asked_en, question.finding, question.reason, question.system_id)
    whole = json.dumps([*parts, question.answer_cy, question.answer_en, question.answered_by])
    return hashlib.sha256(whole.encode()).hexdigest()


def told_context(question_id: str) -> str:
    """Where a sealed account belongs, for the vault."""
    return f"tool_questions.sealed:{question_id}"


def contact_context(question_id: str) -> str:
    """Where a sealed address belongs, for the vault."""
    return f"tool_questions.contact:{question_id}"


Joined = Select[ToolQuestion, str, str, str, str, str, str]


def _joined() -> Joined:
    return (
        select(
            ToolQuestion,
            Body.name_cy,
            Body.name_en,
            Body.slug,
            System.short_code,
            SystemVersion.name_cy,
            SystemVersion.name_en,
        )
        .join(Body, Body.id == ToolQuestion.body_id)
        .outerjoin(System, System.id == ToolQuestion.system_id)
        .outerjoin(SystemVersion, IS_CURRENT)
    )


def _is_shown(today: date) -> ColumnElement[bool]:
    """From the day after it came: nobody who looks again learns its hour."""
    return ToolQuestion.received_on < today


def _of(body_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return (ToolQuestion.body_id == body_id,) if body_id else ()


def _by_due(session: Session, asked: Joined, cursor: str | None) -> Cut[Line]:
    place = place_of(cursor)
    if place is not None:
        asked = asked.where(tuple_(ToolQuestion.due_on, ToolQuestion.id) > tuple_(*place))
    rows = _read(session, asked.order_by(ToolQuestion.due_on, ToolQuestion.id).limit(PAGE + 1))
    last = rows[PAGE - 1].row if len(rows) > PAGE else None
    return Cut(rows[:PAGE], write_cursor(last.due_on.isoformat(), last.id) if last else None)


def _by_answer(session: Session, asked: Joined, cursor: str | None) -> Cut[Line]:
    place = place_of(cursor)
    if place is not None:
        asked = asked.where(tuple_(ToolQuestion.answered_on, ToolQuestion.id) < tuple_(*place))
    order = (ToolQuestion.answered_on.desc(), ToolQuestion.id.desc())
    rows = _read(session, asked.order_by(*order).limit(PAGE + 1))
    last = rows[PAGE - 1].row if len(rows) > PAGE else None
    at = last.answered_on.isoformat() if last is not None and last.answered_on is not None else ""
    return Cut(rows[:PAGE], write_cursor(at, last.id) if last else None)


def _read(session: Session, asked: Joined) -> list[Line]:
    return [
        Line(row, Bilingual(cy, en), slug, code, Bilingual(name_cy, name_en) if code else None)
        for row, cy, en, slug, code, name_cy, name_en in session.execute(asked)
    ]
