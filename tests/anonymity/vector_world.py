"""What the vectors are about: codes, readers, a concern, and seeds of one repeated byte."""

import hashlib
from dataclasses import replace
from datetime import date

from anonymity.attachment import Attachment
from anonymity.item import (
    About,
    Granted,
    Item,
    Kind,
    Matter,
    Readers,
    SealedBy,
    seal_item,
)
from anonymity.keyring import Keyring
from anonymity.keys import Author, Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.readership import in_order
from anonymity.receipt import (
    Code,
    Lane,
    lane_keys,
)
from anonymity.reporting import Concern

CASE, OTHER_CASE = bytes(range(16)), bytes(range(16, 32))
CODES = [bytes(13), bytes(range(13)), b"\xff" * 13, bytes.fromhex("8f3a01c77be25d90464e11a2f7")]
DAY = date(2026, 11, 23)


def code(n: int = 1) -> Code:
    """The code that the sealed vectors use, and others by number."""
    return Code(CODES[n])


def keyring(n: int) -> Keyring:
    """A reader's keyring from seeds of one repeated byte."""
    return Keyring(Identity(Secret(bytes([n]) * 32)), Author(Secret(bytes([n + 100]) * 32)))


READERS = (1, 2)


def concern() -> Concern:
    """The concern that the sealed vectors hold."""
    return Concern(
        about=About("bwrdd-iechyd", Matter.SYSTEM, "rota-7"),
        text=Plaintext("Mae’r rota’n rhoi shifft nos i mi bob wythnos.\nPam?"),
        name=Plaintext("Siân Puw"),
        lang="cy",
        day=DAY,
        readers=tuple(keyring(n).card for n in READERS),
        left_out=("person-2", "person-1"),
    )


def message(author: Author, prev: bytes, body: str, *, case: bytes = CASE) -> bytes:
    """A message of the thread as an age file."""
    item = Item(case, 0, prev, Kind.MESSAGE, author.sign_key, "en", DAY, Plaintext(body), SealedBy.DEVICE)
    return seal_item(item, author, lane_keys(code(), Lane.JOINT).identity.recipient)


def file(n: int = 1, **changes: object) -> Attachment:
    """A file as an item names it; not one that exists."""
    made = Attachment(
        bytes([n]) * 16, 70_000, bytes([n + 50]) * 32, f"photo-{n}.jpg", Plaintext("Llun ŵ.JPG"), "image/jpeg"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def seed(n: int) -> Identity:
    """The case identity of a later epoch, or of a notes lane, from a seed of one repeated byte."""
    return Identity(Secret(bytes([n + 200]) * 32))


def hash_of(identity: Identity) -> bytes:
    """What a `readers` item says of the case recipient."""
    return hashlib.sha256(identity.recipient.octets).digest()


def readers(identity: Identity, *people: int, left_out: tuple[str, ...] = ()) -> Readers:
    """Who reads from here on, by number."""
    return Readers(in_order(Granted.of(keyring(n).card) for n in people), left_out, hash_of(identity))


def item(author: Author, prev: bytes, body: str = "", **changes: object) -> Item:
    """A message, or what the changes make of it."""
    made = Item(CASE, 0, prev, Kind.MESSAGE, author.sign_key, "en", DAY, Plaintext(body), SealedBy.DEVICE)
    return replace(made, **changes)  # type: ignore[arg-type]
