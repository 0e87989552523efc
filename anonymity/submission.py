"""What crosses the wire, read strictly and in bounds, so that the portal knows the shape of what it cannot read.

FORMAT.md section 9. Every reader raises CannotOpen and nothing else; nothing here needs a key.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from anonymity.age import check_shape, sealed_size
from anonymity.attachment import BLOB_BYTES, MOST_FILES
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
from anonymity.receipt import NOTES_LANES, RECEIPT_LANES, Lane

LONGEST_SUBMISSION, LONGEST_REPLY, LONGEST_LOOK_UP, LONGEST_CHANGE = 98_304, 32_768, 128, 262_144
ITEM_ID_BYTES, LOCATOR_BYTES, MOST_CHANGED = 16, 32, 60
_SUBMISSION_KEYS = frozenset({"v", "body", "case", "epoch", "grants", "item", "lane", "locator_hash", "recipient"})
_ITEM_KEYS = frozenset({"id", "prev", "file", "files"})
_CHANGE_KEYS = frozenset({"v", "epoch", "grants", "item", "recipient", "reporter"})


@dataclass(frozen=True)
class SealedGrant:
    """A grant as stored: for which key (32 bytes), the age file (2,171 bytes), and of which epoch."""

    key_id: bytes
    file: bytes = field(repr=False)
    epoch: int = 0


@dataclass(frozen=True)
class SealedItem:
    """An item as stored: random id (16 bytes), hash of the file before it (32), the age file (20,091), and the blob ids
    (16 each) of the files it names, in the wire's order."""

    id: bytes
    prev: bytes
    file: bytes = field(repr=False)
    files: tuple[bytes, ...] = field(default=(), repr=False)

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
        value = {"v": 1, "epoch": self.epoch, "item": _written(self.item)}
        return to_json(value | _address(self.locator, self.case))


@dataclass(frozen=True)
class ChangeOfReaders:
    """A `readers` item with the grants it promises, for a thread named as in a reply.

    In the current epoch: the new readers' grants, one for each epoch, `reporter` None. In the next: everybody's grant
    of that epoch, and in `joint` and `union` the reporter's (`reporter`, an age file).
    """

    epoch: int
    grants: tuple[SealedGrant, ...]
    item: SealedItem
    recipient: Recipient
    reporter: bytes | None = field(default=None, repr=False)
    locator: bytes | None = field(default=None, repr=False)
    case: bytes | None = None

    def to_json(self) -> bytes:
        """The one spelling of this change."""
        value = {
            "v": 1,
            "epoch": self.epoch,
            "grants": [
                {"epoch": one.epoch, "file": to_b64u(one.file), "key": to_b64u(one.key_id)} for one in self.grants
            ],
            "item": _written(self.item),
            "recipient": self.recipient.text,
            "reporter": to_b64u(self.reporter) if self.reporter is not None else None,
        }
        return to_json(value | _address(self.locator, self.case))


@dataclass(frozen=True)
class FileLookUp:
    """A file of a thread that is there, named as in a reply."""

    blob: bytes
    locator: bytes | None = field(default=None, repr=False)
    case: bytes | None = None

    def to_json(self) -> bytes:
        """The one spelling of this question."""
        return to_json({"v": 1, "blob": to_b64u(self.blob)} | _address(self.locator, self.case))


def in_wire_order(grants: Iterable[SealedGrant]) -> tuple[SealedGrant, ...]:
    """Ascending by key as text, then by epoch: the order says nothing."""
    return tuple(sorted(grants, key=lambda one: (to_b64u(one.key_id), one.epoch)))


def read_submission(octets: bytes) -> Submission:
    """A reporter's new thread from the wire (at most 96 KiB). Raises CannotOpen."""
    return _submission(octets, RECEIPT_LANES)


def read_desk_submission(octets: bytes) -> Submission:
    """A reader's new notes lane from the wire (at most 96 KiB). Raises CannotOpen."""
    return _submission(octets, NOTES_LANES)


def _submission(octets: bytes, lanes: tuple[Lane, ...]) -> Submission:
    found = _bounded(octets, LONGEST_SUBMISSION, _SUBMISSION_KEYS)
    whole(found["epoch"], 0, 0)
    item = _item(found["item"])
    if item.prev != FIRST:
        raise CannotOpen
    return Submission(
        body=opaque_id(found["body"]),
        case=from_b64u(found["case"], CASE_BYTES),
        lane=Lane(one_of(found["lane"], frozenset(lanes))),
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


def read_change(octets: bytes) -> ChangeOfReaders:
    """A reporter's change of readers from the wire (at most 256 KiB). Raises CannotOpen."""
    found = _bounded(octets, LONGEST_CHANGE, _CHANGE_KEYS | {"locator"})
    return _change(found, locator=from_b64u(found["locator"], LOCATOR_BYTES))


def read_desk_change(octets: bytes) -> ChangeOfReaders:
    """A reader's change of readers from the wire (at most 256 KiB). Raises CannotOpen."""
    found = _bounded(octets, LONGEST_CHANGE, _CHANGE_KEYS | {"case"})
    return _change(found, case=from_b64u(found["case"], CASE_BYTES))


def read_file_look_up(octets: bytes) -> FileLookUp:
    """Which file a reporter asks for. Raises CannotOpen."""
    found = _bounded(octets, LONGEST_LOOK_UP, frozenset({"v", "blob", "locator"}))
    return FileLookUp(from_b64u(found["blob"], BLOB_BYTES), locator=from_b64u(found["locator"], LOCATOR_BYTES))


def read_desk_file_look_up(octets: bytes) -> FileLookUp:
    """Which file a reader asks for. Raises CannotOpen."""
    found = _bounded(octets, LONGEST_LOOK_UP, frozenset({"v", "blob", "case"}))
    return FileLookUp(from_b64u(found["blob"], BLOB_BYTES), case=from_b64u(found["case"], CASE_BYTES))


def look_up_json(locator: bytes) -> bytes:
    """The one spelling of a look-up."""
    return to_json({"v": 1, "locator": to_b64u(locator)})


def _bounded(octets: bytes, longest: int, keys: frozenset[str]) -> dict[str, object]:
    if len(octets) > longest:
        raise CannotOpen
    found = from_json(octets, keys=keys)
    whole(found["v"], 1, 1)
    return found


def _address(locator: bytes | None, case: bytes | None) -> dict[str, object]:
    named = {"locator": locator, "case": case}
    return {name: to_b64u(octets) for name, octets in named.items() if octets is not None}


def _written(item: SealedItem) -> dict[str, object]:
    files = [to_b64u(one) for one in item.files]
    return {"id": to_b64u(item.id), "prev": to_b64u(item.prev), "file": to_b64u(item.file), "files": files}


def _item(value: object, most_files: int = MOST_FILES) -> SealedItem:
    found = members(value, _ITEM_KEYS)
    item_id, prev = from_b64u(found["id"], ITEM_ID_BYTES), from_b64u(found["prev"], HASH_BYTES)
    named = listing(found["files"], most_files)
    files = tuple(from_b64u(one, BLOB_BYTES) for one in named)
    rising(named, 0, most_files)
    return SealedItem(item_id, prev, _file(found["file"], ITEM_SIZE), files)


def _grants(value: object) -> tuple[SealedGrant, ...]:
    found = [members(one, frozenset({"key", "file"})) for one in listing(value, MOST_READERS)]
    grants = tuple(SealedGrant(from_b64u(one["key"], KEY_ID_BYTES), _file(one["file"], GRANT_SIZE)) for one in found)
    rising([one["key"] for one in found], 1, MOST_READERS)
    return grants


def _change(found: dict[str, object], *, locator: bytes | None = None, case: bytes | None = None) -> ChangeOfReaders:
    epoch = whole(found["epoch"], 0, LAST_EPOCH)
    reporter = None if found["reporter"] is None else _file(found["reporter"], GRANT_SIZE)
    grants = tuple(_epoch_grant(one, epoch) for one in listing(found["grants"], MOST_CHANGED))
    if grants != in_wire_order(grants) or len({(one.key_id, one.epoch) for one in grants}) != len(grants):
        raise CannotOpen
    if reporter is not None and (epoch == 0 or any(one.epoch != epoch for one in grants)):
        raise CannotOpen  # a new epoch's grants are all of that epoch
    item = _item(found["item"], 0)
    if item.prev == FIRST:
        raise CannotOpen
    return ChangeOfReaders(epoch, grants, item, Recipient.from_text(found["recipient"]), reporter, locator, case)


def _epoch_grant(value: object, latest: int) -> SealedGrant:
    one = members(value, frozenset({"epoch", "file", "key"}))
    file = _file(one["file"], GRANT_SIZE)
    return SealedGrant(from_b64u(one["key"], KEY_ID_BYTES), file, whole(one["epoch"], 0, latest))


def _file(value: object, size: int) -> bytes:
    file = from_b64u(value, sealed_size(size))
    check_shape(file, size=size)
    return file
