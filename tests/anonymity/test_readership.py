"""People come to a thread and go from it; whoever has gone, and whoever was left out, reads nothing more."""

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.errors import CannotOpen, LeftOut
from anonymity.grant import Grant, open_grant, seal_grant
from anonymity.item import Granted, Kind, Readers, SealedBy
from anonymity.keyring import Keyring
from anonymity.keys import Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import Lane, lane_keys, return_identity
from anonymity.seat import DeliveredGrant, Delivery, Seat, reader_seat
from anonymity.thread import Delivered, Thread, Verdict
from tests.anonymity.world import (
    CODE,
    DAY,
    MANAGER,
    REPRESENTATIVE,
    STRANGER,
    TEXT,
    Kept,
    person,
    reader,
    said,
    submitted,
    texts,
)

KEYS = lane_keys(CODE, Lane.JOINT)


def write(kept: Kept, seat: Seat, thread: Thread, text: str) -> None:
    """Somebody says something."""
    kept.take(seat.write(thread, Plaintext(text), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE))


def granted(thread: Thread) -> set[bytes]:
    """Keys of those who are in."""
    return {one.key_id for one in thread.granted}


def dropped_manager() -> Kept:
    """A thread that went on without the manager in epoch 1."""
    kept = Kept(submitted())
    kept.take(start_epoch(*kept.reporter(), [person(2)], said("Heb y rheolwr."), left_out=["p1"]))
    return kept


def test_a_reader_lets_somebody_in_who_reads_everything_and_answers() -> None:
    kept = Kept(submitted())
    kept.take(add_readers(*kept.reader(MANAGER), [person(3)], said()))
    seat, thread = kept.reader(STRANGER)
    assert texts(thread) == [TEXT, ""]
    assert granted(thread) == {one.card.key_id for one in (MANAGER, REPRESENTATIVE, STRANGER)}
    write(kept, seat, thread, "Newydd.")
    for _, read in (kept.reporter(), kept.reader(MANAGER), kept.reader(STRANGER)):
        assert texts(read) == [TEXT, "", "Newydd."]
        assert read.is_whole
        assert read.epoch == 0


def test_whoever_comes_later_reads_all_epochs() -> None:
    kept = dropped_manager()
    kept.take(start_epoch(*kept.reader(REPRESENTATIVE), [person(2)], said("Eto.")))
    kept.take(add_readers(*kept.reporter(), [person(3)], said("Croeso.")))
    _, thread = kept.reader(STRANGER)
    assert texts(thread) == [TEXT, "Heb y rheolwr.", "Eto.", "Croeso."]
    assert thread.is_whole
    assert thread.epoch == 2


def test_the_reporter_drops_somebody_who_reads_nothing_that_comes() -> None:
    kept = dropped_manager()
    write(kept, *kept.reader(REPRESENTATIVE), "Diolch.")
    with pytest.raises(CannotOpen):
        kept.reader(MANAGER)
    for _, thread in (kept.reporter(), kept.reader(REPRESENTATIVE)):
        assert texts(thread) == [TEXT, "Heb y rheolwr.", "Diolch."]
        assert granted(thread) == {REPRESENTATIVE.card.key_id}
        assert thread.left_out == {"p1", "person-9"}
    behind = replace(kept.hand(MANAGER), epoch=0, recipient=KEYS.identity.recipient)
    thread = reader_seat(MANAGER, behind).read(kept.items)
    assert [entry.verdict for entry in thread.entries] == [Verdict.GENUINE, Verdict.CHANGED, Verdict.CHANGED]


def test_whoever_was_dropped_opens_nothing_with_the_whole_database() -> None:
    """Also not the reporter's own grant: it is sealed to an identity that nobody was ever granted."""
    kept = dropped_manager()
    manager = reader_seat(MANAGER, replace(kept.hand(MANAGER), epoch=0, recipient=KEYS.identity.recipient))
    every = [kept.reporters[1], *(file for (_, epoch), file in kept.grants.items() if epoch == 1)]
    for identity in (MANAGER.identity, manager.identities[0]):
        for file in every:
            with pytest.raises(CannotOpen):
                open_grant(file, identity, case=kept.case, epoch=1)
    assert open_grant(kept.reporters[1], return_identity(CODE, Lane.JOINT), case=kept.case, epoch=1)


def test_a_reader_leaves() -> None:
    kept = Kept(submitted())
    kept.take(start_epoch(*kept.reader(MANAGER), [person(2)], said("Rwy’n camu o’r neilltu.")))
    with pytest.raises(CannotOpen):
        kept.reader(MANAGER)
    seat, thread = kept.reporter()
    assert thread.left_out == {"person-9"}
    write(kept, seat, thread, "Iawn.")
    assert texts(kept.reader(REPRESENTATIVE)[1]) == [TEXT, "Rwy’n camu o’r neilltu.", "Iawn."]


def test_somebody_who_left_may_be_let_in_again() -> None:
    kept = Kept(submitted())
    kept.take(start_epoch(*kept.reader(MANAGER), [person(2)], said()))
    write(kept, *kept.reporter(), "Yn y cyfamser.")
    kept.take(add_readers(*kept.reader(REPRESENTATIVE), [person(1)], said()))
    assert texts(kept.reader(MANAGER)[1]) == [TEXT, "", "Yn y cyfamser.", ""]


@pytest.mark.parametrize("who", [None, MANAGER], ids=["reporter", "reader"])
def test_nobody_lets_in_a_person_who_is_left_out(who: Keyring | None) -> None:
    kept = Kept(submitted())
    for change in (add_readers, start_epoch):
        with pytest.raises(LeftOut) as caught:
            change(*(kept.reader(who) if who else kept.reporter()), [PersonCard("person-9", MANAGER.card)], said())
        assert "person" not in str(caught.value)


def test_whoever_is_left_out_later_stays_out() -> None:
    kept = dropped_manager()
    kept.take(add_readers(*kept.reporter(), [], said(), left_out=["p3"]))
    assert kept.reader(REPRESENTATIVE)[1].left_out == {"p1", "p3", "person-9"}
    for n in (1, 3):
        with pytest.raises(LeftOut):
            add_readers(*kept.reader(REPRESENTATIVE), [person(n)], said())


def test_only_the_reporter_leaves_people_out_and_within_bounds() -> None:
    kept = Kept(submitted())
    with pytest.raises(ValueError, match="opened the thread"):
        add_readers(*kept.reader(MANAGER), [person(3)], said(), left_out=["p4"])
    with pytest.raises(ValueError, match="too many"):
        add_readers(*kept.reporter(), [], said(), left_out=[f"x{n}" for n in range(24)])


def test_a_card_that_the_server_changed_is_not_granted_in_a_new_epoch() -> None:
    kept = Kept(submitted())
    with pytest.raises(CannotOpen):
        start_epoch(*kept.reporter(), [PersonCard("p2", STRANGER.card)], said())


def test_a_change_that_changes_nothing_or_too_much_is_refused() -> None:
    kept = Kept(submitted())
    for newcomers in ([], [person(1)], [person(n) for n in range(3, 22)]):
        with pytest.raises(ValueError, match="nothing changes"):
            add_readers(*kept.reporter(), newcomers, said())
    with pytest.raises(ValueError, match="out of bounds"):
        start_epoch(*kept.reporter(), [], said())


def test_the_largest_change_is_within_its_limit() -> None:
    kept = Kept(submitted(readers=tuple(reader(n).card for n in (1, 2))))
    for _ in range(2):
        kept.take(start_epoch(*kept.reporter(), [person(1)], said()))
    change = add_readers(*kept.reporter(), [person(n) for n in range(2, 21)], said("x" * 12_000))
    assert len(change.grants) == 57
    assert len(change.to_json()) < 262_144
    kept.take(change)
    assert len(kept.reader(reader(20))[1].granted) == 20


def test_nobody_changes_readers_of_a_thread_whose_opening_they_cannot_read() -> None:
    kept = Kept(submitted())
    seat, thread = kept.reader(MANAGER)
    with pytest.raises(CannotOpen):
        add_readers(seat, seat.read([]), [person(3)], said())
    with pytest.raises(CannotOpen):
        start_epoch(replace(seat, epoch=1), thread, [person(2)], said())


def test_no_repr_tells_who_is_left_out() -> None:
    kept = dropped_manager()
    seat, thread = kept.reporter()
    shown = repr([person(7), seat, thread, *(entry.item for entry in thread.entries)])
    for secret in ("p1", "person-9", KEYS.locator.hex(), repr(KEYS.locator)[2:-1]):
        assert secret not in shown


# What a server can do that has everything but the keys.

FOREIGN = Identity(Secret(b"\x66" * 32))


def foreign_epoch(kept: Kept, opener: bytes) -> tuple[dict[str, bytes], bytes]:
    """Grants of an epoch that a server made up, for reporter and reader."""
    grant = Grant(kept.case, kept.epoch + 1, Lane.JOINT, FOREIGN, opener)
    way_back = return_identity(CODE, Lane.JOINT).recipient  # it knows this only with the help of a reader
    return {"reader": seal_grant(grant, MANAGER.card.recipient), "reporter": seal_grant(grant, way_back)}, opener


@pytest.mark.parametrize("helped", [False, True], ids=["alone", "with a reader who was dropped"])
def test_an_epoch_that_the_server_made_is_never_written_in(helped: bool) -> None:
    kept = Kept(submitted())
    kept.take(start_epoch(*kept.reader(REPRESENTATIVE), [person(1)], said()))
    opener = KEYS.author.sign_key if helped else STRANGER.author.sign_key
    grants, _ = foreign_epoch(kept, opener)
    author = REPRESENTATIVE.author if helped else STRANGER.author
    forger = Seat(kept.case, 2, Lane.JOINT, {2: FOREIGN}, author, opener)
    members = (Granted.of(MANAGER.card),)
    item = forger.sign(
        kept.reporter()[1],
        said("Rwyf yma."),
        FOREIGN,
        2,
        readers=Readers(members, (), hashlib.sha256(FOREIGN.recipient.octets).digest()),
    )
    kept.epoch, kept.recipient = 2, FOREIGN.recipient
    kept.items.append(Delivered(2, item.file))
    kept.grants[MANAGER.card.key_id, 2], kept.reporters[2] = grants["reader"], grants["reporter"]
    for take in (lambda: kept.reader(MANAGER), kept.reporter):
        try:
            seat, thread = take()
        except CannotOpen:
            assert not helped and take is not kept.reporter
            continue
        assert texts(thread) == [TEXT, ""]
        assert thread.entries[-1].verdict is (Verdict.FOREIGN if helped else Verdict.CHANGED)
        with pytest.raises(CannotOpen):
            seat.write(thread, Plaintext("Pwy sy’na?"), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)


def history() -> tuple[Kept, list[str]]:
    """A thread through three epochs, with everything in it."""
    kept = Kept(submitted())
    write(kept, *kept.reader(MANAGER), "1")
    kept.take(add_readers(*kept.reader(MANAGER), [person(3)], said("2")))
    write(kept, *kept.reader(STRANGER), "3")
    kept.take(start_epoch(*kept.reporter(), [person(2), person(3)], said("4"), left_out=["p1"]))
    write(kept, *kept.reader(STRANGER), "5")
    kept.take(start_epoch(*kept.reader(STRANGER), [person(2)], said("6")))
    write(kept, *kept.reader(REPRESENTATIVE), "7")
    return kept, [TEXT, "1", "2", "3", "4", "5", "6", "7"]


KEPT, SAID = history()
SEAT, _ = KEPT.reader(REPRESENTATIVE)
EPOCHS = [0, 0, 0, 0, 1, 1, 2, 2]


EDITS = st.tuples(st.sampled_from(["drop", "repeat", "swap", "epoch"]), st.integers(0, 7), st.integers(0, 7))


@st.composite
def orders(draw: st.DrawFn) -> list[tuple[int, int]]:
    """The thread as it is, with up to four things done to it: pairs of item and epoch it is delivered with."""
    order = list(enumerate(EPOCHS))
    for what, n, m in draw(st.lists(EDITS, max_size=4)):
        if not order:
            break
        one, other = n % len(order), m % len(order)
        if what == "drop":
            del order[one]
        elif what == "repeat":
            order.insert(other, order[one])
        elif what == "swap":
            order[one], order[other] = order[other], order[one]
        else:
            order[one] = (order[one][0], m % 4)
    return order


@settings(max_examples=250, deadline=None)
@given(orders())
def test_no_arrangement_across_epochs_shows_a_text_that_was_not_said_there(order: list[tuple[int, int]]) -> None:
    """Dropped, repeated, out of order, delivered as of another epoch: what is shown is in order, whole or marked."""
    thread = SEAT.read([Delivered(epoch, KEPT.items[n].file) for n, epoch in order])
    shown = [(order[entry.place], entry.item) for entry in thread.entries if entry.item]
    for (n, epoch), item in shown:
        assert item.body.reveal() == SAID[n]
        assert EPOCHS[n] == epoch == item.epoch
    numbers = [n for (n, _), _ in shown]
    assert numbers == sorted(set(numbers))
    # nothing of an epoch is shown unless the change that made it was
    changes = [n for (n, _), item in shown if item.kind is Kind.READERS]
    assert all(4 in changes for n in numbers if n >= 5)
    assert all(6 in changes for n in numbers if n >= 7)
    assert all(2 in changes for n in numbers if n == 3)
    assert thread.epoch == max([EPOCHS[n] for n in changes], default=0)
    is_start = list(enumerate(EPOCHS))[: len(order)] == order
    assert thread.is_whole == (bool(order) and is_start)
    assert {"p1"} <= thread.left_out or 4 not in changes


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.integers(0, 20_090), st.integers(1, 255))
def test_a_changed_byte_in_any_epoch_is_seen(which: int, place: int, change: int) -> None:
    items = list(KEPT.items)
    file = items[which].file
    items[which] = Delivered(items[which].epoch, file[:place] + bytes([file[place] ^ change]) + file[place + 1 :])
    thread = SEAT.read(items)
    assert thread.entries[which].verdict is Verdict.CHANGED
    assert not thread.is_whole
    assert all(entry.item is None or entry.item.body.reveal() == SAID[entry.place] for entry in thread.entries)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.sampled_from([1_627, 9_000, 20_091 - 16]))
def test_parts_of_one_item_do_not_fit_another(one: int, other: int, cut: int) -> None:
    items = list(KEPT.items)
    items[one] = Delivered(items[one].epoch, items[one].file[:cut] + items[other].file[cut:])
    assert SEAT.read(items).is_whole == (one == other)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_tampered_grant_is_passed_over(data: st.DataObject) -> None:
    handed = KEPT.hand(REPRESENTATIVE)
    which = data.draw(st.integers(0, len(handed.grants) - 1))
    file = handed.grants[which].file
    place = data.draw(st.integers(0, len(file) - 1))
    bad = file[:place] + bytes([file[place] ^ data.draw(st.integers(1, 255))]) + file[place + 1 :]
    grants = (*handed.grants[:which], DeliveredGrant(handed.grants[which].epoch, bad), *handed.grants[which + 1 :])
    check_holds_others_only(replace(handed, grants=grants), {handed.grants[which].epoch})


def test_grants_of_one_epoch_do_not_serve_another() -> None:
    handed = KEPT.hand(REPRESENTATIVE)
    for one, other in pairwise(handed.grants):
        swapped = tuple(DeliveredGrant(g.epoch, other.file) if g is one else g for g in handed.grants)
        check_holds_others_only(replace(handed, grants=swapped), {one.epoch})


def check_holds_others_only(handed: Delivery, spoilt: set[int]) -> None:
    """The grants of these epochs are passed over, the others hold, and of the current one nothing is made up."""
    seat = reader_seat(REPRESENTATIVE, handed)
    assert set(seat.identities) == {one.epoch for one in handed.grants} - spoilt
    assert seat.epoch == handed.epoch
