"""Who may be given a review: the pool of the body, lent reviewers where it is too small, and who stands apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, CaseEvent, Exclusion
from portal.cases.officers import OFFICER_ROLES
from portal.cases.routing.independence import Candidate, Matter, why_not_independent
from portal.cases.rules import Relation
from portal.core.text import Message
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.reviewing.models import PoolAgreement, ReviewSeat, Training
from portal.directory.models import Engagement, Person, RoleHolding
from portal.directory.queries import list_engagements, list_holdings_of, list_role_holders
from portal.directory.rules import EngagementKind, RoleName
from portal.identity.models import Account

ENOUGH = 2
"""A pool of fewer is helped out by the bodies with which that was agreed."""
OUTSIDE = frozenset({EngagementKind.AGENCY, EngagementKind.CONTRACTOR})
IN_THE_CHAIN = (Relation.OFFICER, Relation.OWNER, Relation.RESPONSIBLE_MANAGER)


@dataclass(frozen=True, slots=True)
class ReviewerOption:
    """A reviewer of the pool, whether they stand apart, and since when they are trained on the system."""

    person: Person
    post_cy: str
    post_en: str
    is_independent: bool
    trained_on: date | None
    is_lent: bool


def list_reviewers(session: Session, case: Case, *, today: date) -> list[ReviewerOption]:
    """The body's pool, the independent ones marked, and lent reviewers where it is too small. People left out are not
    in the list at all."""
    own = _pool(session, case, case.body_id, today=today, is_lent=False)
    if len(own) >= ENOUGH:
        return own
    lent = [_pool(session, case, body, today=today, is_lent=True) for body in list_lenders(session, case.body_id)]
    return own + [one for pool in lent for one in pool]


def _pool(session: Session, case: Case, body_id: str, *, today: date, is_lent: bool) -> list[ReviewerOption]:
    excluded = _excluded(session, case)
    pool = list_role_holders(session, role=RoleName.REVIEWER, body_id=body_id, today=today)
    return [
        ReviewerOption(
            person,
            holding.post_cy,
            holding.post_en,
            find_independence(session, case, person.id, today=today) is None,
            trained_on(session, case, person.id),
            is_lent,
        )
        for holding, person in pool
        if person.id not in excluded
    ]


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


def trained_on(session: Session, case: Case, person_id: str) -> date | None:
    """The day on which somebody was trained on the system of a review, where that was written down."""
    found = session.get(Training, (person_id, case.system_id)) if case.system_id else None
    return found.trained_on if found is not None else None


def find_independence(
    session: Session, case: Case, person_id: str, *, today: date, sits: bool = False
) -> Message | None:
    """Why somebody is too close to the decision, or None. ``sits``: they have their seat already."""
    return why_not_independent(_candidate(session, case, person_id, today), _matter(session, case, sits=sits))


def team_of(engagement: Engagement) -> str:
    """A team, as far as the directory knows one: the same staff group at the same workplace."""
    return f"{engagement.workplace_id}/{engagement.staff_group_id}"


def _candidate(session: Session, case: Case, person_id: str, today: date) -> Candidate:
    holdings = list_holdings_of(session, person_id, today=today)
    managed = [held for held in holdings if held.role is RoleName.RESPONSIBLE_MANAGER]
    engagements = list_engagements(session, person_id, today=today)
    return Candidate(
        person_id=person_id,
        system_ids=frozenset(held.system_id for held in managed if held.system_id is not None),
        has_all_systems=_has_all(holdings, managed),
        team_ids=frozenset(team_of(one) for one in engagements),
        is_officer=any(held.role in OFFICER_ROLES and held.body_id == case.body_id for held in holdings),
        is_supplier=bool(engagements) and all(one.kind in OUTSIDE for one in engagements),
        live_with=_live_with(session, case, person_id),
    )


def _has_all(holdings: Sequence[RoleHolding], managed: Sequence[RoleHolding]) -> bool:
    writes = any(held.role is RoleName.REGISTER_EDITOR for held in holdings)
    return writes or any(held.system_slug is None for held in managed)


def _live_with(session: Session, case: Case, person_id: str) -> frozenset[str]:
    """With whom somebody stands in another open case: the one asks, the other works on it."""
    rows = session.execute(
        select(Case.requester_person_id, Assignment.person_id)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Case.id != case.id,
            Case.is_open,
            Assignment.ended_at.is_(None),
            or_(Case.requester_person_id == person_id, Assignment.person_id == person_id),
        )
    )
    return frozenset(one for pair in rows for one in pair if one is not None) - {person_id}


def _matter(session: Session, case: Case, *, sits: bool) -> Matter:
    requester = case.requester_person_id
    teams = {team_of(one) for one in list_engagements(session, requester)} if requester else set()
    looked = session.scalars(select(ReviewSeat.person_id).where(ReviewSeat.case_id == case.id))
    return Matter(
        system_id=case.system_id,
        requester_person_id=requester,
        requester_team_ids=frozenset(teams),
        decision_chain=_chain(session, case),
        excluded=frozenset(_excluded(session, case)),
        looked=frozenset() if sits else frozenset(looked),
    )


def _chain(session: Session, case: Case) -> frozenset[str]:
    """Who had a hand in the decision or in its records: asked for them, asked about a hold, or seen in the case."""
    owners = session.scalars(select(EvidencePack.owner_id).where(EvidencePack.case_id == case.id))
    asked = session.scalars(select(HoldQuestion.person_id).where(HoldQuestion.case_id == case.id))
    acted = session.scalars(
        select(Account.person_id)
        .join(CaseEvent, CaseEvent.actor_account_id == Account.id)
        .where(CaseEvent.case_id == case.id, CaseEvent.role.in_([one.value for one in IN_THE_CHAIN]))
    )
    return frozenset(filter(None, (*owners, *asked, *acted)))


def _excluded(session: Session, case: Case) -> Sequence[str]:
    return session.scalars(select(Exclusion.person_id).where(Exclusion.case_id == case.id)).all()
