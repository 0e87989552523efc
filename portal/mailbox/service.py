"""Putting sealed bytes away and removing them. Shapes were checked by the caller; nothing here can open anything."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.text import msg
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem
from portal.mailbox.rules import FIRST, MOST_ITEMS, expiry_week

HEAD_MOVED = msg("Somebody else wrote at the same moment. Send again.")
THREAD_FULL = msg("This thread is full. Start a new concern and say that it continues this one.")

_CASES, _GRANTS, _ITEMS = (
    model.metadata.tables[model.__tablename__] for model in (SealedCase, SealedGrant, SealedItem)
)
_HAS_ITEM = select(SealedItem.item_id).where(SealedItem.item_id == bindparam("item_id"))


@dataclass(frozen=True, slots=True)
class IncomingItem:
    """An item as it came."""

    item_id: bytes
    prev: bytes
    file: bytes


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """A new thread as it came: public key, who may open it, first item."""

    case_id: bytes
    body_id: str
    locator_hash: bytes
    recipient: str
    grants: Mapping[bytes, bytes]
    item: IncomingItem


def store_case(session: Session, incoming: IncomingCase, *, today: date) -> bool:
    """Store a new thread. False when its locator or one of its ids is there already: sent twice, it is stored once."""
    if session.execute(_HAS_ITEM, {"item_id": incoming.item.item_id}).first() is not None:
        return False
    inserting = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
    values = {
        "case_id": incoming.case_id,
        "body_id": incoming.body_id,
        "locator_hash": incoming.locator_hash,
        "recipient": incoming.recipient,
        "epoch": 0,
        "opened_day": today,
        "expires_week": expiry_week(today),
        "state": "new",
    }
    stored = session.execute(inserting(_CASES).on_conflict_do_nothing().returning(_CASES.c.case_id), values).first()
    if stored is None:
        return False
    session.execute(
        inserting(_GRANTS),
        [
            {"case_id": incoming.case_id, "epoch": 0, "key_id": key_id, "file": file}
            for key_id, file in sorted(incoming.grants.items())
        ],
    )
    _insert_item(session, incoming.case_id, 0, incoming.item, today)
    return True


def append_item(session: Session, case: SealedCase, item: IncomingItem, *, today: date) -> None:
    """Add an item behind the head of the thread; Conflict when ``prev`` is not the head (the writer signs again)."""
    same = session.scalars(select(SealedItem).where(SealedItem.item_id == item.item_id)).one_or_none()
    if same is not None:
        if same.case_id == case.case_id and same.hash == hashlib.sha256(item.file).digest():
            return
        raise Conflict(HEAD_MOVED)
    in_case = SealedItem.case_id == case.case_id
    if session.scalar(select(func.count()).select_from(SealedItem).where(in_case)) == MOST_ITEMS:
        raise Conflict(THREAD_FULL)
    follows = session.scalar(select(SealedItem.item_id).where(in_case, SealedItem.prev == item.prev))
    is_behind = session.scalar(select(SealedItem.item_id).where(in_case, SealedItem.hash == item.prev))
    if follows is not None or (is_behind is None and item.prev != FIRST):
        raise Conflict(HEAD_MOVED)
    try:
        with session.begin_nested():
            _insert_item(session, case.case_id, case.epoch, item, today)
    except IntegrityError:
        raise Conflict(HEAD_MOVED) from None


def acknowledge(case: SealedCase) -> None:
    """A reader answered: the reporter's page says that somebody is there."""
    if case.state == "new":
        case.state = "acknowledged"


def forget_expired(session: Session, *, today: date) -> int:
    """Delete the threads whose week has passed, with their grants and items."""
    ids = session.scalars(select(SealedCase.case_id).where(SealedCase.expires_week < today)).all()
    for case_id in ids:
        forget(session, case_id)
    return len(ids)


def forget(session: Session, case_id: bytes) -> None:
    """Delete one thread whole."""
    for table in (SealedItem, SealedGrant, SealedCase):
        session.execute(delete(table).where(table.case_id == case_id))


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
    session.execute(insert(_ITEMS), values)
