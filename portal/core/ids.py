"""The only drawer of randomness outside ``anonymity``. No identifier says when or in which order it was made."""

import base64
import hashlib
import secrets  # noqa: TID251 - the one place that draws
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

_REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_id() -> str:
    """A row's identifier: 128 random bits as 26 lower-case base32 characters."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def new_reference(prefix: str) -> str:
    """A reference for people to read out: ``AC-7K2M-93QX``; 28**8 values, no vowel, no 0, 1, I, L or O."""
    drawn = "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(8))
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"


def new_code(length: int) -> str:
    """A short code from the same letters, for a poster or a list."""
    return "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(length))


def new_token() -> str:
    """A secret for a link or a session: 256 random bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def random_bytes(count: int) -> bytes:
    """Random bytes, for nonces, masks and keys."""
    return secrets.token_bytes(count)


def random_below(limit: int) -> int:
    """A random number from 0 up to, and without, the limit."""
    return secrets.randbelow(limit)


def in_random_order(things: Iterable[T]) -> list[T]:
    """The things, shuffled by what nobody can foresee."""
    shuffled = list(things)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def token_hash(token: str) -> bytes:
    """What the database keeps of a token: its SHA-256, so that a stolen database opens no door."""
    return hashlib.sha256(token.encode()).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compare two secrets in constant time."""
    return secrets.compare_digest(one, other)
