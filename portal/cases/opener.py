"""Who may open a case, and for whom: one's own with a body one works or worked for; or written down by who may."""

from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.rules import By
from portal.core.errors import NotFound, Refused
from portal.core.text import Message, Words
from portal.directory.models import Person
from portal.directory.queries import list_engagements
from portal.identity.actor import Actor


class Asked(Protocol):
    """What a room knows of a case that is to be opened, as far as who may open it goes."""

    @property
    def body_id(self) -> str: ...
    @property
    def requester_person_id(self) -> str | None: ...
    @property
    def received_on(self) -> date | None: ...
    @property
    def late_reason(self) -> Words | None: ...


def check_opener(
    session: Session,
    by: By,
    new: Asked,
    *,
    is_here: bool,
    writes_down: Permission,
    own: Message,
    late: Message,
    today: date,
) -> None:
    """NotFound for a body or a person that is not theirs. ``is_here``: it came in this portal. ``own`` is said to who
    writes down their own, ``late`` where no reason says why it is written down after its day."""
    if not isinstance(by, Actor):
        return
    if is_here:
        bodies = {engagement.body_id for engagement in list_engagements(session, by.person_id)} | {by.body_id}
        if new.requester_person_id != by.person_id or new.body_id not in bodies:
            raise NotFound
        return
    if not permits(by, writes_down, Subject(body_id=new.body_id)):
        raise NotFound
    if new.requester_person_id == by.person_id:
        raise Refused(own)
    if new.requester_person_id is not None:
        _check_person(session, new.requester_person_id, new.body_id)
    if new.received_on is not None and new.received_on < today and not new.late_reason:
        raise Refused(late)


def _check_person(session: Session, person_id: str, body_id: str) -> None:
    person = session.get(Person, person_id)
    worked = {engagement.body_id for engagement in list_engagements(session, person_id)}
    if person is None or body_id not in worked | {person.body_id}:
        raise NotFound
