"""Which threads something happens to today, after their outcome was told."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.concerns.after.rules import Since
from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import ToldState
from portal.concerns.timing.models import ConcernClock
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.rules import NOTES

LONGEST_BACK = timedelta(days=7)
"""What closed, or was taken up again, so long ago is not looked at any more."""
CLOSED = "closed"


def list_due(session: Session, *, today: date, most: int) -> Sequence[bytes]:
    """The threads to look at today, those that wait longest first."""
    due = select(ConcernClock.case_id).where(ConcernClock.after_on <= today)
    return session.scalars(due.order_by(ConcernClock.after_on).limit(most)).all()


def since_outcome(session: Session, clock: ConcernClock) -> Since | None:
    """What is known of a thread since its outcome; None while none is told."""
    if clock.outcome_on is None:
        return None
    acts = (clock.acknowledged_on, clock.replied_on, clock.updated_on, clock.outcome_on)
    newest = session.scalar(select(func.max(SealedItem.day)).where(SealedItem.case_id == clock.case_id))
    return Since(clock.outcome_on, clock.asked or 0, newest, max(day for day in acts if day is not None))


def list_shown_wrong(session: Session, *, today: date) -> list[tuple[bytes, bool]]:
    """Threads whose reporter does not see yet that casework closed them, or took them up again: and which it is."""
    rows = session.execute(
        select(ToldThread.case_id, ToldThread.state, SealedCase.state)
        .join(SealedCase, SealedCase.case_id == ToldThread.case_id)
        .where(ToldThread.state_since >= today - LONGEST_BACK, SealedCase.state != NOTES)
    )
    closed = [(case_id, told is ToldState.CLOSED, shown == CLOSED) for case_id, told, shown in rows]
    return [(case_id, is_closed) for case_id, is_closed, is_shown in closed if is_closed is not is_shown]
