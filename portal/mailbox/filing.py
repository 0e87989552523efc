"""What the store knows of files: whose thread, how large, where on the shelf, and whether an item has named them."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, NotFound, TooLarge, TooMany
from portal.core.text import msg
from portal.mailbox.models import SealedFile
from portal.mailbox.rules import MOST_CASE_FILES, WAITING_DAYS
from portal.mailbox.service import Forgotten

FILE_THERE = msg("This file has arrived already.")
TRY_AGAIN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as its frame announces it."""

    blob_id: bytes
    case_id: bytes
    size: int


def require_room(session: Session, incoming: IncomingFile, *, most_waiting: int) -> None:
    """Whether the file may come: Conflict when it is there, TooLarge when its thread is full of files that were named.

    What waits does not count: whoever once knew a thread could fill it with rubbish every day.

    TooMany while too much lies here that no item has named yet, for large files first: text still goes through.
    """
    if session.get(SealedFile, incoming.blob_id) is not None:
        raise Conflict(FILE_THERE)
    named = (SealedFile.case_id == incoming.case_id) & SealedFile.waiting_since.is_(None)
    if _bytes_of(session, named) + incoming.size > MOST_CASE_FILES:
        raise TooLarge
    if not has_room(incoming.size, bytes_waiting(session), most_waiting):
        raise TooMany(TRY_AGAIN_SECONDS)


def file_away(session: Session, incoming: IncomingFile, place: str, *, most_waiting: int, today: date) -> None:
    """Note a file that lies on the shelf, waiting for an item to name it."""
    require_room(session, incoming, most_waiting=most_waiting)
    try:
        with session.begin_nested():
            session.add(
                SealedFile(
                    blob_id=incoming.blob_id,
                    case_id=incoming.case_id,
                    size=incoming.size,
                    place=place,
                    waiting_since=today,
                )
            )
    except IntegrityError:
        raise Conflict(FILE_THERE) from None


def get_file(session: Session, case_id: bytes, blob_id: bytes) -> SealedFile:
    """A file that an item of this thread named; NotFound otherwise."""
    found = session.get(SealedFile, blob_id)
    if found is None or found.case_id != case_id or found.waiting_since is not None:
        raise NotFound
    return found


def forget_unnamed(session: Session, *, today: date) -> Forgotten:
    """Delete the files that no item named within a day."""
    since = SealedFile.waiting_since < today - timedelta(days=WAITING_DAYS)
    places = session.scalars(delete(SealedFile).where(since).returning(SealedFile.place)).all()
    return Forgotten(len(places), tuple(places))


def move_file(session: Session, place: str, settled: str) -> bool:
    """Note that a file lies elsewhere now; False when it was deleted meanwhile."""
    moving = update(SealedFile).where(SealedFile.place == place).values(place=settled).returning(SealedFile.blob_id)
    return session.execute(moving).first() is not None


def bytes_waiting(session: Session) -> int:
    """How much lies here that no item has named."""
    return _bytes_of(session, SealedFile.waiting_since.is_not(None))


def has_room(size: int, waiting: int, most: int) -> bool:
    """Once half is full no file may take more than a quarter of what is free: large ones never keep small ones out."""
    return waiting + size <= most and (2 * waiting <= most or 4 * size <= most - waiting)


def _bytes_of(session: Session, which: object) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(SealedFile.size), 0)).where(which)) or 0)  # type: ignore[arg-type]
