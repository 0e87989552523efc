"""ZIP files, read within bounds and written anew without anything that tells who made them (CLEANING.md 6 and 7)."""

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from anonymity.cleaning.outcome import CannotClean, Reason, sound

_END, _CENTRAL, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_LONGEST_COMMENT = 65_535
_MOST_MEMBERS, _MOST_INFLATED, _MOST_IN_ONE, _MOST_TIMES, _SMALL = 2000, 64 << 20, 32 << 20, 200, 1 << 20
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_UTF8 = 0x0800
_FIRST_OF_1980 = 0x0021


class _Member(NamedTuple):
    at: int
    packed: int
    size: int
    method: int
    checksum: int


class Archive:
    """The members of a ZIP file by their names; each is inflated when it is asked for, once."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._left = _MOST_INFLATED
        self._members: dict[str, _Member] = {}
        self._read_directory()

    @property
    def names(self) -> list[str]:
        """Of all members that are no folders."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """What a member holds; one that is not there is damage."""
        sound(name in self._members)
        member = self._members[name]
        self._left -= member.size
        if self._left < 0:
            raise CannotClean(Reason.TOO_COMPLEX)
        body = self._inflated(member)
        sound(len(body) == member.size and zlib.crc32(body) == member.checksum)
        return body

    def _read_directory(self) -> None:
        end = self._octets.rfind(_END, max(0, len(self._octets) - _LONGEST_COMMENT - 22))
        sound(end >= 0 and end + 22 <= len(self._octets))
        disk, first, here, count, size, at = struct.unpack_from("<HHHHII", self._octets, end + 4)
        sound(disk == first == 0 and here == count and at + size <= end)
        if count > _MOST_MEMBERS:
            raise CannotClean(Reason.TOO_COMPLEX)
        for _ in range(count):
            at = self._read_entry(at)
        folded = {name.casefold() for name in self._members}
        sound(self._members and len(folded) == len(self._members))

    def _read_entry(self, at: int) -> int:
        sound(self._octets[at : at + 4] == _CENTRAL and at + 46 <= len(self._octets))
        flags, method = struct.unpack_from("<HH", self._octets, at + 8)
        checksum, packed, size, named, extra, comment = struct.unpack_from("<IIIHHH", self._octets, at + 16)
        place = int.from_bytes(self._octets[at + 42 : at + 46], "little")
        if flags & _ENCRYPTED:
            raise CannotClean(Reason.ENCRYPTED)
        sound(method in (_STORED, _DEFLATED))
        if size > _MOST_IN_ONE or (size > _SMALL and size > packed * _MOST_TIMES):
            raise CannotClean(Reason.TOO_COMPLEX)
        name = _name(self._octets[at + 46 : at + 46 + named], flags)
        sound(name not in self._members)
        if not name.endswith("/"):
            self._members[name] = _Member(self._body(place), packed, size, method, checksum)
        return at + 46 + int(named) + int(extra) + int(comment)

    def _body(self, place: int) -> int:
        sound(self._octets[place : place + 4] == _LOCAL and place + 30 <= len(self._octets))
        named, extra = struct.unpack_from("<HH", self._octets, place + 26)
        return place + 30 + int(named) + int(extra)

    def _inflated(self, member: _Member) -> bytes:
        body = self._octets[member.at : member.at + member.packed]
        sound(len(body) == member.packed)
        if member.method == _STORED:
            return body
        inflate = zlib.decompressobj(-15)
        try:
            return inflate.decompress(body, member.size + 1)
        except zlib.error:
            raise CannotClean(Reason.DAMAGED) from None


def written(members: Iterable[tuple[str, bytes]], *, first_is_stored: bool = False) -> bytes:
    """A ZIP file of these members in this order: one day, one system, nothing else."""
    bodies, directory, at, count = [], [], 0, 0
    for name, body in members:
        stored = first_is_stored and count == 0
        packed = body if stored else _deflated(body)
        method = _STORED if stored else _DEFLATED
        known = struct.pack(
            "<HHHHHIIIHH",
            20, 0, method, 0, _FIRST_OF_1980, zlib.crc32(body), len(packed), len(body), len(name.encode("ascii")), 0,
        )  # fmt: skip
        bodies += [_LOCAL, known, name.encode("ascii"), packed]
        directory += [
            _CENTRAL,
            struct.pack("<H", 20),
            known,
            struct.pack("<HHHII", 0, 0, 0, 0, at),
            name.encode("ascii"),
        ]
        at += 30 + len(name) + len(packed)
        count += 1
    listed = b"".join(directory)
    end = _END + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), at, 0)
    return b"".join((*bodies, listed, end))


def _deflated(body: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflate.compress(body) + deflate.flush()


def _name(octets: bytes, flags: int) -> str:
    try:
        name = octets.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        raise CannotClean(Reason.DAMAGED) from None
    sound(name and not name.startswith("/") and "\\" not in name and "\0" not in name)
    sound(".." not in name.split("/"))
    return name
