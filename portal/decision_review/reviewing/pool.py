"""Who may be given a review: the pool of the body, lent reviewers where it is too small, and who stands apart."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases.affairs import affair_of, world_about
from portal.cases.models import Assignment, Case, CaseEvent
from portal.cases.reasons import Reason, reason_of
from portal.cases.routing.exclusions import Affair
from portal.cases.routing.given import Why
from portal.cases.routing.independence import why_not_independent
from portal.cases.routing.people import Office, World
from portal.cases.routing.pool import ENOUGH_REVIEWERS, candidate_of, matter_of, reviewers
from portal.cases.rules import Relation
from portal.core.text import Message
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.queries import list_lenders
from portal.decision_review.reviewing.models import ReviewSeat, Training
from portal.directory.models import Person
from portal.identity.models import Account

IN_THE_CHAIN = (Relation.OWNER, Relation.RESPONSIBLE_MANAGER)
OFFICERS = (Relation.OFFICER,)


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
    """The body's pool, those marked who stand apart, and lent reviewers where they are too few. People left out are
    not in the list at all."""
    affair = _affair(session, case)
    world = _world(session, case, affair, today)
    apart = {one.person_id: one.why for one in reviewers(world, affair)}
    hidden = matter_of(world, affair).excluded
    lends = world.lenders[case.body_id] if sum(why is Why.POOL for why in apart.values()) < ENOUGH_REVIEWERS else ()
    seats = [
        seat
        for body in (case.body_id, *lends)
        for seat in world.seats_of([Office.REVIEWER], body)
        if seat.person_id not in hidden
    ]
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_([s.person_id for s in seats])))}
    trained = _trained(session, case, people)
    found = [
        ReviewerOption(
            people[seat.person_id],
            seat.post.cy,
            seat.post.en,
            seat.person_id in apart,
            trained.get(seat.person_id),
            seat.home != case.body_id,
        )
        for seat in seats
    ]
    return sorted(found, key=lambda one: (one.is_lent, one.person.display_name, one.person.id))


def _trained(session: Session, case: Case, people: Collection[str]) -> dict[str, date]:
    found = select(Training).where(Training.person_id.in_(people), Training.system_id == case.system_id)
    return {one.person_id: one.trained_on for one in session.scalars(found)} if case.system_id else {}


def trained_on(session: Session, case: Case, person_id: str) -> date | None:
    """The day on which somebody was trained on the system of a review, where that was written down."""
    found = session.get(Training, (person_id, case.system_id)) if case.system_id else None
    return found.trained_on if found is not None else None


def find_independence(
    session: Session, case: Case, person_id: str, *, today: date, sits: bool = False
) -> Message | None:
    """Why somebody is too close to the decision, or None. ``sits``: they have their seat already."""
    affair = _affair(session, case, sits=sits)
    world = _world(session, case, affair, today, near=[person_id])
    return why_not_independent(candidate_of(world, affair, person_id), matter_of(world, affair))


def find_reason(session: Session, case: Case, person_id: str, *, today: date) -> Reason | None:
    """Why a review can come to somebody: of the body's pool, or lent. None for who is in no pool."""
    affair = _affair(session, case)
    found = reviewers(_world(session, case, affair, today), affair)
    return next((reason_of(one) for one in found if one.person_id == person_id), None)


def _world(session: Session, case: Case, affair: Affair, today: date, *, near: Collection[str] = ()) -> World:
    lenders = list_lenders(session, case.body_id)
    world = world_about(session, affair, today=today, bodies=lenders, near=near)
    return replace(world, lenders={case.body_id: tuple(lenders)})


def _affair(session: Session, case: Case, *, sits: bool = False) -> Affair:
    """The review for the rule book: with who had a hand in the decision, who looked at it before, and who stands in
    another open case with the person who asked."""
    looked = session.scalars(select(ReviewSeat.person_id).where(ReviewSeat.case_id == case.id))
    return replace(
        affair_of(session, case),
        chain=_chain(session, case),
        handled=_acted(session, case, OFFICERS),
        looked=frozenset() if sits else frozenset(looked),
        live_with=_live_with(session, case),
    )


def _live_with(session: Session, case: Case) -> frozenset[str]:
    """Who stands in another open case with the person who asked: the one asks, the other works on it."""
    who = case.requester_person_id
    if who is None:
        return frozenset()
    rows = session.execute(
        select(Case.requester_person_id, Assignment.person_id)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Case.id != case.id,
            Case.is_open,
            Assignment.ended_at.is_(None),
            or_(Case.requester_person_id == who, Assignment.person_id == who),
        )
    )
    return frozenset(one for pair in rows for one in pair if one is not None) - {who}


def _chain(session: Session, case: Case) -> frozenset[str]:
    """Who had a hand in the decision or in its records: asked for them, asked about a hold, or seen in the case."""
    owners = session.scalars(select(EvidencePack.owner_id).where(EvidencePack.case_id == case.id))
    asked = session.scalars(select(HoldQuestion.person_id).where(HoldQuestion.case_id == case.id))
    return frozenset(filter(None, (*owners, *asked))) | _acted(session, case, IN_THE_CHAIN)


def _acted(session: Session, case: Case, relations: Collection[Relation]) -> frozenset[str]:
    """Who did something in the case while they stood so to it."""
    acted = (
        select(Account.person_id)
        .join(CaseEvent, CaseEvent.actor_account_id == Account.id)
        .where(CaseEvent.case_id == case.id, CaseEvent.role.in_([one.value for one in relations]))
    )
    return frozenset(session.scalars(acted))
