"""Putting sealed bytes away and removing them. Shapes were checked by the caller; nothing here can open anything."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused, TooLarge
from portal.core.text import msg
from portal.mailbox.models import SealedCase, SealedFile, SealedGrant, SealedItem
from portal.mailbox.rules import FIRST, JITTER_WEEKS, MOST_CASE_FILES, MOST_ITEMS, MOST_MESSAGES, NOTES, expiry_week

HEAD_MOVED = msg("Somebody else wrote at the same moment. Send again.")
THREAD_FULL = msg("This thread is full. Start a new concern and say that it continues this one.")
FILES_MISSING = msg("A file of this message has not arrived. Add the files and send again.")

_CASES, _GRANTS, _ITEMS, _FILES = (
    model.metadata.tables[model.__tablename__] for model in (SealedCase, SealedGrant, SealedItem, SealedFile)
)
_ADD_CASE_ON_SQLITE = insert_on_sqlite(_CASES).on_conflict_do_nothing().returning(_CASES.c.case_id)
_ADD_CASE_ON_POSTGRESQL = insert_on_postgresql(_CASES).on_conflict_do_nothing().returning(_CASES.c.case_id)
_ADD_GRANTS, _ADD_ITEM = insert(_GRANTS), insert(_ITEMS)
_HAS_ITEM = select(SealedItem.item_id).where(SealedItem.item_id == bindparam("item_id"))


@dataclass(frozen=True, slots=True)
class IncomingItem:
    """An item as it came, and the files that it says it names."""

    item_id: bytes
    prev: bytes
    file: bytes
    files: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """A new thread as it came: public key, who may open it, first item."""

    case_id: bytes
    body_id: str
    locator_hash: bytes
    recipient: str
    grants: Mapping[bytes, bytes]
    item: IncomingItem
    is_notes: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted: how many threads or files, and the places on the shelf that are free now."""

    count: int
    places: tuple[str, ...]


def store_case(session: Session, incoming: IncomingCase, *, today: date) -> bool:
    """Store a new thread. False when its locator or one of its ids is there already: sent twice, it is stored once.

    Refused when a file that its first item names has not arrived.
    """
    if session.execute(_HAS_ITEM, {"item_id": incoming.item.item_id}).first() is not None:
        return False
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    values = {
        "case_id": incoming.case_id,
        "body_id": incoming.body_id,
        "locator_hash": incoming.locator_hash,
        "recipient": incoming.recipient,
        "epoch": 0,
        "opened_day": today,
        "expires_week": _fresh_expiry(today),
        "state": NOTES if incoming.is_notes else "new",
        "held": False,
    }
    if session.execute(_ADD_CASE_ON_SQLITE if on_sqlite else _ADD_CASE_ON_POSTGRESQL, values).first() is None:
        return False
    session.execute(
        _ADD_GRANTS,
        [
            {"case_id": incoming.case_id, "epoch": 0, "key_id": key_id, "file": file}
            for key_id, file in sorted(incoming.grants.items())
        ],
    )
    _claim(session, incoming.case_id, incoming.item.files)
    _insert_item(session, incoming.case_id, 0, incoming.item, today)
    return True


def append_item(session: Session, case: SealedCase, item: IncomingItem, *, today: date) -> bool:
    """Add an item behind the head of the thread; False when it is there already, Conflict when ``prev`` is not the head
    (the writer signs again)."""
    if is_there(session, case, item):
        return False
    require_place(session, case, item, most=MOST_MESSAGES)
    try:
        with session.begin_nested():
            add_behind(session, case, case.epoch, item, today=today)
    except IntegrityError:
        raise Conflict(HEAD_MOVED) from None
    return True


def is_there(session: Session, case: SealedCase, item: IncomingItem) -> bool:
    """Whether this very item is in the thread already; Conflict when its id is taken by anything else."""
    same = session.scalars(select(SealedItem).where(SealedItem.item_id == item.item_id)).one_or_none()
    if same is None:
        return False
    if same.case_id != case.case_id or same.hash != hashlib.sha256(item.file).digest():
        raise Conflict(HEAD_MOVED)
    return True


def require_place(session: Session, case: SealedCase, item: IncomingItem, *, most: int = MOST_ITEMS) -> None:
    """Conflict unless the item follows the head of a thread that has room. Until it is stored nobody else writes;
    NotFound when the thread was forgotten meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        held = select(SealedCase).where(SealedCase.case_id == case.case_id).with_for_update()
        if session.scalars(held.execution_options(populate_existing=True)).one_or_none() is None:
            raise NotFound
    in_case = SealedItem.case_id == case.case_id
    if (session.scalar(select(func.count()).select_from(SealedItem).where(in_case)) or 0) >= most:
        raise Conflict(THREAD_FULL)
    follows = session.scalar(select(SealedItem.item_id).where(in_case, SealedItem.prev == item.prev))
    is_behind = session.scalar(select(SealedItem.item_id).where(in_case, SealedItem.hash == item.prev))
    if follows is not None or (is_behind is None and item.prev != FIRST):
        raise Conflict(HEAD_MOVED)


def add_behind(session: Session, case: SealedCase, epoch: int, item: IncomingItem, *, today: date) -> None:
    """Write the item, take the files that it names out of waiting, and keep the thread for longer."""
    _claim(session, case.case_id, item.files)
    _insert_item(session, case.case_id, epoch, item, today)
    case.expires_week = max(case.expires_week, _fresh_expiry(today))
    session.flush()


def acknowledge(case: SealedCase) -> None:
    """A reader answered: the reporter's page says that somebody is there."""
    if case.state == "new":
        case.state = "acknowledged"


def forget_expired(session: Session, *, today: date) -> Forgotten:
    """Delete the threads whose week has passed, with their grants, items and files; those on hold stay."""
    due = select(SealedCase.case_id).where(SealedCase.expires_week < today, SealedCase.held.is_(False))
    ids_due = session.scalars(due).all()
    return Forgotten(len(ids_due), tuple(place for case_id in ids_due for place in forget(session, case_id)))


def forget(session: Session, case_id: bytes) -> Sequence[str]:
    """Delete one thread whole; the places of its files, to be emptied once this is committed."""
    places = session.scalars(select(SealedFile.place).where(SealedFile.case_id == case_id)).all()
    for table in (SealedFile, SealedItem, SealedGrant, SealedCase):
        session.execute(delete(table).where(table.case_id == case_id))
    return places


def _fresh_expiry(today: date) -> date:
    return expiry_week(today, ids.random_below(JITTER_WEEKS))


def _claim(session: Session, case_id: bytes, blobs: tuple[bytes, ...]) -> None:
    """The files that an item names must all have arrived for its thread; from here on they wait no more.

    They are counted by changing them: one that the sweep is deleting at this moment does not count.
    """
    if not blobs:
        return
    named = (_FILES.c.case_id == case_id) & _FILES.c.blob_id.in_(blobs)
    claimed = update(_FILES).where(named).values(waiting_since=None).returning(_FILES.c.blob_id)
    if len(session.execute(claimed).all()) != len(set(blobs)):
        raise Refused(FILES_MISSING)
    held = select(func.sum(_FILES.c.size)).where(_FILES.c.case_id == case_id, _FILES.c.waiting_since.is_(None))
    if (session.scalar(held) or 0) > MOST_CASE_FILES:
        raise TooLarge


def _insert_item(session: Session, case_id: bytes, epoch: int, item: IncomingItem, today: date) -> None:
    values = {
        "item_id": item.item_id,
        "case_id": case_id,
        "epoch": epoch,
        "prev": item.prev,
        "hash": hashlib.sha256(item.file).digest(),
        "file": item.file,
        "day": today,
    }
    session.execute(_ADD_ITEM, values)
