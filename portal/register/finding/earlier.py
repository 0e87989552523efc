"""The list of everything as it stood on a day gone by: what was in force then, searched as today by its own words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, write_cursor
from portal.core.text import Locale
from portal.directory.models import Body
from portal.register import past
from portal.register.finding.catalogue import Line, find_on
from portal.register.finding.kept_words import AGAINST, against_mark
from portal.register.finding.queries import Found, Listed
from portal.register.finding.rules import DISPUTED, Asked, mark
from portal.register.models import System, SystemVersion
from portal.register.positions import Said, list_said
from portal.register.queries import place_of
from portal.register.rules import Position, SystemState

_SYSTEM, _VERSION, _BODY = System.__table__.c, SystemVersion.__table__.c, Body.__table__.c


def find_systems_on(session: Session, locale: Locale, asked: Asked, day: date, *, cursor: str | None = None) -> Found:
    """The systems that were published by a day and had then what is asked for, in the alphabet of the language."""
    sought, after = asked.sought(), place_of(cursor)
    with past.seat():
        page, count = find_on(session, day, lambda: _lines(session, day), locale, sought, after, PAGE + 1)
    shown = page[:PAGE]
    asks = _shown(locale, day).where(_VERSION.id.in_([one.system_id for one in shown]))
    rows = session.connection().execute(asks) if shown else ()
    lines = {
        one.id: Listed(
            one.short_code, one.name, one.sentence, one.responsible, one.body, SystemState(one.state), one.day
        )
        for one in rows
    }
    following = write_cursor(shown[-1].letters.hex(), shown[-1].system_id) if len(page) > PAGE else None
    return Found(Cut([lines[one.system_id] for one in shown if one.system_id in lines], following), count)


def _lines(session: Session, day: date) -> Iterator[Line]:
    """Every system that was published by a day, under the version in force, with all that found it then."""
    said = list_said(session, None, on=day)
    asked = select(
        _VERSION.id,
        _VERSION.sort_cy,
        _VERSION.sort_en,
        _VERSION.words,
        past.state_on(_SYSTEM.id, _VERSION.state, day),
        _SYSTEM.body_id,
        _SYSTEM.id,
    )
    asked = asked.select_from(System.__table__).join(SystemVersion.__table__, past.version_on(day))
    for version_id, place_cy, place_en, words, state, body_id, system_id in session.connection().execute(asked):
        is_disputed = _is_disputed(words or "", said.get(system_id, {}))
        then = f"{mark('state', state)} {mark('body', body_id)} {DISPUTED if is_disputed else ''}"
        yield Line(version_id, place_cy, place_en, f"{words or ''} {then}")


def _is_disputed(words: str, said: Said) -> bool:
    """Whether a union had said by then that it does not agree: as its branch signed, else as the version tells."""
    if any(Position.NOT_AGREED in positions for positions in said.values()):
        return True
    against = {word for word in words.split() if word.startswith(AGAINST)} if AGAINST in words else set()
    return bool(against - {against_mark(union) for union in said})


def _shown(locale: Locale, day: date) -> Select[Any]:
    """What a page says of a version, and the state of its system on that day."""
    return (
        select(
            _VERSION.id,
            _SYSTEM.short_code,
            _VERSION[f"name_{locale}"].label("name"),
            _VERSION[f"one_sentence_{locale}"].label("sentence"),
            _VERSION[f"responsible_{locale}"].label("responsible"),
            _BODY[f"name_{locale}"].label("body"),
            past.state_on(_SYSTEM.id, _VERSION.state, day).label("state"),
            _VERSION.published_on.label("day"),
        )
        .select_from(System.__table__)
        .join(SystemVersion.__table__, _VERSION.system_id == _SYSTEM.id)
        .join(Body.__table__, _BODY.id == _SYSTEM.body_id)
    )
