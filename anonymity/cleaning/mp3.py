"""MP3: frames of sound are passed on as they are, tags of every sort go (CLEANING.md section 6)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from anonymity.cleaning import xmp
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.source import PIECE, Source

_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLING = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_TAG = re.compile(rb"ID3[\x02-\x04]|TAG|APETAGEX|LYRICSBEGIN")
_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|ID3[\x02-\x04]|APETAGEX|TAG")
_LONGEST_FRAME, _LONGEST_TAG, _MOST_LOST = 2048, 11, 20_000
_MOST_LOOKED_AT = 1 << 18
_SORTS = {
    Found.AUTHOR: re.compile(rb"T(?:PE|CO)[1-4M]|TOWN|TP1|Artist"),
    Found.DATES: re.compile(rb"T(?:DRC|DEN|DTG|DRL|YER|DAT|IME)|TYE|Year"),
    Found.DESCRIPTION: re.compile(rb"TIT[1-3]|TALB|T[CPU][OUR][NPB]|TXXX|USLT|TT2|WXXX"),
    Found.COMMENTS: re.compile(rb"COMM?|Comment"),
    Found.SOFTWARE: re.compile(rb"TSS[ES]|TENC|Lavf|LAME"),
    Found.THUMBNAIL: re.compile(rb"A?PIC"),
    Found.IDENTIFIERS: re.compile(rb"UFID|PRIV"),
    Found.ATTACHMENTS: re.compile(rb"GEOB"),
}


class _Frame(NamedTuple):
    """What the four bytes in front of a frame say: what must be alike in a whole file, and how long the frame is."""

    alike: tuple[int, int]
    size: int


def looks_like(start: bytes) -> bool:
    """Whether a file starts as an MP3 does."""
    if start[:3] == b"ID3" and len(start) >= 10 and start[3] in (2, 3, 4):
        return True
    first = _frame(start)
    if first is None:
        return False
    second = _frame(start[first.size :])
    return second is not None and second.alike == first.alike


def clean(source: Source) -> Iterator[bytes]:
    """The sound without anything between, before or behind its frames."""
    alike: tuple[int, int] | None = None
    lost = 0
    while window := source.peek(_LONGEST_FRAME):
        frame = _frame(window)
        if frame and alike in (None, frame.alike) and _ends_well(window, frame):
            octets = source.take(frame.size)
            yield _without_encoder(octets, source) if alike is None else octets
            alike = frame.alike
        elif _TAG.match(window):
            _skip_tag(source, window)
        else:
            lost += 1
            if lost > _MOST_LOST:
                raise CannotClean(Reason.TOO_COMPLEX)
            _skip_lost(source)
    sound(alike)


def _frame(window: bytes) -> _Frame | None:
    if len(window) < 4 or window[0] != 0xFF or window[1] & 0xE6 != 0xE2:
        return None
    version, rate, sampling = window[1] >> 3 & 3, window[2] >> 4, window[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sampling == 3:
        return None
    bits = (_RATES_1 if version == 3 else _RATES_2)[rate] * 1000
    size = (144 if version == 3 else 72) * bits // _SAMPLING[version][sampling] + (window[2] >> 1 & 1)
    return _Frame((version, sampling), size)


def _ends_well(window: bytes, frame: _Frame) -> bool:
    """Whether behind this frame comes another, a tag, or the end: else it is cut short and something else is in it."""
    behind = window[frame.size :]
    if not behind:
        return len(window) == frame.size and not _TAG.search(window)
    following = _frame(behind)
    return (following is not None and following.alike == frame.alike) or _TAG.match(behind) is not None


def _skip_tag(source: Source, window: bytes) -> None:
    if window[:3] == b"ID3":
        sound(len(window) >= 10 and max(window[6:10]) < 128)
        size = window[6] << 21 | window[7] << 14 | window[8] << 7 | window[9]
        size += 20 if window[5] & 16 else 10
    elif window[:8] == b"APETAGEX":
        sound(len(window) >= 32)
        has_items_behind = window[23] & 0x20
        size = 32 + (int.from_bytes(window[12:16], "little") if has_items_behind else 0)
    else:
        size = 1
        source.found |= {Found.DESCRIPTION, Found.AUTHOR} if window[:3] == b"TAG" else {Found.DESCRIPTION}
    looked_at = source.peek(min(size, _MOST_LOOKED_AT))
    source.found |= {sort for sort, pattern in _SORTS.items() if pattern.search(looked_at)}
    if b"<x:xmpmeta" in looked_at:
        xmp.read(looked_at, source.found)
    source.skip(min(size, max(len(looked_at), size if len(looked_at) == _MOST_LOOKED_AT else 0)))


def _skip_lost(source: Source) -> None:
    """Goes on to what may be a frame or a tag."""
    window = source.peek(PIECE)
    begin = _SYNC.search(window, 1)
    size = begin.start() if begin else max(1, len(window) - _LONGEST_TAG)
    if source.take(size).strip(b"\0"):
        source.found.add(Found.HIDDEN_PARTS)


def _without_encoder(frame: bytes, source: Source) -> bytes:
    """The first frame: what a player needs of Xing's and Fraunhofer's tables is kept, names and settings are not."""
    version_1, mono = frame[1] >> 3 & 3 == 3, frame[3] >> 6 == 3
    side = (17 if mono else 32) if version_1 else (9 if mono else 17)
    start = 4 + side
    if frame[start : start + 4] in (b"Xing", b"Info"):
        flags = int.from_bytes(frame[start + 4 : start + 8], "big") & 15
        size = 8 + sum(length for bit, length in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
        kept = frame[start : start + 4] + bytes([0, 0, 0, flags]) + frame[start + 8 : start + size]
    elif frame[36:40] == b"VBRI":
        start = 36
        size = 26 + int.from_bytes(frame[54:56], "big") * int.from_bytes(frame[58:60], "big")
        kept = frame[start : start + size]
    else:
        return frame
    rest = frame[start + size :]
    if rest.strip(b"\0"):
        source.found |= {Found.SOFTWARE, Found.HIDDEN_PARTS}
    return (frame[:4] + bytes(start - 4) + kept).ljust(len(frame), b"\0")[: len(frame)]
