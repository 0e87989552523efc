"""Reading sealed bytes by locator or by key. A stranger's key, an unknown id and nonsense meet the same NotFound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem
from portal.mailbox.rules import in_order


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line of a reader's list: all that the server knows."""

    case_id: bytes
    body_id: str
    opened_day: date
    state: str


def find_by_locator(session: Session, locator_hash: bytes) -> SealedCase | None:
    """The thread that a locator opens."""
    return session.scalars(select(SealedCase).where(SealedCase.locator_hash == locator_hash)).one_or_none()


def get_case_for_key(session: Session, case_id: bytes, key_ids: Sequence[bytes]) -> SealedCase:
    """The thread, if one of these keys holds a grant in it; NotFound otherwise, as for nonsense."""
    found = session.scalars(
        select(SealedCase).where(
            SealedCase.case_id == case_id,
            select(SealedGrant.case_id).where(SealedGrant.case_id == case_id, SealedGrant.key_id.in_(key_ids)).exists(),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_items(session: Session, case_id: bytes) -> list[SealedItem]:
    """The items of a thread in their order."""
    return in_order(session.scalars(select(SealedItem).where(SealedItem.case_id == case_id)))


def has_item(session: Session, case_id: bytes, item_id: bytes) -> bool:
    """Whether this item is in the thread already."""
    found = session.get(SealedItem, item_id)
    return found is not None and found.case_id == case_id


def list_grants(session: Session, case_id: bytes, key_ids: Sequence[bytes]) -> Sequence[SealedGrant]:
    """The grants of these keys in a thread, by epoch."""
    return session.scalars(
        select(SealedGrant)
        .where(SealedGrant.case_id == case_id, SealedGrant.key_id.in_(key_ids))
        .order_by(SealedGrant.epoch)
    ).all()


def list_keys(session: Session, case_id: bytes) -> Sequence[bytes]:
    """The key ids that hold a grant at any epoch."""
    return session.scalars(select(SealedGrant.key_id).where(SealedGrant.case_id == case_id).distinct()).all()


def list_cases(session: Session, key_ids: Sequence[bytes], *, cursor: str | None) -> Cut[CaseLine]:
    """The threads in which these keys hold a grant, newest day first."""
    held = select(SealedGrant.case_id).where(SealedGrant.key_id.in_(key_ids))
    asked = (
        select(SealedCase.case_id, SealedCase.body_id, SealedCase.opened_day, SealedCase.state)
        .where(SealedCase.case_id.in_(held))
        .order_by(SealedCase.opened_day.desc(), SealedCase.case_id)
        .limit(PAGE + 1)
    )
    start = _place(cursor)
    if start is not None:
        day, case_id = start
        same_day = (SealedCase.opened_day == day) & (SealedCase.case_id > case_id)
        asked = asked.where((SealedCase.opened_day < day) | same_day)
    lines = [CaseLine(*row) for row in session.execute(asked)]
    more = len(lines) > PAGE
    last = lines[PAGE - 1] if more else None
    return Cut(lines[:PAGE], write_cursor(last.opened_day.isoformat(), last.case_id.hex()) if last else None)


def _place(cursor: str | None) -> tuple[date, bytes] | None:
    values = read_cursor(cursor, 2)
    if values is None:
        return None
    try:
        return date.fromisoformat(str(values[0])), bytes.fromhex(str(values[1]))
    except ValueError:
        return None
