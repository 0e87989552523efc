"""Reads of asking: papers, what waits for a second person, who was meant by names."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseEvent
from portal.core.errors import NotFound
from portal.core.text import Words
from portal.core.vault import Vault
from portal.decision_review.asking.models import ReviewPaper, ReviewProposal
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.models import Classification
from portal.decision_review.queries import class_context
from portal.directory.models import Engagement, Person
from portal.register.models import System
from portal.register.queries import get_system_by_id
from portal.register.voices.models import BodyRight
from portal.register.voices.queries import list_rights


def list_papers(session: Session, case: Case) -> Sequence[ReviewPaper]:
    """The papers of a review, oldest first."""
    found = select(ReviewPaper).where(ReviewPaper.case_id == case.id)
    return session.scalars(found.order_by(ReviewPaper.added_at, ReviewPaper.id)).all()


def get_paper(session: Session, case: Case, paper_id: str) -> ReviewPaper:
    """One of a review."""
    found = session.get(ReviewPaper, paper_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def open_paper_name(paper: ReviewPaper, vault: Vault) -> Words:
    """The name of a paper."""
    return vault.open_words(paper.file_name, context=paper_context("file_name", paper.id))


def paper_context(column: str, paper_id: str) -> str:
    """What a paper's name, and its file as ``blob_id``, are bound to."""
    return f"review_papers.{column}:{paper_id}"


def find_waiting(session: Session, case: Case, kind: Proposed) -> ReviewProposal | None:
    """What waits for a second person, of one kind."""
    return session.scalars(
        select(ReviewProposal).where(
            ReviewProposal.case_id == case.id, ReviewProposal.kind == kind, ReviewProposal.decided_at.is_(None)
        )
    ).one_or_none()


def list_proposals(session: Session, case: Case) -> Sequence[ReviewProposal]:
    """What was proposed, newest first."""
    found = select(ReviewProposal).where(ReviewProposal.case_id == case.id)
    return session.scalars(found.order_by(ReviewProposal.proposed_at.desc(), ReviewProposal.id)).all()


def get_proposal(session: Session, case: Case, proposal_id: str) -> ReviewProposal:
    """One of a review."""
    found = session.get(ReviewProposal, proposal_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def open_proposal(proposal: ReviewProposal, column: str, vault: Vault) -> Words | None:
    """``words`` or ``comment`` of a proposal."""
    sealed: bytes | None = getattr(proposal, column)
    return vault.open_words(sealed, context=proposal_context(column, proposal.id)) if sealed is not None else None


def proposal_context(column: str, proposal_id: str) -> str:
    """What a sealed column of a proposal is bound to."""
    return f"review_proposals.{column}:{proposal_id}"


def open_class(row: Classification, column: str, vault: Vault) -> Words | None:
    """``reasons``, ``contest`` or ``settlement`` of a classification."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=class_context(column, row.id)) if sealed is not None else None


def list_agreed(session: Session, case: Case, *, today: date) -> Sequence[BodyRight]:
    """The rights that the body of a review agreed with its unions and that stand today."""
    return list_rights(session, case.body_id, today=today)


def list_steps(session: Session, case: Case) -> list[str]:
    """The names of what happened, in order."""
    found = select(CaseEvent.step).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)
    return list(session.scalars(found))


def promise_of(session: Session, system_id: str | None) -> int:
    """Within how many working days a system's entry promises an answer; 0 where it says nothing."""
    if system_id is None or session.get(System, system_id) is None:
        return 0
    try:
        return get_system_by_id(session, system_id).record.rights.service_standard_days or 0
    except NotFound:
        return 0


def recognise(session: Session, body_id: str, lines: Collection[str]) -> tuple[list[str], list[str]]:
    """Who of a body is meant by work addresses or names: their ids, and the lines that could mean nobody or several."""
    found: list[str] = []
    unknown: list[str] = []
    for line in lines:
        people = session.scalars(
            select(Person.id)
            .outerjoin(Engagement, Engagement.person_id == Person.id)
            .where(
                (Person.body_id == body_id) | (Engagement.body_id == body_id),
                (func.lower(Person.email) == line.lower()) | (func.lower(Person.display_name) == line.lower()),
            )
            .distinct()
        ).all()
        if len(people) == 1:
            found.append(people[0])
        else:
            unknown.append(line)
    return list(dict.fromkeys(found)), unknown
