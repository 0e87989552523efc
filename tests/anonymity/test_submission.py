"""The wire is read strictly: what passes has the shape and size of a sealed thing, and one spelling."""

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.age import encrypt
from anonymity.encoding import to_b64u, to_json
from anonymity.errors import CannotOpen
from anonymity.item import ITEM_SIZE
from anonymity.receipt import Lane, lane_keys
from anonymity.submission import (
    LONGEST_REPLY,
    LONGEST_SUBMISSION,
    Reply,
    SealedItem,
    look_up_json,
    read_desk_reply,
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


def two_stanzas() -> str:
    """An item's plaintext size for two recipients: one reader too many."""
    return to_b64u(b"".join(encrypt([bytes(ITEM_SIZE)], [MANAGER.card.recipient, REPRESENTATIVE.card.recipient])))


def other_class() -> str:
    """A file of no size class."""
    return to_b64u(b"".join(encrypt([bytes(ITEM_SIZE - 1)], [MANAGER.card.recipient])))


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
        ("item.file", ""),
        ("item.file", to_b64u(SENT.item.file[:-1])),
        ("item.file", to_b64u(b"x" + SENT.item.file[1:])),
        ("item.file", to_b64u(bytes(18_043))),
        ("item.file", two_stanzas()),
        ("item.file", other_class()),
        ("grants.0.file", to_b64u(bytes(2_171))),
        ("grants.0.key", to_b64u(bytes(31))),
        ("extra", 1),
    ],
)
def test_every_field_is_bounded(path: str, value: object) -> None:
    changed: Any = json.loads(WIRE)
    *way, last = path.split(".")
    place = changed
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    with pytest.raises(CannotOpen):
        read_submission(to_json(changed))


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
    for read in (read_submission, read_reply, read_desk_reply, read_look_up):
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
