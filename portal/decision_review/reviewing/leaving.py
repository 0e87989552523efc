"""Who can sit in a review no longer: left out of it, gone from their employer, or a reviewer no more.

The same words of SQL say it of one seat, of all seats for the sweep, and before every page and verb of a reviewer.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, String, and_, case, exists, literal, null, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.rules import Duty
from portal.decision_review.reviewing.models import ReviewSeat
from portal.decision_review.reviewing.rules import SeatEnd
from portal.decision_review.steps import WITH_REVIEWER
from portal.directory.models import Engagement, RoleHolding
from portal.directory.queries import engagement_is_current, holding_is_current
from portal.directory.rules import RoleName
from portal.identity.models import Account


def find_gone(session: Session, seat: ReviewSeat, *, today: date) -> SeatEnd | None:
    """Why who has a seat can sit there no longer; None while they can."""
    found = session.scalar(select(_why(today)).select_from(ReviewSeat).where(ReviewSeat.id == seat.id))
    return SeatEnd(found) if found is not None else None


def list_with_gone(session: Session, *, today: date) -> Sequence[str]:
    """Ids of the reviews in which a reviewer sits who can do so no longer."""
    found = (
        select(Case.id)
        .join(ReviewSeat, ReviewSeat.case_id == Case.id)
        .where(Case.state.in_(sorted(WITH_REVIEWER)), ReviewSeat.ended_at.is_(None), _why(today).is_not(None))
    )
    return session.scalars(found.distinct().order_by(Case.id)).all()


def _why(today: date) -> ColumnElement[str | None]:
    """The first reason that holds of a row of seats."""
    person = ReviewSeat.person_id
    works = exists().where(Engagement.person_id == person)
    left = or_(
        and_(works, ~works.where(engagement_is_current(today))),
        exists().where(Account.person_id == person, Account.closed_at.is_not(None)),
    )
    holds = exists().where(
        RoleHolding.person_id == person, RoleHolding.role == RoleName.REVIEWER, holding_is_current(today)
    )
    left_out = exists().where(Exclusion.case_id == ReviewSeat.case_id, Exclusion.person_id == person)
    given = exists().where(
        Assignment.case_id == ReviewSeat.case_id,
        Assignment.person_id == person,
        Assignment.duty == Duty.REVIEWER,
        Assignment.ended_at.is_(None),
    )
    reasons = (
        (left_out, SeatEnd.LEFT_OUT),
        (left, SeatEnd.LEFT),
        (~holds, SeatEnd.ROLE_ENDED),
        (~given, SeatEnd.REPLACED),
    )
    return case(*((holds_so, literal(end.value, String)) for holds_so, end in reasons), else_=null())
