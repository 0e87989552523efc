"""Finding systems so that a register of 20,000 answers as one of 200 does.

A word that is only begun is first replaced by the words that begin so. How long is the list of each condition is
counted up to a limit, and so are the systems that have everything, begun with the shortest list. A page is then read
off that list, which is in the order of the alphabet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
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
MOST_FORMS = 40
"""A beginning that more words share is looked for as a beginning."""
EVERYTHING = 2**31 - 1
LONG_LIST = 1_000
"""Of lists that are longer than this it does not matter which is the shortest."""

_WORDS, _LISTED, _SYSTEMS = SystemSearchWord.__table__, SystemListing.__table__, System.__table__


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


Shape = tuple[str, ...]
"""What a statement is built of, a sign for each condition: ``in`` words, or ``begun3`` three beginnings."""
Places = Sequence[tuple[bytes, str]]
"""Systems by place in the alphabet and id."""


def find_systems(session: Session, locale: Locale, asked: Asked, *, cursor: str | None = None) -> Found:
    """The published systems that have everything that was asked for, in the alphabet of the language."""
    connection = session.connection()
    sought = [_whole(connection, one) for one in asked.sought()]
    shape, values = tuple(_sign(one) for one in sought), _values(sought)
    lead = _shortest(connection, shape, values)
    ids = _counted(connection, _some(shape, lead), values, len(sought[lead].forms) if sought else 1)
    if not ids:
        return Found(Cut([], None), 0, False)
    has_more = len(ids) > MOST_COUNTED
    after = place_of(cursor)
    if after is not None:
        values |= {"place": after[0], "after": after[1]}
    if not has_more:
        places = connection.execute(_these(locale, after is not None), {**values, "ids": list(ids)}).all()
    elif not shape or sought[lead].is_begun or len(sought[lead].forms) > MOST_FORMS:
        places = connection.execute(_along(locale, shape, after is not None), values).all()
    else:
        forms = sought[lead].forms
        values |= {f"form{number}": form for number, form in enumerate(forms)}
        asks = _merged(locale, shape, lead, len(forms), after is not None)
        places = connection.execute(asks, values).all()
    return Found(_cut(connection, locale, places), min(len(ids), MOST_COUNTED), has_more)


def _whole(connection: Connection, sought: Sought) -> Sought:
    """A word begun as the words that begin so; as it is where they are too many."""
    if not sought.is_begun:
        return sought
    found: set[str] = set()
    for beginning in sought.forms:
        found.update(connection.scalars(_ENDINGS, {"begins": beginning, "ends": _next(beginning)}))
    return sought if len(found) > MOST_FORMS else Sought(tuple(sorted(found)))


def _next(beginning: str) -> str:
    """The first text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _sign(sought: Sought) -> str:
    return f"begun{len(sought.forms)}" if sought.is_begun else "in"


def _values(conditions: Sequence[Sought]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, sought in enumerate(conditions):
        if not sought.is_begun:
            values[f"words{place}"] = list(sought.forms)
            continue
        for number, form in enumerate(sought.forms):
            values |= {f"from{place}_{number}": form, f"to{place}_{number}": _next(form)}
    return values


def _shortest(connection: Connection, shape: Shape, values: dict[str, Any]) -> int:
    """The condition with the shortest list."""
    if len(shape) < 2:
        return 0
    sizes = connection.execute(_sizes(shape), values).one()
    return min(range(len(shape)), key=lambda place: (sizes[place], shape[place] != "in"))


def _counted(connection: Connection, asks: Select[Any], values: dict[str, Any], forms: int) -> list[str]:
    """The systems found, up to one more than are counted. A system comes once for each of its words."""
    enough = (MOST_COUNTED + 1) * max(forms, 1)
    found = connection.scalars(asks, {**values, "enough": enough}).all()
    ids = list(dict.fromkeys(found))
    if len(ids) <= MOST_COUNTED and len(found) == enough:  # a beginning that very many words of few systems share
        ids = list(dict.fromkeys(connection.scalars(asks, {**values, "enough": EVERYTHING})))
    return ids[: MOST_COUNTED + 1]


def _cut(connection: Connection, locale: Locale, places: Places) -> Cut[Listed]:
    """One page of systems. A system stands once in the list of each of its words, so it may come several times."""
    page = list(islice(dict.fromkeys((place, system_id) for place, system_id in places), PAGE + 1))
    shown = page[:PAGE]
    rows = connection.execute(_SHOWN[locale], {"ids": [system_id for _place, system_id in shown]})
    lines = {row[0]: Listed(*row[1:]) for row in rows}
    cursor = write_cursor(shown[-1][0].hex(), shown[-1][1]) if len(page) > PAGE else None
    return Cut([lines[system_id] for _place, system_id in shown], cursor)


def _tests(kind: str, place: int, table: Any) -> list[ColumnElement[bool]]:
    """One condition on a row of the index; of a word begun, one for each beginning, so that each is a range."""
    word = table.c.word
    if kind == "in":
        return [word.in_(bindparam(f"words{place}", expanding=True))]
    return [
        and_(word >= bindparam(f"from{place}_{number}"), word < bindparam(f"to{place}_{number}"))
        for number in range(int(kind.removeprefix("begun")))
    ]


def _list(kind: str, place: int) -> Subquery:
    """The systems of one condition, once for each word that they have of it."""
    words = _WORDS.alias()
    lists = [select(words.c.place_cy, words.c.system_id).where(test) for test in _tests(kind, place, words)]
    return union_all(*lists).subquery() if len(lists) > 1 else lists[0].subquery()


def _also(shape: Shape, lead: int, source: Any) -> list[ColumnElement[bool]]:
    """The other conditions, asked of each system of a list.

    A whole word is looked for under its key. Both lists are in the order of the alphabet, so each look is near the one
    before, and the database goes through them side by side. The offset of nothing keeps PostgreSQL from reading both
    lists to their ends to join them.
    """
    words = _WORDS.alias()
    own = words.c.system_id == source.c.system_id
    at = and_(words.c.place_cy == source.c.place_cy, own)
    return [
        or_(
            *(
                exists(select(literal(1)).where(test, at if kind == "in" else own).offset(0))
                for test in _tests(kind, place, words)
            )
        )
        for place, kind in enumerate(shape)
        if place != lead
    ]


def _later(place: Any, system_id: Any) -> ColumnElement[bool]:
    """After the place where the page before ended."""
    return tuple_(place, system_id) > tuple_(bindparam("place", type_=LargeBinary), bindparam("after"))


def _endings() -> Select[str]:
    """The words that begin so, each found by one look into the index: a list of 5,000 systems is skipped."""
    words = _WORDS
    first = select(func.min(words.c.word).label("word"), literal(1).label("number")).where(
        words.c.word >= bindparam("begins"), words.c.word < bindparam("ends")
    )
    found = first.cte("found", recursive=True)
    following = (
        select(func.min(words.c.word))
        .where(words.c.word > found.c.word, words.c.word < bindparam("ends"))
        .correlate(found)
        .scalar_subquery()
    )
    found = found.union_all(
        select(following, found.c.number + 1).where(found.c.word.is_not(None), found.c.number <= MOST_FORMS)
    )
    return select(found.c.word).where(found.c.word.is_not(None))


@cache
def _sizes(shape: Shape) -> Select[Any]:
    """How long the list of each condition is, counted as far as it matters."""
    return select(
        *(
            select(func.count())
            .select_from(select(_list(kind, place).c.system_id).limit(LONG_LIST).subquery())
            .scalar_subquery()
            for place, kind in enumerate(shape)
        )
    )


@cache
def _some(shape: Shape, lead: int) -> Select[Any]:
    """Systems that have everything, no more than are counted."""
    if not shape:
        return select(_LISTED.c.system_id).limit(bindparam("enough"))
    led = _list(shape[lead], lead)
    return select(led.c.system_id).where(*_also(shape, lead, led)).limit(bindparam("enough"))


@cache
def _these(locale: Locale, goes_on: bool) -> Select[Any]:
    """One page of systems known by their ids."""
    place, system_id = _LISTED.c[f"place_{locale}"], _LISTED.c.system_id
    asked = select(place, system_id).where(system_id.in_(bindparam("ids", expanding=True)))
    return (asked.where(_later(place, system_id)) if goes_on else asked).order_by(place, system_id).limit(PAGE + 1)


@cache
def _along(locale: Locale, shape: Shape, goes_on: bool) -> Select[Any]:
    """One page along the alphabet, looking at each system."""
    place, system_id = _LISTED.c[f"place_{locale}"], _LISTED.c.system_id
    asked = select(place, system_id).where(*_also(shape, -1, _LISTED))
    return (asked.where(_later(place, system_id)) if goes_on else asked).order_by(place, system_id).limit(PAGE + 1)


@cache
def _merged(locale: Locale, shape: Shape, lead: int, forms: int, goes_on: bool) -> Any:
    """One page of the shortest list: that of each of its words is in order, and the databases merge them."""
    lists = []
    for number in range(forms):
        words = _WORDS.alias()
        place = words.c[f"place_{locale}"]
        asked = select(place.label("place"), words.c.system_id.label("system_id")).where(
            words.c.word == bindparam(f"form{number}"), *_also(shape, lead, words)
        )
        lists.append(asked.where(_later(place, words.c.system_id)) if goes_on else asked)
    merged = union_all(*lists) if len(lists) > 1 else lists[0]
    columns = merged.selected_columns
    return merged.order_by(columns.place, columns.system_id).limit((PAGE + 1) * forms)


def _lines(locale: Locale) -> Select[Any]:
    system, version, body = _SYSTEMS.c, SystemVersion.__table__.c, Body.__table__.c
    return (
        select(
            system.id,
            system.short_code,
            version[f"name_{locale}"],
            version[f"one_sentence_{locale}"],
            version[f"responsible_{locale}"],
            body[f"name_{locale}"],
            system.state,
            version.published_on,
        )
        .select_from(_SYSTEMS)
        .join(_LISTED, _LISTED.c.system_id == system.id)
        .join(SystemVersion.__table__, version.id == _LISTED.c.version_id)
        .join(Body.__table__, body.id == system.body_id)
        .where(system.id.in_(bindparam("ids", expanding=True)))
    )


_ENDINGS = _endings()
_SHOWN = {locale: _lines(locale) for locale in Locale}
