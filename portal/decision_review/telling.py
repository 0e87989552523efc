"""Letters to those who work on a review: that something waits for them, and nothing of what it is."""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import officers
from portal.cases.board import list_addresses
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.turn import Desk
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.notifications.letters import Addressee
from portal.notifications.service import queue


def write_to(session: Session, person: Person, template: str, *, desk: Desk) -> None:
    """To somebody of the directory, in their language."""
    officers.write_to(session, person, template, desk)


def write_to_officers(session: Session, case: Case, *, desk: Desk) -> None:
    """To each officer who may work on the review."""
    for person in list_officers(session, case, today=desk.today):
        write_to(session, person, "review_task", desk=desk)


def write_to_board(session: Session, case: Case, template: str, *, desk: Desk) -> None:
    """To the addresses at the top of the body that its administrator named, in both languages."""
    for email in list_board(session, case):
        queue(session, vault=desk.vault, to=Addressee(email, None), template=template, values={}, now=desk.now)


def list_board(session: Session, case: Case) -> list[str]:
    """Those addresses, without any that is of somebody who asked, or was left out of the review."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    theirs = {get_person(session, one).email.casefold() for one in kept_away if one}
    return [one.email for one in list_addresses(session, case.body_id) if one.email.casefold() not in theirs]


def list_officers(session: Session, case: Case, *, today: date, body_id: str | None = None) -> list[Person]:
    """Who may work on a review as an officer today: of its body, not who asked, and not left out of it. With
    ``body_id``: of the other body that decides its second stage."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    held = officers.list_officers(session, {body_id or case.body_id}, today=today)
    return [person for person in held if person.id not in kept_away]
