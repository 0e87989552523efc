"""The vectors that both halves run hold here. The browser half runs the same file."""

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from anonymity.age import decrypt
from anonymity.encoding import from_json, to_json
from anonymity.errors import CannotOpen
from anonymity.grant import open_grant
from anonymity.keyring import open_keyring
from anonymity.keys import Identity
from anonymity.plaintext import Secret
from anonymity.receipt import Code, Lane, Mistyped, lane_keys, read_code
from anonymity.submission import read_desk_reply, read_look_up, read_reply, read_submission
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


def test_wire_vectors_are_read_as_written() -> None:
    sealed = VECTORS["sealed"]
    submission = read_submission(sealed["submission"].encode())
    assert submission.to_json().decode() == sealed["submission"]
    assert read_reply(sealed["reply"].encode()).item.prev == submission.item.hash
    assert read_desk_reply(sealed["desk_reply"].encode()).case == vector_maker.CASE
    assert read_look_up(sealed["look_up"].encode()).hex() == VECTORS["codes"][1]["lanes"]["joint"]["locator"]
