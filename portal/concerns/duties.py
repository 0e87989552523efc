"""What happens to sealed threads and files because time passed."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from portal.concerns.casework.models import BESIDE_SEALED
from portal.concerns.casework.places import forget_told
from portal.concerns.reporting.models import UsedTicket
from portal.concerns.timing.models import ConcernClock
from portal.concerns.together.models import BESIDE_SEALED as LINKS
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.mailbox.filing import forget_unnamed, move_file
from portal.mailbox.physical import clear_deleted, owe_clearing, rewrite_if_due
from portal.mailbox.service import Forgotten, forget_expired
from portal.mailbox.shelf import Shelf
from portal.settings.models import Settings

HALF_AFTER = timedelta(days=1)
BESIDE = (UsedTicket.__tablename__, ConcernClock.__tablename__, *BESIDE_SEALED, *LINKS)
"""A ticket is used in the transaction that stores what it was brought for; a clock is written right after an answer; a
place on a desk is made soon after a thread came, and what readers tell is told soon after they read."""


def forget_expired_concerns(database: Database, settings: Settings, now: datetime) -> int:
    """Delete threads whose week has passed, so that no byte of them stays in a file of the database or on the shelf."""
    with database.writing() as session:
        forgotten = forget_expired(session, today=london_day(now))
        if forgotten.count:
            owe_clearing(session)
    _clear(settings, forgotten, now)
    if forgotten.count:
        with database.writing() as session:
            forget_told(session)
        clear_deleted(database, BESIDE)
    return forgotten.count


def forget_unnamed_files(database: Database, settings: Settings, now: datetime) -> int:
    """Delete the files that no item named within a day, and halves that a killed process left."""
    with database.writing() as session:
        forgotten = forget_unnamed(session, today=london_day(now))
    _clear(settings, forgotten, now)
    shelf = Shelf(settings.sealed_folder)
    halves = shelf.halves(before=now - HALF_AFTER)
    for place in halves:
        shelf.drop(place, today=london_day(now))
    return forgotten.count + len(halves)


def hide_order_of_arrival(database: Database, settings: Settings, now: datetime) -> int:
    """Once a day: what came before today is written anew in random order, rows and files alike.

    Where a row or a file lies, and in which transaction it was written, then says nothing that its day does not.
    """
    settled = _settle_files(database, Shelf(settings.sealed_folder), now)
    return settled + rewrite_if_due(database, today=london_day(now), beside=BESIDE)


def _settle_files(database: Database, shelf: Shelf, now: datetime) -> int:
    today, settled = london_day(now), 0
    for place in ids.in_random_order(shelf.unsettled(came_before=today)):
        with suppress(NotFound):
            settled += _settle(database, shelf, place, today)
    return settled


def _settle(database: Database, shelf: Shelf, place: str, today: date) -> bool:
    copy = shelf.settle(place, today=today)
    with database.writing() as session:
        is_kept = move_file(session, place, copy)
    for left in [place] if is_kept else [place, copy]:  # of a file without a row neither stays
        shelf.drop(left, today=today)
    return is_kept


def _clear(settings: Settings, forgotten: Forgotten, now: datetime) -> None:
    """After the commit: a file without a row is found by the next sweep, a row without a file by a reader."""
    shelf = Shelf(settings.sealed_folder)
    for place in forgotten.places:
        shelf.drop(place, today=london_day(now))
