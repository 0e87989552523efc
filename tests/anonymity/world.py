"""A small world for the tests: three readers, a reporter, a case."""

from dataclasses import replace
from datetime import date

from anonymity.fingerprint import Card
from anonymity.item import About, Matter, SealedBy
from anonymity.keyring import Keyring
from anonymity.keys import Author, Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.readership import PersonCard
from anonymity.receipt import Code, Lane
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery, Said, Seat, reader_seat, reporter_seat
from anonymity.submission import ChangeOfReaders, SealedItem, Submission, read_change, read_desk_change
from anonymity.thread import Delivered, Thread

CODE, OTHER_CODE, RECOVERY = Code(bytes(range(13))), Code(bytes(13)), Code(b"\x07" * 13)
DAY = date(2026, 11, 23)
TEXT = "Mae’r rota’n newid heb rybudd."


def reader(n: int) -> Keyring:
    """A reader's keyring from fixed seeds."""
    return Keyring(Identity(Secret(bytes([n]) * 32)), Author(Secret(bytes([n + 100]) * 32)))


MANAGER, REPRESENTATIVE, STRANGER = reader(1), reader(2), reader(3)


def concern(
    *, text: str = TEXT, readers: tuple[Card, ...] = (MANAGER.card, REPRESENTATIVE.card), **changes: object
) -> Concern:
    """A concern to two readers."""
    made = Concern(
        about=About("body-1", Matter.SYSTEM, "rota-7"),
        text=Plaintext(text),
        name=None,
        lang="cy",
        day=DAY,
        readers=readers,
        left_out=("person-9",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def submitted(
    code: Code = CODE,
    lane: Lane = Lane.JOINT,
    *,
    case: bytes | None = None,
    beside: bytes | None = None,
    **changes: object,
) -> Submission:
    """A sealed concern."""
    said = concern(**changes)  # type: ignore[arg-type]
    return raise_concern(said, code, lane=lane, sealed_by=SealedBy.SERVER, case=case, beside=beside)


def delivery(sent: Submission, *later: SealedItem, to: Keyring | None = None) -> Delivery:
    """What the server hands to the reporter, or to a reader."""
    grants = [DeliveredGrant(0, one.file) for one in sent.grants if to and one.key_id == to.card.key_id]
    items = tuple(Delivered(0, one.file) for one in (sent.item, *later))
    return Delivery(sent.case, 0, sent.recipient, tuple(grants), items)


class Kept:
    """What a server keeps of one thread, and hands out."""

    def __init__(self, sent: Submission) -> None:
        self.case, self.epoch, self.recipient = sent.case, 0, sent.recipient
        self.items = [Delivered(0, sent.item.file)]
        self.grants = {(one.key_id, 0): one.file for one in sent.grants}
        self.reporters: dict[int, bytes] = {}

    def take(self, said: ChangeOfReaders | SealedItem) -> None:
        """Keeps an item, or a change of readers as it crossed the wire."""
        if isinstance(said, SealedItem):
            self.items.append(Delivered(self.epoch, said.file))
            return
        change = (read_change if said.locator else read_desk_change)(said.to_json())
        assert change == said
        self.epoch, self.recipient = change.epoch, change.recipient
        self.items.append(Delivered(change.epoch, change.item.file))
        self.grants |= {(one.key_id, one.epoch): one.file for one in change.grants}
        if change.reporter is not None:
            self.reporters[change.epoch] = change.reporter

    def hand(self, keyring: Keyring | None = None) -> Delivery:
        """To a reader, or to the reporter."""
        own = keyring.card.key_id if keyring else None
        grants = [DeliveredGrant(epoch, file) for (key, epoch), file in self.grants.items() if key == own]
        if keyring is None:
            grants = [DeliveredGrant(epoch, file) for epoch, file in self.reporters.items()]
        return Delivery(self.case, self.epoch, self.recipient, tuple(grants), tuple(self.items))

    def reader(self, keyring: Keyring) -> tuple[Seat, Thread]:
        """A reader's seat, and what they read."""
        seat = reader_seat(keyring, self.hand(keyring))
        return seat, seat.read(self.items)

    def reporter(self, code: Code = CODE, lane: Lane = Lane.JOINT) -> tuple[Seat, Thread]:
        """The reporter's seat, and what they read."""
        seat = reporter_seat(code, lane, self.hand())
        return seat, seat.read(self.items)


def person(n: int) -> PersonCard:
    """A reader by number, with the portal's id."""
    return PersonCard(f"p{n}", reader(n).card)


def said(text: str = "") -> Said:
    """Words on a device."""
    return Said("cy", DAY, SealedBy.DEVICE, Plaintext(text))


def texts(thread: Thread) -> list[str]:
    """The texts shown."""
    return [entry.item.body.reveal() for entry in thread.entries if entry.item]
