"""Naming who handles complaints about the data protection officers of a body themselves, in which order."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record, wait_turn
from portal.authz.permissions import Permission, Subject, permits
from portal.complaints.handling import list_alternates, list_leaders
from portal.complaints.models import ComplaintAlternate
from portal.complaints.rules import MOST_ALTERNATES
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor

IS_NAMED = pmsg("error", "This person is named already")
LEADS = pmsg("error", "This person is or was in the data protection team here. Name somebody else, or a deputy")
ENOUGH = pmsg("error", "Enough people are named. Take one off the list first")


def name(session: Session, by: Actor, body_id: str, person: Person, *, now: datetime) -> None:
    """Name one more. Of two administrators who name in one moment the second waits, and reads what the first did."""
    _check(by, body_id)
    wait_turn(session)
    known = {one.id for one in list_alternates(session, body_id)}
    if person.id in known:
        raise Refused(IS_NAMED)
    if person.id in list_leaders(session, body_id):
        raise Refused(LEADS)
    if len(known) >= MOST_ALTERNATES:
        raise Refused(ENOUGH)
    last = session.scalar(select(func.max(ComplaintAlternate.place)).where(ComplaintAlternate.body_id == body_id))
    session.add(
        ComplaintAlternate(
            id=ids.new_id(),
            body_id=body_id,
            person_id=person.id,
            place=(last or 0) + 1,
            named_at=now,
            named_by=by.account_id,
        )
    )
    session.flush()
    record(session, actor=by, event="complaint.named", subject=person.id, now=now, body_id=body_id)


def take_off(session: Session, by: Actor, body_id: str, person_id: str, *, now: datetime) -> None:
    """Take somebody off the list; a second press changes nothing. What was given to them stays with them."""
    _check(by, body_id)
    wait_turn(session)
    own = ComplaintAlternate.body_id == body_id, ComplaintAlternate.person_id == person_id
    row = session.scalars(select(ComplaintAlternate).where(*own)).one_or_none()
    if row is not None:
        session.delete(row)
        record(session, actor=by, event="complaint.unnamed", subject=person_id, now=now, body_id=body_id)


def _check(by: Actor, body_id: str) -> None:
    if not permits(by, Permission.ADMINISTER, Subject(body_id=body_id)):
        raise NotFound
