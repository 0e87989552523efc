"""Taking a review from one state to a later one, step by step, where a test is about something else."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.cases.turn import Desk
from portal.decision_review.evidence.service import open_side
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.identity.actor import Actor

WAY = ("classify", "request_pack", "share_pack")


def walk_to(session: Session, officer: Actor, case: Case, state: State, *, desk: Desk) -> None:
    """Take the steps of an ordinary review, by an officer, until it is where it is wanted; the side is over."""
    for name in WAY:
        if case.state == state:
            return
        step = STEPS[name]
        if case.state in step.froms:
            take_step(session, officer if Relation.OFFICER in step.who else Relation.PORTAL, case, step, desk=desk)
    assert case.state == state
    if state is State.REPRESENTATIONS_OPEN:
        open_side(session, case, desk=desk).closed_at = desk.now
        session.flush()
