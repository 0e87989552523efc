"""The versions of a system: newest first, a page at a time; two of them, and what changed between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut
from portal.register.models import SystemVersion
from portal.register.opening import read_open
from portal.register.record import Change, Record


@dataclass(frozen=True, slots=True)
class Version:
    """One version as anybody may read it."""

    number: int
    published_on: date
    record: Record

    @property
    def change(self) -> Change | None:
        return self.record.change


def list_versions(session: Session, system_id: str, *, before: int | None = None, on: date = date.max) -> Cut[Version]:
    """The versions of a system, newest first; the next page begins before a number. ``on``: those published by then."""
    asked = select(SystemVersion.number, SystemVersion.published_on, SystemVersion.record)
    asked = asked.where(SystemVersion.system_id == system_id, SystemVersion.published_on <= on)
    if before is not None:
        asked = asked.where(SystemVersion.number < before)
    rows = session.execute(asked.order_by(SystemVersion.number.desc()).limit(PAGE + 1)).all()
    found = [Version(number, day, read_open(record)) for number, day, record in rows[:PAGE]]
    return Cut(found, str(found[-1].number) if len(rows) > PAGE else None)


def get_two(session: Session, system_id: str, older: int, newer: int) -> tuple[Version, Version]:
    """Two versions of one system; NotFound unless both are there."""
    asked = select(SystemVersion.number, SystemVersion.published_on, SystemVersion.record)
    asked = asked.where(SystemVersion.system_id == system_id, SystemVersion.number.in_((older, newer)))
    found = {number: Version(number, day, read_open(record)) for number, day, record in session.execute(asked)}
    if older not in found or newer not in found:
        raise NotFound
    return found[older], found[newer]


def changes_between(session: Session, system_id: str, older: int, newer: int) -> Sequence[Version]:
    """The versions after one up to and with another, oldest first, as far as they say what they changed."""
    asked = select(SystemVersion.number, SystemVersion.published_on, SystemVersion.record).where(
        SystemVersion.system_id == system_id, SystemVersion.number > older, SystemVersion.number <= newer
    )
    rows = session.execute(asked.order_by(SystemVersion.number).limit(PAGE))
    found = [Version(number, day, read_open(record)) for number, day, record in rows]
    return [version for version in found if version.change is not None]
