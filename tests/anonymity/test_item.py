"""An item says exactly what its author signed, or nothing."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.age import seal
from anonymity.attachment import FILE_TYPES, Attachment
from anonymity.errors import CannotOpen
from anonymity.item import ITEM_SIZE, Item, Kind, SealedBy, open_item, seal_item, sign_item
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, lane_keys
from anonymity.reporting import opening_item
from anonymity.text import BODY_LIMIT
from tests.anonymity.world import CODE, DAY, MANAGER, concern

KEYS = lane_keys(CODE, Lane.JOINT)
ITEM = Item(
    bytes(16), 0, b"\x05" * 32, Kind.MESSAGE, KEYS.author.sign_key, "cy", DAY, Plaintext("Pam?"), SealedBy.DEVICE
)
CONTENT = sign_item(ITEM, KEYS.author)
FILE = seal_item(ITEM, KEYS.author, KEYS.identity.recipient)


def sealed(content: bytes) -> bytes:
    """Any content as an item's file, as somebody with the public key could make it."""
    return seal(content, KEYS.identity.recipient, size=ITEM_SIZE)


def forged(old: bytes, new: bytes) -> bytes:
    """The item with one thing changed and signed again by its author."""
    written = CONTENT[64:].replace(old, new, 1)
    assert written != CONTENT[64:]
    return sealed(KEYS.author.sign(b"porth:v1:item\0" + written) + written)


def test_what_was_written_is_read() -> None:
    item = open_item(FILE, KEYS.identity)
    assert item.body.reveal() == "Pam?"
    assert (item.case, item.epoch, item.prev, item.kind, item.day) == (bytes(16), 0, b"\x05" * 32, "message", DAY)
    assert "Pam" not in repr(item)
    assert len(FILE) == 20_091


PHOTO = Attachment(b"\1" * 16, 70_000, b"\2" * 32, "photo-1.jpg", Plaintext("Llun ŵ.JPG"), "image/jpeg")


def photos(count: int, **changes: object) -> tuple[Attachment, ...]:
    """Different files."""
    return tuple(replace(PHOTO, blob=bytes([n]) * 16, **changes) for n in range(count))  # type: ignore[arg-type]


def reopened(item: Item) -> Item:
    """What a reader gets."""
    return open_item(seal_item(item, KEYS.author, KEYS.identity.recipient), KEYS.identity)


def test_files_are_named_in_the_authors_order() -> None:
    opened = reopened(replace(ITEM, files=photos(3)[::-1]))
    assert [one.blob[0] for one in opened.files] == [2, 1, 0]
    one = opened.files[0]
    assert (one.size, one.hash, one.name, one.type) == (70_000, b"\2" * 32, "photo-1.jpg", "image/jpeg")
    assert one.original is not None
    assert one.original.reveal() == "Llun ŵ.JPG"
    assert "Llun" not in repr(opened)
    assert "photo" not in repr(opened)


def test_a_message_with_files_may_be_silent_and_one_without_may_not() -> None:
    assert reopened(replace(ITEM, body=Plaintext(""), files=photos(1))).body.reveal() == ""
    with pytest.raises(ValueError, match="out of bounds"):
        sign_item(replace(ITEM, body=Plaintext("")), KEYS.author)


def test_body_and_files_share_one_limit_and_the_fullest_item_fits() -> None:
    files = photos(20, name="a" * 40 + ".jpeg", original=Plaintext('"' * 100), type=max(FILE_TYPES, key=len))
    left = BODY_LIMIT - sum(one.cost for one in files)
    assert 1_000 < left < BODY_LIMIT
    assert len(reopened(replace(ITEM, body=Plaintext("x" * left), files=files)).files) == 20
    with pytest.raises(ValueError, match="out of bounds"):
        sign_item(replace(ITEM, body=Plaintext("x" * (left + 1)), files=files), KEYS.author)


def test_a_files_cost_is_what_it_takes_up_under_the_seal() -> None:
    bare, full = (len(sign_item(replace(ITEM, files=photos(n)), KEYS.author)) for n in (1, 3))
    assert full - bare == sum(one.cost for one in photos(3)[1:])


@pytest.mark.parametrize("files", [photos(21), (PHOTO, PHOTO)], ids=["too many", "twice the same"])
def test_files_are_bounded_in_number_and_different(files: tuple[Attachment, ...]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        sign_item(replace(ITEM, files=files), KEYS.author)


def test_signing_is_deterministic() -> None:
    assert sign_item(ITEM, KEYS.author) == CONTENT


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_changed_byte_of_an_item_gives_a_text(place: int, change: int) -> None:
    with pytest.raises(CannotOpen):
        open_item(FILE[:place] + bytes([FILE[place] ^ change]) + FILE[place + 1 :], KEYS.identity)


def test_no_changed_byte_under_the_seal_gives_a_text() -> None:
    for place in range(len(CONTENT)):
        changed = CONTENT[:place] + bytes([CONTENT[place] ^ 1]) + CONTENT[place + 1 :]
        with pytest.raises(CannotOpen):
            open_item(sealed(changed), KEYS.identity)


def test_nobody_can_sign_in_anothers_name() -> None:
    with pytest.raises(ValueError, match="another author"):
        sign_item(ITEM, MANAGER.author)
    stolen = MANAGER.author.sign(b"porth:v1:item\0" + CONTENT[64:]) + CONTENT[64:]
    with pytest.raises(CannotOpen):
        open_item(sealed(stolen), KEYS.identity)


def test_a_signature_without_its_label_does_not_count() -> None:
    with pytest.raises(CannotOpen):
        open_item(sealed(KEYS.author.sign(CONTENT[64:]) + CONTENT[64:]), KEYS.identity)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"epoch":0', b'"epoch":1000'),
        (b'"epoch":0', b'"epoch":true'),
        (b'"files":[]', b'"files":[{}]'),
        (b'"kind":"message"', b'"kind":"status"'),
        (b'"kind":"message"', b'"kind":"opening"'),
        (b'"kind":"message"', b'"kind":"readers"'),
        (b'"readers":null', b'"readers":{}'),
        (b'"lang":"cy"', b'"lang":"fr"'),
        (b"2026-11-23", b"2026-11-31"),
        (b"2026-11-23", b"20261123"),
        (b"2026-11-23", b"1999-11-23"),
        (b'"device"', b'"cloud"'),
        (b'"opening":null', b'"opening":{}'),
        (b'"Pam?"', b'""'),
        (b'"Pam?"', b"null"),
        (b'"Pam?"', b'"a\\tb"'),
        (b'"Pam?"', '"a\u202eb"'.encode()),
        (b'"Pam?"', b'"' + b"x" * 12_001 + b'"'),
        (b'"Pam?"', b'"P\\u0061m?"'),
        (b'{"body"', b'{ "body"'),
        (b',"v":1', b',"v":1,"w":1'),
    ],
)
def test_a_well_signed_item_out_of_bounds_is_still_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_item(forged(old, new), KEYS.identity)


@pytest.mark.parametrize("content", [b"", bytes(63), bytes(64), bytes(200), CONTENT[64:]])
def test_content_that_is_no_item_is_refused(content: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_item(sealed(content), KEYS.identity)


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": -1},
        {"case": bytes(15)},
        {"prev": b""},
        {"day": date(1999, 12, 31)},
        {"body": Plaintext("a\r\nb")},
        {"lang": ""},
        {"kind": Kind.OPENING},
    ],
)
def test_our_own_code_cannot_seal_an_item_out_of_bounds(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        sign_item(replace(ITEM, **change), KEYS.author)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"system"', b'"kind":"person"'),
        (b'"name":null', b'"name":""'),
        (b'"name":null', b'"name":7'),
        (b'"left_out":["person-9"]', b'"left_out":["b","a"]'),
        (b'"left_out":["person-9"]', b'"left_out":[null]'),
        (b'"left_out":["person-9"]', b'"left_out":["a b"]'),
        (b'"about":{', b'"about":{"a":1,'),
        (b'"granted":[{', b'"granted":[{},{'),
        (b'"beside":null', b'"beside":"AAAAAAAAAAAAAAAAAAAAAA"'),
        (b'"beside":null', b'"beside":{"case":"AAAAAAAAAAAAAAAAAAAAAA","proof":null}'),
        (b'"return":"', b'"return":"A'),
    ],
)
def test_an_opening_is_checked_as_strictly(old: bytes, new: bytes) -> None:
    opening = opening_item(concern(), CODE, Lane.JOINT, SealedBy.DEVICE, case=bytes(16))
    written = sign_item(opening, KEYS.author)[64:]
    assert old in written
    changed = written.replace(old, new, 1)
    signed = KEYS.author.sign(b"porth:v1:item\0" + changed) + changed
    with pytest.raises(CannotOpen):
        open_item(sealed(signed), KEYS.identity)
