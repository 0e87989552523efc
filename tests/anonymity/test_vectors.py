"""The vectors that both halves run hold here. The browser half runs the same file."""

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from anonymity.age import decrypt, seal
from anonymity.beside import Beside
from anonymity.encoding import from_json, to_b64u, to_json
from anonymity.errors import CannotOpen
from anonymity.grant import open_grant
from anonymity.item import ITEM_SIZE, open_item, sign_item
from anonymity.keyring import open_keyring
from anonymity.keys import Author, Identity
from anonymity.notes import check_beside
from anonymity.plaintext import Secret
from anonymity.receipt import Code, Lane, Mistyped, lane_keys, read_code
from anonymity.sealedfile import open_file
from anonymity.seat import DeliveredGrant, Delivery, reader_seat
from anonymity.submission import (
    read_change,
    read_desk_change,
    read_desk_file_look_up,
    read_desk_reply,
    read_file_look_up,
    read_look_up,
    read_reply,
    read_submission,
)
from anonymity.thread import Delivered, read_thread
from tests.anonymity import vector_maker

VECTORS: dict[str, Any] = json.loads(vector_maker.VECTORS.read_text("ascii"))


def octets(text: str) -> bytes:
    """Bytes of a file in the vectors."""
    return urlsafe_b64decode(text + "==")


@pytest.mark.parametrize(
    ("part", "make"),
    [
        ("codes", vector_maker.code_vectors),
        ("typed", vector_maker.typed_vectors),
        ("readers", vector_maker.reader_vectors),
        ("texts", vector_maker.text_vectors),
        ("json", vector_maker.json_vectors),
        ("item", vector_maker.item_vector),
        ("items", vector_maker.items_vectors),
        ("beside", vector_maker.beside_vectors),
        ("notes", vector_maker.notes_vectors),
    ],
)
def test_what_is_deterministic_is_the_same_to_the_byte(part: str, make: Any) -> None:
    assert json.loads(json.dumps(make())) == VECTORS[part]


@pytest.mark.parametrize("vector", VECTORS["typed"])
def test_typed_words_mean_what_the_vectors_say(vector: dict[str, Any]) -> None:
    if "octets" in vector:
        assert read_code(vector["typed"]).token == Code(bytes.fromhex(vector["octets"])).token
        return
    with pytest.raises(Mistyped) as caught:
        read_code(vector["typed"])
    assert [caught.value.slip, list(caught.value.positions)] == [vector["slip"], vector["positions"]]


def test_canonical_json_vectors() -> None:
    for one in VECTORS["json"]["values"]:
        assert to_json(one["value"]).decode() == one["json"]
    for spelling in VECTORS["json"]["refused"]:
        with pytest.raises(CannotOpen):
            from_json(spelling.encode(), keys=frozenset(json.loads(spelling)))


@pytest.mark.parametrize("order", VECTORS["thread"]["orders"], ids=lambda one: str(one["order"]))
def test_thread_vectors_get_their_verdicts(order: dict[str, Any]) -> None:
    vector = VECTORS["thread"]
    keys = lane_keys(Code(bytes.fromhex(vector["code"])), Lane(vector["lane"]))
    items = [Delivered(0, octets(vector["files"][n])) for n in order["order"]]
    opener = bytes.fromhex(vector["opener"])
    thread = read_thread(bytes.fromhex(vector["case"]), items, identities={0: keys.identity}, opener=opener)
    assert [[entry.verdict, entry.place] for entry in thread.entries] == order["entries"]
    for entry in thread.entries:
        number = str(order["order"][entry.place])
        if entry.item and number in vector["bodies"]:
            assert entry.item.body.reveal() == vector["bodies"][number]


def test_sealed_vectors_open() -> None:
    sealed = VECTORS["sealed"]
    reader = VECTORS["readers"][0]
    identity = Identity(Secret(bytes.fromhex(reader["identity_seed"])))
    card = vector_maker.keyring(1).card
    keyring = open_keyring(
        octets(sealed["keyring"]["file"]), Code(bytes.fromhex(sealed["keyring"]["recovery"])), card=card
    )
    assert keyring.author.seed.reveal().hex() == reader["sign_seed"]
    grant = open_grant(octets(sealed["grant"]["file"]), identity, case=vector_maker.CASE, epoch=0)
    assert grant.opener.hex() == VECTORS["thread"]["opener"]
    long = b"".join(decrypt([octets(sealed["long"]["file"])], identity, most=1 << 20))
    assert hashlib.sha256(long).hexdigest() == sealed["long"]["sha256"]


def signed(written: str) -> bytes:
    """An item's file with this JSON, signed by whom the vectors say."""
    author = Author(Secret(bytes.fromhex(VECTORS["items"]["sign_seed"])))
    content = author.sign(b"porth:v1:item\0" + written.encode()) + written.encode()
    return seal(content, vector_maker.seed(1).recipient, size=ITEM_SIZE)


@pytest.mark.parametrize("vector", VECTORS["items"]["good"], ids=lambda one: one["what"])
def test_items_of_every_kind_are_read_and_written_alike(vector: dict[str, str]) -> None:
    written = vector["json"].encode()
    content = bytes.fromhex(vector["signature"]) + written
    item = open_item(seal(content, vector_maker.seed(1).recipient, size=ITEM_SIZE), vector_maker.seed(1))
    assert sign_item(item, Author(Secret(bytes.fromhex(vector["sign_seed"])))) == content


@pytest.mark.parametrize("vector", VECTORS["items"]["refused"], ids=lambda one: one["why"])
def test_json_that_is_no_item_is_refused_however_well_signed(vector: dict[str, str]) -> None:
    with pytest.raises(CannotOpen):
        open_item(signed(vector["json"]), vector_maker.seed(1))


def test_a_refused_item_is_refused_for_the_one_thing_that_is_wrong() -> None:
    good = json.loads(VECTORS["items"]["good"][3]["json"])
    author = Author(Secret(bytes.fromhex(VECTORS["items"]["sign_seed"])))
    good["from"] = to_b64u(author.sign_key)
    assert open_item(signed(to_json(good).decode()), vector_maker.seed(1)).files


@pytest.mark.parametrize("order", VECTORS["epochs"]["orders"], ids=lambda one: one["why"])
def test_changes_of_readers_get_their_verdicts(order: dict[str, Any]) -> None:
    vector = VECTORS["epochs"]
    seeds = {int(epoch): Identity(Secret(bytes.fromhex(seed))) for epoch, seed in vector["seeds"].items()}
    items = [Delivered(epoch, octets(vector["files"][n]["file"])) for n, epoch in order["deliver"]]
    opener = bytes.fromhex(vector["opener"])
    thread = read_thread(bytes.fromhex(vector["case"]), items, identities=seeds, opener=opener)
    assert [[entry.verdict, entry.place] for entry in thread.entries] == order["entries"]
    assert thread.epoch == order["epoch"]
    assert [to_b64u(one.key_id) for one in thread.granted] == order["granted"]
    assert sorted(thread.left_out) == order["left_out"]


@pytest.mark.parametrize("vector", VECTORS["beside"])
def test_proofs_of_what_stands_beside_what_hold(vector: dict[str, str]) -> None:
    signer = Author(Secret(bytes.fromhex(vector["sign_seed"]))).sign_key
    beside = Beside(bytes.fromhex(vector["beside"]), bytes.fromhex(vector["proof"]))
    case, opener = bytes.fromhex(vector["case"]), bytes.fromhex(vector["from"])
    beside.check(signer, own_case=case, opener=opener)
    for wrong in ({"own_case": bytes(16), "opener": opener}, {"own_case": case, "opener": bytes(32)}):
        with pytest.raises(CannotOpen):
            beside.check(signer, **wrong)


def test_the_sealed_file_opens_as_its_item_says_and_not_otherwise() -> None:
    vector = VECTORS["file"]
    identity, file = Identity(Secret(bytes.fromhex(vector["seed"]))), octets(vector["file"])

    def opened(octets: bytes, said: dict[str, Any]) -> bytes:
        found = open_file([octets], identity, size=said["bytes"], expected_hash=bytes.fromhex(said["hash"]))
        return b"".join(found)

    assert hashlib.sha256(opened(file, vector["said"])).hexdigest() == vector["sha256"]
    for wrong in vector["refused"]:
        changed = bytearray(file)
        if "at" in wrong:
            changed[wrong["at"]] ^= wrong["xor"]
        with pytest.raises(CannotOpen):
            opened(bytes(changed), wrong["said"])


def test_both_lanes_of_a_receipt_stand_beside_each_other_for_a_reader_of_both() -> None:
    reader = vector_maker.keyring(2)
    found = []
    for lane in ("joint", "union"):
        sent = read_submission(VECTORS["both"][lane].encode())
        grants = tuple(DeliveredGrant(0, one.file) for one in sent.grants if one.key_id == reader.card.key_id)
        delivery = Delivery(sent.case, 0, sent.recipient, grants, (Delivered(0, sent.item.file),))
        seat = reader_seat(reader, delivery)
        found.append((seat, seat.read(delivery.items)))
    (joint_seat, joint), (union_seat, union) = found
    check_beside(union_seat, union, joint_seat, joint)
    assert joint.opening and union.opening
    assert joint.opening.name is None
    assert union.opening.name is not None and union.opening.name.reveal() == "Siân Puw"
    with pytest.raises(CannotOpen):
        check_beside(joint_seat, joint, union_seat, union)


def test_wire_vectors_are_read_as_written() -> None:
    sealed = VECTORS["sealed"]
    submission = read_submission(sealed["submission"].encode())
    assert submission.to_json().decode() == sealed["submission"]
    assert read_reply(sealed["reply"].encode()).item.prev == submission.item.hash
    assert read_desk_reply(sealed["desk_reply"].encode()).case == vector_maker.CASE
    assert read_look_up(sealed["look_up"].encode()).hex() == VECTORS["codes"][1]["lanes"]["joint"]["locator"]
    assert [sorted(map(to_b64u, submission.item.files)), submission.item.files[0]] == [
        [to_b64u(one) for one in submission.item.files],
        b"\1" * 16,
    ]
    assert read_file_look_up(sealed["file_look_up"].encode()).to_json().decode() == sealed["file_look_up"]
    assert read_desk_file_look_up(sealed["desk_file_look_up"].encode()).case == vector_maker.CASE
    for name, read in (("change", read_change), ("change_adds", read_change), ("desk_change", read_desk_change)):
        assert read(sealed[name].encode()).to_json().decode() == sealed[name]
    assert read_change(sealed["change"].encode()).epoch == 1
