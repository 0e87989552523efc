"""PNG: the picture's own chunks are written anew, everything else goes (CLEANING.md section 6)."""

import struct
import zlib
from collections.abc import Iterator

from anonymity.cleaning import exif, xmp
from anonymity.cleaning.colour import DISPLAY_P3, is_display_p3
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.source import PIECE, Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_MOST_CHUNKS, _MOST_HEAD, _MOST_PIXELS = 100_000, 1 << 20, 1 << 28
_MOST_LOOKED_AT, _STEP = 1 << 16, 1 << 18
_TEXTS = {
    b"Author": Found.AUTHOR,
    b"Creation Time": Found.DATES,
    b"Software": Found.SOFTWARE,
    b"Source": Found.DEVICE,
    b"Comment": Found.COMMENTS,
}
_PLAIN = {b"tIME": Found.DATES, b"acTL": Found.OTHER_PICTURES, b"fdAT": Found.OTHER_PICTURES}
_HARMLESS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD", b"hIST", b"fcTL"})


def clean(source: Source) -> Iterator[bytes]:
    """The picture without anything that is not the picture."""
    sound(source.take(8) == SIGNATURE)
    yield SIGNATURE
    yield from _Picture(source).chunks()
    if source.drain():
        source.found.add(Found.TRAILING_DATA)


class _Picture:
    """What has been seen of one picture so far."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._expected = 0
        self._colour_type = 0
        self._before: dict[bytes, bytes] = {}
        self._pixels: _Pixels | None = None

    def chunks(self) -> Iterator[bytes]:
        for _ in range(_MOST_CHUNKS):
            size, name = struct.unpack(">I4s", self._source.take(8))
            sound(size < 1 << 31)
            if name == b"IHDR" or not self._expected:
                yield self._header(name, size)
            elif name == b"IDAT":
                yield from self._data(size)
            elif name == b"IEND":
                sound(size == 0 and self._pixels is not None)
                self._checksum(zlib.crc32(name))
                yield from self._end()
                return
            else:
                self._other(name, size)
        raise CannotClean(Reason.TOO_COMPLEX)

    def _header(self, name: bytes, size: int) -> bytes:
        sound(name == b"IHDR" and size == 13 and not self._expected)
        body = self._body(name, size)
        width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", body)
        sound(0 < width < 65_536 and 0 < height < 65_536 and depth in _CHANNELS.get(colour, ()))
        sound(packing == filtering == 0 and interlace <= 1)
        self._colour_type = colour
        self._expected = _inflated_size(width, height, depth * _SAMPLES[colour], interlace)
        if self._expected > _MOST_PIXELS:
            raise CannotClean(Reason.TOO_COMPLEX)
        return _chunk(b"IHDR", body)

    def _data(self, size: int) -> Iterator[bytes]:
        if self._pixels is None:
            self._pixels = _Pixels(self._expected)
            yield from (
                _chunk(name, self._before[name])
                for name in (b"iCCP", b"eXIf", b"PLTE", b"tRNS")
                if name in self._before
            )
            sound(b"PLTE" in self._before or self._colour_type != 3)
        checksum = zlib.crc32(b"IDAT")
        for piece in self._source.pieces(size):
            checksum = zlib.crc32(piece, checksum)
            yield from self._pixels.passed(piece)
        self._checksum(checksum)

    def _end(self) -> Iterator[bytes]:
        sound(self._pixels is not None)
        if self._pixels:
            yield from self._pixels.rest()
            if self._pixels.had_more:
                self._source.found.add(Found.HIDDEN_PARTS)
        yield _chunk(b"IEND", b"")

    def _other(self, name: bytes, size: int) -> None:
        if name in (b"PLTE", b"tRNS"):
            sound(self._pixels is None and name not in self._before and size <= 768)
            body = self._body(name, size)
            sound(name != b"PLTE" or (size and size % 3 == 0))
            self._before[name] = body
        elif name in (b"eXIf", b"iCCP") and name not in self._before and self._pixels is None and size <= _MOST_HEAD:
            self._replaced(name, self._body(name, size))
        else:
            sound(name[0] & 32)
            self._dropped(name, size)

    def _replaced(self, name: bytes, body: bytes) -> None:
        if name == b"eXIf":
            orientation = exif.read(body, self._source.found)
            if orientation > 1:
                self._before[name] = exif.orientation_only(orientation)
            return
        self._source.found.add(Found.COLOUR_PROFILE)
        _, _, packed = body.partition(b"\0")
        if self._colour_type in (2, 3, 6) and is_display_p3(_inflated(packed[1:], _MOST_LOOKED_AT)):
            self._before[name] = b"p\0\0" + zlib.compress(DISPLAY_P3, 0)

    def _dropped(self, name: bytes, size: int) -> None:
        start = self._source.peek(min(size, _MOST_LOOKED_AT))
        self._source.skip(size + 4)
        if name == b"eXIf":
            exif.read(start, self._source.found)
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            self._source.found |= _text(start)
        elif name not in _HARMLESS:
            self._source.found.add(_PLAIN.get(name, Found.HIDDEN_PARTS))

    def _body(self, name: bytes, size: int) -> bytes:
        body = self._source.take(size)
        self._checksum(zlib.crc32(name + body))
        return body

    def _checksum(self, expected: int) -> None:
        sound(self._source.take(4) == struct.pack(">I", expected))


class _Pixels:
    """The compressed picture: counted as it passes, regrouped, and cut where it ends."""

    def __init__(self, expected: int) -> None:
        self._left = expected
        self._inflate = zlib.decompressobj()
        self._waiting = bytearray()
        self.had_more = False

    def passed(self, piece: bytes) -> Iterator[bytes]:
        if self._inflate.eof:
            self.had_more |= bool(piece)
            return
        self._count(piece)
        if behind := len(self._inflate.unused_data):
            self.had_more = True
            piece = piece[:-behind]
        self._waiting += piece
        if len(self._waiting) >= PIECE:
            yield _chunk(b"IDAT", bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def rest(self) -> Iterator[bytes]:
        sound(self._inflate.eof and self._left == 0)
        if self._waiting:
            yield _chunk(b"IDAT", bytes(self._waiting))

    def _count(self, piece: bytes) -> None:
        size = _STEP
        while piece or size == _STEP:
            try:
                size = len(self._inflate.decompress(piece, _STEP))
            except zlib.error:
                raise CannotClean(Reason.DAMAGED) from None
            self._left -= size
            sound(self._left >= 0)
            piece = self._inflate.unconsumed_tail


def _inflated_size(width: int, height: int, bits: int, interlace: int) -> int:
    passes = _ADAM7 if interlace else ((0, 0, 1, 1),)
    size = 0
    for left, top, across, down in passes:
        columns, rows = -((left - width) // across), -((top - height) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * bits + 7) // 8)
    return size


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def _text(start: bytes) -> set[Found]:
    keyword, _, rest = start.partition(b"\0")
    if keyword == b"XML:com.adobe.xmp":
        found: set[Found] = set()
        packed = rest[:1] == b"\x01"
        packet = rest[2:].split(b"\0", 2)[-1]
        xmp.read(_inflated(packet, _MOST_LOOKED_AT) if packed else packet, found)
        return found
    return {_TEXTS.get(keyword, Found.DESCRIPTION)}


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
