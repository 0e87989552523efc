"""A change of readers, for both sides of the channel: who may bring in or drop whom (FORMAT.md section 9).

The server cannot see who was left out. It sees that keys are live, that a reader drops nobody but themself and those
whose key has ended, and that a reader brings in nobody of the side that does not read: that is the reporter's to do.
In notes a reader drops whoever is no longer in the thread beside; which that is the server does not know, so there it
leaves dropping to the readers: everybody in them sees who did it, and who was dropped can begin notes of their own.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from anonymity.submission import ChangeOfReaders
from portal.concerns.arriving import incoming
from portal.concerns.cards import Card, Present, list_cards, list_owners, sides_of, sides_within
from portal.core.errors import Refused
from portal.mailbox.epochs import NOT_SO, IncomingChange, IncomingGrant, change_readers, is_done, require_turn
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present
from portal.mailbox.rules import NOTES


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
    present = frozenset(list_present(session, case))
    if not _names_whom_it_may(cards, present, made, begins=change.epoch > case.epoch):
        raise Refused(NOT_SO)
    if maker is not None:
        within = Present(present, list_owners(session, present))
        dropped = present - made.keys if change.epoch > case.epoch else frozenset()
        others = frozenset() if case.state == NOTES else dropped - frozenset(maker)
        if not _is_a_readers_to_do(cards, within, made, others):
            raise Refused(NOT_SO)
    change_readers(session, case, made, present, today=today)


def _names_whom_it_may(cards: Sequence[Card], present: frozenset[bytes], made: IncomingChange, *, begins: bool) -> bool:
    """Live keys of this body's channel. An ended one may stay until somebody drops it, but not alone."""
    live = {card.key_id for card in cards}
    if not begins:
        return made.keys <= live
    return made.keys <= live | present and bool(made.keys & live)


def _is_a_readers_to_do(
    cards: Sequence[Card], within: Present, made: IncomingChange, dropped_others: frozenset[bytes]
) -> bool:
    """A reader drops no live key but their own, and lets in nobody of a side that does not read."""
    drops_live = any(card.key_id in dropped_others for card in cards)
    return not drops_live and sides_of(cards, made.keys) <= sides_within(cards, within)


def _change(change: ChangeOfReaders) -> IncomingChange:
    return IncomingChange(
        epoch=change.epoch,
        recipient=change.recipient.text,
        reporter=change.reporter,
        grants=tuple(IncomingGrant(one.key_id, one.epoch, one.file) for one in change.grants),
        item=incoming(change.item),
    )
