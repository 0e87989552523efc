"""What happens to requests that wait for proof because time passed, and to authorities whose last day is over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.turn import Desk, take_turn
from portal.cases.waiting import REMIND_AFTER, Waiting, due_for
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import msg
from portal.settings.models import Settings
from portal.subject_access.asking.models import Authority
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.rules import State
from portal.subject_access.service import tell
from portal.subject_access.steps import STEPS
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def wait_for_proof(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders, and after as long again the request ends; one press takes it up again."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    done = 0
    with database.writing() as session:
        waiting = session.execute(
            select(Case, SubjectAccessRequest)
            .join(SubjectAccessRequest, SubjectAccessRequest.case_id == Case.id)
            .where(
                Case.kind == CaseKind.ACCESS,
                Case.is_open,
                Case.state == State.IDENTITY_WAIT,
                Case.waiting_on <= desk.today - REMIND_AFTER,
            )
            .order_by(Case.waiting_on, Case.id)
            .limit(MOST_AT_ONCE)
        ).all()
        for case, request in waiting:
            done += _one(session, case, request, desk)
    return done


def _one(session: Session, case: Case, request: SubjectAccessRequest, desk: Desk) -> bool:
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


def end_authorities(database: Database, _settings: Settings, now: datetime) -> int:
    """Who asked for somebody else gets no more letters once their authority is over."""
    ended = 0
    with database.writing() as session:
        over = session.scalars(
            select(Case)
            .join(Authority, Authority.case_id == Case.id)
            .where(Authority.is_asker, Authority.until_on < london_day(now), Case.contact_email.is_not(None))
            .limit(MOST_AT_ONCE)
        ).all()
        for case in over:
            case.contact_email = None
            ended += 1
    return ended
