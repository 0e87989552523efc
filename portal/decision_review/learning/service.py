"""The verbs of learning: a lesson for the system's page, and the search for people whom the same fault hit."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.learning.models import LookBack, LookBackPerson, ReviewLesson
from portal.decision_review.learning.queries import criteria_context, get_look_back, name_context
from portal.decision_review.learning.rules import Told
from portal.decision_review.models import ReviewRequest
from portal.decision_review.rules import State
from portal.identity.actor import Actor
from portal.register.models import DecisionPoint

ANOTHER = pmsg("error", "You wrote this. Another officer has to approve it")
NO_SYSTEM = pmsg("error", "No system of the register is known for this review")
NOT_ENDED = pmsg("error", "The review has not been decided yet")
CLOSED = pmsg("error", "This search is closed")
ENTER_DAY = pmsg("error", "Enter the day on which they were told")
STILL_OPEN = pmsg("error", "Say of each person whether they were told before you close the search")


@dataclass(frozen=True, slots=True)
class NewLesson:
    """A lesson as typed. The id came with the form: sending twice writes once."""

    id: str
    text_cy: str
    text_en: str


def write_lesson(session: Session, actor: Actor, case: Case, new: NewLesson, *, desk: Desk) -> ReviewLesson:
    """Write what a decided review teaches of its system, without a person. Nobody reads it until another approves."""
    turn = take_turn(session, actor, case, {Relation.OFFICER}, desk=desk)
    known = session.get(ReviewLesson, new.id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if case.system_id is None:
        raise Refused(NO_SYSTEM)
    if case.state not in {State.DECIDED, State.IMPLEMENTING, State.STAGE_TWO, State.CLOSED, State.REFERRED}:
        raise Refused(NOT_ENDED)
    request = session.get_one(ReviewRequest, case.id)
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    row = ReviewLesson(
        id=new.id,
        case_id=case.id,
        system_id=case.system_id,
        decision_point=point.key if point is not None else "",
        text_cy=new.text_cy,
        text_en=new.text_en,
        written_by=actor.account_id,
        written_at=desk.now,
    )
    session.add(row)
    session.flush()
    turn.tell("lesson_written", msg("A lesson for the system was written"), visible=False)
    return row


def approve_lesson(session: Session, actor: Actor, case: Case, lesson_id: str, *, desk: Desk) -> ReviewLesson:
    """Approve as another officer: from now on it stands on the system's page of reviews."""
    turn = take_turn(session, actor, case, {Relation.OFFICER}, desk=desk)
    row = session.get(ReviewLesson, lesson_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    session.refresh(row, with_for_update=True)
    if row.published_on is None:
        if row.written_by == actor.account_id:
            raise Refused(ANOTHER)
        row.approved_by, row.published_on = actor.account_id, desk.today
        session.flush()
        turn.tell("lesson_published", msg("A lesson of this review was published with the system"))
    return row


def open_look_back(
    session: Session, actor: Actor, case: Case, criteria: Words, form_id: str, *, lang: Locale, desk: Desk
) -> LookBack:
    """Begin to search for people whom the same fault may have hit. A second POST gives the first."""
    turn = take_turn(session, actor, case, {Relation.OFFICER}, desk=desk)
    known = session.get(LookBack, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if case.system_id is None:
        raise Refused(NO_SYSTEM)
    row = LookBack(
        id=form_id,
        body_id=case.body_id,
        system_id=case.system_id,
        case_id=case.id,
        criteria=desk.vault.seal(criteria, context=criteria_context(form_id)),
        lang=lang.value,
        opened_by=actor.account_id,
        opened_at=desk.now,
    )
    session.add(row)
    session.flush()
    turn.tell("look_back_opened", msg("We look for others whom the same fault may have hit"))
    return row


def add_person(session: Session, actor: Actor, own_id: str, name: Words, form_id: str, *, desk: Desk) -> LookBackPerson:
    """Somebody who may have been hit. Their name is sealed."""
    row = _open(session, actor, own_id)
    known = session.get(LookBackPerson, form_id)
    if known is not None:
        if known.look_back_id != row.id:
            raise NotFound
        return known
    person = LookBackPerson(
        id=form_id, look_back_id=row.id, name=desk.vault.seal(name, context=name_context(form_id)), told=Told.NOT_YET
    )
    session.add(person)
    session.flush()
    _record(session, actor, row, "review.look_back_person_added", desk)
    return person


def note_person(
    session: Session, actor: Actor, own_id: str, person_id: str, told: Told, on: date | None, *, desk: Desk
) -> LookBackPerson:
    """Write down whether somebody was told, and by whom that is said."""
    row = _open(session, actor, own_id)
    person = session.get(LookBackPerson, person_id)
    if person is None or person.look_back_id != row.id:
        raise NotFound
    if told is Told.TOLD and on is None:
        raise Refused(ENTER_DAY)
    person.told, person.told_on = told, on if told is Told.TOLD else None
    person.noted_by = actor.account_id
    session.flush()
    _record(session, actor, row, "review.look_back_person_noted", desk)
    return person


def close_look_back(session: Session, actor: Actor, own_id: str, looked_at: int, *, desk: Desk) -> LookBack:
    """End the search with the number of decisions that were looked at. Refused while somebody is not dealt with."""
    row = _open(session, actor, own_id)
    waiting = select(func.count()).where(LookBackPerson.look_back_id == row.id, LookBackPerson.told == Told.NOT_YET)
    if session.scalar(waiting):
        raise Refused(STILL_OPEN)
    row.looked_at, row.closed_at = looked_at, desk.now
    session.flush()
    _record(session, actor, row, "review.look_back_closed", desk)
    return row


def _open(session: Session, actor: Actor, own_id: str) -> LookBack:
    row = get_look_back(session, actor, own_id)
    session.refresh(row, with_for_update=True)
    if row.closed_at is not None:
        raise Conflict(CLOSED)
    return row


def _record(session: Session, actor: Actor, row: LookBack, event: str, desk: Desk) -> None:
    audit.record(session, actor=actor, event=event, subject=row.id, now=desk.now, body_id=row.body_id)
