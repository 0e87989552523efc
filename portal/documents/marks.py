"""The mark of the sealed channel's exports: a file that carries it, anywhere inside, never becomes material.

``desk-export.js`` puts the mark into every name, the note, each message and the archive's comment. What is still sealed
(an age file) cannot be looked into and counts as marked: nothing else in the portal hands out such files.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy

import pikepdf

from portal.documents.cuts import CannotCut
from portal.documents.kinds import FileKind, kind_of
from portal.documents.matching import fold
from portal.documents.proving import corners, texts
from portal.documents.worddoc import read_document

MARK = "porth-sealed-export"
AGE_HEADS = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
DEEPEST = 5
MOST_UNPACKED = 400 * 1024 * 1024
_FORMS = tuple(MARK.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class _Room:
    """How much may still be unpacked, over all that is inside one file."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise CannotCut("too_complex")


def is_marked(name: str, data: bytes) -> bool:
    """True for an export of the sealed channel, or anything with a part of one inside: zips, mails, pages, cells.

    Raises CannotCut for an archive that unpacks without end.
    """
    return _is_marked(name, data, DEEPEST, _Room())


def _is_marked(name: str, data: bytes, deep: int, room: _Room) -> bool:
    if MARK in name.casefold() or data.lstrip()[:64].startswith(AGE_HEADS) or _says(data):
        return True
    if deep == 0:
        raise CannotCut("too_complex")
    if any(_is_marked(inner, octets, deep - 1, room) for inner, octets in _inside(name, data, room)):
        return True
    return _is_in_pages(kind_of(name, data[:1024]), data)


def _says(octets: bytes) -> bool:
    lowered = octets.lower()
    return any(form in lowered for form in _FORMS)


def _is_in_pages(kind: FileKind, data: bytes) -> bool:
    """In what a reader reads, where the bytes alone do not say it: words cut into pieces, streams that are packed."""
    try:
        if kind is FileKind.PDF:
            return any(isinstance(one, bytes) and _says(one) for one in corners(kind, data)) or any(
                MARK in fold(one) for one in texts(kind, data)
            )
        return kind is FileKind.DOCUMENT and MARK in fold(read_document(data))
    except (CannotCut, pikepdf.PdfError):
        return False  # nobody can read it here; the outgoing scan says so


def _inside(name: str, data: bytes, room: _Room) -> Iterator[tuple[str, bytes]]:
    """The files in an archive or a mail, with their names."""
    if data[:2] == b"\x1f\x8b":
        yield from _of_gzip(name, data, room)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        yield from _of_zip(data, room)
    elif name.lower().endswith((".eml", ".msg", ".mht", ".mhtml")) or data[:5] == b"From ":
        yield from _of_mail(data, room)


def _of_gzip(name: str, data: bytes, room: _Room) -> Iterator[tuple[str, bytes]]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            octets = packed.read(room.left + 1)
    except (OSError, EOFError, zlib.error):
        return
    room.take(len(octets))
    yield name.removesuffix(".gz"), octets


def _of_zip(data: bytes, room: _Room) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError):
        return
    with archive:
        for member in archive.infolist():
            try:
                with archive.open(member) as packed:
                    octets = packed.read(room.left + 1)
            except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError):
                octets = b""  # locked or broken: its name still speaks
            room.take(len(octets))
            yield member.filename, octets


def _of_mail(data: bytes, room: _Room) -> Iterator[tuple[str, bytes]]:
    for part in message_from_bytes(data, policy=policy.default).walk():
        octets = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(octets, bytes):
            room.take(len(octets))
            yield part.get_filename() or "", octets
