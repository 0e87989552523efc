"""Letters to those who work on a review: that something waits for them, and nothing of what it is."""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import officers
from portal.cases.board import write_to_top
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Relation
from portal.cases.turn import Desk, take_turn
from portal.core.text import msg
from portal.decision_review.models import NobodyLeft
from portal.directory.models import Person


def write_to(session: Session, person: Person, template: str, *, desk: Desk) -> None:
    """To somebody of the directory, in their language."""
    officers.write_to(session, person, template, desk)


def write_to_officers(session: Session, case: Case, *, desk: Desk) -> None:
    """To each officer who may work on the review."""
    for person in list_officers(session, case, today=desk.today):
        write_to(session, person, "review_task", desk=desk)


def write_to_board(session: Session, case: Case, template: str, *, desk: Desk) -> None:
    """To who hears at the top of the body, outside the chain of the decision (``cases.board.list_top``)."""
    write_to_top(session, case, template, desk=desk)


def tell_if_nobody(session: Session, case: Case, *, desk: Desk) -> bool:
    """Where no officer may work on a review, somebody outside the chain hears of it, once; anew when there was somebody
    meanwhile, or when nobody could be told. The worker reads it."""
    known = session.get(NobodyLeft, case.id)
    if list_officers(session, case, today=desk.today):
        if known is not None:
            session.delete(known)
            session.flush()
        return False
    if known is not None or not write_to_top(session, case, "review_without_officer", desk=desk):
        return False
    session.add(NobodyLeft(case_id=case.id, told_at=desk.now))
    session.flush()
    said = msg("No officer can work on this request. Somebody outside the team was told, and has to find one")
    take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk).tell("without_officer", said)
    return True


def list_officers(session: Session, case: Case, *, today: date, body_id: str | None = None) -> list[Person]:
    """Who may work on a review as an officer today: of its body, not who asked, and not left out of it. With
    ``body_id``: of the other body that decides its second stage."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    held = officers.list_officers(session, {body_id or case.body_id}, today=today)
    return [person for person in held if person.id not in kept_away]
