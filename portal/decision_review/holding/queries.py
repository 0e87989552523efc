"""Reads of the question whether an effect waits: whom it is asked, what the register says, what stands open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.affairs import affair_of, world_about
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.routing.destinations import in_charge
from portal.cases.rules import CaseKind, Relation, relations
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Words
from portal.core.vault import Vault
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.rules import Safety, safety_of
from portal.decision_review.models import ReviewRequest
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.models import DecisionPoint
from portal.register.queries import get_system_by_id


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, and whether as a deputy; None where nobody can be."""

    person: Person | None
    is_deputy: bool


def choose_manager(session: Session, case: Case, *, today: date) -> Asked:
    """The system's responsible manager who is here; their deputy while they are away, or when they are kept away."""
    free = list_managers(session, case, today=today)
    return free[0] if free else Asked(None, is_deputy=False)


def list_managers(session: Session, case: Case, *, today: date) -> list[Asked]:
    """Everybody who could be asked today, in the order of the rule book. Who asked or was left out is not."""
    if case.system_id is None:
        return []
    affair = affair_of(session, case)
    found = in_charge(world_about(session, affair, today=today), affair)
    return [Asked(get_person(session, one.person_id), one.seat.is_deputy) for one in found]


def read_safety(session: Session, case: Case, request: ReviewRequest) -> Safety:
    """What the register's entry says about waiting, as it stands now."""
    if case.system_id is None:
        return Safety.UNKNOWN
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    try:
        entry = get_system_by_id(session, case.system_id)
    except NotFound:
        return Safety.UNKNOWN
    return safety_of(entry.whole.rights.interim_relief, point.effect if point is not None else None)


def read_words(session: Session, case: Case) -> Bilingual | None:
    """What the register's entry says about waiting, in words."""
    if case.system_id is None:
        return None
    said = get_system_by_id(session, case.system_id).record.rights.interim_relief_words
    return said.bilingual if said.cy or said.en else None


def find_open(session: Session, case: Case) -> HoldQuestion | None:
    """The question that waits for an answer."""
    return session.scalars(
        select(HoldQuestion).where(HoldQuestion.case_id == case.id, HoldQuestion.answer.is_(None))
    ).one_or_none()


def list_questions(session: Session, case: Case) -> Sequence[HoldQuestion]:
    """Every question of a review, newest first."""
    found = select(HoldQuestion).where(HoldQuestion.case_id == case.id)
    return session.scalars(found.order_by(HoldQuestion.asked_at.desc(), HoldQuestion.id)).all()


def list_own(session: Session, actor: Actor) -> list[tuple[Case, HoldQuestion]]:
    """The questions of the systems that somebody is responsible for: those that wait, and holds not yet done.

    What a person may see, ``cases.rules`` decides of each case: who was left out, or asked it themselves, sees nothing.
    """
    waiting = HoldQuestion.answer.is_(None) | ((HoldQuestion.answer == "hold") & HoldQuestion.done_at.is_(None))
    found = session.execute(
        select(Case, HoldQuestion)
        .join(HoldQuestion, HoldQuestion.case_id == Case.id)
        .where(
            Case.kind == CaseKind.REVIEW,
            Case.is_open,
            Case.body_id.in_(sorted(actor.bodies_where(RoleName.RESPONSIBLE_MANAGER))),
            waiting,
        )
        .order_by(HoldQuestion.answer_by, HoldQuestion.id)
    )
    return [(case, question) for case, question in found if is_manager(session, actor, case)]


def get_question(session: Session, actor: Actor, question_id: str) -> tuple[Case, HoldQuestion]:
    """A question to the actor as a responsible manager; NotFound for everybody else."""
    question = session.get(HoldQuestion, question_id)
    case = session.get(Case, question.case_id) if question is not None else None
    if question is None or case is None or not is_manager(session, actor, case):
        raise NotFound
    return case, question


def get_of_case(session: Session, case: Case, question_id: str) -> HoldQuestion:
    """One question of a review."""
    found = session.get(HoldQuestion, question_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def is_manager(session: Session, actor: Actor, case: Case) -> bool:
    """Responsible for the system of this review, and not kept away from it."""
    return Relation.RESPONSIBLE_MANAGER in relations(actor, facts_of(session, case))


def open_reasons(question: HoldQuestion, vault: Vault) -> Words | None:
    """Why the effect goes on, or what was said with a hold."""
    if question.reasons is None:
        return None
    return vault.open_words(question.reasons, context=reasons_context(question.id))


def reasons_context(question_id: str) -> str:
    """What the reasons are bound to."""
    return f"review_hold_questions.reasons:{question_id}"
