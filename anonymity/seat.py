"""A place in a thread: what its holder reads with and signs with. The reporter's comes from a receipt, a reader's from
a grant; from there on both read and write in the same way (FORMAT.md sections 6 to 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from anonymity.dice import draw
from anonymity.errors import CannotOpen
from anonymity.grant import Grant, open_grant
from anonymity.item import Item, Kind, SealedBy, seal_item
from anonymity.keyring import Keyring
from anonymity.keys import Author, Identity, Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, lane_keys
from anonymity.submission import ITEM_ID_BYTES, SealedItem
from anonymity.text import tidy
from anonymity.thread import Delivered, Thread, read_thread


@dataclass(frozen=True)
class DeliveredGrant:
    """One of the holder's own grants as the server hands it out."""

    epoch: int
    file: bytes = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """A thread as the server hands it out: case, current epoch and recipient, own grants, items."""

    case: bytes
    epoch: int
    recipient: Recipient
    grants: tuple[DeliveredGrant, ...]
    items: tuple[Delivered, ...]


@dataclass(frozen=True, eq=False)
class Seat:
    """Who reads and writes in one thread. `identities` are the case identities by epoch."""

    case: bytes
    epoch: int
    lane: Lane
    identities: Mapping[int, Identity]
    author: Author
    opener: bytes

    def read(self, items: Sequence[Delivered]) -> Thread:
        """The thread, each item with its verdict."""
        return read_thread(self.case, items, identities=self.identities, opener=self.opener)

    def write(
        self,
        thread: Thread,
        text: Plaintext,
        *,
        lang: str,
        day: date,
        sealed_by: SealedBy,
        item_id: bytes | None = None,
    ) -> SealedItem:
        """The holder's next item: tidied, signed, and sealed to the case identity that this seat itself opened.

        `day` is London's. `item_id` (16 random bytes) is for a form whose second posting must make no second item.
        ValueError if the tidied text is empty or costs more than its limit.
        """
        own_id = item_id if item_id is not None else draw(ITEM_ID_BYTES)
        return self._write(thread, text, lang=lang, day=day, sealed_by=sealed_by, item_id=own_id)

    def _write(
        self, thread: Thread, text: Plaintext, *, lang: str, day: date, sealed_by: SealedBy, item_id: bytes
    ) -> SealedItem:
        item = Item(
            case=self.case,
            epoch=self.epoch,
            prev=thread.head,
            kind=Kind.MESSAGE,
            author=self.author.sign_key,
            lang=lang,
            day=day,
            body=Plaintext(tidy(text.reveal())),
            sealed_by=sealed_by,
        )
        return SealedItem(item_id, thread.head, seal_item(item, self.author, self.identities[self.epoch].recipient))


def reporter_seat(code: Code, lane: Lane, delivery: Delivery) -> Seat:
    """The reporter's seat, from the receipt. Raises CannotOpen if the delivery is for another case."""
    keys = lane_keys(code, lane)
    grants = _opened(delivery, keys.identity)
    if any(grant.opener != keys.author.sign_key or grant.lane != lane for grant in grants):
        raise CannotOpen
    identities = {0: keys.identity} | {grant.epoch: grant.identity for grant in grants}
    return _checked(Seat(delivery.case, delivery.epoch, lane, identities, keys.author, keys.author.sign_key), delivery)


def reader_seat(keyring: Keyring, delivery: Delivery) -> Seat:
    """A reader's seat, from their own grants. Raises CannotOpen without a grant for the current epoch."""
    grants = _opened(delivery, keyring.identity)
    if not grants or any((one.opener, one.lane) != (grants[0].opener, grants[0].lane) for one in grants):
        raise CannotOpen
    identities = {grant.epoch: grant.identity for grant in grants}
    seat = Seat(delivery.case, delivery.epoch, grants[0].lane, identities, keyring.author, grants[0].opener)
    return _checked(seat, delivery)


def _opened(delivery: Delivery, identity: Identity) -> list[Grant]:
    return [open_grant(one.file, identity, case=delivery.case, epoch=one.epoch) for one in delivery.grants]


def _checked(seat: Seat, delivery: Delivery) -> Seat:
    """A server that names another recipient than the one we hold the key of would read the next item."""
    current = seat.identities.get(seat.epoch)
    if current is None or current.recipient != delivery.recipient:
        raise CannotOpen
    return seat
