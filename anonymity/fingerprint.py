"""A recipient's public key card, its key id, and the six words to compare with a poster (FORMAT.md section 5)."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from anonymity.encoding import from_b64u, from_json, to_b64u, to_json, whole
from anonymity.keys import Recipient
from anonymity.words import COUNT, word_list

LONGEST_CARD = 2_100
KEY_ID_BYTES = SIGN_KEY_BYTES = 32
_KEY_LABEL, _WORDS, _BITS = b"porth:v1:key\0", 6, 66
_KEYS = frozenset({"v", "recipient", "sign"})


@dataclass(frozen=True)
class Card:
    """The public half of a recipient person's keys: what to seal to, and what their items are signed with."""

    recipient: Recipient
    sign_key: bytes

    @cached_property
    def key_id(self) -> bytes:
        """32 bytes that name exactly these two keys."""
        return hashlib.sha256(_KEY_LABEL + self.recipient.octets + self.sign_key).digest()

    def to_json(self) -> bytes:
        """The card as canonical JSON."""
        return to_json({"v": 1, "recipient": self.recipient.text, "sign": to_b64u(self.sign_key)})


def read_card(octets: bytes) -> Card:
    """A card from its canonical JSON. Raises CannotOpen."""
    members = from_json(octets[: LONGEST_CARD + 1], keys=_KEYS)
    whole(members["v"], 1, 1)
    return Card(Recipient.from_text(members["recipient"]), from_b64u(members["sign"], SIGN_KEY_BYTES))


def fingerprint(key_id: bytes, lang: str) -> tuple[str, ...]:
    """Six words in `cy` or `en` for the first 66 bits of a key id. ValueError unless it is 32 bytes."""
    if len(key_id) != KEY_ID_BYTES:
        raise ValueError("a key id is 32 bytes")
    number = int.from_bytes(key_id, "big") >> 8 * KEY_ID_BYTES - _BITS
    listed = word_list(lang)
    return tuple(listed[number >> 11 * (_WORDS - 1 - i) & COUNT - 1] for i in range(_WORDS))
