"""The days that a reader has to keep in the threads that were given to them: promises, next steps, ends of mandates."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rules import Side
from portal.concerns.casework.told import tellable
from portal.concerns.desk.duty import side_of
from portal.concerns.timing.models import ConcernClock
from portal.identity.actor import Actor

MOST_DAYS = 500


def list_own_days(session: Session, actor: Actor) -> list[date]:
    """Every day of the open threads that somebody was given and can still open, each as often as something is due."""
    side = Side(side_of(actor))
    rows = session.execute(
        select(ToldSide.next_on, ToldSide.mandate_until, ConcernClock.due_on)
        .join(ToldThread, ToldThread.case_id == ToldSide.case_id)
        .outerjoin(ConcernClock, ConcernClock.case_id == ToldSide.case_id)
        .where(ToldSide.assignee_id == actor.person_id, ToldSide.side == side, ToldThread.is_open)
        .where(tellable(actor, ToldSide.case_id))
        .order_by(ToldSide.case_id)
        .limit(MOST_DAYS)
    )
    return sorted(day for row in rows for day in row if day is not None)
