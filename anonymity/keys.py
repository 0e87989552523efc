"""Key pairs: an age identity with its recipient, and an author's Ed25519 key (FORMAT.md sections 2, 4 and 7)."""

import hashlib
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anonymity.dice import draw
from anonymity.encoding import from_bech32, to_bech32
from anonymity.errors import CannotOpen
from anonymity.plaintext import Secret

_MLKEM_BYTES, RECIPIENT_BYTES, SEED_BYTES = 1184, 1216, 32
_RECIPIENT_PREFIX, _IDENTITY_PREFIX = "age1pq", "age-secret-key-pq-"


def hkdf(ikm: bytes, *, salt: bytes, info: bytes) -> bytes:
    """32 bytes of HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(ikm)


def draw_seed() -> Secret:
    """32 fresh random bytes."""
    return Secret(draw(SEED_BYTES))


def _seed(seed: Secret) -> bytes:
    octets = seed.reveal()
    if len(octets) != SEED_BYTES:
        raise ValueError("a seed is 32 bytes")
    return octets


class Recipient:
    """The public half that something is sealed to: 1,216 bytes, ML-KEM-768 key then X25519 key (X-Wing)."""

    def __init__(self, octets: bytes) -> None:
        """Raises CannotOpen unless both halves are well formed (FIPS 203 section 7.2 for the first)."""
        if len(octets) != RECIPIENT_BYTES:
            raise CannotOpen
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(octets[:_MLKEM_BYTES])
            self.key = MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(octets[_MLKEM_BYTES:]))
        except ValueError:
            raise CannotOpen from None
        self.octets = octets

    @classmethod
    def from_text(cls, text: object) -> "Recipient":
        """Reads `age1pq1…` (1,959 characters)."""
        found = cls(from_bech32(_RECIPIENT_PREFIX, text, RECIPIENT_BYTES))
        found.__dict__["text"] = text  # there is one spelling, and it has just been read
        return found

    @cached_property
    def text(self) -> str:
        """The recipient as `age1pq1…`."""
        return to_bech32(_RECIPIENT_PREFIX, self.octets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipient) and other.octets == self.octets

    def __hash__(self) -> int:
        return hash(self.octets)


class Identity:
    """The private half: a 32-byte seed, expanded with SHAKE256 to 64 bytes of ML-KEM-768 seed and an X25519 key.

    Source: C2SP `age.md` (mlkem768x25519), draft-connolly-cfrg-xwing-kem.
    """

    def __init__(self, seed: Secret) -> None:
        self.seed = seed
        octets = hashlib.shake_256(_seed(seed)).digest(96)
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(octets[:64])
        self._x25519 = X25519PrivateKey.from_private_bytes(octets[64:])
        self.key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def from_text(cls, text: Secret) -> "Identity":
        """Reads the ASCII of `AGE-SECRET-KEY-PQ-1…` (77 characters, upper case only). Raises CannotOpen."""
        try:
            spelling = text.reveal().decode("ascii")
        except ValueError:
            raise CannotOpen from None
        if spelling != spelling.upper():
            raise CannotOpen
        return cls(Secret(from_bech32(_IDENTITY_PREFIX, spelling.lower(), SEED_BYTES)))

    def to_text(self) -> Secret:
        """The ASCII of `AGE-SECRET-KEY-PQ-1…`, as any age tool reads it."""
        return Secret(to_bech32(_IDENTITY_PREFIX, self.seed.reveal()).upper().encode("ascii"))

    @cached_property
    def recipient(self) -> Recipient:
        """The public half."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return Recipient(mlkem + self._x25519.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return "<Identity>"


class Author:
    """Who signs items: an Ed25519 key (RFC 8032) from a 32-byte seed. `sign_key` is the public half, 32 bytes."""

    def __init__(self, seed: Secret) -> None:
        self.seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(_seed(seed))
        self.sign_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """A 64-byte signature."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return "<Author>"


def check_signature(sign_key: bytes, signature: bytes, message: bytes) -> None:
    """Raises CannotOpen unless the signature is this key's over this message. A key of small order signs anything."""
    if sign_key[:31] + bytes([sign_key[31] & 0x7F]) in _SMALL_ORDER:
        raise CannotOpen
    try:
        Ed25519PublicKey.from_public_bytes(sign_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise CannotOpen from None


_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)
"""The points of order 1, 2, 4 and 8 with the sign bit cleared, non-canonical spellings too (as in libsodium)."""
