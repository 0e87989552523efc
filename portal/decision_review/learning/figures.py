"""Figures of reviews: frozen when one has ended, read as tables that withhold what is small. They name nobody."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cases.timekeeping import get_time_limit
from portal.core.clock import london_day
from portal.decision_review.learning.models import ReviewFigure
from portal.decision_review.learning.tables import (
    Line,
    Table,
    Together,
    add_up,
    is_nobodys,
    is_told,
    quarter_begin,
    quarter_end,
    tables_of,
    whole_line,
)
from portal.decision_review.models import ReviewDecision, ReviewRequest
from portal.decision_review.queries import find_class
from portal.decision_review.rules import UNDO_WITHDRAWAL, State
from portal.register.models import DecisionPoint, System
from portal.register.queries import list_decision_points
from portal.timelimits.calendar import WorkingDays

AT_ONCE = (State.DECIDED, State.IMPLEMENTING, State.REFERRED, State.REFUSED, State.CLOSED)
"""Ended for good as the figures count it: a second stage does not count again."""


def freeze(session: Session, case: Case, calendar: WorkingDays, *, today: date) -> ReviewFigure | None:
    """Write down the figure of a review that has ended for the first time; what is frozen stays as it is.

    What ended in a quarter that was told meanwhile is counted today: a table that was told never changes.
    """
    known = session.get(ReviewFigure, case.id)
    decision = session.get(ReviewDecision, case.id)
    finished_on = london_day(decision.decided_at) if decision is not None else case.finished_on
    if known is not None or finished_on is None:
        return known
    request = session.get_one(ReviewRequest, case.id)
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    standing = find_class(session, case)
    figure = ReviewFigure(
        id=case.id,
        body_id=case.body_id,
        system_id=case.system_id,
        decision_point=point.key if point is not None else "",
        review_class=standing.review_class if standing is not None else None,
        received_on=case.received_on,
        finished_on=today if is_told(quarter_end(finished_on), today) else finished_on,
        working_days=calendar.between(case.received_on, finished_on),
        in_time=not get_time_limit(session, case, calendar).is_late(finished_on),
        is_withdrawn=case.state == State.WITHDRAWN,
        outcome=decision.outcome if decision is not None else None,
    )
    if figure.system_id is not None and decision is not None and decision.proposal_id is None:
        others = _deciders_so_far(session, figure.system_id, figure.finished_on, today=today)
        own = _people(decision)
        figure.nobody_alone = is_nobodys([own, *(people for _point, people in others)])
        figure.nobody_alone_at_point = is_nobodys(
            [own, *(people for point, people in others if point == figure.decision_point)]
        )
    session.add(figure)
    session.flush()
    return figure


def list_to_freeze(session: Session, *, today: date, most: int) -> list[Case]:
    """Reviews that have ended and are not frozen yet. A withdrawal counts when it can no longer be undone."""
    ended = or_(
        Case.state.in_([state.value for state in AT_ONCE]),
        and_(Case.state == State.STAGE_TWO.value, Case.id.in_(select(ReviewDecision.case_id))),
        and_(
            Case.state == State.WITHDRAWN.value,
            Case.finished_on < today - UNDO_WITHDRAWAL,
        ),
    )
    frozen = select(ReviewFigure.id)
    found = select(Case).where(Case.kind == CaseKind.REVIEW, ended, Case.id.not_in(frozen))
    return list(session.scalars(found.order_by(Case.id).limit(most)))


def tables_of_system(session: Session, system_id: str, *, today: date) -> tuple[Table, ...]:
    """The told periods of a system, oldest first."""
    found = select(ReviewFigure).where(ReviewFigure.system_id == system_id)
    return tables_of(session.scalars(found).all(), today)


def tables_of_body(session: Session, body_id: str, *, today: date) -> Sequence[tuple[System, tuple[Table, ...]]]:
    """The same tables as on each system's page, for a board: nothing is added up that is not told there."""
    found = select(System).where(
        System.id.in_(select(ReviewFigure.system_id).where(ReviewFigure.body_id == body_id)),
    )
    systems = session.scalars(found.order_by(System.short_code)).all()
    each = [(one, tables_of_system(session, one.id, today=today)) for one in systems]
    return [(one, tables) for one, tables in each if tables]


def tell_quarter(session: Session, body_id: str, last: date, *, today: date) -> tuple[Together, tuple[str, ...]]:
    """The tables that systems tell with the quarter of this last day, added up; and the codes of those systems."""
    told: list[tuple[Line, list[int]]] = []
    codes: list[str] = []
    for system, tables in tables_of_body(session, body_id, today=today):
        for table in (one for one in tables if one.last == last):
            told.append((whole_line(table), _days_of(session, system.id, table)))
            codes.append(system.short_code)
    return add_up(told), tuple(codes)


def _days_of(session: Session, system_id: str, table: Table) -> list[int]:
    decided = select(ReviewFigure.working_days).where(
        ReviewFigure.system_id == system_id,
        ReviewFigure.finished_on.between(table.first, table.last),
        ReviewFigure.outcome.is_not(None),
    )
    return list(session.scalars(decided))


def titles_of(session: Session, system_id: str) -> Mapping[str, DecisionPoint]:
    """The decision points of a system as its entry stands, by their keys."""
    return {one.key: one for one in list_decision_points(session, system_id)}


def _deciders_so_far(session: Session, system_id: str, day: date, *, today: date) -> list[tuple[str, frozenset[str]]]:
    """The decision point and the people of each decision that is certain to stand in one table with this day.

    Its own quarter is. Those before it that were not told are too, once they are known for good. An explanation of two
    officers hides no reviewer among others, for it stands in a column of its own.
    """
    first = quarter_begin(day)
    if is_told(first - timedelta(days=1), today):
        told = tables_of_system(session, system_id, today=today)
        first = told[-1].last + timedelta(days=1) if told else date.min
    found = (
        select(ReviewFigure.decision_point, ReviewDecision)
        .join(ReviewDecision, ReviewDecision.case_id == ReviewFigure.id)
        .where(
            ReviewFigure.system_id == system_id,
            ReviewFigure.finished_on.between(first, quarter_end(day)),
            ReviewDecision.proposal_id.is_(None),
        )
    )
    return [(point, _people(decision)) for point, decision in session.execute(found)]


def _people(decision: ReviewDecision) -> frozenset[str]:
    return frozenset(one for one in (decision.decided_by, decision.second_by) if one is not None)
