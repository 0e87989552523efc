"""The verbs of the desk: take a review on, say why a day was missed, keep everything for a reason."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.cases import holding
from portal.cases import service as cases
from portal.cases.models import Assignment, Case, CaseHold
from portal.cases.rules import Duty, Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.decision_review.desk.models import ReviewMissedDay
from portal.directory.models import Person
from portal.identity.actor import Actor

OFFICER = frozenset({Relation.OFFICER})
LONGEST_HOLD = timedelta(days=366)
LOOK_AGAIN = pmsg("error", "The day to look at it again must be after today and within a year")


def take_on(session: Session, actor: Actor, case: Case, *, desk: Desk) -> Assignment:
    """An officer works on it from now on: its days stand in their calendar, and its warnings come to them."""
    person = session.get_one(Person, actor.person_id)
    return cases.assign(session, actor, case, person, Duty.HANDLER, desk=desk)


def explain_missed(
    session: Session, actor: Actor, case: Case, due_on: date, because: Words, *, desk: Desk
) -> ReviewMissedDay:
    """Write down why a day was missed, and what follows. That closes the incident; a second time changes nothing."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    missed = session.get(ReviewMissedDay, (case.id, due_on))
    if missed is None:
        raise NotFound
    if missed.closed_at is None:
        missed.because = desk.vault.seal(because, context=because_context(missed))
        missed.closed_at, missed.closed_by = desk.now, actor.account_id
        turn.tell("explain_missed", msg("It was written down why the day was missed"), visible=False)
    return missed


def because_context(missed: ReviewMissedDay) -> str:
    """What the sealed reason is bound to."""
    return f"review_missed_days.because:{missed.case_id}:{missed.due_on.isoformat()}"


def set_hold(
    session: Session, actor: Actor, case: Case, because: Words, review_on: date, form_id: str, *, desk: Desk
) -> CaseHold:
    """Keep everything of a review, for a reason. The form's id is that of the hold: a second POST gives the first."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    known = session.get(CaseHold, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if not desk.today < review_on <= desk.today + LONGEST_HOLD:
        raise Refused(LOOK_AGAIN)
    hold = holding.set_hold(session, case, because, review_on, hold_id=form_id, by=actor.account_id, desk=desk)
    turn.tell("hold_set", msg("Nothing of this request is deleted until further notice"), visible=False)
    return hold


def lift_hold(session: Session, actor: Actor, case: Case, hold_id: str, *, desk: Desk) -> CaseHold:
    """Let the period run out again; what is due is deleted with the next pass."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    hold = session.get(CaseHold, hold_id)
    if hold is None or hold.case_id != case.id or hold.for_case_id is not None:
        raise NotFound
    if hold.lifted_at is None:
        holding.lift_hold(hold, by=actor.account_id, desk=desk)
        turn.tell("hold_lifted", msg("A hold on deleting was lifted"), visible=False)
    return hold
