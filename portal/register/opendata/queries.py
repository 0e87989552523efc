"""Reads of open data: pages of current versions in the order of their codes, which never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import Cut
from portal.directory.models import Body
from portal.register.models import System, SystemVersion
from portal.register.queries import IS_CURRENT
from portal.register.rules import SystemState


@dataclass(frozen=True, slots=True)
class Row:
    """One version of one system as it is stored, with its lasting names."""

    system_id: str
    short_code: str
    current_number: int
    state: SystemState
    body: str
    body_cy: str
    body_en: str
    number: int
    published_on: date
    digest: bytes
    record: str


def list_rows(session: Session, *, most: int, after: str = "", body: str = "") -> Cut[Row]:
    """So many systems after a code, of every body or of one; the cursor of the next page is a code."""
    asked = _rows().join(SystemVersion, IS_CURRENT).where(System.short_code > after)
    if body:
        asked = asked.where(Body.slug == body)
    rows = [Row(*row) for row in session.execute(asked.order_by(System.short_code).limit(most + 1))]
    return Cut(rows[:most], rows[most - 1].short_code if len(rows) > most else None)


def get_row(session: Session, short_code: str, *, number: int | None = None) -> Row:
    """One system in its current or a named version; NotFound if it was never published."""
    is_asked = SystemVersion.number == number if number else IS_CURRENT
    asked = _rows().join(SystemVersion, SystemVersion.system_id == System.id)
    asked = asked.where(System.short_code == short_code, System.current_number.is_not(None), is_asked)
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    return Row(*row)


def list_numbers(session: Session, system_id: str) -> Sequence[tuple[int, date]]:
    """Every version of a system with its day, newest first."""
    asked = select(SystemVersion.number, SystemVersion.published_on).where(SystemVersion.system_id == system_id)
    return [(number, day) for number, day in session.execute(asked.order_by(SystemVersion.number.desc()))]


def has_body(session: Session, slug: str) -> bool:
    """Whether a body of that name is known."""
    return session.scalar(select(Body.id).where(Body.slug == slug)) is not None


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            System.id,
            System.short_code,
            System.current_number,
            System.state,
            Body.slug,
            Body.name_cy,
            Body.name_en,
            SystemVersion.number,
            SystemVersion.published_on,
            SystemVersion.digest,
            SystemVersion.record,
        )
        .select_from(System)
        .join(Body, Body.id == System.body_id)
    )
