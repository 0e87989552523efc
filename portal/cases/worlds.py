"""The world of the rule book, read from the directory: who holds which office today, who is near to whom, who is away.

Five questions however many people there are. It reads the directory alone, so that the anonymous pages may ask it too:
what only cases and accounts know, ``cases.affairs`` adds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from portal.cases.offices import OFFICES, seat_of
from portal.cases.routing.people import Standing, World
from portal.core.text import Locale
from portal.directory.models import Absence, Engagement, MatterSeat, Person, RepresentativeTie, RoleHolding
from portal.directory.rules import EngagementKind, RoleName

OUTSIDE = frozenset({EngagementKind.AGENCY, EngagementKind.CONTRACTOR})
READS = {Locale.CY.value: frozenset(Locale), Locale.EN.value: frozenset({Locale.EN})}
"""Who asked for Welsh reads both; of everybody else English is known."""
ENGLISH = READS[Locale.EN.value]

_TODAY: BindParameter[date] = bindparam("today")
_HOMES: BindParameter[Any] = bindparam("homes", expanding=True)
_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_CORE: BindParameter[Any] = bindparam("core", expanding=True)
_HELD_NOW = RoleHolding.started_on <= _TODAY, or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > _TODAY)
_WORKS_NOW = Engagement.started_on <= _TODAY, or_(Engagement.ended_on.is_(None), Engagement.ended_on > _TODAY)
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
        MatterSeat.matter,
        Person.locale,
    )
    .join(Person, Person.id == RoleHolding.person_id)
    .outerjoin(MatterSeat, MatterSeat.holding_id == RoleHolding.id)
    .where(*_HELD_NOW, or_(RoleHolding.body_id.in_(_HOMES), RoleHolding.branch_id.in_(_HOMES)))
    .where(RoleHolding.role.in_(sorted(OFFICES)))
    .order_by(func.coalesce(MatterSeat.place, 0), Person.display_name, RoleHolding.id)
)
_AWAY = select(Absence.person_id).where(
    Absence.person_id.in_(_PEOPLE), Absence.from_on <= _TODAY, Absence.until_on >= _TODAY
)
_ADMINISTER = select(RoleHolding.person_id).where(
    RoleHolding.person_id.in_(_PEOPLE), RoleHolding.role == RoleName.ADMINISTRATOR, *_HELD_NOW
)
_WORK = (
    select(
        Engagement.person_id,
        Engagement.workplace_id,
        Engagement.staff_group_id,
        Engagement.kind,
        Engagement.manager_person_id,
    )
    .where(or_(Engagement.person_id.in_(_PEOPLE), Engagement.manager_person_id.in_(_CORE)))
    .where(*_WORKS_NOW)
)
_TIES = union_all(
    select(RepresentativeTie.person_id, RepresentativeTie.tied_person_id).where(
        RepresentativeTie.person_id.in_(_PEOPLE)
    ),
    select(RepresentativeTie.tied_person_id, RepresentativeTie.person_id).where(
        RepresentativeTie.tied_person_id.in_(_PEOPLE)
    ),
)


def _team(workplace_id: str, staff_group_id: str) -> str:
    return f"{workplace_id}/{staff_group_id}"


def place_of(team_id: str) -> str:
    """The workplace at which a team works."""
    return team_id.partition("/")[0]


@dataclass
class _Known:
    """What was read of one person so far."""

    teams: set[str] = field(default_factory=set)
    managers: set[str] = field(default_factory=set)
    kinds: set[EngagementKind] = field(default_factory=set)
    ties: set[str] = field(default_factory=set)


def world_of(
    session: Session,
    body_ids: Iterable[str],
    *,
    today: date,
    branch_id: str | None = None,
    near: Collection[str] = (),
) -> World:
    """Everybody who holds an office of these bodies, or of the branch, and how they stand; also those who are ``near``
    to what is sent: who sends it and who was left out of it, with everybody who answers to these."""
    homes = [*body_ids, *([branch_id] if branch_id is not None else [])]
    rows = session.execute(_HELD, {"homes": homes, "today": today}).all()
    seats = tuple(seat_of(row, place, row.body_id) for place, row in enumerate(rows))
    reads = {row.person_id: READS.get(row.locale or "", ENGLISH) for row in rows}
    return World(seats, standings(session, {*reads, *near}, today=today, reads=reads, core=near))


def standings(
    session: Session,
    people: Collection[str],
    *,
    today: date,
    reads: Mapping[str, frozenset[Locale]] | None = None,
    core: Collection[str] = (),
) -> dict[str, Standing]:
    """How these people stand, as far as the directory knows, and those who answer to anybody of the ``core``."""
    asked = {"people": sorted(people), "today": today}
    away = set(session.scalars(_AWAY, asked))
    administrators = set(session.scalars(_ADMINISTER, asked))
    known = _near(session, asked, core)
    languages = reads or {}
    return {
        one: Standing(
            one,
            manager_ids=frozenset(known[one].managers),
            tied_to=frozenset(known[one].ties),
            team_ids=frozenset(known[one].teams),
            reads=languages.get(one, ENGLISH),
            is_away=one in away,
            is_supplier=bool(known[one].kinds) and known[one].kinds <= OUTSIDE,
            is_administrator=one in administrators,
        )
        for one in {*people, *known}
    }


def _near(session: Session, asked: Mapping[str, Any], core: Collection[str]) -> defaultdict[str, _Known]:
    known: defaultdict[str, _Known] = defaultdict(_Known)
    for row in session.execute(_WORK, {**asked, "core": sorted(core)}):
        known[row.person_id].teams.add(_team(row.workplace_id, row.staff_group_id))
        known[row.person_id].kinds.add(row.kind)
        if row.manager_person_id is not None:
            known[row.person_id].managers.add(row.manager_person_id)
    for one, other in session.execute(_TIES, {"people": asked["people"]}):
        known[one].ties.add(other)
    return known
