"""Reads of corrections: how many and what was answered, for everybody; what waits, for the editor; one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual, Words
from portal.core.vault import Vault
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.corrections.models import Correction
from portal.register.models import System, SystemVersion
from portal.register.queries import IS_CURRENT


@dataclass(frozen=True, slots=True)
class Tally:
    """What everybody may know of a system's corrections."""

    asked: int = 0
    answered: int = 0
    last_answered_on: date | None = None
    overdue_since: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the editor's list or of one's own."""

    row: Correction
    short_code: str
    name: Bilingual
    body_id: str


def tally(session: Session, system_id: str, *, today: date) -> Tally:
    """How many corrections were asked for, how many answered, and since when one is late."""
    asked = select(
        func.count(),
        func.count(Correction.answered_on),
        func.max(Correction.answered_on),
        func.min(Correction.due_on).filter(Correction.answered_on.is_(None), Correction.due_on < today),
    ).where(Correction.system_id == system_id, _is_shown(today))
    return Tally(*session.execute(asked).one())


def find_last_answer(session: Session, system_id: str) -> Correction | None:
    """The newest published answer of a system."""
    asked = select(Correction).where(Correction.system_id == system_id, Correction.answered_on.is_not(None))
    return session.scalars(asked.order_by(Correction.answered_on.desc(), Correction.id.desc()).limit(1)).first()


def list_answers(session: Session, system_id: str, *, cursor: str | None = None) -> Cut[Correction]:
    """The published answers of a system, newest first."""
    asked = select(Correction).where(Correction.system_id == system_id, Correction.answered_on.is_not(None))
    place = place_of(cursor)
    if place is not None:
        asked = asked.where(tuple_(Correction.answered_on, Correction.id) < tuple_(*place))
    order = (Correction.answered_on.desc(), Correction.id.desc())
    rows = session.scalars(asked.order_by(*order).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    at = last.answered_on.isoformat() if last is not None and last.answered_on is not None else ""
    return Cut(rows[:PAGE], write_cursor(at, last.id) if last else None)


def list_waiting(session: Session, actor: Actor, *, today: date, cursor: str | None = None) -> Cut[Waiting]:
    """What an editor has still to answer, the first due first."""
    asked = _for_editor(actor).where(Correction.answered_on.is_(None), _is_shown(today))
    place = place_of(cursor)
    if place is not None:
        asked = asked.where(tuple_(Correction.due_on, Correction.id) > tuple_(*place))
    rows = _read(session, asked.order_by(Correction.due_on, Correction.id).limit(PAGE + 1))
    last = rows[PAGE - 1].row if len(rows) > PAGE else None
    return Cut(rows[:PAGE], write_cursor(last.due_on.isoformat(), last.id) if last else None)


def list_done(session: Session, actor: Actor, *, cursor: str | None = None) -> Cut[Waiting]:
    """What the editor's bodies answered, newest first."""
    asked = _for_editor(actor).where(Correction.answered_on.is_not(None))
    place = place_of(cursor)
    if place is not None:
        asked = asked.where(tuple_(Correction.answered_on, Correction.id) < tuple_(*place))
    rows = _read(session, asked.order_by(Correction.answered_on.desc(), Correction.id.desc()).limit(PAGE + 1))
    last = rows[PAGE - 1].row if len(rows) > PAGE else None
    at = last.answered_on.isoformat() if last is not None and last.answered_on is not None else ""
    return Cut(rows[:PAGE], write_cursor(at, last.id) if last else None)


def count_waiting(session: Session, actor: Actor, *, today: date) -> tuple[int, int]:
    """How many wait for an editor, and how many of these are late."""
    late = func.count().filter(Correction.due_on < today)
    asked = _for_editor(actor).where(Correction.answered_on.is_(None), _is_shown(today))
    waiting, overdue = session.execute(asked.with_only_columns(func.count(), late)).one()
    return waiting, overdue


def get_for_editor(session: Session, actor: Actor, correction_id: str) -> Waiting:
    """One correction of a body whose register the actor edits; NotFound for everybody else."""
    rows = _read(session, _for_editor(actor).where(Correction.id == correction_id))
    if not rows:
        raise NotFound
    return rows[0]


def list_own(session: Session, account_id: str) -> Sequence[Waiting]:
    """What somebody asked for with their account, newest first: the last page of it."""
    asked = _joined().where(Correction.account_id == account_id)
    return _read(session, asked.order_by(Correction.received_on.desc(), Correction.id).limit(PAGE))


def text_of(vault: Vault, correction: Correction) -> Words | None:
    """What was written; None once it has been answered."""
    if correction.sealed is None:
        return None
    return vault.open_words(correction.sealed, context=text_context(correction.id))


def text_context(correction_id: str) -> str:
    """Where a sealed text belongs, for the vault."""
    return f"register_corrections.sealed:{correction_id}"


Joined = Select[Correction, str, str, str, str]


def _joined() -> Joined:
    return (
        select(Correction, System.short_code, SystemVersion.name_cy, SystemVersion.name_en, System.body_id)
        .join(System, System.id == Correction.system_id)
        .join(SystemVersion, IS_CURRENT)
    )


def _is_shown(today: date) -> ColumnElement[bool]:
    """What came without an account is seen from the day after: nobody who looks again learns its hour."""
    return or_(Correction.account_id.is_not(None), Correction.received_on < today, Correction.answered_on.is_not(None))


def _for_editor(actor: Actor) -> Joined:
    return _joined().where(System.body_id.in_(sorted(actor.bodies_where(RoleName.REGISTER_EDITOR))))


def _read(session: Session, asked: Joined) -> list[Waiting]:
    return [
        Waiting(row, short_code, Bilingual(name_cy, name_en), body_id)
        for row, short_code, name_cy, name_en, body_id in session.execute(asked)
    ]


def place_of(cursor: str | None) -> tuple[date, str] | None:
    """The day and the id after which the next page of such a list begins."""
    values = read_cursor(cursor, 2)
    if values is None:
        return None
    try:
        return date.fromisoformat(str(values[0])), str(values[1])
    except ValueError:
        return None
