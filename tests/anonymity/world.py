"""A small world for the tests: three readers, a reporter, a case."""

from dataclasses import replace
from datetime import date

from anonymity.fingerprint import Card
from anonymity.item import About, Matter, SealedBy
from anonymity.keyring import Keyring
from anonymity.keys import Author, Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.receipt import Code, Lane
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery
from anonymity.submission import SealedItem, Submission
from anonymity.thread import Delivered

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


def submitted(code: Code = CODE, lane: Lane = Lane.JOINT, **changes: object) -> Submission:
    """A sealed concern."""
    return raise_concern(concern(**changes), code, lane=lane, sealed_by=SealedBy.SERVER)  # type: ignore[arg-type]


def delivery(sent: Submission, *later: SealedItem, to: Keyring | None = None) -> Delivery:
    """What the server hands to the reporter, or to a reader."""
    grants = [DeliveredGrant(0, one.file) for one in sent.grants if to and one.key_id == to.card.key_id]
    items = tuple(Delivered(0, one.file) for one in (sent.item, *later))
    return Delivery(sent.case, 0, sent.recipient, tuple(grants), items)
