"""EXIF: the orientation is read and written anew, of the rest only the sort is told (CLEANING.md section 6)."""

import struct

from anonymity.cleaning.outcome import Found

_EXIF_POINTER, _GPS_POINTER, _ORIENTATION, _SHORT = 0x8769, 0x8825, 0x0112, 3
_MOST_ENTRIES = 512
_SORTS = {
    Found.DEVICE: (0x010F, 0x0110, 0x927C, 0xA431, 0xA432, 0xA433, 0xA434, 0xA435, 0xC614, 0xC62F),
    Found.AUTHOR: (0x013B, 0x9C9D, 0xA430, 0x013C, 0xA437, 0xA438),
    Found.DATES: (0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292),
    Found.SOFTWARE: (0x000B, 0x0131, 0xA439, 0xA43A, 0xA43B, 0xA43C),
    Found.DESCRIPTION: (0x010D, 0x010E, 0x8298, 0x9C9B, 0x9C9E, 0x9C9F, 0xA436),
    Found.COMMENTS: (0x9286, 0x9C9C),
    Found.IDENTIFIERS: (0xA420,),
    Found.EDIT_HISTORY: (0x9213,),
}
_SORT_OF = {tag: sort for sort, tags in _SORTS.items() for tag in tags}


def orientation_only(orientation: int) -> bytes:
    """The one EXIF block that is ever written: how the picture is turned, 1 to 8."""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">HHI", orientation, 0, 0)


def read(block: bytes, found: set[Found]) -> int:
    """The orientation (1 where there is none that makes sense); adds what sorts of things stood in the block."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        found.add(Found.HIDDEN_PARTS)
        return 1
    start = _number(block, order + "I", 4)
    top, following = _directory(block, order, start)
    entries = dict(top)
    if following:
        found.add(Found.THUMBNAIL)
    for pointer in (_EXIF_POINTER, _GPS_POINTER):
        if pointer in entries:
            inside, _ = _directory(block, order, _number(block, order + "I", entries[pointer] + 8))
            if inside and pointer == _GPS_POINTER:
                found.add(Found.GPS)
            elif pointer == _EXIF_POINTER:
                top += inside
    sorts = {_SORT_OF[tag] for tag, _ in top if tag in _SORT_OF}
    found |= sorts or ({Found.HIDDEN_PARTS} if set(entries) - {_ORIENTATION} else set())
    return _orientation(block, order, entries)


def _orientation(block: bytes, order: str, entries: dict[int, int]) -> int:
    at = entries.get(_ORIENTATION)
    if at is None or _number(block, order + "H", at + 2) != _SHORT:
        return 1
    value = _number(block, order + "H", at + 8)
    return value if 1 <= value <= 8 else 1


def _directory(block: bytes, order: str, start: int) -> tuple[list[tuple[int, int]], int]:
    """The tags with where their entries stand (the first of each counts), and where the next directory starts."""
    count = min(_number(block, order + "H", start), _MOST_ENTRIES)
    places = range(start + 2, start + 2 + 12 * count, 12)
    entries = [(_number(block, order + "H", at), at) for at in reversed(places) if at + 12 <= len(block)]
    return entries, _number(block, order + "I", start + 2 + 12 * count)


def _number(block: bytes, form: str, at: int) -> int:
    size = struct.calcsize(form)
    if not 0 <= at <= len(block) - size:
        return 0
    value: int = struct.unpack_from(form, block, at)[0]
    return value
