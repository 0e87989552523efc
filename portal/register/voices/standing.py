"""Who speaks for which side. Neither side, and no administrator, can write what the other one says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotAllowed, NotFound
from portal.directory.models import BranchRecognition, UnionBranch
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.lifecycle.standing import get_own
from portal.register.models import System


def own_branches(session: Session, actor: Actor, body_id: str) -> list[UnionBranch]:
    """The branches that somebody represents and that the body recognises."""
    held = actor.branches_where(RoleName.UNION_REPRESENTATIVE)
    asked = (
        select(UnionBranch)
        .join(BranchRecognition, BranchRecognition.branch_id == UnionBranch.id)
        .where(BranchRecognition.body_id == body_id, UnionBranch.id.in_(held))
        .order_by(UnionBranch.name_en)
    )
    return list(session.scalars(asked)) if held else []


def may_answer(actor: Actor, system: System) -> bool:
    """Whether somebody writes for the employer: an editor of the body, or the system's manager or deputy."""
    return permits(actor, Permission.EMPLOYER_VOICE, Subject(body_id=system.body_id, system_id=system.id))


def get_for_employer(session: Session, actor: Actor, short_code: str) -> System:
    """A system for which somebody writes the employer's side; NotFound for everybody else."""
    system = get_own(session, actor, short_code)
    if not may_answer(actor, system):
        raise NotFound
    return system


def get_for_branch(session: Session, actor: Actor, short_code: str, slug: str) -> tuple[System, UnionBranch]:
    """A system and the branch that somebody speaks for about it; NotFound for other branches and for strangers."""
    system = get_own(session, actor, short_code)
    for branch in own_branches(session, actor, system.body_id):
        if branch.slug == slug:
            return system, branch
    raise NotFound


def must_speak(session: Session, actor: Actor, system: System, branch_id: str) -> None:
    """Refuse whoever does not represent this branch, and a branch that the body does not recognise."""
    speaks = permits(actor, Permission.UNION_VOICE, Subject(branch_id=branch_id))
    if not speaks or session.get(BranchRecognition, (system.body_id, branch_id)) is None:
        raise NotAllowed


def must_answer(actor: Actor, system: System) -> None:
    """Refuse whoever does not write for the employer."""
    if not may_answer(actor, system):
        raise NotAllowed
