"""What administrators' pages show: only their own bodies' people, only their own branches' representatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotFound
from portal.core.paging import Cut
from portal.core.text import Message, pmsg
from portal.directory import queries as directory
from portal.directory.models import Body, Person, RoleHolding, UnionBranch
from portal.directory.rules import RoleName, is_current
from portal.identity import queries as identity
from portal.identity.actor import Actor
from portal.identity.models import Account


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody in a list, with the state of their account and the roles they hold today."""

    person: Person
    state: Message
    roles: Sequence[RoleHolding]


def get_own_body(session: Session, actor: Actor, slug: str) -> Body:
    """A body that the actor administers; NotFound for every other."""
    body = directory.find_body_by_slug(session, slug)
    if body is None or not permits(actor, Permission.ADMINISTER, Subject(body_id=body.id)):
        raise NotFound
    return body


def get_own_branch(session: Session, actor: Actor, slug: str) -> UnionBranch:
    """A branch that the actor administers; NotFound for every other."""
    branch = directory.find_branch_by_slug(session, slug)
    if branch is None or not permits(actor, Permission.ADMINISTER_BRANCH, Subject(branch_id=branch.id)):
        raise NotFound
    return branch


def list_own_bodies(session: Session, actor: Actor) -> Sequence[Body]:
    mine = actor.bodies_where(RoleName.ADMINISTRATOR)
    return [body for body in directory.list_bodies(session) if body.id in mine]


def list_own_branches(session: Session, actor: Actor) -> Sequence[UnionBranch]:
    mine = actor.branches_where(RoleName.UNION_ADMINISTRATOR)
    return [directory.get_branch(session, branch_id) for branch_id in sorted(mine)]


def find_people(session: Session, body: Body, *, search: str, cursor: str | None, today: date) -> Cut[Entry]:
    """A page of a body's people."""
    cut = directory.find_people(session, body.id, search=search, cursor=cursor)
    return Cut(_entries(session, cut.items, today), cut.next_cursor)


def list_representatives(session: Session, branch: UnionBranch, *, today: date) -> Sequence[Entry]:
    """Everybody who holds a role in a branch today."""
    members = directory.list_branch_members(session, branch.id, today=today)
    return _entries(session, list({person.id: person for _holding, person in members}.values()), today)


def get_person_of(session: Session, person_id: str, *, body: Body) -> Person:
    """Somebody of this body; NotFound for every other."""
    person = directory.get_person(session, person_id)
    if person.body_id != body.id:
        raise NotFound
    return person


def get_member_of(session: Session, person_id: str, *, branch: UnionBranch, today: date) -> Person:
    """Somebody with a role in this branch today; NotFound for every other."""
    for _holding, person in directory.list_branch_members(session, branch.id, today=today):
        if person.id == person_id:
            return person
    raise NotFound


def get_holding_of(session: Session, holding_id: str, person: Person) -> RoleHolding:
    """A role of this person; NotFound for every other."""
    holding = directory.get_holding(session, holding_id)
    if holding.person_id != person.id:
        raise NotFound
    return holding


def get_own_holding(session: Session, holding_id: str, body: Body, *, today: date) -> RoleHolding:
    """A role that somebody holds for this body today; NotFound for every other."""
    holding = directory.get_holding(session, holding_id)
    if holding.body_id != body.id or not is_current(holding.started_on, holding.ended_on, today=today):
        raise NotFound
    return holding


def state_of(account: Account | None) -> Message:
    """The state of somebody's account in words."""
    if account is None:
        return pmsg("state of an account", "Not invited")
    if account.closed_at is not None:
        return pmsg("state of an account", "Closed")
    if account.password_hash is None:
        return pmsg("state of an account", "Invited")
    return pmsg("state of an account", "In use")


def may_be_invited(account: Account | None) -> bool:
    """True while there is no password: never invited, invited, or gone."""
    return account is None or account.password_hash is None


def list_unheld(session: Session, ended: Sequence[RoleHolding], *, today: date) -> Sequence[RoleHolding]:
    """Of roles that have ended, those that nobody holds now for the same body and system."""
    return [holding for holding in ended if holding.body_id is not None and not _is_held(session, holding, today)]


def _is_held(session: Session, holding: RoleHolding, today: date) -> bool:
    held = directory.list_role_holders(session, role=holding.role, body_id=holding.body_id or "", today=today)
    return any(other.system_slug in {None, holding.system_slug} for other, _person in held)


def _entries(session: Session, people: Sequence[Person], today: date) -> Sequence[Entry]:
    accounts = identity.list_accounts_of(session, [person.id for person in people])
    roles = directory.list_holdings_of_all(session, [person.id for person in people], today=today)
    return [Entry(person, state_of(accounts.get(person.id)), roles.get(person.id, [])) for person in people]
