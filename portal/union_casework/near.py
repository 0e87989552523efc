"""Who is near to a representative: their own line manager, somebody of their household. The rule book keeps those two
apart: a concern never reaches both, and only the representative sees the list."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import pmsg
from portal.directory.models import Person, RepresentativeTie
from portal.directory.queries import find_person_by_email
from portal.identity.actor import Actor

MOST = 20
TOO_MANY = pmsg("error", "You have named as many people as Porth keeps. Take somebody out first")
NOT_FOUND = pmsg("error", "Porth knows nobody with this address. Check it, or tell the worker beside their concern")
YOURSELF = pmsg("error", "This is your own address. Give the address of somebody who is near to you")
NAMED = pmsg("error", "You named this person already")


def list_near(session: Session, actor: Actor) -> Sequence[Person]:
    """Whom the actor named, by name."""
    near = select(RepresentativeTie.tied_person_id).where(RepresentativeTie.person_id == actor.person_id)
    return session.scalars(select(Person).where(Person.id.in_(near)).order_by(Person.display_name, Person.id)).all()


def name_near(session: Session, actor: Actor, email: str, *, today: date, now: datetime) -> Person:
    """Name somebody by their work address."""
    person = find_person_by_email(session, email)
    if person is None:
        raise Refused(NOT_FOUND)
    if person.id == actor.person_id:
        raise Refused(YOURSELF)
    if session.get(RepresentativeTie, (actor.person_id, person.id)) is not None:
        raise Conflict(NAMED)
    mine = select(func.count()).where(RepresentativeTie.person_id == actor.person_id)
    if (session.scalar(mine) or 0) >= MOST:
        raise Refused(TOO_MANY)
    session.add(RepresentativeTie(person_id=actor.person_id, tied_person_id=person.id, declared_on=today))
    session.flush()
    record(session, actor=actor, event="union.near_named", subject=actor.person_id, now=now)
    return person


def forget_near(session: Session, actor: Actor, person_id: str, *, now: datetime) -> None:
    """Take somebody out again. NotFound for whom the actor did not name."""
    mine = RepresentativeTie.person_id == actor.person_id, RepresentativeTie.tied_person_id == person_id
    if not session.execute(delete(RepresentativeTie).where(*mine)).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    record(session, actor=actor, event="union.near_forgotten", subject=actor.person_id, now=now)
