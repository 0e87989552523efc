"""Reading sealed bytes by locator or by key. A stranger's key, an unknown id and nonsense meet the same NotFound."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem
from portal.mailbox.rules import FIRST, NOTES, REPORTER_KEY, in_order, notes_hashes

_HOLDS_NOW = and_(SealedGrant.case_id == SealedCase.case_id, SealedGrant.epoch == SealedCase.epoch)


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
    """The thread, if one of these keys holds its current epoch; NotFound otherwise, as for nonsense.

    Who was dropped holds earlier epochs only and meets what was never there.
    """
    found = session.scalars(
        select(SealedCase)
        .where(SealedCase.case_id == case_id)
        .join(SealedGrant, _HOLDS_NOW)
        .where(SealedGrant.key_id.in_(key_ids))
        .distinct()
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_present(session: Session, case: SealedCase) -> set[bytes]:
    """The keys that hold the current epoch, the reporter's place aside."""
    asked = select(SealedGrant.key_id).where(SealedGrant.case_id == case.case_id, SealedGrant.epoch == case.epoch)
    return set(session.scalars(asked)) - {REPORTER_KEY}


def find_notes(session: Session, lane: str, locator_hash: bytes, key_ids: Sequence[bytes]) -> list[SealedCase]:
    """The lanes of readers only beside one thread whose current epoch one of these keys holds.

    Each of those readers may have begun one. First the one that most can read, so that all write in the same.
    """
    held = select(SealedGrant.case_id).where(SealedGrant.key_id.in_(key_ids))
    holds_now = held.where(_HOLDS_NOW).correlate(SealedCase).exists()
    asked = (
        select(SealedCase, SealedGrant.key_id)
        .join(SealedGrant, SealedGrant.case_id == SealedCase.case_id)
        .where(SealedCase.case_id.in_(held), holds_now, SealedCase.state == NOTES, SealedGrant.epoch == 0)
    )
    found = {
        case.case_id: case
        for case, key_id in session.execute(asked)
        if case.locator_hash in notes_hashes(lane, locator_hash, key_id)
    }
    return sorted(found.values(), key=lambda case: (-len(list_present(session, case)), case.case_id))


def list_items(session: Session, case_id: bytes) -> list[SealedItem]:
    """The items of a thread in their order."""
    return in_order(session.scalars(select(SealedItem).where(SealedItem.case_id == case_id)))


def list_openings(
    session: Session, case_ids: Collection[bytes], key_ids: Sequence[bytes]
) -> list[tuple[SealedCase, list[SealedGrant], list[SealedItem]]]:
    """Of those of these threads whose current epoch one of the keys holds: own grants, and the first item alone."""
    held = select(SealedGrant.case_id).where(SealedGrant.key_id.in_(key_ids), SealedGrant.case_id.in_(case_ids))
    cases = session.scalars(
        select(SealedCase).where(SealedCase.case_id.in_(held), held.where(_HOLDS_NOW).correlate(SealedCase).exists())
    ).all()
    found = [case.case_id for case in cases]
    grants = session.scalars(
        select(SealedGrant)
        .where(SealedGrant.case_id.in_(found), SealedGrant.key_id.in_(key_ids))
        .order_by(SealedGrant.epoch)
    ).all()
    items = session.scalars(select(SealedItem).where(SealedItem.case_id.in_(found), SealedItem.prev == FIRST)).all()
    return [
        (
            case,
            [grant for grant in grants if grant.case_id == case.case_id],
            [item for item in items if item.case_id == case.case_id],
        )
        for case in cases
    ]


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
    """The key ids of readers that hold a grant at any epoch."""
    asked = select(SealedGrant.key_id).where(SealedGrant.case_id == case_id, SealedGrant.key_id != REPORTER_KEY)
    return session.scalars(asked.distinct()).all()


def list_cases(
    session: Session,
    key_ids: Sequence[bytes],
    *,
    cursor: str | None,
    body_ids: Collection[str] | None = None,
    but_for: Sequence[bytes] = (),
) -> Cut[CaseLine]:
    """The reporters' threads in which these keys hold the current epoch, newest day first; of these bodies only.

    ``but_for``: and none of these keys does. Lanes of readers only are no concerns: they are found from the thread that
    they stand beside.
    """
    held = select(SealedGrant.case_id).where(SealedGrant.key_id.in_(key_ids))
    holds_now = held.where(_HOLDS_NOW).correlate(SealedCase).exists()
    asked = (
        select(SealedCase.case_id, SealedCase.body_id, SealedCase.opened_day, SealedCase.state)
        .where(SealedCase.case_id.in_(held), holds_now, SealedCase.state != NOTES)
        .order_by(SealedCase.opened_day.desc(), SealedCase.case_id)
        .limit(PAGE + 1)
    )
    if body_ids is not None:
        asked = asked.where(SealedCase.body_id.in_(body_ids))
    if but_for:
        others = select(SealedGrant.case_id).where(SealedGrant.key_id.in_(but_for), _HOLDS_NOW)
        asked = asked.where(~others.correlate(SealedCase).exists())
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
