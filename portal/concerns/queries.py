"""Reading keys and the people behind them, for both sides of the channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.worlds import standings
from portal.concerns.few import few_of, unit_of
from portal.concerns.models import RecipientKey
from portal.concerns.offering import apart_from_unions, list_offered, near_each_other
from portal.concerns.rules import ON_CALL, UNION, Branch, Channel, Matter, Reader, once_each, union_alone
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale
from portal.directory.models import (
    Body,
    BranchRecognition,
    MatterSeat,
    OnCallNumber,
    Person,
    RoleHolding,
    Union,
    UnionBranch,
)
from portal.directory.queries import (
    find_body_by_slug,
)
from portal.directory.rules import BODY_READERS, BRANCH_READERS, OUTSIDE_THE_LINE
from portal.directory.titles import role_title
from portal.i18n.catalogue import Catalogue
from portal.register.queries import find_system

_RECOGNISED = select(BranchRecognition.branch_id).where(BranchRecognition.body_id == bindparam("body_id"))
_READS_NOW = and_(
    RecipientKey.ended_on.is_(None),
    RoleHolding.started_on <= bindparam("today"),
    or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > bindparam("today")),
    or_(
        and_(RoleHolding.role.in_(BODY_READERS), RoleHolding.body_id == bindparam("body_id")),
        and_(RoleHolding.role.in_(BRANCH_READERS), RoleHolding.branch_id.in_(_RECOGNISED)),
    ),
)
"""Live keys of those who may read a body's concerns; asked for every concern, so built once."""
_KEYS_OF_BODY = (
    select(RecipientKey.key_id, RoleHolding.role)
    .join(RoleHolding, RoleHolding.person_id == RecipientKey.person_id)
    .where(_READS_NOW)
)
SIDE = func.coalesce(RoleHolding.branch_id, RoleHolding.body_id)
"""The side for which somebody holds a duty, as keys are confirmed for it."""
LIVE_READERS = (
    select(
        RecipientKey.person_id,
        RecipientKey.key_id,
        RecipientKey.recipient,
        RecipientKey.sign,
        (RecipientKey.confirmed_for == SIDE).label("is_confirmed"),
        RoleHolding.id.label("holding_id"),
        RoleHolding.role,
        RoleHolding.system_id,
        RoleHolding.system_slug,
        RoleHolding.branch_id,
        RoleHolding.post_cy,
        RoleHolding.post_en,
        RoleHolding.shown_by_name,
        RoleHolding.is_deputy,
        Person.display_name,
        MatterSeat.matter,
    )
    .join(RoleHolding, RoleHolding.person_id == RecipientKey.person_id)
    .join(Person, Person.id == RecipientKey.person_id)
    .outerjoin(MatterSeat, MatterSeat.holding_id == RoleHolding.id)
    .where(_READS_NOW)
    .order_by(RoleHolding.is_deputy, func.coalesce(MatterSeat.place, 0), Person.display_name, RoleHolding.role.desc())
)
"""Every duty of every live reader of a body; of an officer for named matters each of their matters."""
_BRANCHES_OF_BODY = (
    select(UnionBranch.id, UnionBranch.name_cy, UnionBranch.name_en, Union.name.label("union"))
    .join(Union, Union.id == UnionBranch.union_id)
    .join(BranchRecognition, BranchRecognition.branch_id == UnionBranch.id)
    .where(BranchRecognition.body_id == bindparam("body_id"))
    .order_by(Union.name, UnionBranch.name_en)
)

READER_ROLES = (*BODY_READERS, *BRANCH_READERS)


@dataclass(frozen=True, slots=True)
class About:
    """What a concern is about: a published system, or one of the matters."""

    body: Body
    kind: str
    subject: str
    name: Bilingual | None
    system_id: str | None = None
    told: int = 0  # the largest group that a system's record tells of

    @property
    def matter(self) -> Matter | None:
        return Matter(self.subject) if self.kind == "matter" else None

    @property
    def code(self) -> str:
        """As it stands in addresses and forms: ``system:K7RT3M`` or ``matter:safety``."""
        return f"{self.kind}:{self.subject}"


def get_about(session: Session, body_slug: str, about: str) -> About:
    """The subject of a concern, from what a form names; NotFound for anything that is not offered."""
    body = find_body_by_slug(session, body_slug)
    kind, _, subject = about.partition(":")
    if body is None:
        raise NotFound
    if kind == "matter" and subject in set(Matter):
        return About(body, kind, subject, None)
    system = find_system(session, subject) if kind == "system" else None
    if system is None or system.body_id != body.id:
        raise NotFound
    told = [one.people for one in system.record.affected if isinstance(one.people, int)]
    return About(body, kind, system.short_code, system.name, system.id, max(told, default=0))


def find_channel(session: Session, about: About, *, today: date) -> Channel:
    """Everybody who could open a concern about this, as their keys and duties stand today.

    The employer's readers first, then the officers and who is on call, then branch by branch; the holders before their
    deputies.
    """
    rows = session.execute(LIVE_READERS, {"body_id": about.body.id, "today": today}).all()
    branches = session.execute(_BRANCHES_OF_BODY, {"body_id": about.body.id}).all()
    people = standings(session, {row.person_id for row in rows}, today=today)
    unit = unit_of(session, about.body.id, about.system_id, about.told, people, today=today)
    affair = replace(_affair(about), unit=unit)
    offered = list(list_offered(affair, rows, [branch.id for branch in branches], people))
    near, apart = near_each_other(offered, people), apart_from_unions(offered, people)
    numbers = _numbers(session, offered)
    found = once_each(_reader(group, row, near, numbers, apart) for group, row in offered)
    channel = Channel(
        found,
        tuple(
            Branch(
                branch.id,
                Bilingual(branch.name_cy, branch.name_en),
                branch.union,
                sum(reader.group == f"{UNION}{branch.id}" for reader in found),
            )
            for branch in branches
        ),
        few=few_of(unit, about.system_id),
    )
    return union_alone(channel) if about.matter is Matter.BESIDE else channel


def list_key_ids_of_body(session: Session, body_id: str, *, today: date) -> set[bytes]:
    """The live keys that a concern with this body may be granted to, whatever it is about; none while it is not open.

    It is open as ``Channel.is_open`` says: with the key of somebody outside the line and of somebody of a union. Asked
    once for each concern that comes in, so the question is built once.
    """
    rows = session.execute(_KEYS_OF_BODY, {"body_id": body_id, "today": today}).all()
    held_by = {role for _key_id, role in rows}
    if held_by.isdisjoint(OUTSIDE_THE_LINE) or held_by.isdisjoint(BRANCH_READERS):
        return set()
    return {key_id for key_id, _role in rows}


def find_live_key(session: Session, person_id: str) -> RecipientKey | None:
    """The key that a person uses now."""
    return session.scalars(
        select(RecipientKey).where(RecipientKey.person_id == person_id, RecipientKey.ended_on.is_(None))
    ).one_or_none()


def find_key(session: Session, key_id: bytes) -> RecipientKey | None:
    """Whoever's key it is, live or ended: a public card shown here is no proof of who made it."""
    return session.scalars(select(RecipientKey).where(RecipientKey.key_id == key_id)).one_or_none()


def list_keys_of(session: Session, person_id: str) -> Sequence[RecipientKey]:
    """Every key of a person, the live one first: old grants name old keys."""
    return session.scalars(
        select(RecipientKey)
        .where(RecipientKey.person_id == person_id)
        .order_by(RecipientKey.ended_on.is_not(None), RecipientKey.made_on.desc())
    ).all()


def list_people_of_keys(session: Session, key_ids: Sequence[bytes]) -> dict[bytes, tuple[RecipientKey, Person]]:
    """Who stands behind keys, for a reader of the same thread."""
    rows = session.execute(
        select(RecipientKey, Person)
        .join(Person, Person.id == RecipientKey.person_id)
        .where(RecipientKey.key_id.in_(key_ids))
    )
    return {key.key_id: (key, person) for key, person in rows}


def find_posts(session: Session, person_ids: Sequence[str], *, today: date) -> dict[str, RoleHolding]:
    """The post in which each person reads concerns, to name them by; their other duties are nobody's business here.

    One held today, else the last one held: nobody is called by a post they have left while they hold another.
    """
    is_held = or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > today)
    found = session.scalars(
        select(RoleHolding)
        .where(
            RoleHolding.person_id.in_(person_ids), RoleHolding.role.in_(READER_ROLES), RoleHolding.started_on <= today
        )
        .order_by(is_held, RoleHolding.started_on, RoleHolding.role)
    )
    return {holding.person_id: holding for holding in found}


def post_of(held: Any) -> Bilingual:
    """What somebody's duty is called: the post as the body wrote it, else the name of the role."""
    title = role_title(held.role)
    both = [Catalogue.for_locale(locale).say(title) for locale in (Locale.CY, Locale.EN)]
    return Bilingual(held.post_cy or both[0], held.post_en or both[1])


def _affair(about: About) -> Affair:
    """What a concern is about, as far as it decides who is offered. A tool in no register has who answers for all."""
    if about.matter is Matter.UNLISTED_SYSTEM:
        return Affair(Kind.UNLISTED, about.body.id)
    matter = about.matter.value if about.matter is not None else None
    return Affair(Kind.CONCERN, about.body.id, system_id=about.system_id, matter=matter)


def _numbers(session: Session, offered: Sequence[tuple[str, Any]]) -> dict[str, str]:
    """The telephone numbers of who is on call, by their role; asked only where somebody is."""
    held = [row.holding_id for group, row in offered if group == ON_CALL]
    asked = select(OnCallNumber.holding_id, OnCallNumber.telephone).where(OnCallNumber.holding_id.in_(held))
    return {holding_id: telephone for holding_id, telephone in session.execute(asked)} if held else {}


def _reader(
    group: str,
    row: Any,
    near: Mapping[str, str],
    numbers: Mapping[str, str],
    apart: Mapping[str, frozenset[str]],
) -> Reader:
    return Reader(
        person_id=row.person_id,
        key_id=row.key_id,
        recipient=row.recipient,
        sign=row.sign,
        group=group,
        post=post_of(row),
        name=row.display_name if row.shown_by_name else None,
        is_deputy=row.is_deputy,
        is_confirmed=bool(row.is_confirmed),
        near=near.get(row.person_id) if group != ON_CALL else None,
        telephone=numbers.get(row.holding_id, ""),
        apart=frozenset() if group.startswith(UNION) else apart.get(row.person_id, frozenset()),
    )
