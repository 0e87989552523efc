"""Two bodies lend each other reviewers, once both have agreed; and who was trained on which system."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, take_turn
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.decision_review.models import PoolAgreement
from portal.decision_review.reviewing.models import Training
from portal.directory.models import Person
from portal.identity.actor import Actor

SAME_BODY = pmsg("error", "Choose another body than your own")
OFFERED = pmsg("error", "This was offered already, or stands")
SAME_PERSON = pmsg("error", "Somebody of the other body has to agree, and not the person who offered it")


def offer(session: Session, actor: Actor, body_id: str, other_id: str, *, desk: Desk) -> PoolAgreement:
    """Offer another body to lend each other reviewers."""
    _check(actor, body_id)
    if body_id == other_id:
        raise Refused(SAME_BODY)
    pair = {body_id, other_id}
    if any({one.body_id, one.other_body_id} == pair for one in list_agreements(session, [body_id])):
        raise Refused(OFFERED)
    row = PoolAgreement(
        id=ids.new_id(), body_id=body_id, other_body_id=other_id, offered_by=actor.account_id, offered_at=desk.now
    )
    session.add(row)
    session.flush()
    record(session, actor=actor, event="review.pool_offered", subject=row.id, now=desk.now, body_id=body_id)
    return row


def agree(session: Session, actor: Actor, agreement_id: str, *, desk: Desk) -> None:
    """The other body agrees: from here on it stands."""
    row = _get(session, agreement_id)
    _check(actor, row.other_body_id)
    if row.offered_by == actor.account_id:
        raise Refused(SAME_PERSON)
    if row.agreed_at is None:
        row.agreed_by, row.agreed_at = actor.account_id, desk.now
        session.flush()
        record(
            session, actor=actor, event="review.pool_agreed", subject=row.id, now=desk.now, body_id=row.other_body_id
        )


def end(session: Session, actor: Actor, agreement_id: str, *, desk: Desk) -> None:
    """Either body ends it. Who reviews now goes on."""
    row = _get(session, agreement_id)
    if not any(
        permits(actor, Permission.REVIEW_ASSIGN, Subject(body_id=one)) for one in (row.body_id, row.other_body_id)
    ):
        raise NotFound
    if row.ended_at is None:
        row.ended_at = desk.now
        session.flush()
        record(session, actor=actor, event="review.pool_ended", subject=row.id, now=desk.now, body_id=row.body_id)


def list_agreements(session: Session, bodies: Collection[str]) -> Sequence[PoolAgreement]:
    """What was offered or stands with these bodies."""
    named = sorted(bodies)
    return session.scalars(
        select(PoolAgreement)
        .where(
            or_(PoolAgreement.body_id.in_(named), PoolAgreement.other_body_id.in_(named)),
            PoolAgreement.ended_at.is_(None),
        )
        .order_by(PoolAgreement.offered_at, PoolAgreement.id)
    ).all()


def record_training(session: Session, by: By, case: Case, person: Person, on: date, *, desk: Desk) -> None:
    """Write down on which day somebody was trained on the system of a review."""
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    if case.system_id is None or turn.account_id is None:
        raise NotFound
    row = session.get(Training, (person.id, case.system_id))
    if row is None:
        row = Training(person_id=person.id, system_id=case.system_id)
        session.add(row)
    row.trained_on, row.recorded_by, row.recorded_at = on, turn.account_id, desk.now
    session.flush()
    turn.record("training_recorded")


def _get(session: Session, agreement_id: str) -> PoolAgreement:
    found = session.get(PoolAgreement, agreement_id)
    if found is None or found.ended_at is not None:
        raise NotFound
    return found


def _check(actor: Actor, body_id: str) -> None:
    if not permits(actor, Permission.REVIEW_ASSIGN, Subject(body_id=body_id)):
        raise NotFound
