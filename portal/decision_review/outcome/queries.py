"""Reads of outcomes: paragraphs that can be used, letters, what is put right and for whom, the second stage."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case
from portal.cases.queries import facts_of
from portal.cases.rules import Duty
from portal.core.errors import NotFound
from portal.core.text import Locale, Words
from portal.core.vault import Vault
from portal.decision_review.asking.models import ReviewProposal
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.outcome.models import (
    ChairView,
    OutcomeLetter,
    Paragraph,
    Referral,
    RemedyTask,
    StageTwo,
    StageTwoDraft,
)
from portal.decision_review.outcome.rules import Purpose
from portal.decision_review.rules import Outcome, State
from portal.directory.models import Person
from portal.directory.queries import list_engagements
from portal.identity.actor import Actor
from portal.identity.models import Account


def list_paragraphs(session: Session, bodies: Collection[str]) -> Sequence[Paragraph]:
    """Every paragraph of these bodies that stands or waits for a second person, by purpose."""
    found = select(Paragraph).where(Paragraph.body_id.in_(sorted(bodies)), Paragraph.ended_at.is_(None))
    order = {purpose: at for at, purpose in enumerate(Purpose)}
    rows = session.scalars(found.order_by(Paragraph.written_at, Paragraph.id)).all()
    return sorted(rows, key=lambda row: order[row.purpose])


def list_approved(session: Session, body_id: str, purposes: Collection[Purpose]) -> Sequence[Paragraph]:
    """The approved paragraphs of a body that a letter can hold."""
    return [
        one
        for one in list_paragraphs(session, [body_id])
        if one.approved_at is not None and one.purpose in frozenset(purposes)
    ]


def list_letters(session: Session, case: Case) -> Sequence[OutcomeLetter]:
    """The letters of a review: the second stage's first, the worker's language first."""
    found = session.scalars(select(OutcomeLetter).where(OutcomeLetter.case_id == case.id)).all()
    return sorted(found, key=lambda one: (-one.stage, one.lang != case.locale))


def open_letter(row: OutcomeLetter, vault: Vault) -> Words:
    """The words of one letter."""
    return vault.open_words(row.words, context=letter_context(row.case_id, row.stage, Locale(row.lang)))


def letter_context(case_id: str, stage: int, lang: Locale) -> str:
    """What a letter is bound to."""
    return f"review_letters.words:{case_id}/{stage}/{lang.value}"


def list_remedies(session: Session, case: Case) -> Sequence[RemedyTask]:
    """What is put right, soonest first."""
    found = select(RemedyTask).where(RemedyTask.case_id == case.id)
    return session.scalars(found.order_by(RemedyTask.due_on, RemedyTask.id)).all()


def get_remedy(session: Session, case: Case, remedy_id: str) -> RemedyTask:
    """One of a review."""
    found = session.get(RemedyTask, remedy_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_own_remedies(session: Session, actor: Actor) -> Sequence[RemedyTask]:
    """What the actor has to put right and has not, soonest first."""
    found = (
        select(RemedyTask)
        .join(Case, Case.id == RemedyTask.case_id)
        .where(RemedyTask.owner_id == actor.person_id, RemedyTask.done_at.is_(None), Case.state != State.CLOSED.value)
    )
    rows = session.scalars(found.order_by(RemedyTask.due_on, RemedyTask.id)).all()
    return [one for one in rows if not _is_kept_away(session, actor, one.case_id)]


def get_own_remedy(session: Session, actor: Actor, remedy_id: str) -> tuple[Case, RemedyTask]:
    """What the actor has to put right; NotFound for everybody else, and for who was left out of the review."""
    found = session.get(RemedyTask, remedy_id)
    if found is None or found.owner_id != actor.person_id or _is_kept_away(session, actor, found.case_id):
        raise NotFound
    return session.get_one(Case, found.case_id), found


def open_remedy(row: RemedyTask, column: str, vault: Vault) -> Words | None:
    """``words`` or ``done_words`` of a remedy."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=remedy_context(column, row.id)) if sealed is not None else None


def remedy_context(column: str, own_id: str) -> str:
    """What a sealed column of a remedy is bound to."""
    return f"review_remedies.{column}:{own_id}"


def find_second(session: Session, case: Case) -> StageTwo | None:
    """The second stage of a review."""
    return session.get(StageTwo, case.id)


def find_last_outcome(session: Session, case: Case) -> Outcome | None:
    """What the second stage decided, once it has: the first outcome no longer stands beside it."""
    row = find_second(session, case)
    return row.outcome if row is not None and row.decided_at is not None else None


def open_second(row: StageTwo, column: str, vault: Vault) -> Words | None:
    """``why``, ``late_because``, ``reasons_cy`` or ``reasons_en``."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=second_context(column, row.case_id)) if sealed is not None else None


def second_context(column: str, case_id: str) -> str:
    """What a sealed column of a second stage is bound to."""
    return f"review_stage_two.{column}:{case_id}"


def find_chair_view(session: Session, case: Case, person_id: str) -> ChairView | None:
    """What somebody who decides the second stage wrote before they saw the output. Without it they see none."""
    return session.get(ChairView, (case.id, person_id))


def list_chair_views(session: Session, case: Case) -> Sequence[ChairView]:
    """What each of them thought first, in the order in which they wrote it."""
    found = select(ChairView).where(ChairView.case_id == case.id)
    return session.scalars(found.order_by(ChairView.written_at, ChairView.person_id)).all()


def open_chair_view(row: ChairView, vault: Vault) -> Words:
    """Its words."""
    return vault.open_words(row.words, context=chair_context(row.case_id, row.person_id))


def chair_context(case_id: str, person_id: str) -> str:
    """What the words of such a view are bound to."""
    return f"review_chair_views.words:{case_id}/{person_id}"


def list_drafts(session: Session, case: Case) -> Sequence[StageTwoDraft]:
    """Decisions that were being written when somebody else came to sit there, oldest first."""
    found = select(StageTwoDraft).where(StageTwoDraft.case_id == case.id)
    return session.scalars(found.order_by(StageTwoDraft.kept_at, StageTwoDraft.id)).all()


def open_draft(row: StageTwoDraft, lang: Locale, vault: Vault) -> Words | None:
    """Its reasons in one language."""
    name = f"reasons_{lang.value}"
    sealed: bytes | None = getattr(row, name)
    return vault.open_words(sealed, context=draft_context(name, row.id)) if sealed is not None else None


def draft_context(column: str, own_id: str) -> str:
    """What a sealed column of a kept draft is bound to."""
    return f"review_stage_two_drafts.{column}:{own_id}"


def works_for(session: Session, body_id: str, person: Person, *, today: date) -> bool:
    """Whether somebody works for a body today. Of who has no engagement, invited by hand, their home says it."""
    closed = select(Account.id).where(Account.person_id == person.id, Account.closed_at.is_not(None))
    every = list_engagements(session, person.id)
    now = [one.body_id for one in list_engagements(session, person.id, today=today)]
    if (every and not now) or session.scalars(closed).first() is not None:
        return False
    return body_id in {*now, person.body_id}


def list_referrals(session: Session, case: Case) -> Sequence[Referral]:
    """Where the worker said that they take it."""
    return session.scalars(select(Referral).where(Referral.case_id == case.id).order_by(Referral.said_at)).all()


def reviewed_before(session: Session, case: Case) -> frozenset[str]:
    """Everybody who was ever given this review, and both officers of an explanation: none of them sits at the second
    stage."""
    given = select(Assignment.person_id).where(Assignment.case_id == case.id, Assignment.duty == Duty.REVIEWER)
    explained = select(Account.person_id).where(
        ReviewProposal.case_id == case.id,
        ReviewProposal.kind == Proposed.EXPLANATION,
        Account.id.in_([ReviewProposal.proposed_by, ReviewProposal.decided_by]),
    )
    return frozenset([*session.scalars(given), *session.scalars(explained)])


def _is_kept_away(session: Session, actor: Actor, case_id: str) -> bool:
    facts = facts_of(session, session.get_one(Case, case_id))
    return actor.person_id in facts.excluded or actor.person_id == facts.requester_person_id
