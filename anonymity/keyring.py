"""A recipient's private keys, stored only as an age file that ten recovery words open (FORMAT.md section 5)."""

from functools import cached_property

from anonymity.age import open_sealed, seal
from anonymity.encoding import from_b64u, from_json, to_b64u, to_json, whole
from anonymity.errors import CannotOpen
from anonymity.fingerprint import Card
from anonymity.keys import Author, Identity, draw_seed
from anonymity.plaintext import Secret
from anonymity.receipt import Code, recovery_identity

KEYRING_SIZE = 512
_KEYS = frozenset({"v", "age", "ed25519"})


class Keyring:
    """An age identity, which opens grants, and an Ed25519 key, which signs items."""

    def __init__(self, identity: Identity, author: Author) -> None:
        self.identity = identity
        self.author = author

    @cached_property
    def card(self) -> Card:
        """The public half, which the portal shows."""
        return Card(self.identity.recipient, self.author.sign_key)

    def __repr__(self) -> str:
        return "<Keyring>"


def draw_keyring() -> Keyring:
    """A keyring of two fresh seeds, which come from no words."""
    return Keyring(Identity(draw_seed()), Author(draw_seed()))


def seal_keyring(keyring: Keyring, recovery: Code) -> bytes:
    """The keyring as an age file (2,171 bytes) that the recovery words open."""
    content = {
        "v": 1,
        "age": keyring.identity.to_text().reveal().decode("ascii"),
        "ed25519": to_b64u(keyring.author.seed.reveal()),
    }
    return seal(to_json(content), recovery_identity(recovery).recipient, size=KEYRING_SIZE)


def open_keyring(file: bytes, recovery: Code, *, card: Card) -> Keyring:
    """The keyring behind the recovery words. Raises CannotOpen, also if it is not the one of this public card."""
    members = from_json(open_sealed(file, recovery_identity(recovery), size=KEYRING_SIZE), keys=_KEYS)
    whole(members["v"], 1, 1)
    if type(members["age"]) is not str:
        raise CannotOpen
    identity = Identity.from_text(Secret(members["age"].encode("utf-8")))
    keyring = Keyring(identity, Author(Secret(from_b64u(members["ed25519"], 32))))
    if keyring.card != card:
        raise CannotOpen
    return keyring
