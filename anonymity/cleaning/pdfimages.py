"""The data of streams in a PDF file: photos go through the JPEG cleaner, all else is packed anew."""

import base64
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream

from anonymity.cleaning import jpeg
from anonymity.cleaning.boxes import box, inside
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.source import Source

_MOST, _MOST_IN_ALL = 64 << 20, 192 << 20
_FLATE = "/FlateDecode"
_SHORT = {
    "/Fl": _FLATE,
    "/DCT": "/DCTDecode",
    "/CCF": "/CCITTFaxDecode",
    "/A85": "/ASCII85Decode",
    "/AHx": "/ASCIIHexDecode",
}
_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_JP2_KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_JP2_HEADER = frozenset({b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"})
_CODESTREAM, _COMMENT, _TILE = b"\xff\x4f", 0x64, 0x90


@dataclass(frozen=True)
class Packed:
    """The data of a stream as it is written, and how it is packed."""

    octets: bytes = field(repr=False)
    filter: str = ""
    parameters: Object | None = None


class Budget:
    """How much may be inflated in all."""

    def __init__(self) -> None:
        self._left = _MOST_IN_ALL

    def spend(self, size: int) -> None:
        """Takes note of what has been inflated."""
        self._left -= size
        if self._left < 0:
            raise CannotClean(Reason.TOO_COMPLEX)


def repacked(stream: Object, budget: Budget, found: set[Found]) -> Packed:
    """The data of a stream without anything that its form does not need."""
    filters = [_SHORT.get(str(name), str(name)) for name in _listed(stream.get("/Filter"))]
    parameters = _listed(stream.get("/DecodeParms"))
    last = parameters[len(filters) - 1] if filters and len(parameters) >= len(filters) else None
    last = last if isinstance(last, Dictionary) else None
    if filters and filters[-1] in _PICTURES:
        octets = _unpacked(bytes(stream.read_raw_bytes()), filters[:-1], budget)
        return Packed(_picture(octets, filters[-1], found), filters[-1], last)
    if filters == [_FLATE] and stream.get("/Subtype") == "/Image":
        return Packed(_trimmed(bytes(stream.read_raw_bytes()), budget), _FLATE, last)
    octets = bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    budget.spend(len(octets))
    return Packed(zlib.compress(octets), _FLATE)


def _listed(value: Object | None) -> list[Object]:
    if value is None:
        return []
    return list(value.as_list()) if isinstance(value, Array) and not isinstance(value, Stream) else [value]


def _unpacked(octets: bytes, filters: list[str], budget: Budget) -> bytes:
    steps: dict[str, Callable[[bytes], bytes]] = {
        _FLATE: _inflated,
        "/ASCII85Decode": lambda packed: base64.a85decode(packed.strip().removeprefix(b"<~").removesuffix(b"~>")),
        "/ASCIIHexDecode": lambda packed: bytes.fromhex(packed.strip().rstrip(b">").decode("ascii")),
    }
    for name in filters:
        sound(name in steps)
        octets = steps[name](octets)
        budget.spend(len(octets))
    return octets


def _inflated(packed: bytes) -> bytes:
    try:
        octets = zlib.decompressobj().decompress(packed, _MOST)
    except zlib.error:
        raise CannotClean(Reason.DAMAGED) from None
    if len(octets) == _MOST:
        raise CannotClean(Reason.TOO_COMPLEX)
    return octets


def _trimmed(packed: bytes, budget: Budget) -> bytes:
    """Packed data without what stands behind its end."""
    inflate = zlib.decompressobj()
    try:
        size = len(inflate.decompress(packed, _MOST))
    except zlib.error:
        raise CannotClean(Reason.DAMAGED) from None
    if size == _MOST:
        raise CannotClean(Reason.TOO_COMPLEX)
    budget.spend(size)
    return packed[: len(packed) - len(inflate.unused_data)]


def _picture(octets: bytes, form: str, found: set[Found]) -> bytes:
    if form == "/DCTDecode":
        source = Source((octets,), len(octets))
        cleaned = b"".join(jpeg.clean(source))
        found |= source.found - {Found.TRAILING_DATA}
        return cleaned
    if form == "/JPXDecode":
        return _without_comments(octets) if octets.startswith(_CODESTREAM) else _jp2(octets)
    return octets


def _jp2(octets: bytes) -> bytes:
    parts = []
    for name, body in inside(octets):
        if name == b"jp2h":
            parts.append(box(name, *(box(inner, data) for inner, data in inside(body) if inner in _JP2_HEADER)))
        elif name == b"jp2c":
            parts.append(box(name, _without_comments(body)))
        elif name in _JP2_KEPT:
            parts.append(box(name, body))
    return b"".join(parts)


def _without_comments(codestream: bytes) -> bytes:
    """A JPEG 2000 codestream without the comments in its main header."""
    sound(codestream.startswith(_CODESTREAM))
    kept, at = [codestream[:2]], 2
    while True:
        sound(at + 4 <= len(codestream) and codestream[at] == 0xFF)
        marker, size = codestream[at + 1], int.from_bytes(codestream[at + 2 : at + 4], "big")
        if marker == _TILE:
            return b"".join((*kept, codestream[at:]))
        sound(size >= 2)
        if marker != _COMMENT:
            kept.append(codestream[at : at + 2 + size])
        at += 2 + size
