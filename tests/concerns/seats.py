"""Seats at a raised concern, the reporter’s and the readers’, and what is sent from them."""

from typing import Any

from sqlalchemy import text

from anonymity.fingerprint import Card
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.notes import begin_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard
from anonymity.receipt import Lane, lane_locator
from anonymity.seat import Said, Seat, reader_seat, reporter_seat
from anonymity.submission import ChangeOfReaders
from tests.concerns.raised import TODAY, Raised, delivery_of, open_box, post_json, put, read
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

SPOKEN = Said("cy", TODAY, SealedBy.DEVICE)
IDRIS, PATRICK = "idris.fychan@unison.example", "patrick.adeyemi@rcn.example"


def person_card(world: Demonstrated, email: str) -> PersonCard:
    with world.database.reading() as session:
        row = session.execute(
            text("SELECT recipient, sign FROM recipient_keys WHERE person_id = :p AND ended_on IS NULL"),
            {"p": world.person(email)},
        ).one()
    return PersonCard(world.person(email), Card(Recipient.from_text(row.recipient), bytes(row.sign)))


def key_of(world: Demonstrated, email: str) -> bytes:
    return person_card(world, email).card.key_id


def stay_in(world: Demonstrated, made: Raised, *dropped: str) -> list[PersonCard]:
    gone = {world.person(email) for email in dropped}
    people = {reader.key_id: reader for reader in made.readers}
    return [
        PersonCard(one.person_id, Card(Recipient.from_text(one.recipient), one.sign))
        for one in people.values()
        if one.person_id not in gone
    ]


def reporters_seat(visitor: Visitor, made: Raised) -> tuple[Seat, Any]:
    found = open_box(visitor, lane_locator(made.code, Lane.JOINT)).json()
    return reporter_seat(made.code, Lane.JOINT, delivery_of(found)), found


def readers_seat(world: Demonstrated, visitor: Visitor, email: str, made: Raised) -> tuple[Seat, Any]:
    found = visitor.get(f"/en/my/concerns/{made.case}/thread").json()
    return reader_seat(world.keyring(visitor, email), delivery_of(found)), found


def at_box(visitor: Visitor, change: ChangeOfReaders) -> int:
    answer = put(visitor, change.to_json(), "/cy/concern/box/readers")
    return int(answer.status_code)


def at_desk(visitor: Visitor, made: Raised, change: ChangeOfReaders) -> int:
    return int(post_json(visitor, f"/en/my/concerns/{made.case}/readers", change.to_json()).status_code)


def status_of(world: Demonstrated, email: str, made: Raised) -> int:
    with world.signed_in(email) as visitor:
        return int(visitor.get(f"/en/my/concerns/{made.case}/thread").status_code)


def notes_of(world: Demonstrated, visitor: Visitor, email: str, made: Raised, lane: Lane, *colleagues: str) -> Any:
    seat, found = readers_seat(world, visitor, email, made)
    people = [person_card(world, one) for one in colleagues]
    said = Said("cy", TODAY, SealedBy.DEVICE, Plaintext("Rhyngom ni"))
    return seat, begin_notes(world.keyring(visitor, email), seat, read(seat, found), lane, people, said)


def body_of(world: Demonstrated, slug: str) -> str:
    with world.database.reading() as session:
        return str(session.scalar(text("SELECT id FROM bodies WHERE slug = :s"), {"s": slug}))


def hold(visitor: Visitor, made: Raised, held: str = "true") -> Any:
    return post_json(visitor, f"/en/my/concerns/{made.case}/hold", b'{"held":%b,"v":1}' % held.encode())
