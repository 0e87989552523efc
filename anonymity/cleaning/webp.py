"""WebP: the picture's own chunks are written anew, everything else goes (CLEANING.md section 6)."""

import struct
from collections.abc import Iterator

from anonymity.cleaning import exif, xmp
from anonymity.cleaning.colour import DISPLAY_P3, is_display_p3
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.source import Source

_ICC, _ALPHA, _EXIF, _XMP, _ANIMATED = 0x20, 0x10, 0x08, 0x04, 0x02
_MOST_CHUNKS, _MOST_LOOKED_AT = 1000, 1 << 20
_ORIENTED = len(exif.orientation_only(1))


def clean(source: Source) -> Iterator[bytes]:
    """The picture without anything that is not the picture."""
    name, size, form = struct.unpack("<4sI4s", source.take(12))
    sound(name == b"RIFF" and form == b"WEBP" and size >= 12)
    yield from _Picture(source, size - 4).chunks()
    if source.drain():
        source.found.add(Found.TRAILING_DATA)


class _Picture:
    """What has been seen of one picture so far; `left` bytes of its container are to come."""

    def __init__(self, source: Source, left: int) -> None:
        self._source = source
        self._left = left
        self._flags: int | None = None
        self._canvas = b""
        self._colour = b""
        self._alpha = b""
        self._orientation = 1

    def chunks(self) -> Iterator[bytes]:
        size = 0
        for _ in range(_MOST_CHUNKS):
            name, size = self._head()
            if name in (b"VP8 ", b"VP8L"):
                break
            self._before(name, size)
        else:
            raise CannotClean(Reason.TOO_COMPLEX)
        yield from self._image(name, size)
        for _ in range(_MOST_CHUNKS):
            if self._left < 8:
                break
            name, size = self._head()
            sound(name not in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANMF"))
            self._dropped(name, size)
        sound(self._left < 8)
        self._source.skip(len(self._source.peek(max(self._left, 0))))
        if self._flags is not None and self._flags & _EXIF:
            yield _chunk(b"EXIF", exif.orientation_only(self._orientation))

    def _head(self) -> tuple[bytes, int]:
        name, size = struct.unpack("<4sI", self._source.take(8))
        self._left -= 8 + size + size % 2
        sound(self._left >= -1)
        return name, size

    def _before(self, name: bytes, size: int) -> None:
        if name == b"VP8X":
            sound(self._flags is None and size == 10)
            body = self._source.take(10)
            self._flags, self._canvas = body[0], body[4:]
        elif name in (b"ANIM", b"ANMF"):
            raise CannotClean(Reason.ANIMATION)
        elif name == b"ALPH":
            sound(self._flags is not None and not self._alpha and size <= 16 << 20)
            self._alpha = _chunk(b"ALPH", b"".join(self._source.pieces(size)))
            self._source.skip(size % 2)
        elif name == b"ICCP":
            self._source.found.add(Found.COLOUR_PROFILE)
            wide = is_display_p3(self._source.peek(min(size, _MOST_LOOKED_AT)))
            self._colour = _chunk(b"ICCP", DISPLAY_P3) if wide and self._flags is not None else b""
            self._source.skip(size + size % 2)
        else:
            self._dropped(name, size)

    def _image(self, name: bytes, size: int) -> Iterator[bytes]:
        sound(size >= 10)
        _dimensions(name, self._source.peek(10), self._canvas)
        before = self._colour + self._alpha
        if self._flags is not None:
            if self._flags & _ANIMATED:
                raise CannotClean(Reason.ANIMATION)
            flags = (self._flags & (_ALPHA | _EXIF)) | (_ICC if self._colour else 0)
            before = _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + self._canvas) + before
        behind = _ORIENTED + 8 if self._flags is not None and self._flags & _EXIF else 0
        whole = 4 + len(before) + 8 + size + size % 2 + behind
        yield b"RIFF" + struct.pack("<I", whole) + b"WEBP" + before + name + struct.pack("<I", size)
        yield from self._source.pieces(size)
        self._padding(size)
        yield b"\0" * (size % 2)

    def _dropped(self, name: bytes, size: int) -> None:
        start = self._source.peek(min(size, _MOST_LOOKED_AT))
        if name == b"EXIF":
            self._orientation = exif.read(start.removeprefix(b"Exif\0\0"), self._source.found)
        elif name == b"XMP ":
            xmp.read(start, self._source.found)
        else:
            self._source.found.add(Found.HIDDEN_PARTS)
        self._source.skip(size)
        self._padding(size)

    def _padding(self, size: int) -> None:
        """Some programmes leave out the last padding byte."""
        if size % 2:
            self._source.skip(min(1, len(self._source.peek(1))))


def _dimensions(name: bytes, start: bytes, canvas: bytes) -> None:
    if name == b"VP8 ":
        sound(start[3:6] == b"\x9d\x01\x2a" and not start[0] & 1)
        width, height = (value & 0x3FFF for value in struct.unpack("<HH", start[6:10]))
    else:
        sound(start[:1] == b"\x2f")
        bits = int.from_bytes(start[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sound(width and height)
    if canvas:
        sound((width, height) == tuple(int.from_bytes(canvas[at : at + 3], "little") + 1 for at in (0, 3)))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
