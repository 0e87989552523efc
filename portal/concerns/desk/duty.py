"""For whom somebody reads: one of the two sides, and the bodies whose concerns they may read today."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.concerns.cards import EMPLOYERS_SIDE, UNIONS_SIDE
from portal.directory.models import BranchRecognition
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.identity.actor import Actor

_BODIES_OF_BRANCHES = select(BranchRecognition.body_id).where(
    BranchRecognition.branch_id.in_(bindparam("branches", expanding=True))
)


def side_of(actor: Actor) -> str:
    """The side for which somebody reads."""
    return UNIONS_SIDE if actor.branches_where(*BRANCH_READERS) else EMPLOYERS_SIDE


def bodies_read_by(session: Session, actor: Actor) -> frozenset[str]:
    """The bodies whose concerns somebody reads today; who changed to another body reads the old one's no more."""
    bodies = actor.bodies_where(*BODY_READERS)
    branches = actor.branches_where(*BRANCH_READERS)
    if not branches:
        return bodies
    return bodies | set(session.scalars(_BODIES_OF_BRANCHES, {"branches": sorted(branches)}))
