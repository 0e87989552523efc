"""A place in a thread: what its holder reads with and signs with. The reporter's comes from a receipt, a reader's from
a grant; from there on both read and write in the same way (FORMAT.md sections 6 to 8)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from anonymity.attachment import Attachment
from anonymity.dice import draw
from anonymity.encoding import to_b64u
from anonymity.errors import CannotOpen
from anonymity.grant import Grant, open_grant
from anonymity.item import Item, Kind, Readers, SealedBy, seal_item
from anonymity.keyring import Keyring
from anonymity.keys import Author, Identity, Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, lane_keys, return_identity
from anonymity.submission import ITEM_ID_BYTES, Reply, SealedItem
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
class Said:
    """What somebody says, where and when. `lang` is cy or en, `day` London's; the text may be empty beside files or a
    change of readers."""

    lang: str
    day: date
    sealed_by: SealedBy
    text: Plaintext = field(default_factory=lambda: Plaintext(""))


@dataclass(frozen=True, eq=False)
class Seat:
    """Who reads and writes in one thread. `identities` are the case identities by epoch; `locator` is the reporter's
    way to it, None for a reader."""

    case: bytes
    epoch: int
    lane: Lane
    identities: Mapping[int, Identity]
    author: Author
    opener: bytes
    locator: bytes | None = field(default=None, repr=False)

    @property
    def is_opener(self) -> bool:
        """Whether this is the seat of whoever opened the thread: the reporter's, save in a notes lane."""
        return self.author.sign_key == self.opener

    @property
    def recipient(self) -> Recipient:
        """What the files of the next item are sealed to. CannotOpen without the current epoch's identity."""
        if self.epoch not in self.identities:
            raise CannotOpen
        return self.identities[self.epoch].recipient

    def read(self, items: Sequence[Delivered]) -> Thread:
        """The thread, each item with its verdict."""
        return read_thread(self.case, items, identities=self.identities, opener=self.opener)

    def check_current(self, thread: Thread) -> None:
        """Raises CannotOpen if the server names an epoch that no author made, or that cannot be opened from here:
        nothing is written then."""
        if thread.epoch != self.epoch or self.epoch not in self.identities:
            raise CannotOpen

    def may_pass_over(self, thread: Thread) -> bool:
        """Whether this is the reporter's seat, who goes on behind an epoch that cannot be opened from here."""
        return self.locator is not None and self.epoch > thread.epoch

    def write(
        self,
        thread: Thread,
        text: Plaintext,
        *,
        lang: str,
        day: date,
        sealed_by: SealedBy,
        item_id: bytes | None = None,
        files: Sequence[Attachment] = (),
    ) -> SealedItem:
        """The holder's next item: tidied, signed, and sealed to the case identity that this seat itself opened.

        `day` is London's. `item_id` (16 random bytes) is for a form whose second posting must make no second item.
        `files` are sealed to `recipient` and have been sent before; with them the text may be empty. ValueError if the
        tidied text is empty or costs more than is left of its limit; CannotOpen as in `check_current`.
        """
        self.check_current(thread)
        said = Said(lang, day, sealed_by, text)
        return self.sign(thread, said, self.identities[self.epoch], self.epoch, files=tuple(files), item_id=item_id)

    def reply(self, item: SealedItem) -> Reply:
        """The item with the address of its thread, for the wire."""
        return Reply(self.epoch, item, self.locator, None if self.locator is not None else self.case)

    def sign(
        self,
        thread: Thread,
        said: Said,
        identity: Identity,
        epoch: int,
        *,
        files: tuple[Attachment, ...] = (),
        readers: Readers | None = None,
        item_id: bytes | None = None,
    ) -> SealedItem:
        """An item behind the last file delivered, for `write` and `readership`. ValueError if it is out of bounds."""
        item = Item(
            case=self.case,
            epoch=epoch,
            prev=thread.head,
            kind=Kind.READERS if readers else Kind.MESSAGE,
            author=self.author.sign_key,
            lang=said.lang,
            day=said.day,
            body=Plaintext(tidy(said.text.reveal())),
            sealed_by=said.sealed_by,
            files=files,
            readers=readers,
        )
        own_id = item_id if item_id is not None else draw(ITEM_ID_BYTES)
        return SealedItem(own_id, thread.head, seal_item(item, self.author, identity.recipient), blobs_of(files))


def blobs_of(files: Sequence[Attachment]) -> tuple[bytes, ...]:
    """The blobs that an item names, as they stand on the wire."""
    return tuple(sorted((one.blob for one in files), key=to_b64u))


def reporter_seat(code: Code, lane: Lane, delivery: Delivery) -> Seat:
    """The reporter's seat, from the receipt. Raises CannotOpen if the delivery is for another case.

    A grant that does not hold is passed over: whoever begins an epoch could otherwise lock the reporter out of all that
    was written before. What stands in such an epoch cannot be read, and nothing is written.
    """
    keys = lane_keys(code, lane)
    if not _one_an_epoch(delivery) or any(one.epoch == 0 for one in delivery.grants):
        raise CannotOpen
    way_back = return_identity(code, lane) if delivery.grants else keys.identity
    own = [grant for grant in _opened(delivery, way_back) if (grant.opener, grant.lane) == (keys.author.sign_key, lane)]
    identities = {0: keys.identity} | {grant.epoch: grant.identity for grant in own}
    return _checked(
        Seat(delivery.case, delivery.epoch, lane, identities, keys.author, keys.author.sign_key, keys.locator), delivery
    )


def reader_seat(keyring: Keyring, delivery: Delivery) -> Seat:
    """A reader's seat, from their own grants. Raises CannotOpen without a grant for the current epoch.

    A grant that does not hold is passed over as in `reporter_seat`, but something has to open. Of grants that disagree
    in lane or author the one of the earliest epoch counts: those of the first came from whoever opened the thread.
    In a notes lane `notes.check_beside` has to hold before anything is shown or written.
    """
    if not _one_an_epoch(delivery) or all(one.epoch != delivery.epoch for one in delivery.grants):
        raise CannotOpen
    grants = sorted(_opened(delivery, keyring.identity), key=lambda grant: grant.epoch)
    if not grants:
        raise CannotOpen
    opener, lane = grants[0].opener, grants[0].lane
    identities = {one.epoch: one.identity for one in grants if (one.opener, one.lane) == (opener, lane)}
    return _checked(Seat(delivery.case, delivery.epoch, lane, identities, keyring.author, opener), delivery)


def _one_an_epoch(delivery: Delivery) -> bool:
    return len({one.epoch for one in delivery.grants}) == len(delivery.grants)


def _opened(delivery: Delivery, identity: Identity) -> list[Grant]:
    """The grants that open and are what they were delivered as."""
    found = []
    for one in delivery.grants:
        with suppress(CannotOpen):
            found.append(open_grant(one.file, identity, case=delivery.case, epoch=one.epoch))
    return found


def _checked(seat: Seat, delivery: Delivery) -> Seat:
    """A server that names another recipient than the one we hold the key of would read the next item: such an epoch is
    not held, and at the first one nothing is opened."""
    current = seat.identities.get(seat.epoch)
    if current is not None and current.recipient == delivery.recipient:
        return seat
    if seat.epoch == 0:
        raise CannotOpen
    return replace(seat, identities={epoch: one for epoch, one in seat.identities.items() if epoch != seat.epoch})
