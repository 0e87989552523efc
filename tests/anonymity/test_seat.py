"""A seat is taken only in the thread that its grants and its receipt are for."""

from dataclasses import replace

import pytest

from anonymity.attachment import Attachment
from anonymity.errors import CannotOpen
from anonymity.grant import Grant, seal_grant
from anonymity.item import SealedBy
from anonymity.keyring import Keyring
from anonymity.keys import Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.receipt import Lane, lane_keys, return_identity
from anonymity.seat import DeliveredGrant, Delivery, reader_seat, reporter_seat
from anonymity.submission import read_desk_reply, read_reply
from tests.anonymity.world import CODE, DAY, MANAGER, STRANGER, TEXT, delivery, submitted, texts

KEYS, SENT = lane_keys(CODE, Lane.JOINT), submitted()
BACK = return_identity(CODE, Lane.JOINT)
LATER = Identity(Secret(b"\x33" * 32))
GRANT = Grant(SENT.case, 1, Lane.JOINT, LATER, KEYS.author.sign_key)


def at_epoch_one(grant: Grant, *, to: Identity, start: Delivery) -> Delivery:
    """A thread of which the server says that a new case identity was granted."""
    grants = (*start.grants, DeliveredGrant(1, seal_grant(grant, to.recipient)))
    return Delivery(SENT.case, 1, LATER.recipient, grants, start.items)


def test_an_epoch_that_no_author_made_is_read_and_never_written_in() -> None:
    back = at_epoch_one(GRANT, to=BACK, start=delivery(SENT))
    desk = at_epoch_one(GRANT, to=MANAGER.identity, start=delivery(SENT, to=MANAGER))
    for seat in (reporter_seat(CODE, Lane.JOINT, back), reader_seat(MANAGER, desk)):
        thread = seat.read(back.items)
        assert texts(thread) == [TEXT]
        with pytest.raises(CannotOpen):
            seat.write(thread, Plaintext("Ateb."), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)


def check_reads_what_was_before(handed: Delivery, by: Keyring | None = None) -> None:
    """Reporter or reader reads epoch 0, holds nothing of the next, and writes nothing."""
    seat = reader_seat(by, handed) if by else reporter_seat(CODE, Lane.JOINT, handed)
    assert set(seat.identities) == {0}
    thread = seat.read(handed.items)
    assert thread.entries[0].item is not None
    with pytest.raises(CannotOpen):
        seat.write(thread, Plaintext("Helo"), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)
    with pytest.raises(CannotOpen):
        seat.recipient  # noqa: B018


def test_what_is_granted_to_the_first_epochs_recipient_does_not_reach_the_reporter() -> None:
    check_reads_what_was_before(at_epoch_one(GRANT, to=KEYS.identity, start=delivery(SENT)))


def test_rubbish_in_place_of_the_reporters_grant_takes_nothing_of_what_was_before() -> None:
    """Any reader may begin an epoch: none of them can lock the reporter out."""
    handed = at_epoch_one(GRANT, to=BACK, start=delivery(SENT))
    rubbish = (replace(handed.grants[0], file=bytes(len(handed.grants[0].file))),)
    check_reads_what_was_before(replace(handed, grants=rubbish))
    check_reads_what_was_before(replace(handed, grants=()))


def test_rubbish_in_place_of_a_readers_grant_takes_nothing_of_what_was_before() -> None:
    handed = at_epoch_one(GRANT, to=MANAGER.identity, start=delivery(SENT, to=MANAGER))
    rubbish = replace(handed.grants[1], file=bytes(len(handed.grants[1].file)))
    check_reads_what_was_before(replace(handed, grants=(handed.grants[0], rubbish)), MANAGER)
    for grants in (handed.grants[:1], (rubbish,)):
        with pytest.raises(CannotOpen):
            reader_seat(MANAGER, replace(handed, grants=grants))


def test_an_epoch_has_one_grant() -> None:
    handed = delivery(SENT, to=MANAGER)
    with pytest.raises(CannotOpen):
        reader_seat(MANAGER, replace(handed, grants=handed.grants * 2))
    own = DeliveredGrant(0, seal_grant(replace(GRANT, epoch=0), BACK.recipient))
    with pytest.raises(CannotOpen):
        reporter_seat(CODE, Lane.JOINT, replace(delivery(SENT), grants=(own,)))


def test_files_go_with_a_reply_and_its_text_may_be_empty() -> None:
    handed = delivery(SENT, to=MANAGER)
    seat = reader_seat(MANAGER, handed)
    files = [Attachment(bytes([n]) * 16, 1, bytes(32), "a.txt", None, "text/plain") for n in (9, 4)]
    item = seat.write(
        seat.read(handed.items), Plaintext(" "), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE, files=files
    )
    assert item.files == (b"\4" * 16, b"\x09" * 16)
    assert read_desk_reply(seat.reply(item).to_json()).item == item
    back = delivery(SENT, item)
    reporter = reporter_seat(CODE, Lane.JOINT, back)
    shown = reporter.read(back.items).entries[1].item
    assert shown is not None
    assert [one.blob[0] for one in shown.files] == [9, 4]
    assert read_reply(reporter.reply(item).to_json()).locator == KEYS.locator


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
    check_reads_what_was_before(at_epoch_one(grant, to=BACK, start=delivery(SENT)))
    check_reads_what_was_before(at_epoch_one(grant, to=MANAGER.identity, start=delivery(SENT, to=MANAGER)), by=MANAGER)


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
