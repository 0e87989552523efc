"""Questions to people of the body, each with its day. Whoever is asked sees the question and nothing else."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.locking import hold
from portal.cases.models import Case, Exclusion
from portal.cases.officers import write_to
from portal.cases.rules import ExclusionSource, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.complaints.handling import check_apart, find_handler
from portal.complaints.models import Enquiry
from portal.complaints.queries import context_of
from portal.complaints.taking import check_takes
from portal.core.errors import NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.models import Account

OFFICERS = frozenset({Relation.OFFICER})
OWN_MATTER = pmsg("error", "This is the person who complained. Ask them with a question to them")
KEPT_AWAY = pmsg("error", "The person who complained asked that this person does not see it")
NO_ACCOUNT = pmsg("error", "This person has no account here, so they cannot answer in the portal")
DAY_AHEAD = pmsg("error", "The day must be today or later")
ALREADY = pmsg("error", "This was answered already")


def ask_person(
    session: Session, by: Actor, case: Case, person: Person, question: Words, due_on: date, form_id: str, *, desk: Desk
) -> Enquiry:
    """Ask somebody of the body. Who handled the matter may be asked; whom the complainant keeps away may not."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    known = session.get(Enquiry, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    check_takes(case, "enquire", desk)
    check_apart(session, by, case, today=desk.today)
    check_person(session, case, person)
    if due_on < desk.today:
        raise Refused(DAY_AHEAD)
    enquiry = Enquiry(
        id=form_id,
        case_id=case.id,
        person_id=person.id,
        asked_at=desk.now,
        asked_by=by.account_id,
        due_on=due_on,
    )
    enquiry.question = desk.vault.seal(question, context=context_of(enquiry, "question"))
    session.add(enquiry)
    session.flush()
    turn.tell("ask_person", msg("Somebody at the body was asked a question"))
    write_to(session, person, "complaint_task", desk)
    return enquiry


def answer(session: Session, by: Actor, enquiry: Enquiry, words: Words, *, desk: Desk) -> None:
    """Answer one's own question; refused a second time, so that no answer is written over."""
    if enquiry.person_id != by.person_id:
        raise NotFound
    case = session.get_one(Case, enquiry.case_id)
    hold(session, case)
    session.refresh(enquiry)
    if enquiry.answer is not None:
        raise Refused(ALREADY)
    check_takes(case, "answer", desk)
    enquiry.answer = desk.vault.seal(words, context=context_of(enquiry, "answer"))
    enquiry.answered_at = desk.now
    Turn(session, by, case, Relation.SEARCHER, desk).tell("answer_question", msg("A question to the body was answered"))
    handler = find_handler(session, case)
    if handler is not None and handler.id != by.person_id:
        write_to(session, handler, "complaint_answered", desk)


def check_person(session: Session, case: Case, person: Person) -> None:
    """Raises Refused for who may be given neither a question nor a task of this complaint."""
    if person.id == case.requester_person_id:
        raise Refused(OWN_MATTER)
    kept = session.get(Exclusion, (case.id, person.id))
    if kept is not None and kept.source is ExclusionSource.REQUESTER:
        raise Refused(KEPT_AWAY)
    own = select(Account.id).where(Account.person_id == person.id, Account.closed_at.is_(None))
    if session.scalars(own).first() is None:
        raise Refused(NO_ACCOUNT)
