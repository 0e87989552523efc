"""The lanes of readers only, and what stands beside what (FORMAT.md sections 4 and 7)."""

from collections.abc import Sequence

from anonymity.beside import prove_beside
from anonymity.dice import draw
from anonymity.errors import CannotOpen
from anonymity.grant import CASE_BYTES, Grant, seal_grant
from anonymity.item import FIRST, Granted, Item, Kind, Opening, seal_item
from anonymity.keyring import Keyring
from anonymity.keys import Identity, draw_seed
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, check_in_thread, in_order
from anonymity.receipt import NOTES_LANES, RECEIPT_LANES, Lane, locator_hash, notes_locator
from anonymity.seat import Said, Seat
from anonymity.submission import ITEM_ID_BYTES, SealedGrant, SealedItem, Submission, in_wire_order
from anonymity.text import tidy
from anonymity.thread import Thread


def begin_notes(
    keyring: Keyring, seat: Seat, thread: Thread, lane: Lane, colleagues: Sequence[PersonCard], said: Said
) -> Submission:
    """A new lane of readers only, beside the thread of this seat; whoever begins it is in it.

    Everybody in it has to be in that thread. LeftOut for somebody left out; CannotOpen for a card that is not in the
    thread, and if the thread is not what it should be; ValueError if something is out of bounds.
    """
    return _begin_notes(keyring, seat, thread, lane, colleagues, said, Identity(draw_seed()), draw(CASE_BYTES))


def locate_notes(seat: Seat, lane: Lane) -> bytes:
    """Where the notes lane beside this seat's thread is found. CannotOpen for a seat without epoch 0."""
    if seat.lane not in RECEIPT_LANES:
        raise ValueError("notes stand beside a reporter's lane")
    if 0 not in seat.identities:
        raise CannotOpen
    return notes_locator(seat.identities[0].seed, lane)


def check_beside(seat: Seat, thread: Thread, other_seat: Seat, other: Thread) -> None:
    """Raises CannotOpen unless `thread` stands beside `other` as its opening says.

    A union lane: the reporter is the same one. A notes lane: whoever began it is or was in that thread; before this
    holds, nothing of it is shown and nothing written in it.
    """
    beside = thread.opening.beside if thread.opening else None
    if beside is None or beside.case != other_seat.case:
        raise CannotOpen
    if (seat.lane, other_seat.lane) == (Lane.UNION, Lane.JOINT):
        signer = other_seat.opener
    elif seat.lane in NOTES_LANES and other_seat.lane in RECEIPT_LANES and seat.opener in other.known:
        signer = seat.opener
    else:
        raise CannotOpen
    beside.check(signer, own_case=seat.case, opener=seat.opener)


def list_outside(thread: Thread, beside: Thread) -> tuple[Granted, ...]:
    """Who reads these notes, but not or no longer the thread beside them. Before anything is written a new epoch is
    begun without them (`readership.start_epoch`)."""
    return tuple(one for one in thread.granted if one not in beside.granted)


def _begin_notes(
    keyring: Keyring,
    seat: Seat,
    thread: Thread,
    lane: Lane,
    colleagues: Sequence[PersonCard],
    said: Said,
    identity: Identity,
    case: bytes,
) -> Submission:
    locator, own = locate_notes(seat, lane), keyring.author.sign_key
    seat.check_current(thread)
    check_in_thread(colleagues, thread)
    if thread.opening is None or Granted.of(keyring.card) not in thread.granted:
        raise CannotOpen
    cards = {keyring.card} | {one.card for one in colleagues}
    item = Item(
        case=case,
        epoch=0,
        prev=FIRST,
        kind=Kind.OPENING,
        author=own,
        lang=said.lang,
        day=said.day,
        body=Plaintext(tidy(said.text.reveal())),
        sealed_by=said.sealed_by,
        opening=Opening(
            about=thread.opening.about,
            granted=in_order(map(Granted.of, cards)),
            left_out=tuple(sorted(thread.left_out)),
            name=None,
            beside=prove_beside(keyring.author, seat.case, own_case=case, opener=own),
        ),
    )
    file = seal_item(item, keyring.author, identity.recipient)
    grant = Grant(case, 0, lane, identity, own)
    return Submission(
        body=thread.opening.about.body,
        case=case,
        lane=lane,
        recipient=identity.recipient,
        locator_hash=locator_hash(locator),
        grants=in_wire_order(SealedGrant(card.key_id, seal_grant(grant, card.recipient)) for card in cards),
        item=SealedItem(draw(ITEM_ID_BYTES), FIRST, file),
    )
