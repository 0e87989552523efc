"""Raising a concern in Python: the path without script, where the server seals in memory, and the tests.

With script the browser does the same (anonymity/browser/); the results differ in `sealed_by` only.
"""

from dataclasses import dataclass, field
from datetime import date

from anonymity.attachment import Attachment
from anonymity.beside import Beside, prove_beside
from anonymity.dice import draw
from anonymity.encoding import to_b64u
from anonymity.fingerprint import Card
from anonymity.grant import CASE_BYTES, Grant, seal_grant
from anonymity.item import FIRST, MOST_READERS, About, Granted, Item, Kind, Opening, SealedBy, seal_item
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, LaneKeys, lane_keys, locator_hash, return_identity
from anonymity.seat import blobs_of
from anonymity.submission import ITEM_ID_BYTES, SealedGrant, SealedItem, Submission, in_wire_order
from anonymity.text import tidy, tidy_name


@dataclass(frozen=True, eq=False)
class Concern:
    """What a reporter says, about what, to whom, and whom they left out.

    `name` None means without a name. `lang` is cy or en, `day` is London's. `left_out` holds the portal's opaque ids of
    persons (at most 32 characters each, at most 24 of them); `readers` are 1 to 20 different cards; `files` are sealed
    to the lane's identity (`receipt.lane_keys`) and have been sent before.
    """

    about: About = field(repr=False)
    text: Plaintext
    name: Plaintext | None
    lang: str
    day: date
    readers: tuple[Card, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(default=(), repr=False)
    files: tuple[Attachment, ...] = ()


def draw_case() -> bytes:
    """A case id, for a thread whose files are sent before it."""
    return draw(CASE_BYTES)


def raise_concern(
    concern: Concern,
    code: Code,
    *,
    lane: Lane = Lane.JOINT,
    sealed_by: SealedBy,
    case: bytes | None = None,
    beside: bytes | None = None,
) -> Submission:
    """The sealed thread that the receipt `code` opens. The text is tidied first.

    `case` was drawn before if there are files. `beside`, in a union lane, is the case id of the joint lane of the same
    receipt. ValueError if a field is out of bounds (measure with `text.cost` before); CannotOpen for a card nothing can
    be sealed to.
    """
    own_case = case if case is not None else draw_case()
    return _raise_concern(concern, code, lane, sealed_by, own_case, beside, item_id=draw(ITEM_ID_BYTES))


def raise_in_both(
    joint: Concern,
    union: Concern,
    code: Code,
    *,
    sealed_by: SealedBy,
    cases: tuple[bytes, bytes] | None = None,
) -> tuple[Submission, Submission]:
    """Two threads of one receipt, the union lane beside the joint one: to stay anonymous to all readers, say, and give
    a name to the representatives only. The server cannot tell that they belong together. Errors as above."""
    first, second = cases if cases is not None else (draw_case(), draw_case())
    return (
        raise_concern(joint, code, lane=Lane.JOINT, sealed_by=sealed_by, case=first),
        raise_concern(union, code, lane=Lane.UNION, sealed_by=sealed_by, case=second, beside=first),
    )


def opening_item(
    concern: Concern, code: Code, lane: Lane, sealed_by: SealedBy, *, case: bytes, beside: bytes | None = None
) -> Item:
    """The first item in clear, before signing. Pure."""
    return _opening_item(concern, code, lane_keys(code, lane), lane, sealed_by, case, beside)


def _opening_item(
    concern: Concern,
    code: Code,
    keys: LaneKeys,
    lane: Lane,
    sealed_by: SealedBy,
    case: bytes,
    beside: bytes | None,
) -> Item:
    readers = sorted(concern.readers, key=lambda card: to_b64u(card.key_id))
    opening = Opening(
        about=concern.about,
        granted=tuple(map(Granted.of, readers)),
        left_out=tuple(sorted(concern.left_out)),
        name=Plaintext(tidy_name(concern.name.reveal())) if concern.name is not None else None,
        beside=_proof(code, keys, lane, case, beside) if beside is not None else None,
        way_back=return_identity(code, lane).recipient.octets,
    )
    return Item(
        case=case,
        epoch=0,
        prev=FIRST,
        kind=Kind.OPENING,
        author=keys.author.sign_key,
        lang=concern.lang,
        day=concern.day,
        body=Plaintext(tidy(concern.text.reveal())),
        sealed_by=sealed_by,
        opening=opening,
        files=concern.files,
    )


def _proof(code: Code, keys: LaneKeys, lane: Lane, case: bytes, beside: bytes) -> Beside:
    """The joint lane's author vouches for the union lane."""
    if lane is not Lane.UNION:
        raise ValueError("only the union lane stands beside the joint one")
    signer = lane_keys(code, Lane.JOINT).author
    return prove_beside(signer, beside, own_case=case, opener=keys.author.sign_key)


def _raise_concern(
    concern: Concern,
    code: Code,
    lane: Lane,
    sealed_by: SealedBy,
    case: bytes,
    beside: bytes | None,
    *,
    item_id: bytes,
) -> Submission:
    if not 1 <= len(concern.readers) <= MOST_READERS:
        raise ValueError("1 to 20 readers")
    keys = lane_keys(code, lane)
    item = _opening_item(concern, code, keys, lane, sealed_by, case, beside)
    file = seal_item(item, keys.author, keys.identity.recipient)
    grant = Grant(case, 0, lane, keys.identity, keys.author.sign_key)
    grants = [SealedGrant(card.key_id, seal_grant(grant, card.recipient)) for card in concern.readers]
    return Submission(
        body=concern.about.body,
        case=case,
        lane=lane,
        recipient=keys.identity.recipient,
        locator_hash=locator_hash(keys.locator),
        grants=in_wire_order(grants),
        item=SealedItem(item_id, FIRST, file, blobs_of(concern.files)),
    )
