"""What the portal does after an outcome: it asks, reminds and closes. Nothing here touches a sealed row but the word
by which its reporter sees that a thread is closed, and that in a transaction of its own."""

from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.after.queries import CLOSED, since_outcome
from portal.concerns.after.rules import Next, next_of
from portal.concerns.casework.models import ToldEvent, ToldSide, ToldThread
from portal.concerns.casework.places import Keeping, keep_places
from portal.concerns.casework.rows import hold_side, hold_thread
from portal.concerns.casework.rules import NextStep, Side
from portal.concerns.casework.service import move_for_portal
from portal.concerns.desk.holding import subject_of
from portal.concerns.timing.models import ConcernClock
from portal.concerns.together.models import BandTold, Collective, CollectiveLink
from portal.core import ids
from portal.core.db import NO_KEY
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import NOTES

ANSWERED = "acknowledged"
LOOK_WITHIN = timedelta(days=2)
"""So soon after a question the holders look whether it was answered, unless they have planned something."""


def go_on(session: Session, case_id: bytes, *, desk: Desk) -> Next | None:
    """Do what is due to a thread today; None when nothing is, or another process was quicker.

    The rows are held in the order of casework: the thread, its sides, the clock.
    """
    thread = hold_thread(session, case_id)
    sides = [row for side in Side if (row := hold_side(session, case_id, side)) is not None]
    clock = session.get(ConcernClock, case_id, with_for_update=NO_KEY, populate_existing=True)
    if clock is None or clock.after_on is None or clock.after_on > desk.today:
        return None
    since = since_outcome(session, clock)
    due = next_of(since, desk.today) if since is not None else Next(None)
    clock.after_on = due.again_on
    if due.ask is not None:
        clock.asked = due.ask
        _plan_to_look(sides, desk)
        if not move_for_portal(session, case_id, "watch", desk=desk) and thread is not None:
            _note_asked_again(session, thread, desk)
    elif due.closes:
        move_for_portal(session, case_id, "close", desk=desk)
    return due


def show_closed(session: Session, case_id: bytes, *, is_closed: bool) -> None:
    """Let the reporter's page say that the thread is closed, or not any more: a transaction of sealed rows alone."""
    case = session.get(SealedCase, case_id)
    if case is not None and case.state != NOTES and (case.state == CLOSED) is not is_closed:
        case.state = CLOSED if is_closed else ANSWERED


def forget_links(session: Session) -> int:
    """Threads that are gone leave their collectives, and a collective without any goes with what it was told."""
    there = select(SealedCase.case_id).where(SealedCase.case_id == CollectiveLink.case_id)
    connection = session.connection()
    removed = connection.execute(delete(CollectiveLink).where(~exists(there))).rowcount
    if removed:
        for table, key in ((BandTold, BandTold.collective_id), (Collective, Collective.id)):
            linked = select(CollectiveLink.collective_id).where(CollectiveLink.collective_id == key)
            connection.execute(delete(table).where(~exists(linked)))
    return removed


def _note_asked_again(session: Session, thread: ToldThread, desk: Desk) -> None:
    """A line for both sides, and the record, where the question moves nothing."""
    thread.version += 1
    line = ToldEvent(
        case_id=thread.case_id,
        event_id=ids.random_bytes(16),
        on_day=desk.today,
        number=thread.version,
        step="asked_again",
        said={},
    )
    session.add(line)
    session.flush()
    keep_places(session, [thread.case_id], Keeping(desk.today, desk.calendar))
    record(session, actor=None, event="concern.asked_again", subject=subject_of(thread.case_id), now=desk.now)


def _plan_to_look(sides: list[ToldSide], desk: Desk) -> None:
    """Each side is to send the approved question sealed, and to look whether it was answered."""
    for side in sides:
        if side.next_on is None or side.next_on < desk.today:
            side.next_on, side.next_step = desk.today + LOOK_WITHIN, NextStep.LOOK_AGAIN
            side.version += 1
