"""Whom a body's own ladder reaches when nobody answers a concern: shown to its administrator before it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.offices import seat_of
from portal.cases.routing.ladders import SILENT_WORKING_DAYS, STEPS
from portal.concerns.queries import post_of
from portal.concerns.timing.holders import Readers, readers_of_body, who_hears
from portal.core.text import Bilingual
from portal.directory.rules import RoleName


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: so many working days after the promised day, and the posts that hear from then on as well."""

    days_late: int
    posts: tuple[Bilingual, ...]
    is_outside: bool


def list_rungs(session: Session, body_id: str, *, today: date) -> tuple[Rung, ...]:
    """The steps of the employer's side, if everybody who can be given a concern held its key. A union's people are the
    union's to name, and are not told here."""
    return tuple(_rungs(readers_of_body(session, body_id, today=today)))


def _rungs(readers: Readers) -> Iterator[Rung]:
    own = [row for row in readers.rows if row.branch_id is None]
    seats = tuple(seat_of(row, place, readers.body_id) for place, row in enumerate(own))
    known: frozenset[str] = frozenset()
    for step in range(STEPS):
        told = who_hears(seats, readers.body_id, step, holders=readers.of_employer, away=readers.away)
        added = [row for row in own if row.person_id in told - known]
        yield Rung(SILENT_WORKING_DAYS[step] - SILENT_WORKING_DAYS[0], _posts(added), _is_outside(added))
        known = told


def _posts(rows: list[Any]) -> tuple[Bilingual, ...]:
    return tuple(dict.fromkeys(post_of(row) for row in rows))


def _is_outside(rows: list[Any]) -> bool:
    return any(row.role is RoleName.INDEPENDENT_OFFICER for row in rows)
