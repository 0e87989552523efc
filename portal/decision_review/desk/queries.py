"""Reads of the desk: what stands beside the rows of the queue, missed days, who looked, what was deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.erasing import told_to
from portal.cases.models import Assignment, Case
from portal.cases.queries import workable
from portal.cases.rules import CaseKind, Duty, officer_bodies
from portal.core.text import Bilingual, Message
from portal.decision_review.asking.models import ReviewProposal
from portal.decision_review.desk.models import ReviewMissedDay, ReviewReading, ReviewTombstone
from portal.decision_review.desk.rules import LOOKED, LOOKERS, Looked, Looker, Standing
from portal.decision_review.evidence.models import EvidencePack, Representation
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.models import Classification
from portal.identity.actor import Actor
from portal.register.models import System, SystemVersion


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who looked: the day, in which capacity, and at what. No name."""

    on_day: date
    role: Message
    parts: tuple[Message, ...]


def read_standings(session: Session, case_ids: Sequence[str], *, today: date) -> dict[str, Standing]:
    """What waits in each of these reviews, in one question for each thing that can wait."""

    def among(column: InstrumentedAttribute[str], *where: ColumnElement[bool]) -> set[str]:
        return set(session.scalars(select(column).where(column.in_(case_ids), *where)))

    proposed = among(ReviewProposal.case_id, ReviewProposal.decided_by.is_(None))
    contested = among(
        Classification.case_id,
        Classification.contested_at.is_not(None),
        Classification.settled_at.is_(None),
        Classification.ended_at.is_(None),
    )
    asked = among(HoldQuestion.case_id, HoldQuestion.answer.is_(None))
    held = among(HoldQuestion.case_id, HoldQuestion.answer == "hold", HoldQuestion.done_at.is_(None))
    late = among(EvidencePack.case_id, EvidencePack.frozen_at.is_(None), EvidencePack.due_on < today)
    ready = among(EvidencePack.case_id, EvidencePack.frozen_at.is_not(None), EvidencePack.shared_at.is_(None))
    last_day = func.coalesce(Representation.longer_until, Representation.until_on)
    said = among(Representation.case_id, Representation.closed_at.is_(None), last_day >= today)
    return {
        one: Standing(
            has_proposal=one in proposed,
            is_contested=one in contested,
            has_hold_question=one in asked,
            has_hold_to_do=one in held,
            has_late_records=one in late,
            has_records_to_share=one in ready,
            hears_worker=one in said,
        )
        for one in case_ids
    }


def list_given(session: Session, actor: Actor, case_ids: Sequence[str]) -> frozenset[str]:
    """Those of these reviews that the actor reviews."""
    found = select(Assignment.case_id).where(
        Assignment.case_id.in_(case_ids),
        Assignment.person_id == actor.person_id,
        Assignment.duty == Duty.REVIEWER,
        Assignment.ended_at.is_(None),
    )
    return frozenset(session.scalars(found))


def list_systems_at_desk(session: Session, actor: Actor) -> list[tuple[str, Bilingual]]:
    """The systems of the open reviews that the actor works on."""
    asked = select(Case.system_id).where(workable(actor), Case.kind == CaseKind.REVIEW, Case.is_open)
    found = session.execute(
        select(System.id, SystemVersion.name_cy, SystemVersion.name_en)
        .join(SystemVersion, and_(SystemVersion.system_id == System.id, SystemVersion.number == System.current_number))
        .where(System.id.in_(asked.distinct()))
        .order_by(SystemVersion.name_en)
    )
    return [(system_id, Bilingual(cy, en)) for system_id, cy, en in found]


def list_waiting(session: Session) -> frozenset[str]:
    """Ids of the reviews in which a second officer is to decide."""
    return frozenset(session.scalars(select(ReviewProposal.case_id).where(ReviewProposal.decided_by.is_(None))))


def count_missed(session: Session, actor: Actor) -> int:
    """Missed days of the actor's bodies of which nobody has written yet why; not of reviews kept from them."""
    bodies = officer_bodies(actor, CaseKind.REVIEW)
    missed = (
        select(func.count())
        .select_from(ReviewMissedDay)
        .join(Case, Case.id == ReviewMissedDay.case_id)
        .where(workable(actor), ReviewMissedDay.body_id.in_(bodies), ReviewMissedDay.closed_at.is_(None))
    )
    return session.scalar(missed) or 0


def list_missed(session: Session, case: Case) -> Sequence[ReviewMissedDay]:
    """The missed days of one review, latest first."""
    found = select(ReviewMissedDay).where(ReviewMissedDay.case_id == case.id)
    return session.scalars(found.order_by(ReviewMissedDay.due_on.desc())).all()


def list_looks(session: Session, case: Case) -> list[Look]:
    """Who looked, the latest day first. Two people of one capacity on one day are two lines."""
    rows = session.scalars(
        select(ReviewReading)
        .where(ReviewReading.case_id == case.id)
        .order_by(ReviewReading.on_day.desc(), ReviewReading.looker, ReviewReading.account_id)
    )
    lines: dict[tuple[date, Looker, str], set[Looked]] = {}
    for row in rows:
        lines.setdefault((row.on_day, row.looker, row.account_id), set()).add(row.part)
    return [
        Look(on_day, LOOKERS[looker], tuple(LOOKED[part] for part in Looked if part in parts))
        for (on_day, looker, _account), parts in lines.items()
    ]


def list_tombstones(
    session: Session, bodies: Collection[str], *, reader: str, most: int = 100
) -> Sequence[ReviewTombstone]:
    """The reviews of these bodies that were deleted, newest first; not those that the reader was left out of."""
    found = select(ReviewTombstone).where(ReviewTombstone.body_id.in_(sorted(bodies)))
    newest = found.order_by(ReviewTombstone.deleted_at.desc(), ReviewTombstone.reference)
    return told_to(session.scalars(newest.execution_options(yield_per=most)), reader, most)
