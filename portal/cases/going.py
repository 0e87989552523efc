"""Cases whose time is over, or will be: when they are deleted, and what a hold keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.cases.holding import is_held
from portal.cases.models import Case, CaseEvent
from portal.cases.rules import CaseKind
from portal.core.clock import london_day
from portal.timelimits.calendar import months_later

MOST_AT_ONCE = 200
CLOSED = "closed"
"""The last state of every kind that is kept by years from its closing."""


@dataclass(frozen=True, slots=True)
class Going:
    """A case whose time is over, or will be: when, and whether a hold keeps it."""

    case_id: str
    reference: str
    on: date
    is_held: bool


def list_going(
    session: Session,
    by: date,
    *,
    kind: CaseKind,
    years: int,
    ends: Collection[str],
    among: ColumnElement[bool] | None = None,
    case_id: str | None = None,
) -> list[Going]:
    """What is deleted up to a day, soonest first; what a hold keeps is among it, and says so. The years count from the
    last of the steps ``ends``."""
    closed_at = (
        select(func.max(CaseEvent.at))
        .where(CaseEvent.case_id == Case.id, CaseEvent.step.in_(sorted(ends)))
        .correlate(Case)
        .scalar_subquery()
    )
    due = select(Case.id, Case.reference, closed_at, is_held(Case.id)).where(
        Case.kind == kind,
        Case.state == CLOSED,
        Case.finished_on <= months_later(by, -12 * years),
    )
    if among is not None:
        due = due.where(among)
    if case_id is not None:
        due = due.where(Case.id == case_id)
    rows = session.execute(due.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE))
    found = [Going(one, reference, months_later(london_day(at), 12 * years), held) for one, reference, at, held in rows]
    return [one for one in found if one.on <= by]
