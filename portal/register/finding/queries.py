"""Finding systems: which they are is answered from memory (``catalogue``), what a page says of them is read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, write_cursor
from portal.core.text import Locale
from portal.directory.models import Body
from portal.register.finding.catalogue import find
from portal.register.finding.models import SystemListing
from portal.register.finding.rules import Asked
from portal.register.models import System, SystemVersion
from portal.register.queries import place_of
from portal.register.rules import SystemState


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
    """One page of what was found, and how many there are of it."""

    cut: Cut[Listed]
    count: int


def find_systems(session: Session, locale: Locale, asked: Asked, *, cursor: str | None = None) -> Found:
    """The published systems that have everything that was asked for, in the alphabet of the language."""
    page, count = find(session, locale, asked.sought(), place_of(cursor), PAGE + 1)
    shown = page[:PAGE]
    rows = session.connection().execute(_SHOWN[locale], {"ids": [one.system_id for one in shown]}) if shown else ()
    lines = {row[0]: Listed(*row[1:]) for row in rows}
    following = write_cursor(shown[-1].letters.hex(), shown[-1].system_id) if len(page) > PAGE else None
    return Found(Cut([lines[one.system_id] for one in shown if one.system_id in lines], following), count)


def _lines(locale: Locale) -> Select[Any]:
    system, version, body = System.__table__.c, SystemVersion.__table__.c, Body.__table__.c
    listed = SystemListing.__table__.c
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
        .select_from(System.__table__)
        .join(SystemListing.__table__, listed.system_id == system.id)
        .join(SystemVersion.__table__, version.id == listed.version_id)
        .join(Body.__table__, body.id == system.body_id)
        .where(system.id.in_(bindparam("ids", expanding=True)))
    )


_SHOWN = {locale: _lines(locale) for locale in Locale}
