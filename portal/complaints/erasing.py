"""Deleting a complaint for good when its three years are over. A tombstone, its figures and the audit stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.erasing import erase_case, kept_from, told_to
from portal.cases.holding import is_held
from portal.cases.models import Case, CaseEvent
from portal.cases.rules import CaseKind
from portal.complaints.models import Complaint, ComplaintTombstone
from portal.complaints.rules import YEARS_KEPT, Kept, State, goes_on
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.timelimits.calendar import months_later

MOST_AT_ONCE = 200
ENDS = ("close", "ico_ended")
"""The steps from which the three years count: the closing, or the end of the ICO's matter after it."""


@dataclass(frozen=True, slots=True)
class Going:
    """A complaint whose time is over, or will be."""

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
        .where(CaseEvent.case_id == Case.id, CaseEvent.step.in_(ENDS))
        .correlate(Case)
        .scalar_subquery()
    )
    due = select(Case.id, Case.reference, closed_at, is_held(Case.id)).where(
        Case.kind == CaseKind.COMPLAINT,
        Case.state == State.CLOSED,
        Case.finished_on <= months_later(by, -12 * YEARS_KEPT),
    )
    if among is not None:
        due = due.where(among)
    if case_id is not None:
        due = due.where(Case.id == case_id)
    rows = session.execute(due.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE))
    found = [Going(one, reference, goes_on(london_day(at)), held) for one, reference, at, held in rows]
    return [one for one in found if one.on <= by]


def erase(session: Session, case: Case, blobs: BlobStore, *, now: datetime) -> ComplaintTombstone:
    """Delete a complaint and all that belongs to it, files first. What others kept of it by reference stays."""
    stone = ComplaintTombstone(
        reference=case.reference,
        body_id=case.body_id,
        received_on=case.received_on,
        finished_on=case.finished_on,
        deleted_at=now,
        rule=Kept.YEARS_3.value,
        hidden_from=kept_from(session, case),
        is_about_office=session.get_one(Complaint, case.id).is_about_office,
    )
    session.add(stone)
    facts: dict[str, str | int] = {"reference": case.reference, "rule": Kept.YEARS_3.value}
    record(session, actor=None, event="complaint.erased", subject=case.id, now=now, body_id=case.body_id, facts=facts)
    erase_case(session, case, blobs)
    return stone


def list_tombstones(
    session: Session, bodies: Collection[str], *, reader: str, most: int = 100
) -> Sequence[ComplaintTombstone]:
    """The complaints of these bodies that were deleted, newest first; not those that the reader was left out of, and
    none about the office itself."""
    found = select(ComplaintTombstone).where(
        ComplaintTombstone.body_id.in_(sorted(bodies)), ~ComplaintTombstone.is_about_office
    )
    newest = found.order_by(ComplaintTombstone.deleted_at.desc(), ComplaintTombstone.reference)
    return told_to(session.scalars(newest.execution_options(yield_per=most)), reader, most)
