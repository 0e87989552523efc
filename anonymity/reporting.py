"""Raising a concern in Python: the path without script, where the server seals in memory, and the tests.

With script the browser does the same (anonymity/browser/); the results differ in `sealed_by` only.
"""

from dataclasses import dataclass, field
from datetime import date

from anonymity.dice import draw
from anonymity.encoding import to_b64u
from anonymity.fingerprint import Card
from anonymity.grant import CASE_BYTES, Grant, seal_grant
from anonymity.item import FIRST, MOST_READERS, About, Granted, Item, Kind, Opening, SealedBy, seal_item
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, lane_keys, locator_hash
from anonymity.submission import ITEM_ID_BYTES, SealedGrant, SealedItem, Submission
from anonymity.text import tidy, tidy_name


@dataclass(frozen=True, eq=False)
class Concern:
    """What a reporter says, about what, to whom, and whom they left out.

    `name` None means without a name. `lang` is cy or en, `day` is London's. `left_out` holds the portal's opaque ids of
    persons (at most 32 characters each, at most 24 of them); `readers` are 1 to 20 different cards.
    """

    about: About = field(repr=False)
    text: Plaintext
    name: Plaintext | None
    lang: str
    day: date
    readers: tuple[Card, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(default=(), repr=False)


def raise_concern(concern: Concern, code: Code, *, lane: Lane = Lane.JOINT, sealed_by: SealedBy) -> Submission:
    """The sealed thread that the receipt `code` opens. The text is tidied first.

    ValueError if a field is out of bounds (measure with `text.cost` before); CannotOpen for a card nothing can be
    sealed to.
    """
    return _raise_concern(concern, code, lane, sealed_by, case=draw(CASE_BYTES), item_id=draw(ITEM_ID_BYTES))


def opening_item(concern: Concern, code: Code, lane: Lane, sealed_by: SealedBy, *, case: bytes) -> Item:
    """The first item in clear, before signing. Pure."""
    readers = sorted(concern.readers, key=lambda card: to_b64u(card.key_id))
    opening = Opening(
        about=concern.about,
        granted=tuple(Granted(card.key_id, card.sign_key) for card in readers),
        left_out=tuple(sorted(concern.left_out)),
        name=Plaintext(tidy_name(concern.name.reveal())) if concern.name is not None else None,
    )
    return Item(
        case=case,
        epoch=0,
        prev=FIRST,
        kind=Kind.OPENING,
        author=lane_keys(code, lane).author.sign_key,
        lang=concern.lang,
        day=concern.day,
        body=Plaintext(tidy(concern.text.reveal())),
        sealed_by=sealed_by,
        opening=opening,
    )


def _raise_concern(
    concern: Concern, code: Code, lane: Lane, sealed_by: SealedBy, *, case: bytes, item_id: bytes
) -> Submission:
    if not 1 <= len(concern.readers) <= MOST_READERS:
        raise ValueError("1 to 20 readers")
    keys = lane_keys(code, lane)
    item = opening_item(concern, code, lane, sealed_by, case=case)
    file = seal_item(item, keys.author, keys.identity.recipient)
    grant = Grant(case, 0, lane, keys.identity, keys.author.sign_key)
    grants = [SealedGrant(card.key_id, seal_grant(grant, card.recipient)) for card in concern.readers]
    return Submission(
        body=concern.about.body,
        case=case,
        lane=lane,
        recipient=keys.identity.recipient,
        locator_hash=locator_hash(keys.locator),
        grants=tuple(sorted(grants, key=lambda one: to_b64u(one.key_id))),
        item=SealedItem(item_id, FIRST, file),
    )
