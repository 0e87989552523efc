"""For whom of my side threads could be opened again, and whose ended keys are still in: asked once for the whole desk.

A colleague with a new key, or one who has joined, waits. Who was dropped, or left by their own hand, does not. Whether
somebody was left out by the reporter stands sealed in each thread, so the device looks there before it offers anything.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from portal.concerns.cards import Card, Present, list_cards, may_be_let_in
from portal.concerns.models import RecipientKey
from portal.mailbox.models import SealedCase, SealedGrant
from portal.mailbox.rules import REPORTER_KEY

_MINE = aliased(SealedGrant)
_HELD = (
    select(
        SealedCase.case_id,
        SealedCase.body_id,
        SealedCase.opened_day,
        SealedGrant.key_id,
        (SealedGrant.epoch == SealedCase.epoch).label("is_now"),
        RecipientKey.person_id,
    )
    .join(_MINE, and_(_MINE.case_id == SealedCase.case_id, _MINE.epoch == SealedCase.epoch))
    .join(SealedGrant, and_(SealedGrant.case_id == SealedCase.case_id, SealedGrant.key_id != REPORTER_KEY))
    .join(RecipientKey, RecipientKey.key_id == SealedGrant.key_id, isouter=True)
)


@dataclass(frozen=True, slots=True)
class Held:
    """A thread that I hold: who is in, and who was."""

    case_id: bytes
    body_id: str
    opened_day: date
    present: Present
    past_people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Threads by the card of who waits, and by the key that has ended."""

    waiting: Sequence[tuple[Card, Sequence[Held]]]
    ended: Mapping[bytes, Sequence[Held]]


def list_held(session: Session, key_ids: Sequence[bytes], body_ids: Collection[str]) -> list[Held]:
    """Every thread whose current epoch one of these keys holds, newest day first."""
    asked = _HELD.where(_MINE.key_id.in_(key_ids), SealedCase.body_id.in_(body_ids)).order_by(
        SealedCase.opened_day.desc(), SealedCase.case_id
    )
    rows = defaultdict(list)
    for row in session.execute(asked):
        rows[row.case_id].append(row)
    held = []
    for case_id, own in rows.items():
        now = [row for row in own if row.is_now]
        people = frozenset(row.person_id for row in now if row.person_id)
        past = frozenset(row.person_id for row in own if row.person_id) - people
        present = Present(frozenset(row.key_id for row in now), people)
        held.append(Held(case_id, own[0].body_id, own[0].opened_day, present, past))
    return held


def find_colleagues(session: Session, held: Sequence[Held], person_id: str, side: str, *, today: date) -> Colleagues:
    """Who waits for one of these threads, and which keys in them have ended."""
    cards = {body_id: list_cards(session, body_id, today=today) for body_id in {one.body_id for one in held}}
    waiting: dict[bytes, tuple[Card, list[Held]]] = {}
    ended: dict[bytes, list[Held]] = defaultdict(list)
    for one in held:
        for card in may_be_let_in(cards[one.body_id], one.present, side):
            if card.person_id != person_id and card.person_id not in one.past_people:
                waiting.setdefault(card.key_id, (card, []))[1].append(one)
        for key_id in one.present.keys - {card.key_id for card in cards[one.body_id]}:
            ended[key_id].append(one)
    return Colleagues(list(waiting.values()), ended)
