"""Deleting a review for good six years after it was closed. A tombstone, its figures and the audit stay (law.md 4)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.erasing import erase_case, kept_from
from portal.cases.holding import is_held
from portal.cases.models import Case, CaseEvent
from portal.cases.rules import CaseKind
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.decision_review.desk.models import ReviewTombstone
from portal.decision_review.desk.rules import ERASED_AFTER
from portal.decision_review.rules import YEARS_KEPT, State
from portal.timelimits.calendar import months_later

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Going:
    """A review whose time is over, or will be: when, and whether a hold keeps it."""

    case_id: str
    reference: str
    on: date
    is_held: bool


def list_going(
    session: Session, by: date, *, among: ColumnElement[bool] | None = None, case_id: str | None = None
) -> list[Going]:
    """What is deleted up to a day, soonest first; what a hold keeps is among it, and says so."""
    closed_at = (
        select(func.max(CaseEvent.at))
        .where(CaseEvent.case_id == Case.id, CaseEvent.step == "close")
        .correlate(Case)
        .scalar_subquery()
    )
    due = select(Case.id, Case.reference, closed_at, is_held(Case.id)).where(
        Case.kind == CaseKind.REVIEW,
        Case.state == State.CLOSED,
        Case.finished_on <= months_later(by, -12 * YEARS_KEPT),
    )
    if among is not None:
        due = due.where(among)
    if case_id is not None:
        due = due.where(Case.id == case_id)
    rows = session.execute(due.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE))
    found = [
        Going(own, reference, months_later(london_day(at), 12 * YEARS_KEPT), held) for own, reference, at, held in rows
    ]
    return [one for one in found if one.on <= by]


def erase(session: Session, case: Case, blobs: BlobStore, *, now: datetime) -> ReviewTombstone:
    """Delete a review and all that belongs to it. Raises nothing twice: its row is gone with it."""
    stone = ReviewTombstone(
        reference=case.reference,
        body_id=case.body_id,
        received_on=case.received_on,
        finished_on=case.finished_on,
        deleted_at=now,
        rule=ERASED_AFTER,
        hidden_from=kept_from(session, case),
    )
    session.add(stone)
    case_id, facts = case.id, {"reference": case.reference, "rule": ERASED_AFTER}
    record(session, actor=None, event="review.erased", subject=case_id, now=now, body_id=case.body_id, facts=facts)
    erase_case(session, case, blobs)
    return stone
