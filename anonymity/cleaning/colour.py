"""Colour profiles: none is kept, for they name devices and days; Display P3 is written anew (CLEANING.md section 8)."""

import struct

_WIDE_NAME = "Display P3"
_MOST_TAGS = 100


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65_536)) for value in values)


def _text(words: str) -> bytes:
    said = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(said), 28) + said


def _colour(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _built() -> bytes:
    curve = b"para\0\0\0\0\0\x03\0\0" + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    adapted = _fixed(1.04788, 0.02292, -0.0502, 0.02959, 0.99048, -0.01706, -0.00923, 0.01508, 0.75168)
    bodies = [
        _text(_WIDE_NAME),
        _text("CC0"),
        _colour(0.96419, 1.0, 0.82489),
        _colour(0.51512, 0.2412, -0.00105),
        _colour(0.29198, 0.69225, 0.04189),
        _colour(0.1571, 0.06657, 0.78407),
        curve,
        b"sf32\0\0\0\0" + adapted,
    ]
    tags = [(b"desc", 0), (b"cprt", 1), (b"wtpt", 2), (b"rXYZ", 3), (b"gXYZ", 4), (b"bXYZ", 5)]
    tags += [(b"rTRC", 6), (b"gTRC", 6), (b"bTRC", 6), (b"chad", 7)]
    at, places, packed = 128 + 4 + 12 * len(tags), [], b""
    for body in bodies:
        places.append((at + len(packed), len(body)))
        packed += body + b"\0" * (-len(body) % 4)
    table = struct.pack(">I", len(tags)) + b"".join(tag + struct.pack(">II", *places[n]) for tag, n in tags)
    head = struct.pack(">I4sI12s12s4s", at + len(packed), b"\0\0\0\0", 0x0400_0000, b"mntrRGB XYZ ", bytes(12), b"acsp")
    return head.ljust(68, b"\0") + _fixed(0.96419, 1.0, 0.82489).ljust(60, b"\0") + table + packed


DISPLAY_P3 = _built()


def is_display_p3(profile: bytes) -> bool:
    """Whether a profile calls itself Display P3; all that is ever read of it."""
    if len(profile) < 132:
        return False
    count = min(int.from_bytes(profile[128:132], "big"), _MOST_TAGS)
    for at in range(132, 132 + 12 * count, 12):
        if profile[at : at + 4] == b"desc" and at + 12 <= len(profile):
            place, size = struct.unpack_from(">II", profile, at + 4)
            return _described(profile[place : place + min(size, 4096)]) == _WIDE_NAME
    return False


def _described(body: bytes) -> str:
    if body[:4] == b"desc" and len(body) >= 12:
        size = int.from_bytes(body[8:12], "big")
        return body[12 : 12 + size].rstrip(b"\0").decode("latin-1")
    if body[:4] == b"mluc" and len(body) >= 28:
        size, place = struct.unpack_from(">II", body, 20)
        return body[place : place + size].decode("utf-16-be", "replace").rstrip("\0")
    return ""
