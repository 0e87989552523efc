"""The one door: a file goes in as it arrives, and comes out without what tells about its author."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from anonymity.cleaning import jpeg, mp3, mp4, opendocument, pdf, plain, png, webp
from anonymity.cleaning.archive import Archive
from anonymity.cleaning.outcome import CannotClean, Found, Kind, Reason, Remains
from anonymity.cleaning.package import Package
from anonymity.cleaning.sniff import kind_of
from anonymity.cleaning.source import PIECE, Source

LARGEST, LARGEST_HELD = 64 << 20, 16 << 20
_STREAMED: dict[Kind, Callable[[Source], Iterator[bytes]]] = {
    Kind.JPEG: jpeg.clean,
    Kind.PNG: png.clean,
    Kind.WEBP: webp.clean,
    Kind.TXT: plain.clean,
    Kind.MP3: mp3.clean,
    Kind.M4A: mp4.clean,
    Kind.MP4: mp4.clean,
}
_OTHER_DOCUMENTS = (b"application/vnd.oasis.opendocument.", b"application/epub+zip")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Cleaned:
    """A file being cleaned. `chunks` is read once; `found` is whole only when it has been read to its end.

    Nothing of what came out may be used before the end: a file may turn out to be damaged in its last byte.
    """

    kind: Kind
    chunks: Iterator[bytes] = field(repr=False)
    found: set[Found]

    @property
    def remains(self) -> frozenset[Remains]:
        """What no cleaning removes from such a file."""
        return self.kind.remains


def clean(chunks: Iterable[bytes]) -> Cleaned:
    """Starts to clean a file. Raises CannotClean here, or while `chunks` of the answer is read; nothing else."""
    source = Source(chunks, LARGEST)
    kind = kind_of(source)
    if kind in _STREAMED:
        return Cleaned(kind, _gathered(_STREAMED[kind](source)), source.found)
    source.lower(LARGEST, LARGEST_HELD, Reason.TOO_LARGE_TO_HOLD)
    octets = b"".join(iter(source.some, b""))
    with _one_at_a_time:
        kind, octets = _pdf(octets, source.found) if kind is Kind.PDF else _zip(octets, source.found)
    return Cleaned(kind, _pieces(octets), source.found)


def _pdf(octets: bytes, found: set[Found]) -> tuple[Kind, bytes]:
    return Kind.PDF, pdf.cleaned(octets, found)


def _zip(octets: bytes, found: set[Found]) -> tuple[Kind, bytes]:
    archive = Archive(octets)
    if "[Content_Types].xml" in archive.names:
        package = Package(archive, found)
        return package.kind, package.cleaned()
    said = archive.read("mimetype") if "mimetype" in archive.names else b""
    if said.strip() == opendocument.TEXT:
        return Kind.ODT, opendocument.cleaned(archive, found)
    raise CannotClean(Reason.OTHER_DOCUMENT if said.startswith(_OTHER_DOCUMENTS) else Reason.ARCHIVE)


def _pieces(octets: bytes) -> Iterator[bytes]:
    return (octets[at : at + PIECE] for at in range(0, len(octets), PIECE))


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sealing."""
    waiting = bytearray()
    for octets in chunks:
        waiting += octets
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)
