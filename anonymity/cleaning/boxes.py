"""The boxes of an MP4 file: reading those inside others, writing them (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator

from anonymity.cleaning.outcome import CannotClean, Reason, sound

_MOST = 10_000


def box(name: bytes, *parts: bytes) -> bytes:
    """A box around its parts."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, name) + body


def inside(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes that stand in another, each with its name and its body."""
    at = 0
    for _ in range(_MOST):
        if len(body) - at < 8:
            sound(not body[at:].strip(b"\0"))
            return
        size, name = struct.unpack_from(">I4s", body, at)
        head = 8
        if size == 1:
            sound(len(body) - at >= 16)
            size, head = int.from_bytes(body[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(body) - at
        sound(head <= size <= len(body) - at)
        yield name, body[at + head : at + size]
        at += size
    raise CannotClean(Reason.TOO_COMPLEX)


def first(body: bytes, *path: bytes) -> bytes:
    """The body of the first box along a path, which must be there."""
    for name in path:
        body = next((found for named, found in inside(body) if named == name), None) or _missing()
    return body


def table(body: bytes, width: int, *, before: int = 4) -> tuple[int, bytes]:
    """The count of a table (after version, flags and `before` - 4 more bytes) and exactly its lines."""
    sound(len(body) >= before + 4)
    count = int.from_bytes(body[before : before + 4], "big")
    lines = body[before + 4 : before + 4 + count * width]
    sound(count * width <= len(body) and len(lines) == count * width)
    return count, lines


def _missing() -> bytes:
    raise CannotClean(Reason.DAMAGED)
