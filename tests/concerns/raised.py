"""Concerns as reporters’ devices raise them, put into the box and read at the desk."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from anonymity.age import sealed_size
from anonymity.encoding import from_b64u, to_b64u
from anonymity.item import ITEM_SIZE, SealedBy
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.keyring import draw_keyring, seal_keyring
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, draw_code
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery, Seat
from anonymity.submission import Submission, look_up_json
from anonymity.thread import Delivered, Thread
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of
from portal.concerns.rules import Reader
from tests.demonstrated import BODY, Demonstrated
from tests.tickets import work
from tests.visitors import Visitor

SAID = "Mae’r rota’n beryglus – 77141"
TODAY = date(2026, 11, 22)


@dataclass
class Raised:
    """A concern as a reporter's device made it."""

    code: Code
    sent: Submission
    readers: tuple[Reader, ...]

    @property
    def case(self) -> str:
        return to_b64u(self.sent.case)


def raised(world: Demonstrated, *left_out: str, body: str = BODY, slug: str = "e-rostering") -> Raised:
    with world.database.reading() as session:
        about = get_about(session, body, f"system:{world.code_of(slug)}")
        channel = find_channel(session, about, today=TODAY)
        sealed_about = SealedAbout(about.body.id, SealedMatter.SYSTEM, about.subject)
    out = {world.person(email) for email in left_out}
    readers = tuple(reader for reader in channel.readers if reader.person_id not in out)
    code = draw_code()
    cards = tuple(card_of(reader) for reader in readers)
    concern = Concern(sealed_about, Plaintext(SAID), None, "cy", TODAY, cards, tuple(sorted(out)))
    return Raised(code, raise_concern(concern, code, sealed_by=SealedBy.DEVICE), readers)


def put(visitor: Visitor, octets: bytes, path: str = "/cy/concern/box") -> Any:
    headers = {"content-type": "application/json"}
    if not path.endswith("/open"):
        headers |= work(visitor.client)
    return visitor.client.post(path, content=octets, headers=headers)


def open_box(visitor: Visitor, locator: bytes) -> Any:
    return put(visitor, look_up_json(locator), "/cy/concern/box/open")


def delivery_of(found: dict[str, Any]) -> Delivery:
    return Delivery(
        from_b64u(found["case"], 16),
        found["epoch"],
        Recipient.from_text(found["recipient"]),
        tuple(DeliveredGrant(one["epoch"], from_b64u(one["file"], 2171)) for one in found["grants"]),
        tuple(Delivered(one["epoch"], from_b64u(one["file"], sealed_size(ITEM_SIZE))) for one in found["items"]),
    )


def read(seat: Seat, found: dict[str, Any]) -> Thread:
    return seat.read(delivery_of(found).items)


def texts(thread: Thread) -> list[str]:
    return [entry.item.body.reveal() for entry in thread.entries if entry.item is not None]


def post_json(visitor: Visitor, path: str, octets: bytes) -> Any:
    page = visitor.get("/en/my/concerns").text
    token = page.partition('<meta name="csrf" content="')[2].partition('"')[0]
    return visitor.client.post(path, content=octets, headers={"x-csrf-token": token})


def keys_json(words: Code | None = None) -> tuple[bytes, Any]:
    keyring = draw_keyring()
    card = keyring.card
    content = {
        "v": 1,
        "card": {"recipient": card.recipient.text, "sign": to_b64u(card.sign_key), "v": 1},
        "keyring": to_b64u(seal_keyring(keyring, words or draw_code())),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode(), card


def csrf_of(visitor: Visitor) -> dict[str, str]:
    page = visitor.get("/en/my/keys").text
    value = page.partition('name="csrf" content="')[2] or page.partition('name="csrf" value="')[2]
    return {"x-csrf-token": value.partition('"')[0]}
