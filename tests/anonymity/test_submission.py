"""The wire is read strictly: what passes has the shape and size of a sealed thing, and one spelling."""

import json
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.age import encrypt
from anonymity.encoding import to_b64u, to_json
from anonymity.errors import CannotOpen
from anonymity.item import ITEM_SIZE
from anonymity.receipt import RECEIPT_LANES, Lane, lane_keys
from anonymity.submission import (
    LONGEST_CHANGE,
    LONGEST_REPLY,
    LONGEST_SUBMISSION,
    ChangeOfReaders,
    FileLookUp,
    Reply,
    SealedGrant,
    SealedItem,
    in_wire_order,
    look_up_json,
    read_change,
    read_desk_change,
    read_desk_file_look_up,
    read_desk_reply,
    read_desk_submission,
    read_file_look_up,
    read_look_up,
    read_reply,
    read_submission,
)
from tests.anonymity.world import CODE, MANAGER, REPRESENTATIVE, reader, submitted

SENT = submitted()
WIRE = SENT.to_json()
REPLY = Reply(0, SealedItem(bytes(16), SENT.item.hash, SENT.item.file), locator=bytes(32))


def test_a_submission_is_read_as_written() -> None:
    assert read_submission(WIRE) == SENT
    assert len(WIRE) < LONGEST_SUBMISSION


def test_the_largest_submission_is_within_the_limit() -> None:
    wire = submitted(readers=tuple(reader(n).card for n in range(1, 21))).to_json()
    assert len(wire) < LONGEST_SUBMISSION
    assert len(read_submission(wire).grants) == 20


def test_replies_and_look_ups_are_read_as_written() -> None:
    assert read_reply(REPLY.to_json()) == REPLY
    desk = Reply(3, REPLY.item, case=bytes(16))
    assert read_desk_reply(desk.to_json()) == desk
    assert read_look_up(look_up_json(bytes(32))) == bytes(32)
    assert len(REPLY.to_json()) < LONGEST_REPLY
    for read, octets in ((read_reply, desk.to_json()), (read_desk_reply, REPLY.to_json()), (read_look_up, WIRE)):
        with pytest.raises(CannotOpen):
            read(octets)


BLOBS = tuple(bytes([n]) * 16 for n in range(20))
FILE = SENT.grants[0].file


def change(epoch: int = 2, **changes: object) -> ChangeOfReaders:
    """Somebody is added in epoch 2."""
    grants = in_wire_order(SealedGrant(bytes([n]) * 32, FILE, k) for n in (200, 3) for k in range(epoch + 1))
    item = SealedItem(bytes(16), SENT.item.hash, SENT.item.file)
    made = ChangeOfReaders(epoch, grants, item, SENT.recipient, locator=bytes(32))
    return replace(made, **changes)  # type: ignore[arg-type]


def new_epoch(epoch: int = 3, **changes: object) -> ChangeOfReaders:
    """Somebody is dropped."""
    return change(epoch, **{"grants": (SealedGrant(bytes(32), FILE, epoch),), "reporter": FILE} | changes)


def test_files_are_named_in_every_message_that_has_an_item() -> None:
    item = SealedItem(bytes(16), SENT.item.hash, SENT.item.file, BLOBS)
    reply = Reply(0, item, locator=bytes(32))
    assert read_reply(reply.to_json()) == reply
    assert len(reply.to_json()) < LONGEST_REPLY
    full = submitted(readers=tuple(reader(n).card for n in range(1, 21)))
    full = replace(full, item=replace(full.item, files=BLOBS), body="b" * 64, lane=Lane.EMPLOYER_NOTES)
    assert read_desk_submission(full.to_json()) == full
    assert len(full.to_json()) < LONGEST_SUBMISSION


@pytest.mark.parametrize("lane", Lane)
def test_the_anonymous_box_takes_the_reporters_lanes_and_a_desk_the_others(lane: Lane) -> None:
    wire = replace(SENT, lane=lane).to_json()
    takes, refuses = (read_submission, read_desk_submission)[:: 1 if lane in RECEIPT_LANES else -1]
    assert takes(wire).lane is lane
    with pytest.raises(CannotOpen):
        refuses(wire)


def test_questions_for_a_file_are_read_as_written() -> None:
    by_locator, by_case = FileLookUp(bytes(16), locator=bytes(32)), FileLookUp(bytes(16), case=b"\1" * 16)
    assert read_file_look_up(by_locator.to_json()) == by_locator
    assert read_desk_file_look_up(by_case.to_json()) == by_case
    for read, octets in ((read_file_look_up, by_case.to_json()), (read_desk_file_look_up, by_locator.to_json())):
        with pytest.raises(CannotOpen):
            read(octets)


@pytest.mark.parametrize("made", [change(), change(0), change(grants=()), new_epoch(), new_epoch(reporter=None)])
def test_a_change_of_readers_is_read_as_written(made: ChangeOfReaders) -> None:
    assert read_change(made.to_json()) == made
    by_case = replace(made, locator=None, case=bytes(16))
    assert read_desk_change(by_case.to_json()) == by_case
    for read, octets in ((read_change, by_case.to_json()), (read_desk_change, made.to_json())):
        with pytest.raises(CannotOpen):
            read(octets)


def test_the_largest_change_is_within_the_limit() -> None:
    grants = in_wire_order(SealedGrant(bytes([n]) * 32, FILE, k) for n in range(20) for k in (997, 998, 999))
    wire = change(999, grants=grants).to_json()
    assert len(read_change(wire).grants) == 60
    assert len(wire) < LONGEST_CHANGE
    more = in_wire_order((*grants, SealedGrant(bytes([1]) * 32, FILE, 1)))
    with pytest.raises(CannotOpen):
        read_change(change(999, grants=more).to_json())


@pytest.mark.parametrize(
    "wrong",
    [
        change(grants=change().grants[::-1]),
        change(grants=(change().grants[0],) * 2),
        change(grants=(SealedGrant(bytes(32), FILE, 3),)),
        change(reporter=FILE),
        new_epoch(0),
        change(item=SealedItem(bytes(16), bytes(32), SENT.item.file)),
        change(item=SealedItem(bytes(16), SENT.item.hash, SENT.item.file, BLOBS[:1])),
        change(1000, grants=()),
        change(reporter=SENT.item.file),
    ],
)
def test_a_change_that_contradicts_itself_is_refused(wrong: ChangeOfReaders) -> None:
    with pytest.raises(CannotOpen):
        read_change(wrong.to_json())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("v", 2),
        ("epoch", None),
        ("epoch", -1),
        ("epoch", True),
        ("grants", None),
        ("grants", [{}]),
        ("grants.0.epoch", "0"),
        ("grants.0.file", to_b64u(bytes(2_171))),
        ("grants.0.key", to_b64u(bytes(31))),
        ("grants.0.w", 1),
        ("item", None),
        ("item.id", None),
        ("recipient", "age1pq1"),
        ("recipient", None),
        ("reporter", ""),
        ("locator", to_b64u(bytes(16))),
        ("case", to_b64u(bytes(16))),
    ],
)
def test_every_field_of_a_change_is_bounded(path: str, value: object) -> None:
    with pytest.raises(CannotOpen):
        read_change(changed_in(change().to_json(), path, value))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_to_a_change_gives_one_error_or_the_change_as_it_is_spelt(data: st.DataObject) -> None:
    wire = new_epoch().to_json()
    place = data.draw(st.integers(0, len(wire) - 1))
    bad = wire[:place] + data.draw(st.binary(max_size=3)) + wire[place + 1 :]
    try:
        read = read_change(bad)
    except CannotOpen:
        return
    assert read.to_json() == bad


def two_stanzas() -> str:
    """An item's plaintext size for two recipients: one reader too many."""
    return to_b64u(b"".join(encrypt([bytes(ITEM_SIZE)], [MANAGER.card.recipient, REPRESENTATIVE.card.recipient])))


def other_class() -> str:
    """A file of no size class."""
    return to_b64u(b"".join(encrypt([bytes(ITEM_SIZE - 1)], [MANAGER.card.recipient])))


def changed_in(wire: bytes, path: str, value: object) -> bytes:
    """The message with one thing in it replaced."""
    changed: Any = json.loads(wire)
    *way, last = path.split(".")
    place = changed
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return to_json(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("v", 2),
        ("v", True),
        ("body", ""),
        ("body", "a/b"),
        ("body", "x" * 65),
        ("body", ["a"]),
        ("case", "AAAA"),
        ("case", to_b64u(bytes(17))),
        ("epoch", 1),
        ("epoch", None),
        ("lane", "union-notes"),
        ("lane", 1),
        ("locator_hash", to_b64u(bytes(31))),
        ("recipient", "age1pq1"),
        ("recipient", "age1" + "q" * 58),
        ("recipient", SENT.recipient.text.upper()),
        ("grants", []),
        ("grants", None),
        ("grants", [{}]),
        ("item", None),
        ("item", {}),
        ("item.id", to_b64u(bytes(15))),
        ("item.prev", to_b64u(b"\1" * 32)),
        ("item.files", None),
        ("item.files", [to_b64u(bytes(15))]),
        ("item.files", [7]),
        ("item.files", [to_b64u(bytes([n]) * 16) for n in (2, 1)]),
        ("item.files", [to_b64u(bytes(16))] * 2),
        ("item.files", [to_b64u(bytes([n]) * 16) for n in range(21)]),
        ("item.file", ""),
        ("item.file", to_b64u(SENT.item.file[:-1])),
        ("item.file", to_b64u(b"x" + SENT.item.file[1:])),
        ("item.file", to_b64u(bytes(20_091))),
        ("item.file", two_stanzas()),
        ("item.file", other_class()),
        ("grants.0.file", to_b64u(bytes(2_171))),
        ("grants.0.key", to_b64u(bytes(31))),
        ("extra", 1),
    ],
)
def test_every_field_is_bounded(path: str, value: object) -> None:
    with pytest.raises(CannotOpen):
        read_submission(changed_in(WIRE, path, value))


def test_grants_are_ascending_without_repeats_and_bounded_in_number() -> None:
    value = json.loads(WIRE)
    first, second = value["grants"]
    for grants in ([second, first], [first, first], [first, second] * 11):
        with pytest.raises(CannotOpen):
            read_submission(to_json(value | {"grants": grants}))


def test_other_spellings_and_larger_messages_are_refused() -> None:
    for octets in (
        WIRE + b"\n",
        b" " + WIRE,
        json.dumps(json.loads(WIRE)).encode(),
        b"",
        b"null",
        WIRE + bytes(100_000),
    ):
        with pytest.raises(CannotOpen):
            read_submission(octets)
    with pytest.raises(CannotOpen):
        read_look_up(look_up_json(bytes(33)))


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    octets = b'{"v":"' + b"a" * 20_000_000 + b'"}'
    tracemalloc.start()
    readers = (read_submission, read_desk_submission, read_reply, read_desk_reply, read_look_up)
    for read in (*readers, read_change, read_desk_change, read_file_look_up, read_desk_file_look_up):
        with pytest.raises(CannotOpen):
            read(octets)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damage_gives_one_error_or_an_unreadable_file_of_the_right_shape(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(WIRE) - 1))
    changed = WIRE[:place] + data.draw(st.binary(max_size=3)) + WIRE[place + 1 :]
    try:
        read = read_submission(changed)
    except CannotOpen:
        return
    assert read.to_json() == changed
    assert len(read.item.file) == len(SENT.item.file)


def test_the_wire_holds_no_private_part() -> None:
    keys = lane_keys(CODE, Lane.JOINT)
    for secret in (keys.locator, keys.identity.seed.reveal(), keys.author.seed.reveal(), keys.author.sign_key):
        assert to_b64u(secret).encode() not in WIRE
