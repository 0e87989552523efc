"""In the sweep: the questions after an outcome, closing what stayed quiet, and forgetting what hung on a thread.

One thread at a time, each in a transaction of its own; never a told row and a sealed one in the same.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.after.queries import list_due, list_shown_wrong
from portal.concerns.after.service import forget_links, go_on, show_closed
from portal.concerns.casework.models import ToldSide
from portal.concerns.timing.duties import ASK, NOTICE_HOUR, tell_readers
from portal.concerns.timing.holders import Readers, readers_of_body
from portal.core.clock import LONDON, london_day
from portal.core.db import Database
from portal.mailbox.models import SealedCase
from portal.mailbox.physical import owe_clearing
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 1000
"""What is more waits for the next sweep."""


def go_on_after_outcomes(database: Database, settings: Settings, now: datetime) -> int:
    """From the hour of the daily letters on: what is due is asked, and who works on the thread is reminded to ask it
    sealed as well; what stayed quiet is closed."""
    if now.astimezone(LONDON).hour < NOTICE_HOUR:
        return 0
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    readers: dict[str, Readers] = {}
    with database.reading() as session:
        due_today = list_due(session, today=desk.today, most=MOST_AT_ONCE)
    done = 0
    for case_id in due_today:
        with database.writing() as session:
            due = go_on(session, case_id, desk=desk)
            if due is not None and due.ask is not None:
                tell_readers(session, settings, _asked(session, case_id, readers, desk.today), ASK, now)
            done += due is not None and (due.closes or due.ask is not None)
        database.let_others_in()
    return done


def show_what_is_closed(database: Database, _settings: Settings, now: datetime) -> int:
    """Reporters see what casework closed, or took up again."""
    with database.reading() as session:
        wrong = list_shown_wrong(session, today=london_day(now))
    for case_id, is_closed in wrong:
        with database.writing() as session:
            show_closed(session, case_id, is_closed=is_closed)
    return len(wrong)


def forget_what_was_linked(database: Database, _settings: Settings, _now: datetime) -> int:
    """What a collective kept of threads that are gone."""
    with database.writing() as session:
        removed = forget_links(session)
        if removed:
            owe_clearing(session)
    return removed


def _asked(session: Session, case_id: bytes, readers: dict[str, Readers], today: date) -> frozenset[str]:
    """Who is reminded: those who work on the thread and hold it, else everybody who holds it."""
    case = session.get(SealedCase, case_id)
    if case is None:
        return frozenset()
    if case.body_id not in readers:
        readers[case.body_id] = readers_of_body(session, case.body_id, today=today)
    holders = readers[case.body_id].holding(session, case)
    assigned = set(session.scalars(select(ToldSide.assignee_id).where(ToldSide.case_id == case_id)))
    return frozenset(holders & assigned) or holders
