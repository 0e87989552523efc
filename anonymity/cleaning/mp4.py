"""MP4 and M4A: the data passes as it comes, the index is written anew around it (CLEANING.md section 6)."""

import re
import struct
from collections.abc import Iterator

from anonymity.cleaning import movie
from anonymity.cleaning.boxes import box
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.samples import ZeroRuns, only_used
from anonymity.cleaning.source import PIECE, Source

_BRANDS = (
    *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"M4A ", b"M4B ", b"M4V "),
    *(b"avc1", b"dash", b"3gp4", b"3gp5", b"3gp6"),
)
_LONGEST_INDEX, _MOST_BOXES, _MOST_DATA, _MOST_LOOKED_AT = 8 << 20, 10_000, 16, 1 << 18
_LONGEST_BRANDS, _LONGEST_BOX = 4096, 1 << 31
_ZEROS = re.compile(rb"\0{8,}|\A\0+|\0+\Z")
_TO_THE_END = -1
_KNOWN = frozenset({b"mdat", b"moov", b"free", b"skip", b"wide", b"uuid", b"meta", b"moof", b"mfra", b"sidx", b"pdin"})


def clean(source: Source) -> Iterator[bytes]:
    """The film or sound without anything but its pictures and sound."""
    yield from _Film(source).boxes()


class _Film:
    """Where reading (`_at`) and writing (`_out`) stand, and what has been seen so far."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = self._out = self._shift = 0
        self._index: movie.Index | None = None
        self._index_is_late = False
        self._data: list[tuple[int, int]] = []
        self._zeros = ZeroRuns()

    def boxes(self) -> Iterator[bytes]:
        for _ in range(_MOST_BOXES):
            if not self._source.peek(1):
                yield from self._end()
                return
            if self._is_complete() and self._source.peek(8)[4:] not in _KNOWN:
                self._source.drain()
                self._source.found.add(Found.TRAILING_DATA)
                continue
            name, size = self._head()
            if name == b"ftyp":
                yield self._counted(self._brands(size))
            elif name == b"mdat":
                yield from self._media(size)
            elif name == b"moov":
                self._read_index(size)
            else:
                self._drop(name, size)
        raise CannotClean(Reason.TOO_COMPLEX)

    def _is_complete(self) -> bool:
        return bool(self._index and self._data)

    def _head(self) -> tuple[bytes, int]:
        """The name of the next box and the length of its body."""
        size, name = struct.unpack(">I4s", self._source.take(8))
        head = 8
        if size == 1:
            size, head = int.from_bytes(self._source.take(8), "big"), 16
        sound(size == 0 or head <= size < _LONGEST_BOX)
        sound((name == b"ftyp") == (self._at == 0))
        self._at += head
        return name, size - head if size else _TO_THE_END

    def _brands(self, size: int) -> bytes:
        sound(8 <= size <= _LONGEST_BRANDS)
        body = self._source.take(size)
        self._at += size
        brands = [body[at : at + 4] for at in (0, *range(8, size - 3, 4))]
        if {*brands} - {*_BRANDS}:
            self._source.found.add(Found.SOFTWARE)
        major = brands[0] if brands[0] in _BRANDS else b"isom"
        return box(b"ftyp", major, bytes(4), *(brand for brand in _BRANDS if brand in (*brands, major)))

    def _read_index(self, size: int) -> None:
        sound(self._index is None and size != _TO_THE_END)
        if size > _LONGEST_INDEX:
            raise CannotClean(Reason.TOO_COMPLEX)
        self._index = movie.read(self._source.take(size), self._source.found)
        self._at += size
        self._index_is_late = bool(self._data)
        if self._index_is_late and (self._index.dropped_samples or not self._covered(self._index)):
            raise CannotClean(Reason.HIDDEN_TRACK)

    def _drop(self, name: bytes, size: int) -> None:
        if name in (b"moof", b"mvex"):
            raise CannotClean(Reason.FRAGMENTED)
        looked_at = _MOST_LOOKED_AT if size == _TO_THE_END else min(size, _MOST_LOOKED_AT)
        movie.tell(name, self._source.peek(looked_at), self._source.found)
        if size == _TO_THE_END:
            self._source.drain()
            return
        self._source.skip(size)
        self._at += size

    def _media(self, size: int) -> Iterator[bytes]:
        sound(len(self._data) < _MOST_DATA and (size != _TO_THE_END or self._index))
        yield from self._before_media()
        yield self._counted(struct.pack(">I4s", 0 if size == _TO_THE_END else size + 8, b"mdat"))
        start = self._at
        pieces = iter(self._source.some, b"") if size == _TO_THE_END else self._source.pieces(size)
        for piece in pieces:
            yield self._counted(self._passed(piece))
            self._at += len(piece)
        self._data.append((start, self._at))

    def _before_media(self) -> Iterator[bytes]:
        """What stands between two runs of data becomes an empty box of its length: one shift fits all data."""
        if self._data:
            gap = self._at + self._shift - 8 - self._out
            sound(gap == 0 or gap >= 8)
            if gap:
                yield self._counted(struct.pack(">I4s", gap, b"free"))
            for length in range(gap - 8, 0, -PIECE):
                yield self._counted(bytes(min(length, PIECE)))
            return
        length = len(self._index.written(0)) if self._index else 0
        self._shift = self._out + length + 8 - self._at
        if self._index:
            yield self._counted(self._index.written(self._shift))

    def _passed(self, piece: bytes) -> bytes:
        if self._index:
            kept = only_used(piece, self._at, self._index.ranges)
            if kept != piece:
                self._source.found.add(Found.HIDDEN_PARTS)
            return kept
        for run in _ZEROS.finditer(piece):
            self._zeros.add(self._at + run.start(), self._at + run.end())
        return piece

    def _covered(self, index: movie.Index) -> bool:
        """Whether all data that has gone by is used, or empty."""
        for start, end in self._data:
            at = start
            for low, high in index.ranges:
                if low < end and high > start:
                    if not self._zeros.cover(at, low):
                        return False
                    at = high
            if not self._zeros.cover(at, end):
                return False
        return True

    def _end(self) -> Iterator[bytes]:
        sound(self._is_complete())
        if self._index:
            for low, high in self._index.ranges:
                sound(any(start <= low and high <= end for start, end in self._data))
            if self._index_is_late:
                yield self._index.written(self._shift)

    def _counted(self, octets: bytes) -> bytes:
        self._out += len(octets)
        return octets
