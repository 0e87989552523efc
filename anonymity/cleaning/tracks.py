"""How the samples of a track are coded: kept without the names of encoders and devices (CLEANING.md section 6)."""

import struct
from collections.abc import Iterator

from anonymity.cleaning.boxes import box, inside
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound

_PICTURES = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"mp4v", b"vp09", b"av01", b"s263"})
_SOUNDS = frozenset({b"mp4a", b"alac", b"Opus", b"ac-3", b"ec-3", b"samr", b"sawb", b"fLaC"})
_PROTECTED = frozenset({b"encv", b"enca"})
_CONFIGURATIONS = frozenset(
    {b"avcC", b"hvcC", b"vpcC", b"av1C", b"esds", b"d263", b"pasp", b"clap", b"dvcC", b"dvvC"}
    | {b"dOps", b"dfLa", b"alac", b"dac3", b"dec3", b"damr"}
)
_MOST_ENTRIES, _LONGEST, _STREAM_INFO = 16, 4096, 42
_PLAIN_COLOUR = (b"nclx", b"nclc")


def description(body: bytes, kind: bytes, found: set[Found]) -> bytes:
    """The sample description anew."""
    sound(len(body) >= 8)
    entries = list(inside(body[8:]))
    sound(1 <= len(entries) <= _MOST_ENTRIES and len(entries) == int.from_bytes(body[4:8], "big"))
    written = [_entry(name, entry, kind, found) for name, entry in entries]
    return box(b"stsd", bytes(4), struct.pack(">I", len(written)), *written)


def _entry(name: bytes, body: bytes, kind: bytes, found: set[Found]) -> bytes:
    if name in _PROTECTED:
        raise CannotClean(Reason.ENCRYPTED)
    if name not in (_PICTURES if kind == b"vide" else _SOUNDS):
        raise CannotClean(Reason.OTHER_VIDEO if kind == b"vide" else Reason.OTHER_SOUND)
    fixed, rest = _picture(body, found) if kind == b"vide" else _sound(body, found)
    return box(name, fixed, *_configurations(rest, found))


def _picture(body: bytes, found: set[Found]) -> tuple[bytes, bytes]:
    sound(len(body) >= 78)
    if any(body[8:24]) or any(body[42:74]):
        found |= {Found.SOFTWARE, Found.DEVICE}
    fixed = b"\0\0\0\0\0\0\0\1" + bytes(16) + body[24:28] + struct.pack(">III", 0x480000, 0x480000, 0)
    return fixed + b"\0\1" + bytes(32) + b"\0\x18\xff\xff", body[78:]


def _sound(body: bytes, found: set[Found]) -> tuple[bytes, bytes]:
    sound(len(body) >= 28)
    version = int.from_bytes(body[8:10], "big")
    size = {0: 28, 1: 44}.get(version, 0)
    sound(size and len(body) >= size)
    if any(body[10:16]):
        found.add(Found.SOFTWARE)
    return b"\0\0\0\0\0\0\0\1" + body[8:10] + bytes(6) + body[16:20] + bytes(4) + body[24:size], body[size:]


def _configurations(rest: bytes, found: set[Found]) -> Iterator[bytes]:
    for name, body in inside(rest):
        if name == b"colr" and body[:4] in _PLAIN_COLOUR:
            yield box(name, body[: 11 if body[:4] == b"nclx" else 10])
        elif name == b"colr":
            found.add(Found.COLOUR_PROFILE)
        elif name in _CONFIGURATIONS and len(body) <= _LONGEST:
            yield box(name, _plain(name, body))
        elif name != b"btrt":
            found.add(Found.HIDDEN_PARTS)


def _plain(name: bytes, body: bytes) -> bytes:
    if name == b"damr":
        return bytes(4) + body[4:9]
    if name == b"dfLa":
        sound(len(body) >= _STREAM_INFO and body[4] & 127 == 0)
        return body[:4] + b"\x80" + body[5:_STREAM_INFO]
    return body
