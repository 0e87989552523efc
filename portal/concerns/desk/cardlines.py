"""Readers as a reader of the same thread may know them: by post, by name where they agreed to be shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from portal.concerns.cards import (
    EMPLOYERS_SIDE,
    ENDED,
    UNIONS_SIDE,
    Card,
    Present,
    list_cards,
    list_owners,
    may_be_let_in,
)
from portal.concerns.desk.colleagues import Colleagues, Held
from portal.concerns.desk.duty import side_of
from portal.concerns.queries import find_posts, list_people_of_keys, post_of
from portal.directory.models import Person
from portal.directory.rules import BRANCH_READERS
from portal.i18n.formats import date_long
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_keys, list_present
from portal.mailbox.rules import week_of
from portal.web.dependencies import SignedIn

Line = dict[str, Any]


def readers_of(session: Session, visit: SignedIn, case: SealedCase) -> list[Line]:
    """Everybody who holds or held a grant here."""
    cards = {card.key_id: card for card in list_cards(session, case.body_id, today=visit.today)}
    keys = list_keys(session, case.case_id)
    live = [cards[key_id] for key_id in keys if key_id in cards]
    ended = _ended(session, visit, [key_id for key_id in keys if key_id not in cards])
    own = session.get_one(Person, visit.actor.person_id)
    names = {own.id: own.display_name}
    return [*(_line(visit, card, names.get(card.person_id, "")) for card in live), *ended.values()]


def candidates_of(session: Session, visit: SignedIn, case: SealedCase) -> list[Line]:
    """Whom the actor could let in; who of them was left out, the device knows."""
    keys = frozenset(list_present(session, case))
    present = Present(keys, list_owners(session, keys))
    cards = list_cards(session, case.body_id, today=visit.today)
    return [_line(visit, card) for card in may_be_let_in(cards, present, side_of(visit.actor))]


def colleague_lines(
    session: Session, visit: SignedIn, found: Colleagues, bodies: Mapping[str, str]
) -> dict[str, list[Line]]:
    """Who waits, and which keys have ended, each with the threads it is about."""

    def cases(held: Sequence[Held]) -> list[Line]:
        return [
            {
                "case": to_b64u(one.case_id),
                "body": bodies[one.body_id],
                "week": date_long(week_of(one.opened_day), visit.locale),
            }
            for one in held
        ]

    ended = _ended(session, visit, list(found.ended))
    return {
        "waiting": [{**_line(visit, card), "cases": cases(held)} for card, held in found.waiting],
        "ended": [{**line, "cases": cases(found.ended[key_id])} for key_id, line in ended.items()],
    }


def _line(visit: SignedIn, card: Card, own_name: str = "") -> Line:
    """One reader; their own name is no secret to themself."""
    post, name = card.post.get(visit.locale), card.name or own_name
    return {
        "key": to_b64u(card.key_id),
        "recipient": card.recipient,
        "sign": to_b64u(card.sign),
        "person": card.person_id,
        "name": " – ".join(part for part in (name, post) if part),
        "state": card.state,
        "side": card.side,
    }


def _ended(session: Session, visit: SignedIn, key_ids: Sequence[bytes]) -> dict[bytes, Line]:
    """Keys whose owner has left or has another one by now."""
    people = list_people_of_keys(session, key_ids)
    posts = find_posts(session, [person.id for _key, person in people.values()], today=visit.today)
    lines = {}
    for key_id, (key, person) in people.items():
        held = posts.get(person.id)
        is_unions = held is not None and held.role in BRANCH_READERS
        name = person.display_name if held is not None and held.shown_by_name else ""
        post = post_of(held).get(visit.locale) if held is not None else ""
        lines[key_id] = {
            "key": to_b64u(key_id),
            "recipient": key.recipient,
            "sign": to_b64u(key.sign),
            "person": person.id,
            "name": " – ".join(part for part in (name, post) if part)
            or " ".join(fingerprint(key_id, visit.locale.value)),
            "state": ENDED,
            "side": UNIONS_SIDE if is_unions else EMPLOYERS_SIDE,
        }
    return lines
