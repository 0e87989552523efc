"""Finding systems in three steps, so that a register of 20,000 answers as one of 200 does.

How long is the list of each word or filter, counted up to a limit; which systems have all of them, up to a limit, begun
with the shortest list; and one page of them in the alphabet of the language. Where the shortest list is long, the page
is read along the alphabet instead, and soon full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, write_cursor
from portal.core.text import Locale
from portal.directory.models import Body
from portal.register.finding.models import SystemListing, SystemSearchWord
from portal.register.finding.rules import Asked, Sought
from portal.register.models import System, SystemVersion
from portal.register.queries import place_of
from portal.register.rules import SystemState

MOST_COUNTED = 100
"""Systems are counted up to here; a list says of more only that there are more."""
SHORT_LIST = 700
"""A list of so many systems is put in order as a whole; a longer one is met often enough along the alphabet."""

_WORDS, _LISTED, _SYSTEMS = SystemSearchWord.__table__, SystemListing.__table__, System.__table__
Shape = tuple[str, ...]
"""What a statement is built of, a sign for each: ``in`` words, ``begun3`` three beginnings, ``state`` or ``body``."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of everything published."""

    short_code: str
    name: str
    one_sentence: str
    responsible: str
    body: str
    state: SystemState
    published_on: date


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. ``count`` is exact unless ``has_more``, which means: more than so many."""

    cut: Cut[Listed]
    count: int
    has_more: bool


def find_systems(session: Session, locale: Locale, asked: Asked, *, cursor: str | None = None) -> Found:
    """The published systems that have everything that was asked for, in the alphabet of the language."""
    shape, values = _conditions(asked)
    connection = session.connection()
    sizes = connection.execute(_sizes(shape), values).one() if shape else (0,)
    lead = min(range(len(sizes)), key=lambda place: sizes[place])
    ids = connection.scalars(_some(shape, lead), values).all()
    if len(ids) > MOST_COUNTED:
        way = "lead" if shape and sizes[lead] <= SHORT_LIST else "alphabet"
    else:
        way, shape, values = "these", (), {"ids": list(ids)}
    after = place_of(cursor)
    if after is not None:
        values = {**values, "sort": after[0], "after": after[1]}
    rows = connection.execute(_page(locale, shape, lead, way, after is not None), values).all()
    return Found(_cut(rows), min(len(ids), MOST_COUNTED), len(ids) > MOST_COUNTED)


def _cut(rows: Sequence[Any]) -> Cut[Listed]:
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Cut([Listed(*row[:7]) for row in rows[:PAGE]], write_cursor(last[7].hex(), last[8]) if last else None)


def _conditions(asked: Asked) -> tuple[Shape, dict[str, Any]]:
    """The shape of a search and the values that go into it."""
    shape: list[str] = []
    values: dict[str, Any] = {}
    for place, sought in enumerate(asked.sought()):
        shape.append(f"begun{len(sought.forms)}" if sought.is_begun else "in")
        values |= _values(place, sought)
    if asked.bodies is not None:
        shape.append("body")
        values["bodies"] = list(asked.bodies)
    if asked.state is not None:
        shape.append("state")
        values["state"] = asked.state.value
    return tuple(shape), values


def _values(place: int, sought: Sought) -> dict[str, Any]:
    if not sought.is_begun:
        return {f"words{place}": list(sought.forms)}
    values = {}
    for number, form in enumerate(sought.forms):
        values[f"from{place}_{number}"] = form
        values[f"to{place}_{number}"] = form[:-1] + chr(ord(form[-1]) + 1)
    return values


def _holds(kind: str, place: int, table: Any) -> ColumnElement[bool]:
    """One condition on the rows of its own table."""
    column = table.c
    if kind == "body":
        return and_(column.body_id.in_(bindparam("bodies", expanding=True)), column.current_number.is_not(None))
    if kind == "state":
        is_so = type_coerce(column.state, String) == bindparam("state")
        return and_(is_so, column.current_number.is_not(None))
    if kind == "in":
        return and_(column.word.in_(bindparam(f"words{place}", expanding=True)))
    count = int(kind.removeprefix("begun"))
    starts = [
        and_(column.word >= bindparam(f"from{place}_{number}"), column.word < bindparam(f"to{place}_{number}"))
        for number in range(count)
    ]
    return or_(*starts)


def _list(kind: str, place: int) -> Select[Any]:
    """The systems of one condition; of a word that stands there in several forms, once for each."""
    if kind in {"body", "state"}:
        table = _SYSTEMS.alias()
        return select(table.c.id.label("system_id")).where(_holds(kind, place, table))
    words = _WORDS.alias()
    return select(words.c.system_id).where(_holds(kind, place, words))


def _also(kind: str, place: int, system_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The same condition, asked of one system."""
    if kind in {"body", "state"}:
        table = _SYSTEMS.alias()
        return exists().where(table.c.id == system_id, _holds(kind, place, table))
    words = _WORDS.alias()
    return exists().where(words.c.system_id == system_id, _holds(kind, place, words))


def _led(shape: Shape, lead: int) -> tuple[Subquery, list[ColumnElement[bool]]]:
    """The list to begin with, each system once, and what must hold besides."""
    led = _list(shape[lead], lead).distinct().subquery()
    return led, [_also(kind, place, led.c.system_id) for place, kind in enumerate(shape) if place != lead]


@cache
def _sizes(shape: Shape) -> Select[Any]:
    """How long the list of each condition is, counted as far as it matters."""
    counted = [
        select(func.count()).select_from(_list(kind, place).limit(SHORT_LIST + 1).subquery()).scalar_subquery()
        for place, kind in enumerate(shape)
    ]
    return select(*counted)


@cache
def _some(shape: Shape, lead: int) -> Select[Any]:
    """Systems that have everything, no more than are counted."""
    if not shape:
        return select(_LISTED.c.system_id).limit(MOST_COUNTED + 1)
    led, also = _led(shape, lead)
    return select(led.c.system_id).where(*also).limit(MOST_COUNTED + 1)


@cache
def _page(locale: Locale, shape: Shape, lead: int, way: str, goes_on: bool) -> Select[Any]:
    """One page: of systems known by id, of a short list put in order, or met along the alphabet."""
    sort = _LISTED.c[f"sort_{locale}"]
    source: Any = _LISTED
    wanted: list[ColumnElement[bool]] = []
    if way == "these":
        wanted.append(_LISTED.c.system_id.in_(bindparam("ids", expanding=True)))
    elif way == "lead":
        led, wanted = _led(shape, lead)
        source = led.join(_LISTED, _LISTED.c.system_id == led.c.system_id)
    else:
        wanted += [_also(kind, place, _LISTED.c.system_id) for place, kind in enumerate(shape)]
    if goes_on:
        wanted.append(
            tuple_(sort, _LISTED.c.system_id) > tuple_(bindparam("sort", type_=sort.type), bindparam("after"))
        )
    page = (
        select(_LISTED.c.system_id, _LISTED.c.version_id, sort.label("sort"))
        .select_from(source)
        .where(*wanted)
        .order_by(sort, _LISTED.c.system_id)
        .limit(PAGE + 1)
        .subquery()
    )
    return _shown(locale, page)


def _shown(locale: Locale, page: Subquery) -> Select[Any]:
    system, version, body = _SYSTEMS.c, SystemVersion.__table__.c, Body.__table__.c
    return (
        select(
            system.short_code,
            version[f"name_{locale}"],
            version[f"one_sentence_{locale}"],
            version[f"responsible_{locale}"],
            body[f"name_{locale}"],
            system.state,
            version.published_on,
            page.c.sort,
            page.c.system_id,
        )
        .select_from(page)
        .join(_SYSTEMS, system.id == page.c.system_id)
        .join(SystemVersion.__table__, version.id == page.c.version_id)
        .join(Body.__table__, body.id == system.body_id)
        .order_by(page.c.sort, page.c.system_id)
    )
