"""Giving a review to somebody who stands apart, what they declare before they begin, and handing it back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Duty, ExclusionSource, Relation
from portal.cases.turn import Desk, take_turn
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.decision_review.evidence.queries import is_side_over
from portal.decision_review.reviewing.leaving import find_gone
from portal.decision_review.reviewing.models import Declaration, ReviewSeat
from portal.decision_review.reviewing.pool import find_independence, find_reason
from portal.decision_review.reviewing.queries import find_conclusion, find_seat, list_seats, seat_wanted
from portal.decision_review.reviewing.rules import Seat, SeatEnd
from portal.decision_review.reviewing.vacating import vacate
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to, write_to_officers
from portal.directory.models import Person
from portal.identity.actor import Actor

NOT_INDEPENDENT = pmsg("error", "This reviewer is not independent of the decision. Choose another")
SIDE_OPEN = pmsg("error", "The worker still has time for their side. Wait until it is over or they are done")
NOT_WANTED = pmsg("error", "No reviewer has to be chosen now")
DECLARE_FIRST = pmsg("error", "Tick every line to declare that you are independent, or hand the review back")
IN_THE_FUTURE = pmsg("error", "The day of your training must be today or in the past")
CONCLUDED = pmsg("error", "You have concluded. It cannot be handed back any more")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a reviewer declares: since when they are trained on the system, and what lets them change the decision."""

    trained_on: date
    authority: Words


def give(session: Session, by: By, case: Case, person: Person, *, desk: Desk) -> ReviewSeat:
    """Give the review to somebody who stands apart; Refused for anybody else, and while the worker's side is open.

    A first reviewer takes the place of the one before. A second, and the two of a panel, sit beside the others. Seats
    of who can sit no longer are vacated first.
    """
    take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    vacate(session, case, desk=desk)
    known = find_seat(session, case, person.id)
    if known is not None:
        return known
    if not is_side_over(session, case, today=desk.today):
        raise Refused(SIDE_OPEN)
    wanted = seat_wanted(session, case, today=desk.today) or _again(case)
    if find_independence(session, case, person.id, today=desk.today) is not None:
        raise Refused(NOT_INDEPENDENT)
    is_first = wanted is Seat.FIRST
    for seat in list_seats(session, case) if is_first else ():
        seat.ended_at, seat.ended_why = desk.now, SeatEnd.REPLACED
    session.flush()
    step = STEPS["assign"] if is_first else None
    why = find_reason(session, case, person.id, today=desk.today)
    cases.assign(session, by, case, person, Duty.REVIEWER, desk=desk, step=step, beside=not is_first, why=why)
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    seat = ReviewSeat(
        id=ids.new_id(),
        case_id=case.id,
        person_id=person.id,
        seat=wanted,
        given_by=turn.account_id,
        given_at=desk.now,
    )
    session.add(seat)
    session.flush()
    write_to(session, person, "review_given", desk=desk)
    return seat


def _again(case: Case) -> Seat:
    """A first reviewer who does not get on can be replaced; nobody else."""
    if case.state not in STEPS["assign"].froms:
        raise Refused(NOT_WANTED)
    return Seat.FIRST


def begin(
    session: Session, actor: Actor, case: Case, declared: Declared, *, desk: Desk, seen_version: int | None = None
) -> Declaration:
    """Declare and begin. The portal asks the same questions again, on this day."""
    seat = sitting(session, actor, case, desk)
    known = session.get(Declaration, (case.id, actor.person_id))
    if known is not None:
        return known
    check_independence(session, actor, case, desk)
    if declared.trained_on > desk.today:
        raise Refused(IN_THE_FUTURE)
    if case.state == State.ASSIGNED and seat.seat is Seat.FIRST:
        cases.take_step(session, actor, case, STEPS["open"], desk=desk, seen_version=seen_version)
    else:
        turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk, seen_version=seen_version)
        turn.tell("open_seat", msg("Another reviewer declared that they are independent, and began"))
    made = Declaration(
        case_id=case.id,
        person_id=actor.person_id,
        declared_at=desk.now,
        trained_on=declared.trained_on,
        authority=desk.vault.seal(declared.authority, context=authority_context(case.id, actor.person_id)),
    )
    session.add(made)
    session.flush()
    return made


def authority_context(case_id: str, person_id: str) -> str:
    """What the authority in a declaration is bound to."""
    return f"review_declarations.authority:{case_id}/{person_id}"


def hand_back(session: Session, actor: Actor, case: Case, because: Words | None, *, desk: Desk) -> None:
    """Hand the review back. Why is theirs to keep: it is sealed and shown to nobody. They are not offered it again."""
    seat = sitting(session, actor, case, desk)
    if find_conclusion(session, seat) is not None:
        raise Refused(CONCLUDED)
    seat.ended_at, seat.ended_why = desk.now, SeatEnd.HANDED_BACK
    if because:
        seat.because = desk.vault.seal(because, context=f"review_seats.because:{seat.id}")
    session.flush()
    if seat.seat is Seat.FIRST:
        cases.take_step(session, actor, case, STEPS["decline"], desk=desk)
    cases.exclude(session, actor, case, actor.person_id, source=ExclusionSource.SELF, desk=desk)
    write_to_officers(session, case, desk=desk)


def sitting(session: Session, actor: Actor, case: Case, desk: Desk) -> ReviewSeat:
    """The actor's seat, with the case held. NotFound for who has none or can sit no longer, Conflict where it is
    over."""
    take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    seat = find_seat(session, case, actor.person_id)
    if seat is None or find_gone(session, seat, today=desk.today) is not None:
        raise NotFound
    if case.state not in {State.ASSIGNED, State.IN_REVIEW, State.SECOND_LOOK}:
        raise Conflict(NOT_WANTED)
    return seat


def check_independence(session: Session, actor: Actor, case: Case, desk: Desk) -> None:
    """Refused, with the reason, to who has come too close to the decision."""
    reason = find_independence(session, case, actor.person_id, today=desk.today, sits=True)
    if reason is not None:
        raise Refused(reason)
