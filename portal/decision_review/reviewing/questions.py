"""Questions of a reviewer: to the worker, to who has the records, to somebody who knows about it. All are tracked."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.evidence.queries import list_packs
from portal.decision_review.reviewing.models import ReviewerQuestion
from portal.decision_review.reviewing.queries import get_own_question, list_seats, question_context, sees_output
from portal.decision_review.reviewing.rules import AskedOf
from portal.decision_review.reviewing.seating import sitting
from portal.decision_review.telling import write_to
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.identity.actor import Actor

NOBODY = pmsg("error", "Nobody was asked for the records of this system. Ask somebody by their work email address")
NOT_THEM = pmsg("error", "This person cannot be asked in this review")
AFTER_VIEW = pmsg("error", "Write your own view first: an answer could tell you what the system gave out")


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as typed. ``own_id`` is the form's id."""

    own_id: str
    asked_of: AskedOf
    words: Words
    lang: Locale
    person: Person | None = None


def ask_worker(session: Session, actor: Actor, case: Case, writing: Writing, *, desk: Desk) -> None:
    """Put a question to the worker. The clock runs on: nothing stops it in a review."""
    sitting(session, actor, case, desk)
    correspondence.ask(session, actor, case, writing, desk=desk)
    tell(session, case, desk, "case_news")


def ask_other(session: Session, actor: Actor, case: Case, new: NewQuestion, *, desk: Desk) -> ReviewerQuestion:
    """Ask the owner of the records or an expert. Not before the own view stands."""
    seat = sitting(session, actor, case, desk)
    known = session.get(ReviewerQuestion, new.own_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if not sees_output(session, seat):
        raise Refused(AFTER_VIEW)
    person = new.person if new.asked_of is AskedOf.EXPERT else _owner(session, case)
    if person is None:
        raise Refused(NOBODY)
    facts = facts_of(session, case)
    seated = {one.person_id for one in list_seats(session, case)}
    if person.id in facts.excluded | {facts.requester_person_id} | seated:
        raise Refused(NOT_THEM)
    row = ReviewerQuestion(
        id=new.own_id,
        case_id=case.id,
        seat_id=seat.id,
        asked_of=new.asked_of,
        person_id=person.id,
        words=desk.vault.seal(new.words, context=question_context("words", new.own_id)),
        lang=new.lang.value,
        asked_at=desk.now,
    )
    session.add(row)
    session.flush()
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("question_asked", msg("A reviewer asked somebody a question about the decision"))
    write_to(session, person, "review_question", desk=desk)
    return row


def answer(session: Session, actor: Actor, question_id: str, words: Words, *, desk: Desk) -> ReviewerQuestion:
    """Who was asked answers. They see the question and nothing else of the review."""
    case, row = get_own_question(session, actor, question_id)
    session.flush()
    session.refresh(case, with_for_update=True)
    session.refresh(row)
    if (
        row.answer is not None
        or row.ended_at is not None
        or not case.is_open
        or actor.person_id in facts_of(session, case).excluded
    ):
        raise NotFound
    row.answer = desk.vault.seal(words, context=question_context("answer", row.id))
    row.answered_by, row.answered_at = actor.account_id, desk.now
    session.flush()
    turn = Turn(session, actor, case, Relation.OWNER, desk)
    turn.tell("question_answered", msg("A question of a reviewer was answered"))
    for seat in list_seats(session, case):
        if seat.id == row.seat_id:
            write_to(session, get_person(session, seat.person_id), "review_task", desk=desk)
    return row


def _owner(session: Session, case: Case) -> Person | None:
    owners = [pack.owner_id for pack in list_packs(session, case) if pack.owner_id]
    return get_person(session, owners[-1]) if owners else None
