"""What time does to a question whether an effect waits."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.db import Database
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.rules import Answer
from portal.decision_review.holding.service import chase, run_out
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def answer_for_the_silent(database: Database, settings: Settings, now: datetime) -> int:
    """Questions whose day is over: held by default, or handed up. One that was handed up waits on for its answer."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    over = and_(HoldQuestion.answer.is_(None), HoldQuestion.escalated_at.is_(None), HoldQuestion.answer_by < desk.today)
    return _each(database, over, lambda session, case, question: run_out(session, case, question, desk=desk))


def chase_holds(database: Database, settings: Settings, now: datetime) -> int:
    """Effects that should wait, and that nobody wrote down as stopped within a working day: once each."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    waiting = and_(HoldQuestion.answer == Answer.HOLD, HoldQuestion.done_at.is_(None), HoldQuestion.chased_at.is_(None))
    return _each(database, waiting, lambda session, case, question: chase(session, case, question, desk=desk))


def _each(database: Database, where: ColumnElement[bool], act: Callable[[Session, Case, HoldQuestion], bool]) -> int:
    """One review in one transaction. What was listed is asked again with its row held."""

    def one(session: Session, case: Case) -> bool:
        found = session.scalars(select(HoldQuestion).where(HoldQuestion.case_id == case.id, where)).all()
        return case.is_open and any([act(session, case, question) for question in found])

    with database.reading() as session:
        listed = select(Case.id).join(HoldQuestion, HoldQuestion.case_id == Case.id).where(Case.is_open, where)
        due = session.scalars(listed.order_by(HoldQuestion.answer_by, HoldQuestion.id).limit(MOST_AT_ONCE)).all()
    return each_alone(database, dict.fromkeys(due), one)
