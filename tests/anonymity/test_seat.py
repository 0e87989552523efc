"""A seat is taken only in the thread that its grants and its receipt are for."""

from dataclasses import replace

import pytest

from anonymity.errors import CannotOpen
from anonymity.grant import Grant, seal_grant
from anonymity.item import SealedBy
from anonymity.keys import Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.receipt import Lane, lane_keys
from anonymity.seat import DeliveredGrant, Delivery, reader_seat, reporter_seat
from anonymity.submission import SealedItem
from anonymity.thread import Delivered, Thread
from tests.anonymity.world import CODE, DAY, MANAGER, STRANGER, TEXT, delivery, submitted

KEYS, SENT = lane_keys(CODE, Lane.JOINT), submitted()
LATER = Identity(Secret(b"\x33" * 32))
GRANT = Grant(SENT.case, 1, Lane.JOINT, LATER, KEYS.author.sign_key)


def at_epoch_one(grant: Grant, *items: SealedItem, to: Identity, start: Delivery) -> Delivery:
    """The thread after somebody was removed: a new case identity, granted anew."""
    grants = (*start.grants, DeliveredGrant(1, seal_grant(grant, to.recipient)))
    later = tuple(Delivered(1, item.file) for item in items)
    return Delivery(SENT.case, 1, LATER.recipient, grants, (*start.items, *later))


def texts(thread: Thread) -> list[str]:
    """The texts shown."""
    return [entry.item.body.reveal() for entry in thread.entries if entry.item]


def test_reader_and_reporter_go_on_in_a_new_epoch() -> None:
    desk = at_epoch_one(GRANT, to=MANAGER.identity, start=delivery(SENT, to=MANAGER))
    seat = reader_seat(MANAGER, desk)
    item = seat.write(seat.read(desk.items), Plaintext("Ateb."), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)
    back = at_epoch_one(GRANT, item, to=KEYS.identity, start=delivery(SENT))
    thread = reporter_seat(CODE, Lane.JOINT, back).read(back.items)
    assert texts(thread) == [TEXT, "Ateb."]
    assert thread.is_whole


@pytest.mark.parametrize(
    "grant",
    [
        replace(GRANT, opener=STRANGER.author.sign_key),
        replace(GRANT, lane=Lane.UNION),
        replace(GRANT, case=bytes(16)),
        replace(GRANT, epoch=2),
        replace(GRANT, identity=STRANGER.identity),
    ],
    ids=["opener", "lane", "case", "epoch", "identity"],
)
def test_a_later_grant_that_does_not_fit_opens_nothing(grant: Grant) -> None:
    with pytest.raises(CannotOpen):
        reporter_seat(CODE, Lane.JOINT, at_epoch_one(grant, to=KEYS.identity, start=delivery(SENT)))
    with pytest.raises(CannotOpen):
        reader_seat(MANAGER, at_epoch_one(grant, to=MANAGER.identity, start=delivery(SENT, to=MANAGER)))


def test_a_reader_removed_before_an_epoch_has_no_seat_in_it() -> None:
    removed = replace(delivery(SENT, to=MANAGER), epoch=1, recipient=LATER.recipient)
    with pytest.raises(CannotOpen):
        reader_seat(MANAGER, removed)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 12_001])
def test_an_answer_out_of_bounds_is_refused(text: str) -> None:
    handed = delivery(SENT, to=MANAGER)
    seat = reader_seat(MANAGER, handed)
    with pytest.raises(ValueError, match="out of bounds"):
        seat.write(seat.read(handed.items), Plaintext(text), lang="en", day=DAY, sealed_by=SealedBy.DEVICE)
