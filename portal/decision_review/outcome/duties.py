"""What time does after a decision: late remedies are chased, the worker is asked after thirty days, silence closes."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, take_turn
from portal.core.db import Database
from portal.core.text import msg
from portal.decision_review.outcome.models import RemedyTask
from portal.decision_review.rules import REMEDY_CHECK, SILENCE, State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to, write_to_officers
from portal.directory.models import Person
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def chase_remedies(database: Database, settings: Settings, now: datetime) -> int:
    """What was to be put right and is late: its owner and the officers hear of it once, and the worker reads it."""
    desk = _desk(settings, now)
    with database.writing() as session:
        late = select(RemedyTask).where(
            RemedyTask.done_at.is_(None), RemedyTask.due_on < desk.today, RemedyTask.chased_on.is_(None)
        )
        rows = session.scalars(late.order_by(RemedyTask.due_on, RemedyTask.id).limit(MOST_AT_ONCE)).all()
        for row in rows:
            _chase(session, row, desk)
    return len(rows)


def ask_whether_it_happened(database: Database, settings: Settings, now: datetime) -> int:
    """Thirty days after something was put right, the worker is asked whether it really was."""
    desk = _desk(settings, now)
    with database.writing() as session:
        old = select(RemedyTask).where(
            RemedyTask.done_at <= now - REMEDY_CHECK,
            RemedyTask.worker_says.is_(None),
            RemedyTask.checked_on.is_(None),
        )
        rows = session.scalars(old.order_by(RemedyTask.done_at, RemedyTask.id).limit(MOST_AT_ONCE)).all()
        for row in rows:
            case = session.get_one(Case, row.case_id)
            turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
            row.checked_on = desk.today
            session.flush()
            turn.tell("remedy_checked", msg("We asked whether it really happened"))
            tell(session, case, desk, "review_happened")
    return len(rows)


def close_reviews(database: Database, settings: Settings, now: datetime) -> int:
    """Close what nobody objects to: everything was put right and the worker said so, or nothing for fourteen days."""
    desk = _desk(settings, now)
    with database.writing() as session:
        open_still = exists().where(
            RemedyTask.case_id == Case.id,
            or_(
                RemedyTask.done_at.is_(None),
                and_(
                    RemedyTask.worker_says.is_(None),
                    or_(RemedyTask.checked_on.is_(None), RemedyTask.checked_on > desk.today - SILENCE),
                ),
            ),
        )
        quiet = Case.finished_on < desk.today - SILENCE
        over = select(Case).where(
            Case.kind == CaseKind.REVIEW,
            Case.state.in_([State.DECIDED.value, State.IMPLEMENTING.value, State.REFERRED.value]),
            quiet,
            ~open_still,
        )
        rows = session.scalars(over.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE)).all()
        for case in rows:
            cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
    return len(rows)


def _chase(session: Session, row: RemedyTask, desk: Desk) -> None:
    case = session.get_one(Case, row.case_id)
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    row.chased_on = desk.today
    session.flush()
    turn.tell("remedy_late", msg("Something that was to be put right is late"))
    write_to(session, session.get_one(Person, row.owner_id), "review_remedy", desk=desk)
    write_to_officers(session, case, desk=desk)


def _desk(settings: Settings, now: datetime) -> Desk:
    return Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
