"""A seat whose reviewer can sit there no longer is vacated by the portal, and the review goes on with another.

What was concluded in a seat stands: it was concluded while they could. Only where the two who agreed are both gone
before one of them said what is put right, the later of the two seats is given anew.
"""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.rules import Duty, Relation
from portal.cases.turn import Desk, take_turn
from portal.core.db import Database
from portal.core.text import msg
from portal.decision_review.reviewing.leaving import find_gone, list_with_gone
from portal.decision_review.reviewing.models import ReviewSeat
from portal.decision_review.reviewing.queries import find_conclusion, list_deciding, list_seats
from portal.decision_review.reviewing.rules import Seat, SeatEnd
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to_officers
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

ANOTHER = msg("A reviewer can take part no longer; another one will be found")
REASONS = {
    SeatEnd.LEFT_OUT: msg("The reviewer was left out of this review: choose another"),
    SeatEnd.LEFT: msg("The reviewer no longer works here: choose another"),
    SeatEnd.ROLE_ENDED: msg("The reviewer no longer holds the role of reviewer: choose another"),
    SeatEnd.REPLACED: msg("The reviewer no longer has this review: choose another"),
}


def vacate_seats(database: Database, settings: Settings, now: datetime) -> int:
    """Seats of reviewers who were left out, left their employer, or are reviewers no more."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        found = list_with_gone(session, today=desk.today)
    return each_alone(database, found, partial(vacate, desk=desk))


def vacate(session: Session, case: Case, *, desk: Desk) -> bool:
    """End the seats of who can sit no longer. The officers hear of it, and read why in the review."""
    take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    gone = [
        (seat, why)
        for seat in _list_endable(session, case, desk)
        if (why := find_gone(session, seat, today=desk.today)) is not None
    ]
    for seat, why in gone:
        _end(session, case, seat, why, desk)
    if gone:
        write_to_officers(session, case, desk=desk)
    return bool(gone)


def _list_endable(session: Session, case: Case, desk: Desk) -> list[ReviewSeat]:
    """Seats in which nothing was concluded; and the later of two who agreed, where neither can end the review."""
    open_ones = [seat for seat in list_seats(session, case) if find_conclusion(session, seat) is None]
    deciding = list_deciding(session, case)
    if deciding and all(find_gone(session, seat, today=desk.today) for seat in deciding):
        open_ones.append(deciding[-1])
    return open_ones


def _end(session: Session, case: Case, seat: ReviewSeat, why: SeatEnd, desk: Desk) -> None:
    seat.ended_at, seat.ended_why = desk.now, why
    session.flush()
    step = STEPS["vacate"] if seat.seat is Seat.FIRST and case.state in STEPS["vacate"].froms else None
    cases.end_assignment(
        session, Relation.PORTAL, case, seat.person_id, Duty.REVIEWER, desk=desk, step=step, said=ANOTHER
    )
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    turn.tell("seat_vacated", REASONS[why], visible=False)
