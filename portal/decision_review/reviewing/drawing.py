"""Whether a second reviewer looks: by rule, or by lot."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core import ids
from portal.decision_review.queries import find_class
from portal.decision_review.reviewing.models import SecondLookDraw
from portal.decision_review.reviewing.queries import find_draw
from portal.decision_review.reviewing.rules import DrawRule, which_rule
from portal.decision_review.rules import SAMPLE_PERCENT, Outcome
from portal.register.models import SystemStep
from portal.register.rules import SystemState


def draw(session: Session, case: Case, outcome: Outcome, desk: Desk) -> SecondLookDraw:
    """Whether somebody looks as well, by rule or by lot. Drawn once; the number is kept."""
    known = find_draw(session, case)
    if known is not None:
        return known
    standing = find_class(session, case)
    rule = which_rule(standing.review_class if standing else None, outcome, live_since(session, case), desk.today)
    number = ids.random_below(100) if rule is DrawRule.SAMPLE else None
    looked = number < SAMPLE_PERCENT if number is not None else rule is DrawRule.FIRST_MONTHS
    drawn = SecondLookDraw(case_id=case.id, rule=rule, number=number, is_looked_at=looked, drawn_at=desk.now)
    session.add(drawn)
    session.flush()
    return drawn


def live_since(session: Session, case: Case) -> date | None:
    """The day on which the system of a review first went live, as far as the register knows."""
    if case.system_id is None:
        return None
    first: date | None = session.scalar(
        select(func.min(SystemStep.on)).where(
            SystemStep.system_id == case.system_id, SystemStep.to_state == SystemState.LIVE
        )
    )
    return first
