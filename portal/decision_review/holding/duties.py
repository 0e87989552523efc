"""What time does to a question whether an effect waits."""

from datetime import datetime

from sqlalchemy import select

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
    done = 0
    with database.writing() as session:
        over = session.execute(
            select(Case, HoldQuestion)
            .join(HoldQuestion, HoldQuestion.case_id == Case.id)
            .where(
                Case.is_open,
                HoldQuestion.answer.is_(None),
                HoldQuestion.escalated_at.is_(None),
                HoldQuestion.answer_by < desk.today,
            )
            .order_by(HoldQuestion.answer_by, HoldQuestion.id)
            .limit(MOST_AT_ONCE)
        ).all()
        for case, question in over:
            done += run_out(session, case, question, desk=desk)
    return done


def chase_holds(database: Database, settings: Settings, now: datetime) -> int:
    """Effects that should wait, and that nobody wrote down as stopped within a working day: once each."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    done = 0
    with database.writing() as session:
        waiting = session.execute(
            select(Case, HoldQuestion)
            .join(HoldQuestion, HoldQuestion.case_id == Case.id)
            .where(
                Case.is_open,
                HoldQuestion.answer == Answer.HOLD,
                HoldQuestion.done_at.is_(None),
                HoldQuestion.chased_at.is_(None),
            )
            .order_by(HoldQuestion.answered_at, HoldQuestion.id)
            .limit(MOST_AT_ONCE)
        ).all()
        for case, question in waiting:
            done += chase(session, case, question, desk=desk)
    return done
