"""People's words at rest: AES-256-GCM under keys that are not in the database.

A sealed value is ``version (1) | length of key id (1) | key id | nonce (12) | ciphertext and tag``. The row and column
that a value belongs to are bound as associated data, so a value moved to another row does not open. The first key of
the settings seals; every listed key opens, so keys rotate by putting a new one first.
"""

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.core import ids
from portal.core.errors import PortalError, SettingsError
from portal.core.text import Words

VERSION = 1
CHUNK = 64 * 1024
_TAG = 16


class VaultError(PortalError):
    """A sealed value did not open: wrong key, wrong row, or changed."""


class Vault:
    """Seals and opens. ``context`` is ``table.column:row id``."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise SettingsError("PORTAL_VAULT_KEYS names no key")
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self._active = next(iter(keys))

    def seal(self, words: Words | bytes, *, context: str) -> bytes:
        """Seal words or bytes for one row."""
        plain = words.reveal().encode() if isinstance(words, Words) else words
        nonce = ids.random_bytes(12)
        return self._head() + nonce + self._keys[self._active].encrypt(nonce, plain, context.encode())

    def open_bytes(self, sealed: bytes, *, context: str) -> bytes:
        """Open what ``seal`` made for the same row; raises VaultError."""
        name, start = self._read_head(sealed)
        try:
            return self._keys[name].decrypt(sealed[start : start + 12], sealed[start + 12 :], context.encode())
        except (InvalidTag, ValueError):
            raise VaultError("a sealed value did not open") from None

    def open_words(self, sealed: bytes, *, context: str) -> Words:
        return Words(self.open_bytes(sealed, context=context).decode())

    def key_of(self, sealed: bytes) -> str:
        """The id of the key that a value is sealed under, for rotation."""
        return self._read_head(sealed)[0]

    def seal_stream(self, context: str) -> "StreamSeal":
        """A seal for bytes that arrive in pieces; nothing waits in clear longer than a chunk."""
        return StreamSeal(self._head(), self._keys[self._active], context)

    def open_stream(self, source: "Source", *, context: str) -> Iterator[bytes]:
        """The pieces of a stream; raises VaultError at the first that is changed, moved or missing."""
        head = source.read(2)
        if len(head) != 2 or head[0] != VERSION:
            raise VaultError("a sealed stream did not open")
        key = self._keys.get(source.read(head[1]).decode("ascii", "replace"))
        prefix = source.read(8)
        if key is None or len(prefix) != 8:
            raise VaultError("a sealed stream did not open")
        yield from _pieces(source, key, prefix, context)

    def _head(self) -> bytes:
        return bytes([VERSION, len(self._active)]) + self._active.encode()

    def _read_head(self, sealed: bytes) -> tuple[str, int]:
        if len(sealed) < 2 or sealed[0] != VERSION:
            raise VaultError("a sealed value did not open")
        end = 2 + sealed[1]
        name = sealed[2:end].decode("ascii", "replace")
        if name not in self._keys:
            raise VaultError("a sealed value did not open")
        return name, end


class Source(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


class StreamSeal:
    """Chunked AES-GCM: a chunk's number and whether it is the last are in its nonce: none can be moved or cut off."""

    def __init__(self, head: bytes, key: AESGCM, context: str) -> None:
        self._key, self._context = key, context.encode()
        self._prefix = ids.random_bytes(8)
        self._head = head + self._prefix
        self._waiting, self._number = bytearray(), 0

    def add(self, piece: bytes) -> bytes:
        """Take a piece, give what is ready to be stored."""
        self._waiting += piece
        out = bytearray(self._take_head())
        while len(self._waiting) > CHUNK:
            out += self._one(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return bytes(out)

    def end(self) -> bytes:
        """The last chunk."""
        return self._take_head() + self._one(bytes(self._waiting), last=True)

    def _take_head(self) -> bytes:
        head, self._head = self._head, b""
        return head

    def _one(self, plain: bytes, *, last: bool) -> bytes:
        sealed = self._key.encrypt(_nonce(self._prefix, self._number, last=last), plain, self._context)
        self._number += 1
        return sealed


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + (number << 1 | last).to_bytes(4, "big")


def _pieces(source: Source, key: AESGCM, prefix: bytes, context: str) -> Iterator[bytes]:
    number, chunk = 0, source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            yield key.decrypt(_nonce(prefix, number, last=not following), chunk, context.encode())
        except (InvalidTag, ValueError):
            raise VaultError("a sealed stream did not open") from None
        if not following:
            return
        number, chunk = number + 1, following


def derive_keys(setting: str, purpose: str) -> tuple[bytes, ...]:
    """Keys for signing, one of each key of PORTAL_VAULT_KEYS: who learns one learns none of those."""
    return tuple(hmac.digest(key, f"porth 1 {purpose}".encode(), "sha256") for key in read_keys(setting).values())


def read_keys(setting: str) -> dict[str, bytes]:
    """``k2:base64,k1:base64`` as in PORTAL_VAULT_KEYS: the first seals, all open; each is 32 bytes."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in setting.split(","))):
        name, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not name.isalnum() or not name.isascii() or len(name) > 16 or len(key) != 32 or name in keys:
            raise SettingsError(
                "PORTAL_VAULT_KEYS must be like name:base64 with 32 bytes each, separated by commas, names different"
            )
        keys[name] = key
    if not keys:
        raise SettingsError("PORTAL_VAULT_KEYS names no key; make one with: porth check --new-key")
    return keys
