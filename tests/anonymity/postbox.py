"""One thread as a server keeps it, for tests in which both halves write."""

from dataclasses import dataclass, field
from typing import Any

from anonymity.encoding import to_b64u
from anonymity.keyring import Keyring
from anonymity.keys import Recipient
from anonymity.receipt import Code, Lane
from anonymity.seat import DeliveredGrant, Delivery, Seat, reader_seat, reporter_seat
from anonymity.submission import ChangeOfReaders, Reply, SealedGrant, SealedItem, Submission
from anonymity.thread import Delivered, Thread


@dataclass
class Postbox:
    """Takes what either half made, and delivers it to reporter and readers, as JSON or for the Python half."""

    case: bytes
    recipient: Recipient
    grants: list[SealedGrant]
    items: list[tuple[int, SealedItem]]
    lane: Lane
    epoch: int = 0
    reporter: list[tuple[int, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, submission: Submission) -> "Postbox":
        """A new thread."""
        grants, items = list(submission.grants), [(0, submission.item)]
        return cls(submission.case, submission.recipient, grants, items, submission.lane)

    def reply(self, reply: Reply) -> None:
        """One more item at the head of the thread."""
        assert reply.epoch == self.epoch
        self._add(reply.item)

    def change(self, change: ChangeOfReaders) -> None:
        """Other people read it from here on."""
        assert change.epoch in (self.epoch, self.epoch + 1)
        self.epoch, self.recipient = change.epoch, change.recipient
        self._add(change.item)
        self.grants += change.grants
        if change.reporter is not None:
            self.reporter.append((change.epoch, change.reporter))

    def _add(self, item: SealedItem) -> None:
        assert item.prev == self.items[-1][1].hash
        self.items.append((self.epoch, item))

    def delivery(self, keyring: Keyring | None = None) -> Delivery:
        """To a reader, or to the reporter."""
        key = keyring.card.key_id if keyring else b""
        own = [(one.epoch, one.file) for one in self.grants if one.key_id == key] if keyring else self.reporter
        grants = tuple(DeliveredGrant(epoch, file) for epoch, file in own)
        items = tuple(Delivered(epoch, item.file) for epoch, item in self.items)
        return Delivery(self.case, self.epoch, self.recipient, grants, items)

    def json(self, keyring: Keyring | None = None) -> dict[str, Any]:
        """The same as the wire has it."""
        given = self.delivery(keyring)
        return {
            "v": 1,
            "case": to_b64u(self.case),
            "epoch": self.epoch,
            "recipient": self.recipient.text,
            "grants": [{"epoch": one.epoch, "file": to_b64u(one.file)} for one in given.grants],
            "items": [
                {"id": to_b64u(item.id), "epoch": epoch, "prev": to_b64u(item.prev), "file": to_b64u(item.file)}
                for epoch, item in self.items
            ],
        }

    def seat(self, who: Keyring | Code) -> tuple[Seat, Thread]:
        """Somebody's seat in the Python half, and the thread as read from it."""
        if isinstance(who, Keyring):
            seat = reader_seat(who, self.delivery(who))
        else:
            seat = reporter_seat(who, self.lane, self.delivery())
        return seat, seat.read(self.delivery().items)
