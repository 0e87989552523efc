"""What time does to the records of a decision and to the worker's side."""

from datetime import datetime

from sqlalchemy import func, select

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.db import Database
from portal.decision_review.evidence.models import EvidencePack, Representation
from portal.decision_review.evidence.saying import run_out
from portal.decision_review.evidence.service import chase
from portal.decision_review.rules import State
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def chase_records(database: Database, settings: Settings, now: datetime) -> int:
    """Records that did not come on their day: once each."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.writing() as session:
        late = session.execute(
            select(Case, EvidencePack)
            .join(EvidencePack, EvidencePack.case_id == Case.id)
            .where(
                Case.is_open,
                EvidencePack.frozen_at.is_(None),
                EvidencePack.escalated_at.is_(None),
                EvidencePack.due_on < desk.today,
            )
            .order_by(EvidencePack.due_on, EvidencePack.id)
            .limit(MOST_AT_ONCE)
        ).all()
        return sum(chase(session, case, pack, desk=desk) for case, pack in late)


def close_sides(database: Database, settings: Settings, now: datetime) -> int:
    """The worker's days that are over."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.writing() as session:
        over = session.execute(
            select(Case, Representation)
            .join(Representation, Representation.case_id == Case.id)
            .where(
                Case.is_open,
                Case.state == State.REPRESENTATIONS_OPEN,
                Representation.closed_at.is_(None),
                func.coalesce(Representation.longer_until, Representation.until_on) < desk.today,
            )
            .order_by(Representation.until_on, Case.id)
            .limit(MOST_AT_ONCE)
        ).all()
        return sum(run_out(session, case, side, desk=desk) for case, side in over)
