"""What happens to reviews that wait for proof of identity because time passed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, take_turn
from portal.cases.waiting import REMIND_AFTER, Waiting, due_for
from portal.core.db import Database
from portal.core.text import msg
from portal.decision_review.models import ReviewRequest
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def wait_for_proof(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders, and after as long again the review ends; one press takes it up again."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.writing() as session:
        waiting = session.execute(
            select(Case, ReviewRequest)
            .join(ReviewRequest, ReviewRequest.case_id == Case.id)
            .where(
                Case.kind == CaseKind.REVIEW,
                Case.is_open,
                Case.state == State.IDENTITY_WAIT,
                Case.waiting_on <= desk.today - REMIND_AFTER,
            )
            .order_by(Case.waiting_on, Case.id)
            .limit(MOST_AT_ONCE)
        ).all()
        return sum(_one(session, case, request, desk) for case, request in waiting)


def _one(session: Session, case: Case, request: ReviewRequest, desk: Desk) -> bool:
    if case.waiting_on is None:
        return False
    due = due_for(case.waiting_on, request.proof_reminders, request.proof_reminded_on, desk.today)
    if due is Waiting.REMIND:
        request.proof_reminders, request.proof_reminded_on = request.proof_reminders + 1, desk.today
        turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
        turn.tell("proof_reminder", msg("A reminder was sent that proof is still needed"))
    elif due is Waiting.GIVE_UP:
        cases.take_step(session, Relation.PORTAL, case, STEPS["give_up_proof"], desk=desk)
    if due is not None:
        tell(session, case, desk, "case_news")
    return due is not None
