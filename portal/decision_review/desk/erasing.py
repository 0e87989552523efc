"""Deleting a review for good six years after it was closed. A tombstone, its figures and the audit stay (law.md 4)."""

from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import going
from portal.cases.erasing import erase_case, kept_from
from portal.cases.going import Going
from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.core.blobs import BlobStore
from portal.decision_review.desk.models import ReviewTombstone
from portal.decision_review.desk.rules import ERASED_AFTER
from portal.decision_review.rules import YEARS_KEPT

ENDS = ("close",)
"""The step from which the years count."""


def list_going(
    session: Session, by: date, *, among: ColumnElement[bool] | None = None, case_id: str | None = None
) -> list[Going]:
    """The reviews that are deleted up to a day, soonest first."""
    kind = CaseKind.REVIEW
    return going.list_going(session, by, kind=kind, years=YEARS_KEPT, ends=ENDS, among=among, case_id=case_id)


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
