"""What can be asked of the directory. ``today`` decides which engagements and roles are current."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.directory.models import (
    Absence,
    Body,
    BranchRecognition,
    Engagement,
    Person,
    RoleHolding,
    StaffGroup,
    Union,
    UnionBranch,
    Workplace,
)
from portal.directory.rules import RoleName

T = TypeVar("T")
_EVERY_BODY = select(Body).order_by(Body.name_en)
_BODY_BY_SLUG = select(Body).where(Body.slug == bindparam("slug"))


def holding_is_current(today: date) -> ColumnElement[bool]:
    """The WHERE clause of ``rules.is_current`` for role holdings."""
    ended = or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > today)
    return (RoleHolding.started_on <= today) & ended


def engagement_is_current(today: date) -> ColumnElement[bool]:
    """The WHERE clause of ``rules.is_current`` for engagements."""
    return (Engagement.started_on <= today) & or_(Engagement.ended_on.is_(None), Engagement.ended_on > today)


def list_bodies(session: Session) -> Sequence[Body]:
    """Every body, by its English name; pages sort again in their language."""
    return session.scalars(_EVERY_BODY).all()


def get_body(session: Session, body_id: str) -> Body:
    return _found(session.get(Body, body_id))


def find_body_by_slug(session: Session, slug: str) -> Body | None:
    return session.scalar(_BODY_BY_SLUG, {"slug": slug})


def list_workplaces(session: Session, body_id: str) -> Sequence[Workplace]:
    return session.scalars(select(Workplace).where(Workplace.body_id == body_id).order_by(Workplace.name_en)).all()


def find_workplace(session: Session, body_id: str, slug: str) -> Workplace | None:
    return session.scalar(select(Workplace).where(Workplace.body_id == body_id, Workplace.slug == slug))


def list_workplace_and_parents(session: Session, workplace_id: str) -> Sequence[Workplace]:
    """A workplace, the one it lies in, and so on up: a rule for the hospital holds on its ward."""
    found: list[Workplace] = []
    step = session.get(Workplace, workplace_id)
    while step is not None and step not in found:
        found.append(step)
        step = session.get(Workplace, step.parent_id) if step.parent_id else None
    return found


def list_staff_groups(session: Session, body_id: str) -> Sequence[StaffGroup]:
    return session.scalars(select(StaffGroup).where(StaffGroup.body_id == body_id).order_by(StaffGroup.name_en)).all()


def find_staff_group(session: Session, body_id: str, code: str) -> StaffGroup | None:
    return session.scalar(select(StaffGroup).where(StaffGroup.body_id == body_id, StaffGroup.code == code))


def get_person(session: Session, person_id: str) -> Person:
    return _found(session.get(Person, person_id))


def find_person_by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def list_people(session: Session, body_id: str) -> Sequence[Person]:
    """Everybody whose home is the body, by name."""
    return session.scalars(select(Person).where(Person.body_id == body_id).order_by(Person.display_name)).all()


def find_people(session: Session, body_id: str, *, search: str = "", cursor: str | None = None) -> Cut[Person]:
    """A page of a body's people by name; ``search`` looks into name and e-mail address."""
    asked = select(Person).where(Person.body_id == body_id).order_by(Person.display_name, Person.id).limit(PAGE + 1)
    if search:
        asked = asked.where(
            Person.display_name.icontains(search, autoescape=True)
            | Person.email.contains(search.lower(), autoescape=True)
        )
    place = read_cursor(cursor, 2)
    if place is not None:
        asked = asked.where(tuple_(Person.display_name, Person.id) > tuple_(str(place[0]), str(place[1])))
    found = session.scalars(asked).all()
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    return Cut(found[:PAGE], write_cursor(last.display_name, last.id) if last else None)


def find_branch_by_slug(session: Session, slug: str) -> UnionBranch | None:
    return session.scalar(select(UnionBranch).where(UnionBranch.slug == slug))


def list_engagements(session: Session, person_id: str, *, today: date | None = None) -> Sequence[Engagement]:
    """A person's engagements, newest first; only the current ones when ``today`` is given."""
    asked = select(Engagement).where(Engagement.person_id == person_id).order_by(Engagement.started_on.desc())
    return session.scalars(asked if today is None else asked.where(engagement_is_current(today))).all()


def get_holding(session: Session, holding_id: str) -> RoleHolding:
    return _found(session.get(RoleHolding, holding_id))


def list_holdings_of(session: Session, person_id: str, *, today: date) -> Sequence[RoleHolding]:
    """The roles that a person holds today."""
    asked = select(RoleHolding).where(RoleHolding.person_id == person_id, holding_is_current(today))
    return session.scalars(asked.order_by(RoleHolding.role, RoleHolding.id)).all()


def list_holdings_of_all(session: Session, person_ids: Sequence[str], *, today: date) -> dict[str, list[RoleHolding]]:
    """The roles that several people hold today, by person."""
    asked = select(RoleHolding).where(RoleHolding.person_id.in_(person_ids), holding_is_current(today))
    found: dict[str, list[RoleHolding]] = {}
    for holding in session.scalars(asked.order_by(RoleHolding.role, RoleHolding.id)):
        found.setdefault(holding.person_id, []).append(holding)
    return found


def list_role_holders(
    session: Session, *, role: RoleName, body_id: str, today: date, system_id: str | None = None
) -> Sequence[tuple[RoleHolding, Person]]:
    """Who holds a role for a body today, the first holders before their deputies.

    With ``system_id``: those who hold it for that system or for all of the body's systems.
    """
    asked = (
        select(RoleHolding, Person)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(RoleHolding.body_id == body_id, RoleHolding.role == role, holding_is_current(today))
        .order_by(RoleHolding.is_deputy, Person.display_name)
    )
    if system_id is not None:
        asked = asked.where(or_(RoleHolding.system_id == system_id, RoleHolding.system_slug.is_(None)))
    return [(holding, person) for holding, person in session.execute(asked)]


def list_holders(
    session: Session, body_id: str, roles: Collection[RoleName], *, today: date
) -> Sequence[tuple[RoleHolding, Person]]:
    """Everybody who holds one of these roles for the body today; holders before deputies."""
    asked = (
        select(RoleHolding, Person)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(RoleHolding.body_id == body_id, RoleHolding.role.in_(roles), holding_is_current(today))
        .order_by(RoleHolding.is_deputy, Person.display_name, RoleHolding.id)
    )
    return [(holding, person) for holding, person in session.execute(asked)]


def list_away(session: Session, people: Collection[str], *, today: date) -> frozenset[str]:
    """Those of these people who are away today."""
    found = session.scalars(
        select(Absence.person_id).where(
            Absence.person_id.in_(people), Absence.from_on <= today, Absence.until_on >= today
        )
    )
    return frozenset(found)


def list_branch_members(session: Session, branch_id: str, *, today: date) -> Sequence[tuple[RoleHolding, Person]]:
    """Representatives and administrators of a branch today."""
    asked = (
        select(RoleHolding, Person)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(RoleHolding.branch_id == branch_id, holding_is_current(today))
        .order_by(Person.display_name, RoleHolding.role)
    )
    return [(holding, person) for holding, person in session.execute(asked)]


def list_recognised_branches(session: Session, body_id: str) -> Sequence[tuple[UnionBranch, Union]]:
    """The union branches that a body recognises, in alphabetical order of union (routing.md 16)."""
    asked = (
        select(UnionBranch, Union)
        .join(Union, Union.id == UnionBranch.union_id)
        .join(BranchRecognition, BranchRecognition.branch_id == UnionBranch.id)
        .where(BranchRecognition.body_id == body_id)
        .order_by(Union.name, UnionBranch.name_en)
    )
    return [(branch, union) for branch, union in session.execute(asked)]


def get_branch(session: Session, branch_id: str) -> UnionBranch:
    return _found(session.get(UnionBranch, branch_id))


def list_bodies_recognising(session: Session, branch_id: str) -> Sequence[Body]:
    asked = select(Body).join(BranchRecognition, BranchRecognition.body_id == Body.id)
    return session.scalars(asked.where(BranchRecognition.branch_id == branch_id).order_by(Body.name_en)).all()


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
