"""One signed and sealed text of a thread (FORMAT.md section 7): written, signed, padded, sealed, and all of it back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from anonymity.age import open_sealed, seal
from anonymity.attachment import MOST_FILES, Attachment, read_attachment
from anonymity.beside import Beside, read_beside
from anonymity.encoding import (
    from_b64u,
    from_json,
    listing,
    members,
    one_of,
    opaque_id,
    rising,
    to_b64u,
    to_json,
    whole,
)
from anonymity.errors import CannotOpen
from anonymity.fingerprint import KEY_ID_BYTES, SIGN_KEY_BYTES, Card
from anonymity.grant import CASE_BYTES, LAST_EPOCH
from anonymity.keys import RECIPIENT_BYTES, Author, Identity, Recipient, check_signature
from anonymity.plaintext import Plaintext
from anonymity.text import BODY_LIMIT, NAME_LIMIT, cost, is_tidy

ITEM_SIZE, HASH_BYTES, SIGNATURE_BYTES = 18_432, 32, 64
MOST_READERS, MOST_LEFT_OUT, LEFT_OUT_ID = 20, 24, 32
FIRST = bytes(HASH_BYTES)
_SIGNED_LABEL = b"porth:v1:item\0"
_ITEM_KEYS = frozenset(
    {"v", "case", "epoch", "prev", "kind", "from", "lang", "day", "body", "files", "readers", "sealed_by", "opening"}
)
_OPENING_KEYS = frozenset({"about", "granted", "left_out", "name", "beside", "return"})
_READERS_KEYS = frozenset({"granted", "left_out", "recipient"})
_DAY = re.compile("2[0-9]{3}-[0-9]{2}-[0-9]{2}")
T = TypeVar("T")


class Kind(StrEnum):
    """The first item of a thread, a text, and a change of who reads from here on."""

    OPENING = "opening"
    MESSAGE = "message"
    READERS = "readers"


class SealedBy(StrEnum):
    """Where an item was sealed; everybody in the thread sees it."""

    DEVICE = "device"
    SERVER = "server"


class Matter(StrEnum):
    """What a concern is about: a system of the register, or another matter from the body's list."""

    SYSTEM = "system"
    MATTER = "matter"


@dataclass(frozen=True)
class About:
    """The body and the system or matter, by the portal's opaque ids (1 to 64 characters)."""

    body: str
    kind: Matter
    subject: str


@dataclass(frozen=True)
class Granted:
    """A reader who is let in: key id and Ed25519 public key, 32 bytes each."""

    key_id: bytes
    sign_key: bytes

    @classmethod
    def of(cls, card: Card) -> "Granted":
        """Whoever has this card."""
        return cls(card.key_id, card.sign_key)


@dataclass(frozen=True, eq=False)
class Opening:
    """What only the first item says: about what, who was let in, who was left out, and a name if one is given.

    `way_back` is the recipient (1,216 bytes) that later epochs are sealed to for the reporter, None in a notes lane.
    """

    about: About = field(repr=False)
    granted: tuple[Granted, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    name: Plaintext | None
    beside: Beside | None = field(repr=False, default=None)
    way_back: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True, eq=False)
class Readers:
    """Who reads from here on, who is newly left out, and the SHA-256 of the case recipient of the item's epoch."""

    granted: tuple[Granted, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    recipient_hash: bytes


@dataclass(frozen=True, eq=False)
class Item:
    """An item in clear. `prev` is the SHA-256 of the age file before it, `FIRST` for the opening."""

    case: bytes
    epoch: int
    prev: bytes
    kind: Kind
    author: bytes
    lang: str
    day: date
    body: Plaintext
    sealed_by: SealedBy
    opening: Opening | None = None
    files: tuple[Attachment, ...] = ()
    readers: Readers | None = None


def seal_item(item: Item, author: Author, recipient: Recipient) -> bytes:
    """The signed item as an age file (20,091 bytes) for everybody in the case.

    ValueError if a field is out of bounds or the author is not the one named.
    """
    return seal(sign_item(item, author), recipient, size=ITEM_SIZE)


def sign_item(item: Item, author: Author) -> bytes:
    """The signature followed by the canonical JSON: what is then padded and sealed. Deterministic."""
    if item.author != author.sign_key:
        raise ValueError("the item names another author")
    written = to_json(_written(item))
    try:
        _read(written)
    except CannotOpen:
        raise ValueError("a field of the item is out of bounds") from None
    return author.sign(_SIGNED_LABEL + written) + written


def open_item(file: bytes, identity: Identity) -> Item:
    """The item of an age file, well formed and signed by the author it names. Raises CannotOpen.

    Whether that author may speak here, and in this place, is decided by `thread.read_thread`.
    """
    content = open_sealed(file, identity, size=ITEM_SIZE)
    signature, written = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
    item = _read(written)
    check_signature(item.author, signature, _SIGNED_LABEL + written)
    return item


def _written(item: Item) -> dict[str, object]:
    return {
        "v": 1,
        "case": to_b64u(item.case),
        "epoch": item.epoch,
        "prev": to_b64u(item.prev),
        "kind": item.kind.value,
        "from": to_b64u(item.author),
        "lang": item.lang,
        "day": item.day.isoformat(),
        "body": item.body.reveal(),
        "files": [one.to_value() for one in item.files],
        "readers": _written_readers(item.readers) if item.readers else None,
        "sealed_by": item.sealed_by.value,
        "opening": _written_opening(item.opening) if item.opening else None,
    }


def _written_opening(opening: Opening) -> dict[str, object]:
    about = opening.about
    return {
        "about": {"body": about.body, "kind": about.kind.value, "subject": about.subject},
        "granted": _written_granted(opening.granted),
        "left_out": list(opening.left_out),
        "name": opening.name.reveal() if opening.name is not None else None,
        "beside": opening.beside.to_value() if opening.beside else None,
        "return": to_b64u(opening.way_back) if opening.way_back is not None else None,
    }


def _written_readers(readers: Readers) -> dict[str, object]:
    return {
        "granted": _written_granted(readers.granted),
        "left_out": list(readers.left_out),
        "recipient": to_b64u(readers.recipient_hash),
    }


def _written_granted(granted: tuple[Granted, ...]) -> list[dict[str, str]]:
    return [{"key": to_b64u(one.key_id), "sign": to_b64u(one.sign_key)} for one in granted]


def _read(written: bytes) -> Item:
    found = from_json(written, keys=_ITEM_KEYS)
    whole(found["v"], 1, 1)
    kind = Kind(one_of(found["kind"], frozenset(Kind)))
    prev = from_b64u(found["prev"], HASH_BYTES)
    if kind is Kind.READERS and prev == FIRST:
        raise CannotOpen
    files = _files(found["files"], MOST_FILES if kind is not Kind.READERS else 0)
    may_be_silent = kind is Kind.READERS or (kind is Kind.MESSAGE and bool(files))
    return Item(
        case=from_b64u(found["case"], CASE_BYTES),
        epoch=whole(found["epoch"], 0, LAST_EPOCH),
        prev=prev,
        kind=kind,
        author=from_b64u(found["from"], SIGN_KEY_BYTES),
        lang=one_of(found["lang"], frozenset({"cy", "en"})),
        day=_day(found["day"]),
        body=_words(found["body"], BODY_LIMIT - sum(one.cost for one in files), least=0 if may_be_silent else 1),
        files=files,
        sealed_by=SealedBy(one_of(found["sealed_by"], frozenset(SealedBy))),
        opening=_only(kind is Kind.OPENING, found["opening"], _opening),
        readers=_only(kind is Kind.READERS, found["readers"], _readers),
    )


def _only(belongs: bool, value: object, read: Callable[[object], T]) -> T | None:
    """A part that stands in items of one kind, and is null in all others."""
    if belongs != (value is not None):
        raise CannotOpen
    return read(value) if belongs else None


def _files(value: object, most: int) -> tuple[Attachment, ...]:
    files = tuple(read_attachment(one) for one in listing(value, most))
    if len({one.blob for one in files}) != len(files):
        raise CannotOpen
    return files


def _opening(value: object) -> Opening:
    found = members(value, _OPENING_KEYS)
    about = members(found["about"], frozenset({"body", "kind", "subject"}))
    matter = Matter(one_of(about["kind"], frozenset(Matter)))
    return Opening(
        about=About(opaque_id(about["body"]), matter, opaque_id(about["subject"])),
        granted=_granted(found["granted"]),
        left_out=_left_out(found["left_out"]),
        name=None if found["name"] is None else _words(found["name"], NAME_LIMIT),
        beside=None if found["beside"] is None else read_beside(found["beside"]),
        way_back=None if found["return"] is None else from_b64u(found["return"], RECIPIENT_BYTES),
    )


def _readers(value: object) -> Readers:
    found = members(value, _READERS_KEYS)
    recipient_hash = from_b64u(found["recipient"], HASH_BYTES)
    return Readers(_granted(found["granted"]), _left_out(found["left_out"]), recipient_hash)


def _granted(value: object) -> tuple[Granted, ...]:
    found = [members(one, frozenset({"key", "sign"})) for one in listing(value, MOST_READERS)]
    granted = tuple(Granted(from_b64u(one["key"], KEY_ID_BYTES), from_b64u(one["sign"], 32)) for one in found)
    rising([one["key"] for one in found], 1, MOST_READERS)
    return granted


def _left_out(value: object) -> tuple[str, ...]:
    found = [opaque_id(one, LEFT_OUT_ID) for one in listing(value, MOST_LEFT_OUT)]
    return tuple(rising(found, 0, MOST_LEFT_OUT))


def _words(value: object, limit: int, *, least: int = 1) -> Plaintext:
    if type(value) is not str or not is_tidy(value) or not least <= cost(value) <= limit:
        raise CannotOpen
    return Plaintext(value)


def _day(value: object) -> date:
    if type(value) is not str or not _DAY.fullmatch(value):
        raise CannotOpen
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CannotOpen from None
