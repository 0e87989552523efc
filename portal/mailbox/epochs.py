"""Readers come and go: grants are added, or a new epoch begins for those who stay (FORMAT.md section 9).

Who may bring in or drop whom is for the caller to say; this room does not know people.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Refused
from portal.core.text import msg
from portal.mailbox.models import SealedCase, SealedGrant
from portal.mailbox.rules import NOTES, REPORTER_KEY
from portal.mailbox.service import HEAD_MOVED, IncomingItem, add_behind, is_there, require_place

NOT_SO = msg("The readers of this thread cannot be changed in this way.")


@dataclass(frozen=True, slots=True)
class IncomingGrant:
    """A case identity of one epoch for one key, as it came."""

    key_id: bytes
    epoch: int
    file: bytes


@dataclass(frozen=True, slots=True)
class IncomingChange:
    """A change of readers as it came: of the current epoch, or the first of the next."""

    epoch: int
    recipient: str
    reporter: bytes | None
    grants: tuple[IncomingGrant, ...]
    item: IncomingItem

    @property
    def keys(self) -> set[bytes]:
        """Whom it names."""
        return {grant.key_id for grant in self.grants}


def require_turn(session: Session, case: SealedCase, change: IncomingChange) -> None:
    """Conflict unless the change follows the head in the current epoch or the next: then its maker reads again."""
    if change.epoch - case.epoch not in (0, 1):
        raise Conflict(HEAD_MOVED)
    require_place(session, case, change.item)


def change_readers(
    session: Session, case: SealedCase, change: IncomingChange, present: Set[bytes], *, today: date
) -> None:
    """Store the grants and the item. ``present`` are the keys that hold the current epoch.

    A grant that is held already stays as it is: nobody can replace another's by rubbish.
    """
    begins = change.epoch != case.epoch
    if not (_is_new_epoch(case, change, present) if begins else _is_addition(case, change)):
        raise Refused(NOT_SO)
    grants = {(grant.key_id, grant.epoch): grant.file for grant in change.grants}
    if change.reporter is not None:
        grants[REPORTER_KEY, change.epoch] = change.reporter
    held = select(SealedGrant.key_id, SealedGrant.epoch).where(SealedGrant.case_id == case.case_id)
    for place in session.execute(held).all():
        grants.pop((place.key_id, place.epoch), None)
    rows = [
        {"case_id": case.case_id, "epoch": epoch, "key_id": key_id, "file": file}
        for (key_id, epoch), file in sorted(grants.items())
    ]
    try:
        with session.begin_nested():
            if rows:
                session.execute(insert(SealedGrant), rows)
            case.epoch, case.recipient = change.epoch, change.recipient
            add_behind(session, case, change.epoch, change.item, today=today)
    except IntegrityError:
        raise Conflict(HEAD_MOVED) from None


def is_done(session: Session, case: SealedCase, change: IncomingChange) -> bool:
    """Whether this very change was made already: sent twice, it is made once."""
    return is_there(session, case, change.item)


def _is_addition(case: SealedCase, change: IncomingChange) -> bool:
    return change.recipient == case.recipient and change.reporter is None


def _is_new_epoch(case: SealedCase, change: IncomingChange, present: Set[bytes]) -> bool:
    """A new epoch is for some of those who were in, at least one, and in a reporter's thread for the reporter."""
    has_reporter = (change.reporter is not None) == (case.state != NOTES)
    is_fresh = change.recipient != case.recipient and all(grant.epoch == change.epoch for grant in change.grants)
    return has_reporter and is_fresh and bool(change.keys) and change.keys <= present
