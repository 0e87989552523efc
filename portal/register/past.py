"""The register as it stood on a day gone by: which version was in force, and in what state the system was."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from portal.core.errors import NotFound, TooMany
from portal.register.as_of import AsOf, names_a_day, read_as_of
from portal.register.models import System, SystemStep, SystemVersion
from portal.register.queries import PublishedSystem, get_system
from portal.register.rules import SystemState

Day = ColumnElement[date] | Any

MOST_AT_ONCE = 2
"""So many of a process look through the whole register of a day gone by: never every thread it has."""
PATIENCE, COME_BACK_AFTER = 0.25, 2
"""Seconds that the next one waits for a seat, and after how many to try again."""

_seats = BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def seat() -> Iterator[None]:
    """Held while the whole register of a day gone by is read, which takes a second where there are 20,000 systems.

    TooMany where others are reading: whoever asks for one day after another must not keep everybody else waiting.
    """
    if not _seats.acquire(timeout=PATIENCE):
        raise TooMany(COME_BACK_AFTER)
    try:
        yield
    finally:
        _seats.release()


def number_on(system_id: ColumnElement[str], day: Day) -> ColumnElement[Any]:
    """The number of the version that was in force on a day: the last one published by then."""
    version = SystemVersion.__table__.alias()
    asked = select(func.max(version.c.number)).where(version.c.system_id == system_id, version.c.published_on <= day)
    return asked.scalar_subquery()


def version_on(day: date) -> ColumnElement[bool]:
    """That a version is the one of its system that was in force on a day."""
    system, version = System.__table__.c, SystemVersion.__table__.c
    return and_(version.system_id == system.id, version.number == number_on(system.id, day))


def state_on(system_id: ColumnElement[str], published: KeyedColumnElement[Any], day: Day) -> ColumnElement[Any]:
    """The state of a system on a day: the end of its last step by then, else the one it was published in."""
    step = SystemStep.__table__.alias()
    asked = (
        select(type_coerce(step.c.to_state, String))
        .where(step.c.system_id == system_id, step.c.on_day <= day)
        .order_by(step.c.number.desc())
        .limit(1)
    )
    return func.coalesce(asked.scalar_subquery(), type_coerce(published, String))


def first_day(session: Session) -> date | None:
    """The day on which the register begins; None while nothing has been published."""
    return session.scalar(select(func.min(SystemVersion.published_on)))


def as_of_register(query: Mapping[str, str], session: Session, *, today: date) -> AsOf:
    """The day that an address of a list asks for: none before the register began."""
    return read_as_of(query, today=today, first=first_day(session) if names_a_day(query) else None)


def first_day_of(session: Session, system_id: str) -> date:
    """The day on which a system was first published."""
    asked = select(SystemVersion.published_on).where(SystemVersion.system_id == system_id, SystemVersion.number == 1)
    found = session.scalar(asked)
    if found is None:
        raise NotFound
    return found


def as_of_system(query: Mapping[str, str], session: Session, system_id: str, *, today: date) -> AsOf:
    """The same for a page of one system: none before it was first published."""
    return read_as_of(query, today=today, first=first_day_of(session, system_id) if names_a_day(query) else None)


def get_system_on(session: Session, short_code: str, day: date) -> PublishedSystem:
    """A system as it stood on a day: that version and that state. NotFound if it was not published by then."""
    code = short_code.upper()
    number = session.scalar(
        select(func.max(SystemVersion.number))
        .join(System, System.id == SystemVersion.system_id)
        .where(System.short_code == code, SystemVersion.published_on <= day)
    )
    if number is None:
        raise NotFound
    found = get_system(session, code, number=number)
    step = session.execute(
        select(SystemStep.to_state, SystemStep.on)
        .where(SystemStep.system_id == found.id, SystemStep.on <= day)
        .order_by(SystemStep.number.desc())
        .limit(1)
    ).one_or_none()
    state, since = (SystemState(step[0]), step[1]) if step else (found.record.state, found.published_on)
    return replace(found, state=state, state_since=since, state_until=None, review_due_on=None, confirmed_on=None)
