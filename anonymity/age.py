"""age v1 files for hybrid post-quantum recipients, and no others (FORMAT.md section 2; C2SP `age.md`).

Whole files are bounded by a size class; long ones are streamed in chunks of 64 KiB, in constant memory.
A streamed plaintext is authentic as far as it has come, and complete only when the iterator ends without an error.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from anonymity.dice import draw
from anonymity.encoding import pad, unpad
from anonymity.errors import CannotOpen
from anonymity.keys import Identity, Recipient, hkdf

CHUNK, TAG, FILE_KEY_BYTES, NONCE_BYTES, MAX_STANZAS = 65_536, 16, 16, 16, 32
_VERSION, _STANZA, _MAC = b"age-encryption.org/v1\n", b"-> mlkem768x25519 ", b"---"
_ENC_BYTES, _BODY_BYTES = 1_120, 32
HEADER_BYTES = 1_627
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def sealed_size(plaintext_bytes: int, *, stanzas: int = 1) -> int:
    """How many bytes the age file of a plaintext has."""
    return 70 + 1_557 * stanzas + NONCE_BYTES + plaintext_bytes + TAG * max(1, -(-plaintext_bytes // CHUNK))


def seal(content: bytes, recipient: Recipient, *, size: int) -> bytes:
    """The content, padded to its size class, as an age file for one recipient. ValueError if it does not fit."""
    return b"".join(encrypt([pad(content, size)], [recipient]))


def open_sealed(file: bytes, identity: Identity, *, size: int) -> bytes:
    """The content of an age file of exactly this size class with one stanza. Raises CannotOpen."""
    if len(file) != sealed_size(size):
        raise CannotOpen
    return unpad(b"".join(decrypt([file], identity, most=size)), size)


def check_shape(file: bytes, *, size: int) -> None:
    """Raises CannotOpen unless these bytes look like an age file of this size class with one stanza.

    It needs no key: the portal checks with it what it stores and cannot read.
    """
    if len(file) != sealed_size(size) or len(_Header(_Source([file])).stanzas) != 1:
        raise CannotOpen


def encrypt(chunks: Iterable[bytes], recipients: Sequence[Recipient]) -> Iterator[bytes]:
    """The age file of a stream of bytes for 1 to 32 recipients, piece by piece.

    A fresh file key and nonce each time. ValueError for no or too many recipients, CannotOpen for an unusable one.
    """
    return _encrypted(chunks, Encryption(recipients))


def _encrypted(chunks: Iterable[bytes], encryption: "Encryption") -> Iterator[bytes]:
    yield encryption.header
    for chunk in chunks:
        yield from encryption.take(chunk)
    yield encryption.finish()


class Encryption:
    """An age file in the making, for content that arrives piece by piece. Begins with `header`."""

    def __init__(self, recipients: Sequence[Recipient]) -> None:
        """ValueError for no or too many recipients, CannotOpen for an unusable one."""
        if not 1 <= len(recipients) <= MAX_STANZAS:
            raise ValueError("1 to 32 recipients")
        file_key, nonce = draw(FILE_KEY_BYTES), draw(NONCE_BYTES)
        covered = _VERSION + b"".join(_stanza(file_key, recipient) for recipient in recipients) + _MAC
        self.header = covered + b" " + _base64(_mac(file_key, covered)) + b"\n" + nonce
        self._cipher = ChaCha20Poly1305(_payload_key(file_key, nonce))
        self._held, self._counter = bytearray(), 0

    def take(self, content: bytes) -> Iterator[bytes]:
        """What can be sealed now. A full chunk waits until it is known whether it is the last; exhaust the iterator."""
        self._held += content
        while len(self._held) > CHUNK:
            yield self._sealed(bytes(self._held[:CHUNK]), b"\0")
            del self._held[:CHUNK]

    def finish(self) -> bytes:
        """The last chunk."""
        return self._sealed(bytes(self._held), b"\1")

    def _sealed(self, chunk: bytes, last: bytes) -> bytes:
        nonce = self._counter.to_bytes(11, "big") + last
        self._counter += 1
        return self._cipher.encrypt(nonce, chunk, None)


def decrypt(chunks: Iterable[bytes], identity: Identity, *, most: int) -> Iterator[bytes]:
    """The plaintext of an age file, piece by piece, at most `most` bytes of it. Raises CannotOpen, also midway."""
    source = _Source(chunks)
    header = _Header(source)
    file_key = _file_key(header.stanzas, identity)
    if not hmac.compare_digest(_mac(file_key, header.covered), header.mac):
        raise CannotOpen
    yield from _payload(source, file_key, most)


def check_header(octets: bytes) -> None:
    """Raises CannotOpen unless this is exactly a header with one stanza (1,627 bytes). It needs no key."""
    if len(octets) != HEADER_BYTES or len(_Header(_Source([octets])).stanzas) != 1:
        raise CannotOpen


def _payload(source: "_Source", file_key: bytes, most: int) -> Iterator[bytes]:
    cipher = ChaCha20Poly1305(_payload_key(file_key, source.exactly(NONCE_BYTES)))
    for sealed, stream_nonce in _numbered(source):
        try:
            chunk = cipher.decrypt(stream_nonce, sealed, None)
        except InvalidTag:
            raise CannotOpen from None
        most -= len(chunk)
        if most < 0 or (not chunk and stream_nonce[:11].strip(b"\0")):
            raise CannotOpen  # only a first chunk may be empty
        yield chunk


class _Source:
    """Bytes from an iterable, in the amounts asked for."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._held = iter(chunks), bytearray()

    def up_to(self, size: int) -> bytes:
        while len(self._held) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._held += chunk
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def exactly(self, size: int) -> bytes:
        taken = self.up_to(size)
        if len(taken) != size:
            raise CannotOpen
        return taken


class _Header:
    """A header read strictly: every line has one spelling and one length, so nothing unbounded is ever held."""

    def __init__(self, source: _Source) -> None:
        self.stanzas: list[tuple[bytes, bytes]] = []
        self.covered = source.exactly(len(_VERSION))
        if self.covered != _VERSION:
            raise CannotOpen
        while (mark := source.exactly(len(_MAC))) != _MAC:
            if mark + (rest := source.exactly(len(_STANZA) - len(_MAC))) != _STANZA or len(self.stanzas) == MAX_STANZAS:
                raise CannotOpen
            enc_line, enc = _line(source, _ENC_BYTES)
            body_line, body = _line(source, _BODY_BYTES)
            self.stanzas.append((enc, body))
            self.covered += mark + rest + enc_line + body_line
        if not self.stanzas or source.exactly(1) != b" ":
            raise CannotOpen
        self.covered += _MAC
        self.mac = _line(source, 32)[1]


def _line(source: _Source, size: int) -> tuple[bytes, bytes]:
    """A line of canonical base64 and the `size` bytes it stands for."""
    line = source.exactly(-(-size * 4 // 3) + 1)
    try:
        octets = base64.b64decode(line[:-1] + b"=" * (-len(line[:-1]) % 4), validate=True)
    except binascii.Error:
        raise CannotOpen from None
    if _base64(octets) + b"\n" != line:
        raise CannotOpen
    return line, octets


def _base64(octets: bytes) -> bytes:
    return base64.b64encode(octets).rstrip(b"=")


def _stanza(file_key: bytes, recipient: Recipient) -> bytes:
    try:
        wrapped = _SUITE.encrypt(file_key, recipient.key, info=_INFO)
    except ValueError:  # an X25519 point of small order
        raise CannotOpen from None
    return _STANZA + _base64(wrapped[:_ENC_BYTES]) + b"\n" + _base64(wrapped[_ENC_BYTES:]) + b"\n"


def _file_key(stanzas: list[tuple[bytes, bytes]], identity: Identity) -> bytes:
    for enc, body in stanzas:
        try:
            return _SUITE.decrypt(enc + body, identity.key, info=_INFO)  # 16 bytes, since the body line is 32
        except (InvalidTag, ValueError):
            continue
    raise CannotOpen


def _mac(file_key: bytes, covered: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, salt=b"", info=b"header"), covered, "sha256")


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return hkdf(file_key, salt=nonce, info=b"payload")


def _numbered(source: _Source) -> Iterator[tuple[bytes, bytes]]:
    """The stream cut into chunks, each with its nonce: an 11-byte counter, then 1 for the last chunk."""
    chunk, counter = source.up_to(CHUNK + TAG), 0
    while True:
        following = source.up_to(CHUNK + TAG)
        yield chunk, counter.to_bytes(11, "big") + (b"\0" if following else b"\1")
        if not following:
            return
        chunk, counter = following, counter + 1
