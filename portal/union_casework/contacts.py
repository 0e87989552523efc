"""Whom members ask for the data that a branch holds. Each branch keeps its own line; everybody may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotFound
from portal.core.text import Bilingual
from portal.directory.models import Union, UnionBranch
from portal.directory.queries import find_branch_by_slug
from portal.identity.actor import Actor
from portal.union_casework.models import BranchDataContact


@dataclass(frozen=True, slots=True)
class Controller:
    """A branch as its own controller: whom to ask, or nobody named yet."""

    union: str
    branch: Bilingual
    contact: BranchDataContact | None


def list_controllers(session: Session) -> Sequence[Controller]:
    """Every branch, by union and name."""
    rows = session.execute(
        select(Union.name, UnionBranch, BranchDataContact)
        .join(UnionBranch, UnionBranch.union_id == Union.id)
        .outerjoin(BranchDataContact, BranchDataContact.branch_id == UnionBranch.id)
        .order_by(Union.name, UnionBranch.slug)
    )
    return [Controller(union, Bilingual(branch.name_cy, branch.name_en), contact) for union, branch, contact in rows]


def get_own_branch(session: Session, actor: Actor, slug: str) -> UnionBranch:
    """A branch that the actor administers; NotFound for every other."""
    branch = find_branch_by_slug(session, slug)
    if branch is None or not permits(actor, Permission.ADMINISTER_BRANCH, Subject(branch_id=branch.id)):
        raise NotFound
    return branch


def find_contact(session: Session, branch: UnionBranch) -> BranchDataContact | None:
    """What a branch says now."""
    return session.get(BranchDataContact, branch.id)


def set_contact(
    session: Session, actor: Actor, branch: UnionBranch, name: Bilingual, email: str, *, today: date, now: datetime
) -> BranchDataContact:
    """Say whom members ask."""
    found = find_contact(session, branch) or BranchDataContact(branch_id=branch.id)
    found.name_cy, found.name_en, found.email = name.cy, name.en, email
    found.changed_by, found.changed_on = actor.account_id, today
    session.add(found)
    session.flush()
    record(session, actor=actor, event="union.data_contact_set", subject=branch.id, now=now)
    return found
