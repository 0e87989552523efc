"""Everybody who may read a body's concerns today, whatever they are about, and whom a thread could be opened to later.

Of a key that is in a thread but on no such list nothing is said but that it has ended: its owner has left, or has
another key.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from portal.concerns.models import RecipientKey
from portal.concerns.queries import LIVE_READERS, find_posts, list_people_of_keys, post_of
from portal.concerns.rules import EMPLOYER, INDEPENDENT, ON_CALL, UNION
from portal.core.text import Bilingual, Locale
from portal.directory.rules import BRANCH_READERS, OUTSIDE_THE_LINE, RoleName

EMPLOYERS_SIDE, UNIONS_SIDE = "employer", "union"
CONFIRMED, UNCONFIRMED, ENDED = "confirmed", "unconfirmed", "ended"


@dataclass(frozen=True, slots=True)
class Card:
    """A live reader: the public half of their key, and in which duties they would read.

    ``groups`` are as on the page before sending; ``systems`` those a manager answers for, None for all of the body's;
    ``matters`` those that an officer is named for.
    """

    person_id: str
    key_id: bytes
    recipient: str
    sign: bytes
    state: str
    name: str | None
    post: Bilingual
    groups: frozenset[str]
    systems: frozenset[str] | None = frozenset()
    matters: frozenset[str] = frozenset()
    is_deputy: bool = False

    @property
    def side(self) -> str:
        """A representative reads for the union, everybody else for the employer."""
        return UNIONS_SIDE if any(group.startswith(UNION) for group in self.groups) else EMPLOYERS_SIDE


@dataclass(frozen=True, slots=True)
class Present:
    """Who holds the current epoch of a thread: keys, and the people behind them, who may have newer keys by now."""

    keys: frozenset[bytes]
    people: frozenset[str]

    def holds(self, card: Card) -> bool:
        return card.key_id in self.keys or card.person_id in self.people


def list_cards(session: Session, body_id: str, *, today: date) -> tuple[Card, ...]:
    """Everybody with a live key and a duty that reads this body's concerns; a person with several duties once."""
    found: dict[bytes, Card] = {}
    for row in session.execute(LIVE_READERS, {"body_id": body_id, "today": today}):
        systems = frozenset({row.system_id}) if row.system_slug else None
        is_manager = row.role is RoleName.RESPONSIBLE_MANAGER
        one = Card(
            person_id=row.person_id,
            key_id=row.key_id,
            recipient=row.recipient,
            sign=row.sign,
            state=CONFIRMED if row.is_confirmed else UNCONFIRMED,
            name=row.display_name if row.shown_by_name else None,
            post=post_of(row),
            groups=frozenset({_group(row.role, row.branch_id)}),
            systems=systems if is_manager else frozenset(),
            matters=frozenset({row.matter.value}) if row.matter is not None else frozenset(),
            is_deputy=row.is_deputy,
        )
        first = found.get(row.key_id)
        found[row.key_id] = one if first is None else _both(first, one)
    return tuple(found.values())


def may_be_let_in(cards: Sequence[Card], present: Present, side: str) -> list[Card]:
    """Whom readers of one side may open a thread to: their own side, and nobody from outside what is read there.

    A representative's branch reads already; a manager answers for a system that a manager in the thread answers
    for, and an officer is named for a matter that one in the thread is named for.
    Who of them is left out stands sealed in the thread: the device knows, this list does not.
    """
    within = [card for card in cards if present.holds(card)]
    branches = {group for card in within for group in card.groups if group.startswith(UNION)}
    managers = [card for card in within if EMPLOYER in card.groups]
    return [
        card
        for card in cards
        if card.key_id not in present.keys
        and card.side == side
        and (INDEPENDENT in card.groups or card.groups & branches or _answers_with(card, managers))
    ]


def sides_within(cards: Sequence[Card], present: Present) -> set[str]:
    """Which sides read a thread."""
    return {card.side for card in cards if present.holds(card)}


def sides_of(cards: Sequence[Card], keys: Collection[bytes]) -> set[str]:
    """Which sides hold these keys."""
    return {card.side for card in cards if card.key_id in keys}


def list_owners(session: Session, key_ids: Collection[bytes]) -> frozenset[str]:
    """Whose keys these are, ended ones too."""
    asked = select(RecipientKey.person_id).where(RecipientKey.key_id.in_(list(key_ids)))
    return frozenset(session.scalars(asked))


def named_by_post(session: Session, key_ids: Sequence[bytes], *, locale: Locale, today: date) -> list[dict[str, str]]:
    """What a reporter's page calls those who read a thread: their post, or six words. Names stand on the page before
    sending only."""
    people = list_people_of_keys(session, key_ids)
    posts = find_posts(session, [person.id for _key, person in people.values()], today=today)
    return [
        {
            "key": to_b64u(key_id),
            "sign": to_b64u(key.sign),
            "name": post_of(posts[person.id]).get(locale)
            if person.id in posts
            else " ".join(fingerprint(key_id, locale.value)),
        }
        for key_id, (key, person) in people.items()
    ]


def _group(role: RoleName, branch_id: str | None) -> str:
    if role in BRANCH_READERS:
        return f"{UNION}{branch_id}"
    return INDEPENDENT if role in OUTSIDE_THE_LINE else ON_CALL if role is RoleName.ON_CALL else EMPLOYER


def _both(one: Card, other: Card) -> Card:
    systems = None if one.systems is None or other.systems is None else one.systems | other.systems
    return replace(
        one,
        name=one.name or other.name,
        state=one.state if one.state == other.state else UNCONFIRMED,
        groups=one.groups | other.groups,
        systems=systems,
        matters=one.matters | other.matters,
        is_deputy=one.is_deputy and other.is_deputy,
    )


def _answers_with(card: Card, managers: Sequence[Card]) -> bool:
    if EMPLOYER not in card.groups:
        return False
    return any(_meet(card.systems, one.systems) or bool(card.matters & one.matters) for one in managers)


def _meet(mine: frozenset[str] | None, theirs: frozenset[str] | None) -> bool:
    return mine is None or theirs is None or bool(mine & theirs)
