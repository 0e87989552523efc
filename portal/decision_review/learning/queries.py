"""Reads of lessons and of searches for others whom a fault may have hit."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import workable
from portal.cases.rules import CaseKind, officer_bodies
from portal.core.errors import NotFound
from portal.core.text import Words
from portal.core.vault import Vault
from portal.decision_review.learning.models import LookBack, LookBackPerson, ReviewLesson
from portal.identity.actor import Actor


def list_published(session: Session, system_id: str) -> Sequence[ReviewLesson]:
    """What reviews taught of a system, newest first."""
    found = select(ReviewLesson).where(ReviewLesson.system_id == system_id, ReviewLesson.published_on.is_not(None))
    return session.scalars(found.order_by(ReviewLesson.published_on.desc(), ReviewLesson.id)).all()


def list_lessons(session: Session, case: Case) -> Sequence[ReviewLesson]:
    """The lessons of one review, oldest first."""
    found = select(ReviewLesson).where(ReviewLesson.case_id == case.id)
    return session.scalars(found.order_by(ReviewLesson.written_at, ReviewLesson.id)).all()


def list_look_backs(session: Session, actor: Actor) -> Sequence[LookBack]:
    """The searches of the bodies where the actor is an officer: open ones first, then newest."""
    found = select(LookBack).where(_may_read(actor))
    return session.scalars(
        found.order_by(LookBack.closed_at.is_not(None), LookBack.opened_at.desc(), LookBack.id)
    ).all()


def get_look_back(session: Session, actor: Actor, own_id: str) -> LookBack:
    """One of them."""
    row = session.scalars(select(LookBack).where(LookBack.id == own_id, _may_read(actor))).one_or_none()
    if row is None:
        raise NotFound
    return row


def _may_read(actor: Actor) -> ColumnElement[bool]:
    """Of an officer's body, and not from a review that is their own or that they are left out of."""
    own_body = LookBack.body_id.in_(sorted(officer_bodies(actor, CaseKind.REVIEW)))
    theirs = select(Case.id).where(workable(actor))
    return and_(own_body, or_(LookBack.case_id.is_(None), LookBack.case_id.in_(theirs)))


def list_people(session: Session, row: LookBack) -> Sequence[LookBackPerson]:
    """Who may have been hit, in the order of their ids: no order of names tells anything."""
    found = select(LookBackPerson).where(LookBackPerson.look_back_id == row.id)
    return session.scalars(found.order_by(LookBackPerson.id)).all()


def open_name(person: LookBackPerson, vault: Vault) -> Words:
    """The name of one person."""
    return vault.open_words(person.name, context=name_context(person.id))


def open_criteria(row: LookBack, vault: Vault) -> Words:
    """By what is searched."""
    return vault.open_words(row.criteria, context=criteria_context(row.id))


def name_context(own_id: str) -> str:
    """What a name is bound to."""
    return f"review_look_back_people.name:{own_id}"


def criteria_context(own_id: str) -> str:
    """What the criteria are bound to."""
    return f"review_look_backs.criteria:{own_id}"
