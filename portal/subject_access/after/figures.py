"""Figures of requests: frozen with the first answer, counted by quarter for the board and for who asks in public."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.periods import Quarter, quarter_of
from portal.cases.rules import CaseKind
from portal.cases.timekeeping import get_time_limit
from portal.subject_access.after.models import AccessFigure
from portal.subject_access.after.rules import ANSWERS, FREEZES_AFTER, OUTCOMES, Outcome
from portal.subject_access.after.tables import Column, Counted, Line, table_of
from portal.subject_access.searching.models import SearchTask
from portal.timelimits.calendar import WorkingDays

OF_OUTCOME: Mapping[Outcome, Column] = {
    Outcome.DATA: Column.DATA,
    Outcome.NOTHING_HELD: Column.NOTHING_HELD,
    Outcome.REFUSED: Column.REFUSED,
}


def freeze(session: Session, case: Case, calendar: WorkingDays) -> AccessFigure | None:
    """Write down the figures of a request that has just ended for the first time; what is frozen stays as it is."""
    known = session.get(AccessFigure, case.id)
    outcome = OUTCOMES.get(case.state)
    if known is not None or outcome is None or case.finished_on is None:
        return known
    limit = get_time_limit(session, case, calendar)
    minutes = session.scalar(select(func.sum(SearchTask.minutes)).where(SearchTask.case_id == case.id))
    figure = AccessFigure(
        id=case.id,
        body_id=case.body_id,
        received_on=case.received_on,
        finished_on=case.finished_on,
        outcome=outcome.value,
        in_time=not limit.is_late(case.finished_on),
        extended=limit.is_extended,
        days=max((case.finished_on - case.received_on).days, 0),
        paused_days=limit.paused_days,
        minutes=minutes or 0,
    )
    session.add(figure)
    session.flush()
    return figure


def list_to_freeze(session: Session, *, today: date, most: int) -> list[Case]:
    """Requests that have ended for good and are not frozen yet."""
    ended = [
        and_(Case.state == state, Case.finished_on <= today - FREEZES_AFTER[outcome])
        for state, outcome in OUTCOMES.items()
        if outcome in FREEZES_AFTER
    ]
    frozen = select(AccessFigure.id)
    found = select(Case).where(Case.kind == CaseKind.ACCESS, ~Case.is_open, or_(*ended), Case.id.not_in(frozen))
    return list(session.scalars(found.order_by(Case.id).limit(most)))


def first_day(session: Session, body_id: str) -> date | None:
    """The day of the first request that is counted."""
    counted = session.scalar(select(func.min(AccessFigure.received_on)).where(AccessFigure.body_id == body_id))
    standing = session.scalar(
        select(func.min(Case.received_on)).where(Case.kind == CaseKind.ACCESS, Case.body_id == body_id)
    )
    return min((day for day in (counted, standing) if day is not None), default=None)


def count_year(session: Session, body_id: str, year: int) -> Mapping[Quarter, Counted]:
    """What happened in each quarter of a financial year: received by the day it came, answered by the day it ended."""
    first, last = Quarter(year, 1).first, Quarter(year, 4).last
    found: dict[Quarter, Counted] = {Quarter(year, number): Counted() for number in range(1, 5)}
    mine = select(AccessFigure).where(AccessFigure.body_id == body_id)
    for figure in session.scalars(mine.where(AccessFigure.received_on.between(first, last))):
        found[quarter_of(figure.received_on)].numbers[Column.RECEIVED] += 1
    for figure in session.scalars(mine.where(AccessFigure.finished_on.between(first, last))):
        _count(found[quarter_of(figure.finished_on)], figure)
    for day in session.scalars(
        select(Case.received_on).where(
            Case.kind == CaseKind.ACCESS,
            Case.body_id == body_id,
            Case.received_on.between(first, last),
            Case.id.not_in(select(AccessFigure.id).where(AccessFigure.body_id == body_id)),
        )
    ):
        found[quarter_of(day)].numbers[Column.RECEIVED] += 1
    return found


def tell_quarter(session: Session, body_id: str, quarter: Quarter) -> tuple[Counted, Line]:
    """One quarter as counted, and its line of the table as it is told when no later quarter is."""
    counted = count_year(session, body_id, quarter.year)
    told = [Quarter(quarter.year, number) for number in range(1, quarter.number + 1)]
    return counted[quarter], table_of(told, counted)[quarter.number - 1]


def _count(counted: Counted, figure: AccessFigure) -> None:
    """Add one request that ended."""
    outcome = Outcome(figure.outcome)
    if outcome not in ANSWERS:
        counted.numbers[Column.ENDED] += 1
        return
    for column in (
        Column.ANSWERED,
        OF_OUTCOME[outcome],
        Column.IN_TIME if figure.in_time else Column.LATE,
        Column.EXTENDED if figure.extended else Column.NOT_EXTENDED,
    ):
        counted.numbers[column] += 1
    counted.days.append(figure.days)
    counted.minutes += figure.minutes
