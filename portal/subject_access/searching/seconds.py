"""Whom to tell that something waits for a second person: the other officers who may work on the request."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.officers import write_to
from portal.cases.turn import Desk
from portal.directory.queries import list_role_holders
from portal.identity.models import Account
from portal.subject_access.asking.queries import DESK_ROLES
from portal.subject_access.searching.planning import barred_from


def tell_seconds(session: Session, case: Case, account_id: str | None, *, desk: Desk) -> int:
    """Each officer but the first hears of it; gives how many can be the second."""
    barred = set(barred_from(session, case))
    first = session.get(Account, account_id) if account_id is not None else None
    if first is not None:
        barred.add(first.person_id)
    held = [
        person
        for role in DESK_ROLES
        for _holding, person in list_role_holders(session, role=role, body_id=case.body_id, today=desk.today)
    ]
    seconds = {person.id: person for person in held if person.id not in barred}
    for person in seconds.values():
        write_to(session, person, "access_second", desk)
    return len(seconds)
