"""Reads of reviews. Which cases somebody may read, ``cases.queries`` says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseEvent
from portal.cases.queries import facts_of, get_case
from portal.cases.rules import CaseKind, Relation, relations
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.text import Locale, Words
from portal.core.vault import Vault
from portal.decision_review.models import Classification, PoolAgreement, ReviewRequest
from portal.decision_review.rules import State, Wanted
from portal.identity.actor import Actor
from portal.register.models import DecisionPoint


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What the worker asked, opened for a page."""

    decision_point: DecisionPoint | None
    decided_on: date
    since_on: date | None
    what_happened: Words
    effect: Words | None
    effect_on: date | None
    wanted: tuple[Wanted, ...]
    wanted_words: Words
    companion: Words | None
    meeting_locale: Locale | None
    who: dict[str, Words]
    lang: Locale


def get_own(session: Session, actor: Actor, reference: str) -> Case:
    """The actor's own review."""
    case = get_case(session, actor, reference)
    if case.kind is not CaseKind.REVIEW or case.requester_person_id != actor.person_id:
        raise NotFound
    return case


def get_for_work(session: Session, actor: Actor, reference: str) -> Case:
    """A review that the actor works on in any capacity: as officer, reviewer or responsible manager."""
    case = get_case(session, actor, reference)
    if case.kind is not CaseKind.REVIEW or case.requester_person_id == actor.person_id:
        raise NotFound
    return case


def get_for_words(session: Session, actor: Actor, reference: str) -> Case:
    """A review whose words the actor may read: as an officer or its reviewer. Who is responsible for the system may
    not: what they are asked has pages of its own."""
    case = get_for_work(session, actor, reference)
    if relations(actor, facts_of(session, case)).isdisjoint({Relation.OFFICER, Relation.REVIEWER}):
        raise NotFound
    return case


def get_for_desk(session: Session, actor: Actor, reference: str) -> Case:
    """A review that the actor works on as an officer. Their own and another body's are NotFound."""
    case = get_for_work(session, actor, reference)
    if Relation.OFFICER not in relations(actor, facts_of(session, case)):
        raise NotFound
    return case


def get_request(session: Session, case: Case) -> ReviewRequest:
    """What the case asks for."""
    found = session.get(ReviewRequest, case.id)
    if found is None:
        raise NotFound
    return found


def closed_on(session: Session, case: Case) -> date | None:
    """The day on which a review that is closed was closed, the last time."""
    if case.state != State.CLOSED:
        return None
    found = select(func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id, CaseEvent.step == "close")
    at = session.scalar(found)
    return london_day(at) if at is not None else case.finished_on


def find_class(session: Session, case: Case) -> Classification | None:
    """The classification that stands, if there is one yet."""
    return session.scalars(
        select(Classification).where(Classification.case_id == case.id, Classification.ended_at.is_(None))
    ).one_or_none()


def list_classes(session: Session, case: Case) -> Sequence[Classification]:
    """Every classification of a review, oldest first."""
    found = select(Classification).where(Classification.case_id == case.id)
    return session.scalars(found.order_by(Classification.decided_at, Classification.id)).all()


def view_review(session: Session, case: Case, vault: Vault) -> ReviewView:
    """Open what the worker wrote. The caller has made sure that the reader may read the case."""
    request = get_request(session, case)
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    return ReviewView(
        decision_point=point,
        decided_on=request.decided_on,
        since_on=request.since_on,
        what_happened=open_words(request, "what_happened", vault) or Words(""),
        effect=open_words(request, "effect", vault),
        effect_on=request.effect_on,
        wanted=tuple(Wanted(name) for name in request.wanted),
        wanted_words=open_words(request, "wanted_words", vault) or Words(""),
        companion=open_words(request, "companion", vault),
        meeting_locale=Locale(request.meeting_locale) if request.meeting_locale else None,
        who=_who(request, vault),
        lang=Locale(request.lang),
    )


def open_words(request: ReviewRequest, column: str, vault: Vault) -> Words | None:
    """One sealed column of a request: what_happened, effect, wanted_words, companion, keep_away or late_reason."""
    sealed: bytes | None = getattr(request, column)
    return None if sealed is None else vault.open_words(sealed, context=words_context(column, request.case_id))


def words_context(column: str, case_id: str) -> str:
    """What a sealed column of a request is bound to."""
    return f"review_requests.{column}:{case_id}"


def class_context(column: str, own_id: str) -> str:
    """What a sealed column of a classification is bound to: reasons, contest or settlement."""
    return f"review_classifications.{column}:{own_id}"


def _who(request: ReviewRequest, vault: Vault) -> dict[str, Words]:
    if request.who is None:
        return {}
    found = json.loads(vault.open_bytes(request.who, context=words_context("who", request.case_id)))
    return {key: Words(text) for key, text in found.items()}


def list_lenders(session: Session, body_id: str) -> list[str]:
    """The bodies with which this one agreed to lend each other reviewers, and the agreement stands."""
    rows = session.execute(
        select(PoolAgreement.body_id, PoolAgreement.other_body_id).where(
            or_(PoolAgreement.body_id == body_id, PoolAgreement.other_body_id == body_id),
            PoolAgreement.agreed_at.is_not(None),
            PoolAgreement.ended_at.is_(None),
        )
    )
    return sorted({one for pair in rows for one in pair} - {body_id})
