"""The list of everything as it stood on a day gone by: what was in force then, searched as today by its own words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, write_cursor
from portal.core.text import Locale
from portal.directory.models import Body, Union, UnionBranch
from portal.register import past
from portal.register.finding.kept_words import against_mark
from portal.register.finding.queries import Found, Listed
from portal.register.finding.rules import DISPUTED, Asked, Sought
from portal.register.models import System, SystemVersion
from portal.register.positions import UnionStatement, newest_statements
from portal.register.queries import place_of
from portal.register.rules import Position, SystemState

MOST_COUNTED = 100
"""Systems of a day gone by are counted up to here; the list says of more only that there are more."""

_SYSTEM, _VERSION, _BODY = System.__table__.c, SystemVersion.__table__.c, Body.__table__.c


def find_systems_on(session: Session, locale: Locale, asked: Asked, day: date, *, cursor: str | None = None) -> Found:
    """The systems that were published by a day and had then what is asked for, in the alphabet of the language."""
    connection = session.connection()
    sort = _VERSION[f"sort_{locale}"]
    asks = _narrowed(session, _lines(locale, day), asked, day).order_by(sort, _VERSION.id)
    counted = connection.execute(asks.limit(MOST_COUNTED + 1)).all()
    rows, count, after = counted[: PAGE + 1], len(counted), place_of(cursor)
    if after is not None:
        later = tuple_(sort, _VERSION.id) > tuple_(bindparam("place", after[0], LargeBinary), after[1])
        rows = connection.execute(asks.where(later).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    following = write_cursor(shown[-1].sort.hex(), shown[-1].id) if len(rows) > PAGE else None
    lines = [
        Listed(one.short_code, one.name, one.sentence, one.responsible, one.body, SystemState(one.state), one.day)
        for one in shown
    ]
    return Found(Cut(lines, following), min(count, MOST_COUNTED), count > MOST_COUNTED)


def _lines(locale: Locale, day: date) -> Select[Any]:
    """Every system that was published by a day, in the version and the state of that day."""
    return (
        select(
            _VERSION.id,
            _VERSION[f"sort_{locale}"].label("sort"),
            _SYSTEM.short_code,
            _VERSION[f"name_{locale}"].label("name"),
            _VERSION[f"one_sentence_{locale}"].label("sentence"),
            _VERSION[f"responsible_{locale}"].label("responsible"),
            _BODY[f"name_{locale}"].label("body"),
            past.state_on(_SYSTEM.id, _VERSION.state, day).label("state"),
            _VERSION.published_on.label("day"),
        )
        .select_from(System.__table__)
        .join(SystemVersion.__table__, past.version_on(day))
        .join(Body.__table__, _BODY.id == _SYSTEM.body_id)
    )


def _narrowed(session: Session, asks: Select[Any], asked: Asked, day: date) -> Select[Any]:
    for sought in asked.told():
        asks = asks.where(_disputed(session, day) if DISPUTED in sought.forms else _has(sought))
    if asked.state is not None:
        asks = asks.where(past.state_on(_SYSTEM.id, _VERSION.state, day) == asked.state.value)
    if asked.bodies is not None:
        asks = asks.where(_SYSTEM.body_id.in_(asked.bodies))
    return asks


def _has(sought: Sought) -> ColumnElement[bool]:
    end = "" if sought.is_begun else " "
    return has_any(f" {form}{end}" for form in sought.forms)


def has_any(parts: Iterable[str]) -> ColumnElement[bool]:
    """That a version's kept words have one of these parts."""
    return or_(*(_VERSION.words.contains(part, autoescape=True) for part in parts))


def _disputed(session: Session, day: date) -> ColumnElement[bool]:
    """That a union had said by then that it does not agree: as its branch signed, else as the version tells."""
    newest = newest_statements(on=day)
    signed = select(newest.c.system_id).where(newest.c.position == Position.NOT_AGREED)
    tests: list[ColumnElement[bool]] = [_SYSTEM.id.in_(signed)]
    for union in session.scalars(select(Union.slug).order_by(Union.slug)):
        spoken = (
            select(UnionStatement.system_id)
            .join(UnionBranch, UnionBranch.id == UnionStatement.branch_id)
            .join(Union, Union.id == UnionBranch.union_id)
            .where(Union.slug == union, UnionStatement.signed_on <= day)
        )
        tests.append(has_any([f" {against_mark(union)} "]) & _SYSTEM.id.not_in(spoken))
    return or_(*tests)
