"""Letting somebody in later, and going on without somebody (FORMAT.md sections 7 and 9).

Both make one `readers` item and the grants it promises. Cards come from the server, so nobody is granted whose key is
not the one that the thread names or that a person confirmed by its fingerprint.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from anonymity.encoding import to_b64u
from anonymity.errors import CannotOpen, LeftOut
from anonymity.fingerprint import Card
from anonymity.grant import Grant, seal_grant
from anonymity.item import MOST_LEFT_OUT, MOST_READERS, Granted, Readers
from anonymity.keys import Identity, Recipient, draw_seed
from anonymity.receipt import NOTES_LANES
from anonymity.seat import Said, Seat
from anonymity.submission import MOST_CHANGED, ChangeOfReaders, SealedGrant, in_wire_order
from anonymity.thread import Thread


@dataclass(frozen=True)
class PersonCard:
    """A card, and whose it is (the portal's opaque id of the person)."""

    person: str = field(repr=False)
    card: Card


def add_readers(
    seat: Seat,
    thread: Thread,
    newcomers: Sequence[PersonCard],
    said: Said,
    *,
    left_out: Iterable[str] = (),
    beside: Thread | None = None,
    item_id: bytes | None = None,
) -> ChangeOfReaders:
    """Lets people in, in the current epoch: each gets a grant for every epoch that this seat holds.

    `left_out` are persons whom the opener newly leaves out (readers do not). In a notes lane `beside` is the thread it
    stands beside; whoever is let in must be in that too. Who is in already is passed over. LeftOut for somebody left
    out; ValueError if nothing changes or something is out of bounds (20 readers, 60 grants: take turns); CannotOpen if
    the thread is not what it should be.
    """
    seat.check_current(thread)
    if thread.opening is None:
        raise CannotOpen
    fresh = _newly_left_out(seat, thread, left_out)
    check_left_out(newcomers, thread.left_out | set(fresh))
    if seat.lane in NOTES_LANES:
        check_in_thread(newcomers, beside)
    added = {Granted.of(one.card): one.card for one in newcomers}
    added = {granted: card for granted, card in added.items() if granted not in thread.granted}
    granted = in_order((*thread.granted, *added))
    epochs = sorted(epoch for epoch in seat.identities if epoch <= seat.epoch)
    if not (added or fresh) or len(granted) > MOST_READERS or len(added) * len(epochs) > MOST_CHANGED:
        raise ValueError("nothing changes, or too much at once")
    grants = [grant_for(seat, epoch, seat.identities[epoch], card) for card in added.values() for epoch in epochs]
    return _change(seat, thread, said, (seat.epoch, seat.identities[seat.epoch]), granted, fresh, grants, item_id)


def start_epoch(
    seat: Seat,
    thread: Thread,
    stay: Sequence[PersonCard],
    said: Said,
    *,
    left_out: Iterable[str] = (),
    item_id: bytes | None = None,
) -> ChangeOfReaders:
    """Goes on with a fresh case identity that only `stay`, and the reporter, can open.

    Without the seat's own holder it is a recusal; whoever is not in `stay` reads nothing that comes. The reporter may
    begin one behind an epoch that somebody began without a grant for them that holds. `left_out` as in
    `add_readers`. LeftOut, ValueError as there; CannotOpen if a card is not the one of a present reader.
    """
    return _start_epoch(seat, thread, stay, said, left_out, item_id, Identity(draw_seed()))


def _start_epoch(
    seat: Seat,
    thread: Thread,
    stay: Sequence[PersonCard],
    said: Said,
    left_out: Iterable[str],
    item_id: bytes | None,
    identity: Identity,
) -> ChangeOfReaders:
    if not seat.may_pass_over(thread):
        seat.check_current(thread)
    if thread.opening is None:
        raise CannotOpen  # who is in is not known
    fresh = _newly_left_out(seat, thread, left_out)
    check_left_out(stay, thread.left_out | set(fresh))
    granted, epoch = in_order(Granted.of(one.card) for one in stay), seat.epoch + 1
    if not set(granted) <= set(thread.granted):
        raise CannotOpen
    grants = [grant_for(seat, epoch, identity, one.card) for one in stay]
    change = _change(seat, thread, said, (epoch, identity), granted, fresh, grants, item_id)
    if seat.lane in NOTES_LANES:
        return change
    return replace(change, reporter=seal_grant(_grant(seat, epoch, identity), _way_back(thread)))


def check_left_out(people: Iterable[PersonCard], left_out: Iterable[str]) -> None:
    """Raises LeftOut if one of these people is left out."""
    if {one.person for one in people} & set(left_out):
        raise LeftOut


def check_in_thread(people: Iterable[PersonCard], thread: Thread | None) -> None:
    """Raises LeftOut or CannotOpen unless all these people are in the thread that a notes lane stands beside."""
    if thread is None:
        raise ValueError("a notes lane stands beside a thread")
    people = list(people)
    check_left_out(people, thread.left_out)
    if not {Granted.of(one.card) for one in people} <= set(thread.granted):
        raise CannotOpen


def in_order(granted: Iterable[Granted]) -> tuple[Granted, ...]:
    """Ascending by key as text, as an item lists them."""
    return tuple(sorted(granted, key=lambda one: to_b64u(one.key_id)))


def grant_for(seat: Seat, epoch: int, identity: Identity, card: Card) -> SealedGrant:
    """The case identity of an epoch, sealed to a reader."""
    return SealedGrant(card.key_id, seal_grant(_grant(seat, epoch, identity), card.recipient), epoch)


def _grant(seat: Seat, epoch: int, identity: Identity) -> Grant:
    return Grant(seat.case, epoch, seat.lane, identity, seat.opener)


def _newly_left_out(seat: Seat, thread: Thread, left_out: Iterable[str]) -> tuple[str, ...]:
    fresh = set(left_out) - thread.left_out
    if fresh and not seat.is_opener:
        raise ValueError("only whoever opened the thread leaves people out")
    if len(thread.left_out | fresh) > MOST_LEFT_OUT:
        raise ValueError("too many are left out")
    return tuple(sorted(fresh))


def _way_back(thread: Thread) -> Recipient:
    if thread.opening is None or thread.opening.way_back is None:
        raise CannotOpen
    return Recipient(thread.opening.way_back)


def _change(
    seat: Seat,
    thread: Thread,
    said: Said,
    to: tuple[int, Identity],
    granted: tuple[Granted, ...],
    left_out: tuple[str, ...],
    grants: Iterable[SealedGrant],
    item_id: bytes | None,
) -> ChangeOfReaders:
    epoch, identity = to
    readers = Readers(granted, left_out, hashlib.sha256(identity.recipient.octets).digest())
    item = seat.sign(thread, said, identity, epoch, readers=readers, item_id=item_id)
    case = seat.case if seat.locator is None else None
    return ChangeOfReaders(epoch, in_wire_order(grants), item, identity.recipient, None, seat.locator, case)
