"""The yearly return: complaints counted once each, by financial year, with small numbers withheld.

Only whole years that are over are told: figures of other days, given beside these, would show what is withheld.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cases.suppression import SMALL, Sum, withheld
from portal.cases.timekeeping import list_clock_events
from portal.complaints.models import Complaint, ComplaintDecision, ComplaintFigure, ComplaintReopening
from portal.complaints.rules import OUTCOMES, THEMES, Outcome, State, Theme, closes_on
from portal.core.text import Message, msg
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.rules import acknowledgement

APRIL = 4
WITHDRAWN = State.WITHDRAWN.value


class Column(StrEnum):
    """What is counted besides outcomes and themes."""

    RECEIVED = "received"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    LATE = "late"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


HEADS: Mapping[str, Message] = {
    Column.RECEIVED: msg("Received"),
    Column.ANSWERED: msg("Outcome sent"),
    Column.IN_TIME: msg("Acknowledged within 30 days"),
    Column.LATE: msg("Acknowledged later"),
    **{outcome.value: said for outcome, said in OUTCOMES.items()},
    Column.REOPENED: msg("Taken up again after the outcome"),
    **{theme.value: said for theme, said in THEMES.items()},
    Column.WITHDRAWN: msg("Taken back"),
}
"""The lines of the return, in their order."""
MEDIAN = msg("Days to the first outcome, median")
SUMS = (
    Sum(Column.ANSWERED, (Column.IN_TIME, Column.LATE)),
    Sum(Column.ANSWERED, tuple(Outcome)),
    Sum(Column.ANSWERED, tuple(Theme)),
)


@dataclass(frozen=True, slots=True)
class Return:
    """One year. A number that is withheld is None; ``days`` is None where nothing, or too little, was answered."""

    year: int
    numbers: Mapping[str, int | None]
    days: float | None


def freeze(session: Session, case: Case, decision: ComplaintDecision | None, calendar: WorkingDays) -> ComplaintFigure:
    """Write down the figures of a complaint that has ended; what its first outcome was stays, whatever comes after."""
    known = session.get(ComplaintFigure, case.id)
    if known is not None:
        return known
    complaint = session.get_one(Complaint, case.id)
    finished_on = case.finished_on or case.received_on
    last = acknowledgement(list_clock_events(session, case), calendar).due_on
    figure = ComplaintFigure(
        id=case.id,
        body_id=case.body_id,
        received_on=case.received_on,
        finished_on=finished_on,
        outcome=decision.outcome.value if decision is not None else WITHDRAWN,
        theme=decision.theme.value if decision is not None else "",
        acknowledged_in_time=(complaint.acknowledged_on or finished_on) <= last,
        days=max((finished_on - case.received_on).days, 0),
    )
    session.add(figure)
    session.flush()
    return figure


def reopen(session: Session, figure: ComplaintFigure, form_id: str, on: date) -> None:
    """The complaint was taken up again. Until there is another outcome, the one before stands."""
    session.add(ComplaintReopening(id=form_id, figure_id=figure.id, reopened_on=on))
    session.flush()


def write_outcome(session: Session, case: Case, decision: ComplaintDecision, calendar: WorkingDays) -> None:
    """The outcome was sent: the first one, or that of a complaint that was taken up again."""
    waits = select(ComplaintReopening).where(
        ComplaintReopening.figure_id == case.id, ComplaintReopening.outcome.is_(None)
    )
    again = session.scalars(waits.order_by(ComplaintReopening.reopened_on.desc())).first()
    if again is None:
        freeze(session, case, decision, calendar)
        return
    again.finished_on = case.finished_on
    again.outcome, again.theme = decision.outcome.value, decision.theme.value
    session.flush()


def year_of(day: date) -> int:
    """The financial year, named by the calendar year in which it begins."""
    return day.year - (day.month < APRIL)


def span_of(year: int) -> tuple[date, date]:
    """Its first and last day."""
    return date(year, APRIL, 1), date(year + 1, APRIL, 1) - timedelta(days=1)


def is_told(year: int, today: date) -> bool:
    """Whether everything that happened in it is known for good: a withdrawal can be undone for a week, and counts from
    the pass of the sweep on the day after."""
    return today > closes_on(WITHDRAWN, span_of(year)[1])


def told_years(session: Session, body_id: str, today: date) -> list[int]:
    """The years with something to tell, newest first."""
    counted = session.scalar(select(func.min(ComplaintFigure.received_on)).where(ComplaintFigure.body_id == body_id))
    standing = session.scalar(
        select(func.min(Case.received_on)).where(Case.kind == CaseKind.COMPLAINT, Case.body_id == body_id)
    )
    first = min((day for day in (counted, standing) if day is not None), default=None)
    if first is None:
        return []
    return [year for year in range(year_of(today), year_of(first) - 1, -1) if is_told(year, today)]


def count_year(session: Session, body_id: str, year: int, *, before: Collection[Hashable] = ()) -> Return:
    """The return of one body: received by the day it came, everything else by the day of the first outcome. Each
    complaint is there once, with the outcome that stands. What was withheld ``before`` stays withheld."""
    first, last = span_of(year)
    mine = select(ComplaintFigure).where(ComplaintFigure.body_id == body_id)
    numbers: dict[str, int] = dict.fromkeys(HEADS, 0)
    frozen = session.scalars(mine.where(ComplaintFigure.received_on.between(first, last))).all()
    numbers[Column.RECEIVED] = len(frozen) + _standing(session, body_id, first, last)
    days = []
    ended = session.scalars(mine.where(ComplaintFigure.finished_on.between(first, last))).all()
    again = _reopenings(session, [one.id for one in ended])
    for figure in ended:
        _count(numbers, figure, again.get(figure.id, []))
        if figure.outcome != WITHDRAWN:
            days.append(figure.days)
    return _return(year, numbers, days, before)


def count_quarter(session: Session, body_id: str, first: date, last: date) -> Mapping[str, int]:
    """How many were received and how many first outcomes were sent between two days: to be told rounded, for the
    yearly return tells both to one."""
    of_body = ComplaintFigure.body_id == body_id
    came = select(func.count()).where(of_body, ComplaintFigure.received_on.between(first, last))
    answered = select(func.count()).where(
        of_body, ComplaintFigure.finished_on.between(first, last), ComplaintFigure.outcome != WITHDRAWN
    )
    received = (session.scalar(came) or 0) + _standing(session, body_id, first, last)
    return {Column.RECEIVED.value: received, Column.ANSWERED.value: session.scalar(answered) or 0}


def _standing(session: Session, body_id: str, first: date, last: date) -> int:
    """Complaints received between two days that have no figure yet."""
    standing = (
        select(func.count())
        .select_from(Case)
        .where(
            Case.kind == CaseKind.COMPLAINT,
            Case.body_id == body_id,
            Case.received_on.between(first, last),
            ~exists(select(ComplaintFigure.id).where(ComplaintFigure.id == Case.id)),
        )
    )
    return session.scalar(standing) or 0


def _reopenings(session: Session, ids: list[str]) -> dict[str, list[ComplaintReopening]]:
    """When these complaints were taken up again, in that order."""
    rows = session.scalars(
        select(ComplaintReopening)
        .where(ComplaintReopening.figure_id.in_(ids))
        .order_by(ComplaintReopening.reopened_on, ComplaintReopening.finished_on)
    )
    found: dict[str, list[ComplaintReopening]] = {}
    for row in rows:
        found.setdefault(row.figure_id, []).append(row)
    return found


def _count(numbers: dict[str, int], figure: ComplaintFigure, again: list[ComplaintReopening]) -> None:
    if figure.outcome == WITHDRAWN:
        numbers[Column.WITHDRAWN] += 1
        return
    said = [(figure.outcome, figure.theme), *((one.outcome, one.theme) for one in again if one.outcome and one.theme)]
    outcome, theme = said[-1]
    numbers[Column.ANSWERED] += 1
    numbers[Column.IN_TIME if figure.acknowledged_in_time else Column.LATE] += 1
    numbers[Outcome(outcome or "")] += 1
    numbers[Theme(theme or "")] += 1
    numbers[Column.REOPENED] += bool(again)


def _return(year: int, numbers: Mapping[str, int], days: list[int], before: Collection[Hashable]) -> Return:
    cells: dict[Hashable, int] = {key: number for key, number in numbers.items()}
    hidden = withheld(cells, SUMS, before=before)
    shown = {key: None if key in hidden else number for key, number in numbers.items()}
    return Return(year, shown, float(median(days)) if len(days) >= SMALL else None)
