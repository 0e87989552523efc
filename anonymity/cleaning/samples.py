"""Which bytes of an MP4 file's data belong to samples of tracks that are kept."""

import sys
from array import array
from bisect import bisect_right

from anonymity.cleaning.boxes import first, inside, table
from anonymity.cleaning.outcome import CannotClean, Reason, sound

_MOST_SAMPLES, _MOST_CHUNKS = 4_000_000, 300_000
_MOST_ZERO_RUNS = 100_000
_UNNOTICED = 8


def chunk_places(stbl: bytes) -> "array[int]":
    """Where the chunks of a track start in the file."""
    boxes = dict(inside(stbl))
    wide = b"stco" not in boxes
    count, lines = table(boxes.get(b"co64" if wide else b"stco", b""), 8 if wide else 4)
    if count > _MOST_CHUNKS:
        raise CannotClean(Reason.TOO_COMPLEX)
    return _numbers("Q" if wide else "I", lines)


def used_ranges(stbl: bytes) -> list[tuple[int, int]]:
    """The ranges of the file that the samples of a track take up, chunk by chunk."""
    places, sizes, fixed, count = chunk_places(stbl), *_sizes(stbl)
    ranges, sample = [], 0
    for place, samples in zip(places, _samples_in_chunks(stbl, len(places)), strict=True):
        sound(sample + samples <= count)
        size = fixed * samples if fixed else sum(sizes[sample : sample + samples])
        sample += samples
        ranges.append((place, place + size))
    sound(sample == count)
    return ranges


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


def only_used(piece: bytes, at: int, ranges: list[tuple[int, int]]) -> bytes:
    """A piece of data (which starts at `at`) with everything zero that is in none of the merged ranges."""
    end = at + len(piece)
    number = max(0, bisect_right(ranges, (at, sys.maxsize)) - 1)
    kept = bytearray(len(piece))
    while number < len(ranges) and ranges[number][0] < end:
        low, high = max(ranges[number][0], at) - at, min(ranges[number][1], end) - at
        if low < high:
            kept[low:high] = piece[low:high]
        number += 1
    return bytes(kept)


class ZeroRuns:
    """Where in data that has gone by there was nothing but zeros."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Notes a run of zeros; runs come in order."""
        if self._runs and self._runs[-1][1] == start:
            self._runs[-1] = (self._runs[-1][0], end)
        elif len(self._runs) < _MOST_ZERO_RUNS:
            self._runs.append((start, end))

    def cover(self, start: int, end: int) -> bool:
        """Whether there was nothing in this gap, or it is too short to notice."""
        if end - start < _UNNOTICED:
            return True
        number = bisect_right(self._runs, (start, sys.maxsize)) - 1
        return number >= 0 and self._runs[number][1] >= end


def _samples_in_chunks(stbl: bytes, chunks: int) -> "array[int]":
    count, lines = table(first(stbl, b"stsc"), 12)
    numbers = _numbers("I", lines)
    each = array("I")
    for line in range(count):
        start, samples = numbers[3 * line], numbers[3 * line + 1]
        end = numbers[3 * line + 3] if line + 1 < count else chunks + 1
        sound(start == len(each) + 1 and start <= end <= chunks + 1 and samples <= _MOST_SAMPLES)
        each.extend(array("I", [samples]) * (end - start))
    sound(len(each) == chunks)
    return each


def _sizes(stbl: bytes) -> "tuple[array[int], int, int]":
    """The size of each sample, or the one size of all, and how many there are."""
    boxes = dict(inside(stbl))
    if b"stsz" in boxes:
        body = boxes[b"stsz"]
        sound(len(body) >= 12)
        fixed, count = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
        _bounded(count)
        return (array("I"), fixed, count) if fixed else (_numbers("I", table(body, 4, before=8)[1]), 0, count)
    body = boxes.get(b"stz2", b"")
    sound(len(body) >= 12 and body[7] in (8, 16))
    count, lines = table(body, body[7] // 8, before=8)
    _bounded(count)
    return _numbers("B" if body[7] == 8 else "H", lines), 0, count


def _bounded(count: int) -> None:
    if count > _MOST_SAMPLES:
        raise CannotClean(Reason.TOO_COMPLEX)


def _numbers(form: str, lines: bytes) -> "array[int]":
    numbers: array[int] = array(form, lines)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
