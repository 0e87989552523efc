"""Deleting a complaint for good when its three years are over. A tombstone, its figures and the audit stay."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import going
from portal.cases.erasing import erase_case, kept_from, told_to
from portal.cases.going import Going
from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.complaints.models import Complaint, ComplaintTombstone
from portal.complaints.rules import YEARS_KEPT, Kept
from portal.core.blobs import BlobStore

ENDS = ("close", "ico_ended")
"""The steps from which the three years count: the closing, or the end of the ICO's matter after it."""


def list_going(
    session: Session, by: date, *, among: ColumnElement[bool] | None = None, case_id: str | None = None
) -> list[Going]:
    """The complaints that are deleted up to a day, soonest first."""
    kind = CaseKind.COMPLAINT
    return going.list_going(session, by, kind=kind, years=YEARS_KEPT, ends=ENDS, among=among, case_id=case_id)


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
