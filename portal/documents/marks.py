"""The mark of the sealed channel's exports: a file that carries it, anywhere inside, never becomes material.

``desk-export.js`` puts the mark into every name, the note, each message and the archive's comment. What is still sealed
(an age file) cannot be looked into and counts as marked: nothing else in the portal hands out such files.
"""

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from base64 import b64encode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape

import pikepdf

from portal.documents.cuts import CannotCut
from portal.documents.encodings import decoded
from portal.documents.kinds import FileKind
from portal.documents.mails import said_in
from portal.documents.matching import fold
from portal.documents.proving import corners, texts

MARK = "porth-sealed-export"
AGE_HEADS = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
DEEPEST = 5
MOST_UNPACKED = 400 * 1024 * 1024
_LETTERS = MARK.replace("-", "").encode()
_NO_LETTERS = bytes(octet for octet in range(256) if not (chr(octet).isalnum() and octet < 128) and octet not in b" \t")
_PACKED_FORMS = tuple(b64encode(b"\0" * shift + MARK.encode())[(shift * 4 + 2) // 3 : -4] for shift in range(3))
"""How the mark looks inside what was written in Base64, which may begin at any of three places."""
_HEADS = re.compile(
    rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Received|From|Message-ID):", re.IGNORECASE
)
_TAGS = re.compile(rb"<[^<>]*>")


class _Room:
    """How much may still be unpacked, over all that is inside one file."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise CannotCut("too_complex")


def is_marked(name: str, data: bytes, kind: FileKind | None = None) -> bool:
    """True for an export of the sealed channel, or anything with a part of one inside: zips, mails, pages, cells.

    What a file is, its bytes say: another name hides nothing. Raises CannotCut for an archive that unpacks without end.
    """
    return _is_marked(name, data, DEEPEST, _Room(), kind)


def _is_marked(name: str, data: bytes, deep: int, room: _Room, kind: FileKind | None = None) -> bool:
    if MARK in fold(name) or data.lstrip()[:64].startswith(AGE_HEADS) or _says(data):
        return True
    if deep == 0:
        raise CannotCut("too_complex")
    is_mail = kind is FileKind.MAIL or _is_mail(name, data)
    if any(_is_marked(inner, octets, deep - 1, room) for inner, octets in _inside(name, data, room, is_mail=is_mail)):
        return True
    return (is_mail and _is_in_words(data)) or _is_in_pages(data)


def _is_mail(name: str, data: bytes) -> bool:
    is_named = name.lower().endswith((".eml", ".msg", ".mht", ".mhtml"))
    return is_named or data[:5] == b"From " or _HEADS.match(data[:8192].lstrip()) is not None


def _is_in_words(mail: bytes) -> bool:
    try:
        return any(_says(text.encode("utf-8", "replace")) for text in said_in(mail))
    except (CannotCut, ValueError, LookupError, AttributeError, TypeError):
        return False  # no mail after all


def _says(octets: bytes) -> bool:
    """Whatever stands between the letters: dashes of any sort, ends of lines, the other octet of wide letters."""
    if _LETTERS in octets.translate(None, _NO_LETTERS).lower():
        return True
    unfolded = octets.translate(None, b"\r\n")
    return any(form in unfolded for form in _PACKED_FORMS)


def _is_in_pages(data: bytes) -> bool:
    """In what a reader reads, where the bytes alone do not say it: streams that are packed, words cut into pieces."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        words = _TAGS.sub(b"", data)
        return _says(words) or (b"&#" in words and _says(unescape(words.decode("utf-8", "replace")).encode()))
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _says(decoded(data).encode())
    if b"%PDF-" not in data[:1024]:
        return False
    try:
        return any(isinstance(one, bytes) and _says(one) for one in corners(FileKind.PDF, data)) or any(
            _says(one.encode("utf-8", "replace")) for one in texts(FileKind.PDF, data)
        )
    except (CannotCut, pikepdf.PdfError):
        return False  # nobody can read it here; the outgoing scan says so


def _inside(name: str, data: bytes, room: _Room, *, is_mail: bool) -> Iterator[tuple[str, bytes]]:
    """The files in an archive or a mail, with their names."""
    if data[:2] == b"\x1f\x8b":
        yield from _of_gzip(name, data, room)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        yield from _of_zip(data, room)
    elif data.startswith((b"BZh", b"\xfd7zXZ\x00")):
        yield from _of_other(name, data, room)
    elif is_mail:
        yield from _of_mail(data, room)


def _of_other(name: str, data: bytes, room: _Room) -> Iterator[tuple[str, bytes]]:
    unpack = bz2.BZ2Decompressor() if data.startswith(b"BZh") else lzma.LZMADecompressor(memlimit=1 << 28)
    try:
        octets = unpack.decompress(data, room.left + 1)
    except (OSError, EOFError, lzma.LZMAError, ValueError):
        return
    room.take(len(octets))
    yield name.rpartition(".")[0], octets


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
    for part in message_from_bytes(data, policy=policy.compat32).walk():
        octets = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(octets, bytes):
            room.take(len(octets))
            yield str(part.get_filename() or ""), octets
