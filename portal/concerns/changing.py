"""A change of readers, for both sides of the channel: who may bring in or drop whom (FORMAT.md section 9).

The server cannot see who was left out. It sees that keys are live, that a reader drops nobody but themself and those
whose key has ended, and that a reader brings in nobody of the side that does not read: that is the reporter's to do.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from anonymity.submission import ChangeOfReaders
from portal.concerns.cards import Present, list_cards, list_owners, sides_of, sides_within
from portal.concerns.delivery import incoming
from portal.core.errors import Refused
from portal.mailbox.epochs import NOT_SO, IncomingChange, IncomingGrant, change_readers, is_done, require_turn
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present


def make_change(
    session: Session,
    case: SealedCase,
    change: ChangeOfReaders,
    *,
    maker: Collection[bytes] | None,
    today: date,
) -> None:
    """Let readers in, or go on without some. ``maker`` are the keys of the reader who does it, None for the reporter.

    Conflict when somebody was quicker; Refused when it is not theirs to do.
    """
    made = _change(change)
    if is_done(session, case, made):
        return
    require_turn(session, case, made)
    cards = list_cards(session, case.body_id, today=today)
    live = {card.key_id for card in cards}
    present = list_present(session, case)
    if not made.keys <= live:
        raise Refused(NOT_SO)
    if maker is not None:
        dropped = present - made.keys if change.epoch > case.epoch else set()
        within = sides_within(cards, Present(frozenset(present), list_owners(session, present)))
        if (dropped & live) - set(maker) or not sides_of(cards, made.keys) <= within:
            raise Refused(NOT_SO)
    change_readers(session, case, made, present, today=today)


def _change(change: ChangeOfReaders) -> IncomingChange:
    return IncomingChange(
        epoch=change.epoch,
        recipient=change.recipient.text,
        reporter=change.reporter,
        grants=tuple(IncomingGrant(one.key_id, one.epoch, one.file) for one in change.grants),
        item=incoming(change.item),
    )
