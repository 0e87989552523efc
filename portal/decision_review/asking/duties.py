"""What happens to reviews that wait for proof of identity because time passed."""

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, take_turn
from portal.cases.waiting import REMIND_AFTER, Waiting, due_for
from portal.core.db import Database
from portal.core.text import msg
from portal.decision_review.queries import get_request
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def wait_for_proof(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders, and after as long again the review ends; one press takes it up again."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        found = (
            select(Case.id)
            .where(
                Case.kind == CaseKind.REVIEW,
                Case.is_open,
                Case.state == State.IDENTITY_WAIT,
                Case.waiting_on <= desk.today - REMIND_AFTER,
            )
            .order_by(Case.waiting_on, Case.id)
        )
        waiting = session.scalars(found.limit(MOST_AT_ONCE)).all()
    return each_alone(database, waiting, partial(_one, desk=desk))


def _one(session: Session, case: Case, *, desk: Desk) -> bool:
    if case.waiting_on is None or case.state != State.IDENTITY_WAIT:
        return False
    request = get_request(session, case)
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
