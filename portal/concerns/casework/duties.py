"""What happens to desks because time passed: places are kept, claims end, and what was told goes with its thread."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.concerns.casework.models import DeskKept, ToldSide
from portal.concerns.casework.places import AT_A_TIME, LONG_AGO, Keeping, forget_told, keep_places, note_kept
from portal.core.clock import london_day
from portal.core.db import Database
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.rules import NOTES
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

EVERY_DESK = "every desk"
"""Under this name stands on which day all places were looked through."""
FIRST = b""
Batch = Callable[[Session, bytes], Sequence[bytes]]


def keep_desks(database: Database, settings: Settings, now: datetime) -> int:
    """Once a day every thread is looked through: days pass and duties end. After that, each time, those in which
    something came today, or since the last time."""
    keeping = Keeping(london_day(now), WorkingDays(settings.extra_holidays))
    with database.reading() as session:
        kept = session.get(DeskKept, EVERY_DESK)
        last = kept.kept_on if kept is not None else LONG_AGO
    if last >= keeping.today:
        return _keep(database, keeping, lambda session, after: _with_news(session, after, keeping.today))
    done = _keep(database, keeping, _all)
    with database.writing() as session:
        done += forget_told(session)
        note_kept(session, EVERY_DESK, 0, keeping.today)
    return done


def end_claims(database: Database, _settings: Settings, now: datetime) -> int:
    """Nobody keeps a thread from their colleagues longer than they said."""
    ended = update(ToldSide).where(ToldSide.claimed_until <= now).values(claimed_by=None, claimed_until=None)
    with database.writing() as session:
        return session.connection().execute(ended).rowcount


def _keep(database: Database, keeping: Keeping, batch: Batch) -> int:
    done, after = 0, FIRST
    while True:
        with database.reading() as session:
            some = batch(session, after)
        if not some:
            return done
        with database.writing() as session:
            done += keep_places(session, some, keeping)
        if len(some) < AT_A_TIME:
            return done
        after = some[-1]
        database.let_others_in()


def _all(session: Session, after: bytes) -> Sequence[bytes]:
    asked = select(SealedCase.case_id).where(SealedCase.case_id > after, SealedCase.state != NOTES)
    return session.scalars(asked.order_by(SealedCase.case_id).limit(AT_A_TIME)).all()


def _with_news(session: Session, after: bytes, today: date) -> Sequence[bytes]:
    asked = select(SealedItem.case_id).where(SealedItem.day >= today, SealedItem.case_id > after).distinct()
    return session.scalars(asked.order_by(SealedItem.case_id).limit(AT_A_TIME)).all()
