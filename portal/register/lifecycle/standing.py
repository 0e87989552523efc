"""How somebody stands to a system: in which roles, and which systems they may see at all."""

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.directory.models import Body, BranchRecognition
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.lifecycle.rules import Role
from portal.register.models import System

ROLES = {
    RoleName.REGISTER_EDITOR: Role.EDITOR,
    RoleName.RESPONSIBLE_MANAGER: Role.MANAGER,
    RoleName.DATA_PROTECTION_OFFICER: Role.OFFICER,
    RoleName.OFF_SWITCH_HOLDER: Role.OFF_SWITCH,
}
"""Roles of the body. A union representative's role comes from the branches that the body recognises."""


def roles_at(session: Session, actor: Actor, system: System) -> frozenset[Role]:
    """The roles in which somebody may move this system; none for a stranger."""
    held = {mine for name, mine in ROLES.items() if actor.holds(name, body_id=system.body_id, system_id=system.id)}
    branches = actor.branches_where(RoleName.UNION_REPRESENTATIVE)
    if branches and _recognises(session, system.body_id, branches):
        held.add(Role.UNION)
    return frozenset(held)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The one WHERE clause: editors and data protection officers see their body's systems, managers and holders of
    the off-switch their own, representatives those of the bodies that recognise their branch."""
    clauses: list[ColumnElement[bool]] = [false()]
    for held in actor.holdings:
        if held.role in ROLES and held.body_id is not None:
            is_for_all = held.system_id is None and held.system_slug is None
            at = System.body_id == held.body_id
            clauses.append(at if is_for_all else at & (System.id == held.system_id))
    branches = actor.branches_where(RoleName.UNION_REPRESENTATIVE)
    if branches:
        recognising = select(BranchRecognition.body_id).where(BranchRecognition.branch_id.in_(branches))
        clauses.append(System.body_id.in_(recognising))
    return or_(*clauses)


def get_own(session: Session, actor: Actor, short_code: str) -> System:
    """A system that somebody may see on the desk; NotFound for a stranger, as for a code that does not exist."""
    found = session.scalar(select(System).where(System.short_code == short_code.upper(), readable(actor)))
    if found is None:
        raise NotFound
    return found


def get_as(session: Session, actor: Actor, short_code: str, *roles: Role) -> System:
    """A system in which somebody holds one of the roles; NotFound otherwise."""
    found = get_own(session, actor, short_code)
    if not roles_at(session, actor, found) & frozenset(roles):
        raise NotFound
    return found


def get_body_of(session: Session, system: System) -> Body:
    """The body that answers for a system."""
    return session.get_one(Body, system.body_id)


def _recognises(session: Session, body_id: str, branches: frozenset[str]) -> bool:
    asked = select(BranchRecognition.branch_id).where(
        BranchRecognition.body_id == body_id, BranchRecognition.branch_id.in_(branches)
    )
    return session.scalar(asked.limit(1)) is not None
