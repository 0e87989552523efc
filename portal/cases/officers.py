"""Who works on the cases of a body as an officer, and how a letter reaches somebody of the directory."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.notifications.letters import Addressee, to_person
from portal.notifications.service import queue

OFFICER_ROLES = (RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER)


def list_officers(session: Session, body_ids: Collection[str], *, today: date) -> list[Person]:
    """The data protection officers and request handlers of these bodies, first holders before deputies, each once."""
    found: dict[str, Person] = {}
    for body_id in sorted(body_ids):
        for role in OFFICER_ROLES:
            for _holding, person in list_role_holders(session, role=role, body_id=body_id, today=today):
                found.setdefault(person.id, person)
    return list(found.values())


def addressee_of(person: Person) -> Addressee:
    """Where a letter to somebody of the directory goes, and in which language."""
    return to_person(person)


def write_to(session: Session, person: Person, template: str, desk: Desk) -> None:
    """A letter that says that something waits, and no more."""
    queue(session, vault=desk.vault, to=addressee_of(person), template=template, values={}, now=desk.now)
