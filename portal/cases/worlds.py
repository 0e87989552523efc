"""The world of the rule book, read from the directory: who holds which office today, who is near to whom, who is away.

Four questions however many people there are. It reads the directory alone, so that the anonymous pages may ask it too:
what only cases and accounts know, ``cases.affairs`` adds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.cases.offices import OFFICES
from portal.cases.routing.people import Office, Seat, Standing, World
from portal.core.text import Bilingual, Locale
from portal.directory.models import Absence, Engagement, Person, RoleHolding
from portal.directory.rules import EngagementKind, RoleName

OUTSIDE = frozenset({EngagementKind.AGENCY, EngagementKind.CONTRACTOR})
EQUALS = frozenset({Office.DATA_PROTECTION, Office.REQUEST_HANDLER, Office.REVIEWER})
"""Offices of many equals: nobody of them comes before another, save who has less to do."""
READS = {Locale.CY.value: frozenset(Locale), Locale.EN.value: frozenset({Locale.EN})}
"""Who asked for Welsh reads both; of everybody else English is known."""

_TODAY: BindParameter[date] = bindparam("today")
_NOW = RoleHolding.started_on <= _TODAY, or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > _TODAY)
_HOMES: BindParameter[Any] = bindparam("homes", expanding=True)
_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_HELD = (
    select(
        RoleHolding.person_id,
        RoleHolding.role,
        RoleHolding.body_id,
        RoleHolding.branch_id,
        RoleHolding.system_id,
        RoleHolding.system_slug,
        RoleHolding.post_cy,
        RoleHolding.post_en,
        RoleHolding.is_deputy,
        Person.locale,
    )
    .join(Person, Person.id == RoleHolding.person_id)
    .where(*_NOW, or_(RoleHolding.body_id.in_(_HOMES), RoleHolding.branch_id.in_(_HOMES)))
    .order_by(Person.display_name, RoleHolding.id)
)
_AWAY = select(Absence.person_id).where(
    Absence.person_id.in_(_PEOPLE), Absence.from_on <= _TODAY, Absence.until_on >= _TODAY
)
_WORK = select(Engagement.person_id, Engagement.workplace_id, Engagement.staff_group_id, Engagement.kind).where(
    Engagement.person_id.in_(_PEOPLE),
    Engagement.started_on <= _TODAY,
    or_(Engagement.ended_on.is_(None), Engagement.ended_on > _TODAY),
)


@dataclass
class _Known:
    """What was read of one person so far."""

    teams: set[str] = field(default_factory=set)
    managers: set[str] = field(default_factory=set)
    kinds: set[EngagementKind] = field(default_factory=set)


def world_of(
    session: Session,
    body_ids: Iterable[str],
    *,
    today: date,
    branch_id: str | None = None,
    near: Collection[str] = (),
) -> World:
    """Everybody who holds an office of these bodies, or of the branch, and how they stand; also those who are ``near``
    to what is sent: who sends it, and who was left out of it."""
    homes = [*body_ids, *([branch_id] if branch_id is not None else [])]
    rows = session.execute(_HELD, {"homes": homes, "today": today}).all()
    seats = tuple(seat for place, row in enumerate(rows) if (seat := seat_of(row, place)) is not None)
    administrators = {row.person_id for row in rows if row.role is RoleName.ADMINISTRATOR}
    reads = {row.person_id: READS.get(row.locale or "", READS[Locale.EN.value]) for row in rows}
    people = {row.person_id for row in rows} | set(near)
    return World(seats, standings(session, people, today=today, reads=reads, administrators=administrators))


def standings(
    session: Session,
    people: Collection[str],
    *,
    today: date,
    reads: Mapping[str, frozenset[Locale]] | None = None,
    administrators: Collection[str] = (),
) -> dict[str, Standing]:
    """How these people stand, as far as the directory knows."""
    asked = {"people": sorted(people), "today": today}
    away = set(session.scalars(_AWAY, asked))
    known: defaultdict[str, _Known] = defaultdict(_Known)
    for row in session.execute(_WORK, asked):
        known[row.person_id].teams.add(f"{row.workplace_id}/{row.staff_group_id}")
        known[row.person_id].kinds.add(row.kind)
    languages = reads or {}
    return {
        one: Standing(
            one,
            manager_ids=frozenset(known[one].managers),
            team_ids=frozenset(known[one].teams),
            reads=languages.get(one, READS[Locale.EN.value]),
            is_away=one in away,
            is_supplier=bool(known[one].kinds) and known[one].kinds <= OUTSIDE,
            is_administrator=one in administrators,
        )
        for one in {*people, *known}
    }


def seat_of(row: Any, place: int, *, home: str | None = None) -> Seat | None:
    """One role that somebody holds, as the rule book has it; None where it decides nothing. ``home`` where the row
    itself names none. A system that the register does not know yet is no other system."""
    office = OFFICES.get(row.role)
    if office is None:
        return None
    return Seat(
        person_id=row.person_id,
        office=office,
        home=row.branch_id or home or row.body_id,
        post=Bilingual(row.post_cy, row.post_en),
        system_id=None if row.system_slug is None else row.system_id or f"not registered: {row.system_slug}",
        is_deputy=row.is_deputy,
        place=0 if office in EQUALS else place,
    )
