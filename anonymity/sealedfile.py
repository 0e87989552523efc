"""Files of a concern: sealed while they arrive, opened while they are read, in constant memory (FORMAT.md section 2).

Content, then zeros up to the smallest class that holds it, as one age file. Its true length and the hash of the age
file stand in the item that names it. Nothing that was opened may be shown before the iterator has ended.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from anonymity.age import CHUNK, HEADER_BYTES, Encryption, check_header, decrypt, sealed_size
from anonymity.attachment import BLOB_BYTES, LARGEST_FILE
from anonymity.dice import draw
from anonymity.errors import CannotOpen
from anonymity.grant import CASE_BYTES
from anonymity.keys import Identity, Recipient

FILE_CLASSES = (65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, LARGEST_FILE)
SEALED_CLASSES = {sealed_size(size): size for size in FILE_CLASSES}
LARGEST_SEALED = sealed_size(LARGEST_FILE)
FRAME_BYTES = BLOB_BYTES + CASE_BYTES
LONGEST_UPLOAD = FRAME_BYTES + LARGEST_SEALED
_ZEROS = bytes(CHUNK)


class WrongSize(ValueError):
    """A file that is empty, or larger than 64 MiB."""


def class_of(size: int) -> int:
    """The smallest class that holds a content of this size. WrongSize if none does."""
    if size < 1:
        raise WrongSize
    for one in FILE_CLASSES:
        if size <= one:
            return one
    raise WrongSize


def draw_blob() -> bytes:
    """An id under which the server is to keep a file: 16 random bytes."""
    return draw(BLOB_BYTES)


@dataclass(frozen=True)
class Measured:
    """What an item must say of a file that was sealed: the true size, and the SHA-256 of the whole age file."""

    size: int
    hash: bytes = field(repr=False)


class FileSealer:
    """Seals one file while it arrives: `begin()`, `take(chunk)` as often as there are chunks, `finish()`.

    Each gives out pieces of the age file; every iterator has to be exhausted before the next call. After `finish()` is
    through, `measured` tells what the item must say.
    """

    def __init__(self, recipient: Recipient) -> None:
        self._encryption, self._hash, self._size, self._is_done = Encryption([recipient]), hashlib.sha256(), 0, False

    @property
    def measured(self) -> Measured:
        """Size and hash. ValueError before the end."""
        if not self._is_done:
            raise ValueError("the file is not sealed to its end")
        return Measured(self._size, self._hash.digest())

    def begin(self) -> Iterator[bytes]:
        """The header."""
        yield self._given(self._encryption.header)

    def take(self, chunk: bytes) -> Iterator[bytes]:
        """What can be given out now. WrongSize as soon as the content is too large."""
        self._size += len(chunk)
        if self._size > LARGEST_FILE:
            raise WrongSize
        yield from map(self._given, self._encryption.take(chunk))

    def finish(self) -> Iterator[bytes]:
        """The rest: the zeros up to the class, and the last chunk. WrongSize for an empty content."""
        missing = class_of(self._size) - self._size
        while missing:
            zeros = _ZEROS[:missing]
            missing -= len(zeros)
            yield from map(self._given, self._encryption.take(zeros))
        yield self._given(self._encryption.finish())
        self._is_done = True

    def _given(self, piece: bytes) -> bytes:
        self._hash.update(piece)
        return piece


def seal_file(content: Iterable[bytes], sealer: FileSealer) -> Iterator[bytes]:
    """The whole age file of a content, piece by piece; then `sealer.measured` holds. WrongSize, also midway."""
    yield from sealer.begin()
    for chunk in content:
        yield from sealer.take(chunk)
    yield from sealer.finish()


def open_file(file: Iterable[bytes], identity: Identity, *, size: int, expected_hash: bytes) -> Iterator[bytes]:
    """The content of an age file, `size` bytes of it, piece by piece. Raises CannotOpen, also at the very end.

    Checked are the class, every chunk, the zeros behind the content and the hash. What came before the end was
    reached is authentic, but whether it is this file is known only then.
    """
    if not 1 <= size <= LARGEST_FILE or len(expected_hash) != hashlib.sha256().digest_size:
        raise CannotOpen
    hashed = hashlib.sha256()
    left, padding = size, class_of(size) - size
    for chunk in decrypt(_watched(file, class_of(size), hashed.update), identity, most=class_of(size)):
        content = chunk[:left]
        left -= len(content)
        if chunk[len(content) :].strip(b"\0"):
            raise CannotOpen
        padding -= len(chunk) - len(content)
        if content:
            yield content
    if left or padding or not hmac.compare_digest(hashed.digest(), expected_hash):
        raise CannotOpen


def check_file_shape(file: Iterable[bytes]) -> Iterator[bytes]:
    """Passes the pieces on while looking whether they make up an age file of one of the classes with one stanza.

    It needs no key. Raises CannotOpen: at once if the header is wrong or it grows too long, at the end if its length is
    no class. Nothing is kept but the header.
    """
    head, length = b"", 0
    for piece in file:
        length += len(piece)
        if length > LARGEST_SEALED:
            raise CannotOpen
        if len(head) < HEADER_BYTES:
            head += piece[: HEADER_BYTES - len(head)]
            if len(head) == HEADER_BYTES:
                check_header(head)
        yield piece
    if length not in SEALED_CLASSES:
        raise CannotOpen


@dataclass(frozen=True)
class Upload:
    """A file on its way to the server: under which id, for which case, and the pieces of the age file."""

    blob: bytes
    case: bytes
    file: Iterator[bytes] = field(repr=False, compare=False)

    def frame(self) -> Iterator[bytes]:
        """As it goes over the wire."""
        yield self.blob + self.case
        yield from self.file


def read_upload(pieces: Iterable[bytes]) -> Upload:
    """An upload from the wire. Its `file` checks the shape while it is read (`check_file_shape`). Raises CannotOpen."""
    source, head = iter(pieces), b""
    while len(head) < FRAME_BYTES:
        piece = next(source, None)
        if piece is None:
            raise CannotOpen
        head += piece
    rest = _first_then(head[FRAME_BYTES:], source)
    return Upload(head[:BLOB_BYTES], head[BLOB_BYTES:FRAME_BYTES], check_file_shape(rest))


def _first_then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _watched(file: Iterable[bytes], size: int, see: Callable[[bytes], None]) -> Iterator[bytes]:
    """The pieces of an age file of exactly this class, each seen on its way."""
    left = sealed_size(size)
    for piece in file:
        left -= len(piece)
        if left < 0:
            raise CannotOpen
        see(piece)
        yield piece
    if left:
        raise CannotOpen
