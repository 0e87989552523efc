"""What time does to the records of a decision and to the worker's side."""

from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from portal.cases.locking import each_alone
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
    late = and_(EvidencePack.frozen_at.is_(None), EvidencePack.escalated_at.is_(None), EvidencePack.due_on < desk.today)

    def one(session: Session, case: Case) -> bool:
        found = session.scalars(select(EvidencePack).where(EvidencePack.case_id == case.id, late)).all()
        return case.is_open and any([chase(session, case, pack, desk=desk) for pack in found])

    listed = select(Case.id).join(EvidencePack, EvidencePack.case_id == Case.id).where(Case.is_open, late)
    return each_alone(database, _list(database, listed.order_by(EvidencePack.due_on, EvidencePack.id)), one)


def close_sides(database: Database, settings: Settings, now: datetime) -> int:
    """The worker's days that are over."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    last = func.coalesce(Representation.longer_until, Representation.until_on)
    over = and_(Representation.closed_at.is_(None), last < desk.today)

    def one(session: Session, case: Case) -> bool:
        side = session.scalars(select(Representation).where(Representation.case_id == case.id, over)).one_or_none()
        is_open = case.is_open and case.state == State.REPRESENTATIONS_OPEN
        return is_open and side is not None and run_out(session, case, side, desk=desk)

    listed = (
        select(Case.id)
        .join(Representation, Representation.case_id == Case.id)
        .where(Case.is_open, Case.state == State.REPRESENTATIONS_OPEN, over)
    )
    return each_alone(database, _list(database, listed.order_by(Representation.until_on, Case.id)), one)


def _list(database: Database, listed: Select[str]) -> list[str]:
    with database.reading() as session:
        return list(dict.fromkeys(session.scalars(listed.limit(MOST_AT_ONCE))))
