"""Who may be given a review, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, Exclusion
from portal.cases.routing import Candidate, Matter, why_not_independent
from portal.core.clock import london_day
from portal.core.text import Locale, Message, Words
from portal.core.vault import Vault
from portal.decision_review.models import ReviewRequest
from portal.decision_review.reviewing.models import ReviewDecision
from portal.decision_review.rules import Outcome
from portal.directory.models import Engagement, Person
from portal.directory.queries import list_engagements, list_holdings_of, list_role_holders
from portal.directory.rules import RoleName
from portal.register.models import DecisionPoint


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision, opened for its reader: the language that was written, theirs first."""

    outcome: Outcome
    reasons: Words
    reasons_lang: Locale
    remedy: Words | None
    decided_on: date


@dataclass(frozen=True, slots=True)
class ReviewerOption:
    """A reviewer of the pool, and why they cannot be given the review, if they cannot."""

    person: Person
    post_cy: str
    post_en: str
    is_independent: bool


def find_decision(session: Session, case: Case, vault: Vault, locale: Locale) -> DecisionView | None:
    """The decision, with reasons in the reader's language where they were written in it."""
    decision = session.get(ReviewDecision, case.id)
    if decision is None:
        return None
    lang = next(one for one in (locale, locale.other) if getattr(decision, f"reasons_{one.value}") is not None)
    remedy = getattr(decision, f"remedy_{lang.value}")
    return DecisionView(
        outcome=decision.outcome,
        reasons=vault.open_words(
            getattr(decision, f"reasons_{lang.value}"), context=f"review_decisions.reasons_{lang.value}:{case.id}"
        ),
        reasons_lang=lang,
        remedy=vault.open_words(remedy, context=f"review_decisions.remedy_{lang.value}:{case.id}") if remedy else None,
        decided_on=london_day(decision.decided_at),
    )


def list_overturned(session: Session, system_id: str, decision_point: str) -> list[date]:
    """The days on which decisions of one kind of a system were overturned, whichever version they were made under."""
    asked = (
        select(ReviewDecision.decided_at)
        .join(ReviewRequest, ReviewRequest.case_id == ReviewDecision.case_id)
        .join(DecisionPoint, DecisionPoint.id == ReviewRequest.decision_point_id)
        .join(Case, Case.id == ReviewDecision.case_id)
        .where(
            ReviewDecision.outcome == Outcome.OVERTURNED,
            DecisionPoint.key == decision_point,
            Case.system_id == system_id,
        )
    )
    return [london_day(decided_at) for decided_at in session.scalars(asked)]


def list_reviewers(session: Session, case: Case, *, today: date) -> list[ReviewerOption]:
    """The body's pool of reviewers, the independent ones marked; people left out are not in the list at all."""
    excluded = _excluded(session, case)
    pool = list_role_holders(session, role=RoleName.REVIEWER, body_id=case.body_id, today=today)
    return [
        ReviewerOption(
            person,
            holding.post_cy,
            holding.post_en,
            find_independence(session, case, person.id, today=today) is None,
        )
        for holding, person in pool
        if person.id not in excluded
    ]


def find_independence(session: Session, case: Case, person_id: str, *, today: date) -> Message | None:
    """Why somebody is too close to the decision, or None for an independent reviewer."""
    return why_not_independent(_candidate(session, person_id, today), _matter(session, case))


def team_of(engagement: Engagement) -> str:
    """A team, as far as the directory knows one: the same staff group at the same workplace."""
    return f"{engagement.workplace_id}/{engagement.staff_group_id}"


def _candidate(session: Session, person_id: str, today: date) -> Candidate:
    holdings = list_holdings_of(session, person_id, today=today)
    managed = [held for held in holdings if held.role is RoleName.RESPONSIBLE_MANAGER]
    writes = any(held.role is RoleName.REGISTER_EDITOR for held in holdings)
    teams = {team_of(engagement) for engagement in list_engagements(session, person_id, today=today)}
    return Candidate(
        person_id=person_id,
        system_ids=frozenset(held.system_id for held in managed if held.system_id is not None),
        has_all_systems=writes or any(held.system_slug is None for held in managed),
        team_ids=frozenset(teams),
    )


def _matter(session: Session, case: Case) -> Matter:
    requester = case.requester_person_id
    teams = {team_of(one) for one in list_engagements(session, requester)} if requester else set()
    return Matter(
        system_id=case.system_id,
        requester_person_id=requester,
        requester_team_ids=frozenset(teams),
        excluded=frozenset(_excluded(session, case)),
    )


def _excluded(session: Session, case: Case) -> Sequence[str]:
    return session.scalars(select(Exclusion.person_id).where(Exclusion.case_id == case.id)).all()
