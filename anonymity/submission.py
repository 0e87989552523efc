"""What crosses the wire, read strictly and in bounds, so that the portal knows the shape of what it cannot read.

FORMAT.md section 9. Every reader raises CannotOpen and nothing else; nothing here needs a key.
"""

import hashlib
from dataclasses import dataclass, field

from anonymity.age import check_shape, sealed_size
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
from anonymity.fingerprint import KEY_ID_BYTES
from anonymity.grant import CASE_BYTES, GRANT_SIZE, LAST_EPOCH
from anonymity.item import FIRST, HASH_BYTES, ITEM_SIZE, MOST_READERS
from anonymity.keys import Recipient
from anonymity.receipt import RECEIPT_LANES, Lane

LONGEST_SUBMISSION, LONGEST_REPLY, LONGEST_LOOK_UP = 98_304, 32_768, 128
ITEM_ID_BYTES = 16
LOCATOR_BYTES = 32
_SUBMISSION_KEYS = frozenset({"v", "body", "case", "epoch", "grants", "item", "lane", "locator_hash", "recipient"})
_ITEM_KEYS = frozenset({"id", "prev", "file"})


@dataclass(frozen=True)
class SealedGrant:
    """A grant as stored: for which key (32 bytes), and the age file (2,171 bytes)."""

    key_id: bytes
    file: bytes = field(repr=False)


@dataclass(frozen=True)
class SealedItem:
    """An item as stored: random id (16 bytes), hash of the file before it (32), and the age file (18,043)."""

    id: bytes
    prev: bytes
    file: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """SHA-256 of the age file: the head of the thread once this item is in it."""
        return hashlib.sha256(self.file).digest()


@dataclass(frozen=True)
class Submission:
    """A new thread: everything the server stores of a concern, and nothing else."""

    body: str
    case: bytes
    lane: Lane
    recipient: Recipient
    locator_hash: bytes = field(repr=False)
    grants: tuple[SealedGrant, ...]
    item: SealedItem

    def to_json(self) -> bytes:
        """The one spelling of this submission."""
        return to_json(
            {
                "v": 1,
                "body": self.body,
                "case": to_b64u(self.case),
                "epoch": 0,
                "grants": [{"file": to_b64u(one.file), "key": to_b64u(one.key_id)} for one in self.grants],
                "item": _written(self.item),
                "lane": self.lane.value,
                "locator_hash": to_b64u(self.locator_hash),
                "recipient": self.recipient.text,
            }
        )


@dataclass(frozen=True)
class Reply:
    """An item for a thread that is there, named by the reporter's locator or by a reader's case id (the other None)."""

    epoch: int
    item: SealedItem
    locator: bytes | None = field(default=None, repr=False)
    case: bytes | None = None

    def to_json(self) -> bytes:
        """The one spelling of this reply."""
        value: dict[str, object] = {"v": 1, "epoch": self.epoch, "item": _written(self.item)}
        if self.locator is not None:
            value["locator"] = to_b64u(self.locator)
        if self.case is not None:
            value["case"] = to_b64u(self.case)
        return to_json(value)


def read_submission(octets: bytes) -> Submission:
    """A new thread from the wire (at most 96 KiB). Raises CannotOpen."""
    found = _bounded(octets, LONGEST_SUBMISSION, _SUBMISSION_KEYS)
    whole(found["epoch"], 0, 0)
    item = _item(found["item"])
    if item.prev != FIRST:
        raise CannotOpen
    return Submission(
        body=opaque_id(found["body"]),
        case=from_b64u(found["case"], CASE_BYTES),
        lane=Lane(one_of(found["lane"], frozenset(RECEIPT_LANES))),
        recipient=Recipient.from_text(found["recipient"]),
        locator_hash=from_b64u(found["locator_hash"], HASH_BYTES),
        grants=_grants(found["grants"]),
        item=item,
    )


def read_reply(octets: bytes) -> Reply:
    """A reporter's reply from the wire (at most 32 KiB). Raises CannotOpen."""
    found = _bounded(octets, LONGEST_REPLY, frozenset({"v", "epoch", "item", "locator"}))
    locator = from_b64u(found["locator"], LOCATOR_BYTES)
    return Reply(whole(found["epoch"], 0, LAST_EPOCH), _item(found["item"]), locator=locator)


def read_desk_reply(octets: bytes) -> Reply:
    """A reader's reply from the wire (at most 32 KiB). Raises CannotOpen."""
    found = _bounded(octets, LONGEST_REPLY, frozenset({"v", "case", "epoch", "item"}))
    case = from_b64u(found["case"], CASE_BYTES)
    return Reply(whole(found["epoch"], 0, LAST_EPOCH), _item(found["item"]), case=case)


def read_look_up(octets: bytes) -> bytes:
    """The locator (32 bytes) somebody comes back with. Raises CannotOpen."""
    return from_b64u(_bounded(octets, LONGEST_LOOK_UP, frozenset({"v", "locator"}))["locator"], LOCATOR_BYTES)


def look_up_json(locator: bytes) -> bytes:
    """The one spelling of a look-up."""
    return to_json({"v": 1, "locator": to_b64u(locator)})


def _bounded(octets: bytes, longest: int, keys: frozenset[str]) -> dict[str, object]:
    if len(octets) > longest:
        raise CannotOpen
    found = from_json(octets, keys=keys)
    whole(found["v"], 1, 1)
    return found


def _written(item: SealedItem) -> dict[str, str]:
    return {"id": to_b64u(item.id), "prev": to_b64u(item.prev), "file": to_b64u(item.file)}


def _item(value: object) -> SealedItem:
    found = members(value, _ITEM_KEYS)
    item_id, prev = from_b64u(found["id"], ITEM_ID_BYTES), from_b64u(found["prev"], HASH_BYTES)
    return SealedItem(item_id, prev, _file(found["file"], ITEM_SIZE))


def _grants(value: object) -> tuple[SealedGrant, ...]:
    found = [members(one, frozenset({"key", "file"})) for one in listing(value, MOST_READERS)]
    grants = tuple(SealedGrant(from_b64u(one["key"], KEY_ID_BYTES), _file(one["file"], GRANT_SIZE)) for one in found)
    rising([one["key"] for one in found], 1, MOST_READERS)
    return grants


def _file(value: object, size: int) -> bytes:
    file = from_b64u(value, sealed_size(size))
    check_shape(file, size=size)
    return file
