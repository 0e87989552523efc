"""JPEG: tables and scans are passed on as they are, everything else goes (CLEANING.md section 6)."""

import re
import struct
from collections.abc import Callable, Iterator

from anonymity.cleaning import exif, xmp
from anonymity.cleaning.colour import DISPLAY_P3, is_display_p3
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.source import PIECE, Source

_SOI, _EOI, _SOS, _DQT, _DHT, _DRI, _COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
_APP0, _APP1, _APP2, _APP13, _APP14 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_MARKER_INSIDE_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_MOST_SEGMENTS, _MOST_SCANS = 1000, 200
_PLAIN_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


def clean(source: Source) -> Iterator[bytes]:
    """The picture without anything that is not the picture."""
    sound(source.take(2) == b"\xff\xd8")
    yield b"\xff\xd8"
    yield from _Picture(source).segments()
    if behind := source.peek(4):
        source.found.add(Found.OTHER_PICTURES if behind[:2] == b"\xff\xd8" else Found.TRAILING_DATA)
        if source.drain() > 4 and behind[:2] == b"\xff\xd8":
            source.found.add(Found.TRAILING_DATA)


class _Picture:
    """What has been seen of one picture so far."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._components: dict[int, int] = {}
        self._written: set[str] = set()
        self._scans = 0

    def segments(self) -> Iterator[bytes]:
        for _ in range(_MOST_SEGMENTS):
            marker = self._marker()
            if marker == _EOI:
                sound(self._scans)
                yield b"\xff\xd9"
                return
            size = int.from_bytes(self._source.take(2), "big") - 2
            sound(size >= 0)
            payload = self._source.take(size)
            yield self._kept(marker, payload)
            if marker == _SOS:
                yield from self._scan()
        raise CannotClean(Reason.TOO_COMPLEX)

    def _marker(self) -> int:
        sound(self._source.take(1) == b"\xff")
        marker = 0xFF
        while marker == 0xFF:
            marker = self._source.take(1)[0]
        sound(marker >= 0xC0 and not 0xD0 <= marker <= _SOI)
        return marker

    def _scan(self) -> Iterator[bytes]:
        self._scans += 1
        sound(self._scans <= _MOST_SCANS)
        while True:
            window = self._source.peek(PIECE)
            sound(len(window) >= 2)
            if end := _MARKER_INSIDE_SCAN.search(window):
                yield self._source.take(end.start())
                return
            yield self._source.take(len(window) - (window[-1] == 0xFF))

    def _kept(self, marker: int, payload: bytes) -> bytes:
        if check := self._checks().get(marker):
            check(payload)
            return _segment(marker, payload)
        if marker in _FRAMES:
            self._frame(payload)
            return _segment(marker, payload)
        sound(marker >= _APP0)
        if marker == _COM:
            self._source.found.add(Found.COMMENTS)
            return b""
        return self._application(marker, payload)

    def _checks(self) -> dict[int, Callable[[bytes], None]]:
        return {_DQT: _quantisation, _DHT: _huffman, _DRI: _restart, _SOS: self._scan_head}

    def _frame(self, payload: bytes) -> None:
        sound(not self._components and len(payload) >= 6)
        precision, height, width, count = struct.unpack_from(">BHHB", payload)
        sound(precision in (8, 12) and height and width and 1 <= count <= 4 and len(payload) == 6 + 3 * count)
        self._components = {payload[at]: payload[at + 2] for at in range(6, len(payload), 3)}
        sound(len(self._components) == count)

    def _scan_head(self, payload: bytes) -> None:
        sound(payload and 1 <= payload[0] <= len(self._components) and len(payload) == 4 + 2 * payload[0])
        sound(all(payload[at] in self._components for at in range(1, len(payload) - 3, 2)))

    def _application(self, marker: int, payload: bytes) -> bytes:
        if marker == _APP14 and payload[:5] == b"Adobe" and len(payload) >= 12:
            return self._once("adobe", _APP14, b"Adobe\0\x64\0\0\0\0" + bytes([min(payload[11], 2)]))
        if marker == _APP0 and payload[:5] == b"JFIF\0":
            if len(payload) > 14:
                self._source.found.add(Found.THUMBNAIL)
            return self._once("jfif", _APP0, _PLAIN_JFIF)
        if marker == _APP1 and payload[:6] == b"Exif\0\0":
            return self._turned(payload[6:])
        if marker == _APP2 and payload[:12] == b"ICC_PROFILE\0":
            return self._coloured(payload)
        self._source.found |= _sorts(marker, payload)
        return b""

    def _turned(self, block: bytes) -> bytes:
        orientation = exif.read(block, self._source.found)
        kept = self._once("exif", _APP1, b"Exif\0\0" + exif.orientation_only(orientation))
        return kept if orientation > 1 else b""

    def _coloured(self, payload: bytes) -> bytes:
        self._source.found.add(Found.COLOUR_PROFILE)
        if payload[12:13] == b"\x01" and is_display_p3(payload[14:]):
            return self._once("colour", _APP2, b"ICC_PROFILE\0\x01\x01" + DISPLAY_P3)
        return b""

    def _once(self, what: str, marker: int, payload: bytes) -> bytes:
        """The first of its sort counts."""
        if what in self._written:
            return b""
        self._written.add(what)
        return _segment(marker, payload)


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _sorts(marker: int, payload: bytes) -> set[Found]:
    found: set[Found] = set()
    if marker == _APP1 and payload[:29] == b"http://ns.adobe.com/xap/1.0/\0":
        xmp.read(payload, found)
    elif marker == _APP0 and payload[:5] == b"JFXX\0":
        found.add(Found.THUMBNAIL)
    elif marker == _APP2 and payload[:4] == b"MPF\0":
        found.add(Found.OTHER_PICTURES)
    elif marker == _APP13:
        found |= {Found.DESCRIPTION, Found.AUTHOR, Found.HIDDEN_PARTS}
    else:
        found.add(Found.HIDDEN_PARTS)
    return found


def _quantisation(payload: bytes) -> None:
    at = 0
    while at < len(payload):
        sound(payload[at] >> 4 <= 1 and payload[at] & 15 <= 3)
        at += 65 + 64 * (payload[at] >> 4)
    sound(payload and at == len(payload))


def _huffman(payload: bytes) -> None:
    at = 0
    while at < len(payload):
        sound(payload[at] >> 4 <= 1 and payload[at] & 15 <= 3 and at + 17 <= len(payload))
        count = sum(payload[at + 1 : at + 17])
        sound(count <= 256)
        at += 17 + count
    sound(payload and at == len(payload))


def _restart(payload: bytes) -> None:
    sound(len(payload) == 2)
