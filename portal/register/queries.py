"""Reads of the register: one published system, its parts, its history, and the lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from sqlalchemy import Select, and_, bindparam, select, tuple_
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual
from portal.directory.models import Body
from portal.i18n.sorting import fold
from portal.register.models import DataItem, DecisionPoint, ImportedRecord, System, SystemVersion
from portal.register.opening import read_open
from portal.register.record import Change, Record, digest_of, read_record
from portal.register.rules import SystemState

_CODE = re.compile(r"[0-9A-Za-z]{6}")
_ID = re.compile(r"[0-9a-z]{26}")
Part = TypeVar("Part", DecisionPoint, DataItem)
IS_CURRENT = and_(SystemVersion.system_id == System.id, SystemVersion.number == System.current_number)


@dataclass(frozen=True, slots=True)
class PublishedSystem:
    """One version of a system with its lasting names. ``is_current`` is false for an older version.

    ``record`` is what anybody may read (``opening``); ``whole`` holds fields for the union and the desks too.
    ``state`` and its days are the system's own, as they are now; ``record.state`` is how it stood when published.
    """

    id: str
    slug: str
    short_code: str
    body_id: str
    body: Bilingual
    version_id: str
    number: int
    published_on: date
    is_current: bool
    record: Record
    stored: str
    state: SystemState
    state_since: date
    state_until: date | None = None
    review_due_on: date | None = None
    confirmed_on: date | None = None

    @property
    def whole(self) -> Record:
        """The record with what is not for everybody: for signed-in desks and the operator."""
        return read_record(self.stored)

    @property
    def name(self) -> Bilingual:
        return self.record.name.bilingual


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One line of a system's history."""

    number: int
    published_on: date
    change: Change | None


def get_system(session: Session, short_code: str, *, number: int | None = None) -> PublishedSystem:
    """A system by its short code, in its current or a named version. NotFound if it was never published."""
    if not _CODE.fullmatch(short_code):
        raise NotFound
    values = {"short_code": short_code.upper(), "number": number or 0}
    row = session.execute(_system_by_code(is_current=not number), values).one_or_none()
    if row is None:
        raise NotFound
    return _read(*row)


def get_system_by_id(session: Session, system_id: str) -> PublishedSystem:
    """A system in its current version, by its row's id."""
    return _system(session, _published(IS_CURRENT).where(System.id == system_id))


def find_system(session: Session, short_code: str) -> PublishedSystem | None:
    """The same as ``get_system``, None instead of NotFound: for an address that may name a system."""
    try:
        return get_system(session, short_code)
    except NotFound:
        return None


def list_published(session: Session, body_id: str) -> Sequence[PublishedSystem]:
    """Every published system of a body in its current version, by English name: for choosing one in a form."""
    asked = _published(IS_CURRENT).where(System.body_id == body_id).order_by(SystemVersion.sort_en)
    return [_read(*row) for row in session.execute(asked)]


def list_history(session: Session, system_id: str) -> Sequence[PastVersion]:
    """Every version, newest first, with what it changed."""
    asked = select(SystemVersion.number, SystemVersion.published_on, SystemVersion.record)
    rows = session.execute(asked.where(SystemVersion.system_id == system_id).order_by(SystemVersion.number.desc()))
    return [PastVersion(number, day, read_record(record).change) for number, day, record in rows]


def list_decision_points(session: Session, system_id: str) -> Sequence[DecisionPoint]:
    """The decision points of a system's current version, in the record's order."""
    return _parts(session, DecisionPoint, system_id)


def get_decision_point(session: Session, decision_point_id: str) -> DecisionPoint:
    """A decision point of any version: a review stays with the version it was asked about."""
    found = session.get(DecisionPoint, decision_point_id)
    if found is None:
        raise NotFound
    return found


def list_data_items(session: Session, system_id: str) -> Sequence[DataItem]:
    """The data items of a system's current version, in the record's order."""
    return _parts(session, DataItem, system_id)


def _parts(session: Session, part: type[Part], system_id: str) -> Sequence[Part]:
    asked = (
        select(part)
        .join(SystemVersion, SystemVersion.id == part.version_id)
        .join(System, IS_CURRENT)
        .where(System.id == system_id)
        .order_by(part.position)
    )
    return session.scalars(asked).all()


def list_imported(session: Session, *, search: str = "", cursor: str | None = None) -> Cut[ImportedRecord]:
    """Imported records by name; with ``search``, those that hold every word of it, accents and capitals aside."""
    asked = select(ImportedRecord).order_by(ImportedRecord.sort, ImportedRecord.id).limit(PAGE + 1)
    for word in fold(search).split():
        asked = asked.where(ImportedRecord.folded.contains(word, autoescape=True))
    after = place_of(cursor)
    if after is not None:
        asked = asked.where(tuple_(ImportedRecord.sort, ImportedRecord.id) > tuple_(*after))
    rows = session.scalars(asked).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Cut(rows[:PAGE], write_cursor(last.sort.hex(), last.id) if last else None)


def list_altered_versions(session: Session) -> Sequence[str]:
    """Ids of published versions whose stored text is no longer what was published: for ``porth check``."""
    rows = session.execute(select(SystemVersion.id, SystemVersion.record, SystemVersion.digest))
    return [version_id for version_id, record, digest in rows if digest_of(record) != digest]


@cache
def _system_by_code(*, is_current: bool) -> Select[System, SystemVersion, str, str]:
    """Built once: every page of a system and every concern asks it."""
    version = IS_CURRENT if is_current else SystemVersion.number == bindparam("number")
    return _published(version).where(System.short_code == bindparam("short_code"))


def _published(version: object) -> Select[System, SystemVersion, str, str]:
    return (
        select(System, SystemVersion, Body.name_cy, Body.name_en)
        .join(SystemVersion, SystemVersion.system_id == System.id)
        .join(Body, Body.id == System.body_id)
        .where(version, System.current_number.is_not(None))  # type: ignore[arg-type]
    )


def _system(session: Session, asked: Select[System, SystemVersion, str, str]) -> PublishedSystem:
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    return _read(*row)


def _read(system: System, version: SystemVersion, body_cy: str, body_en: str) -> PublishedSystem:
    return PublishedSystem(
        id=system.id,
        slug=system.slug,
        short_code=system.short_code,
        body_id=system.body_id,
        body=Bilingual(body_cy, body_en),
        version_id=version.id,
        number=version.number,
        published_on=version.published_on,
        is_current=version.number == system.current_number,
        record=read_open(version.record),
        state=system.state,
        state_since=system.state_since,
        state_until=system.state_until,
        review_due_on=system.review_due_on,
        confirmed_on=system.confirmed_on,
        stored=version.record,
    )


def place_of(cursor: str | None) -> tuple[bytes, str] | None:
    """The sort key and id after which a page begins; a broken cursor shows the first page."""
    values = read_cursor(cursor, 2)
    if values is None or not _ID.fullmatch(str(values[1])):
        return None
    try:
        return bytes.fromhex(str(values[0])), str(values[1])
    except ValueError:
        return None
