"""What a file is, by what is in it: never by its name or by what somebody says (CLEANING.md sections 2 and 3)."""

import re

from anonymity.cleaning import mp3
from anonymity.cleaning.outcome import CannotClean, Kind, Reason
from anonymity.cleaning.plain import encoding_of
from anonymity.cleaning.png import SIGNATURE
from anonymity.cleaning.source import Source

_LOOKED_AT, _PDF_WITHIN = 4096, 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_REFUSED: tuple[tuple[int, bytes, Reason], ...] = (
    (0, b"GIF8", Reason.OTHER_PICTURE),
    (0, b"II*\0", Reason.OTHER_PICTURE),
    (0, b"MM\0*", Reason.OTHER_PICTURE),
    (0, b"II+\0", Reason.OTHER_PICTURE),
    (0, b"BM", Reason.OTHER_PICTURE),
    (0, b"\0\0\1\0", Reason.OTHER_PICTURE),
    (0, b"8BPS", Reason.OTHER_PICTURE),
    (0, b"\0\0\0\x0cjP  ", Reason.OTHER_PICTURE),
    (0, b"\xff\x4f\xff\x51", Reason.OTHER_PICTURE),
    (0, b"\0\0\0\x0cJXL ", Reason.OTHER_PICTURE),
    (0, b"\xff\x0a", Reason.OTHER_PICTURE),
    (0, b"IIU\0", Reason.OTHER_PICTURE),
    (0, b"FUJIFILMCCD-RAW", Reason.OTHER_PICTURE),
    (8, b"WAVE", Reason.OTHER_SOUND),
    (8, b"AVI ", Reason.OTHER_VIDEO),
    (0, b"OggS", Reason.OTHER_SOUND),
    (0, b"fLaC", Reason.OTHER_SOUND),
    (0, b"FORM", Reason.OTHER_SOUND),
    (0, b"#!AMR", Reason.OTHER_SOUND),
    (0, b"MThd", Reason.OTHER_SOUND),
    (0, b"\xff\xf1", Reason.OTHER_SOUND),
    (0, b"\xff\xf9", Reason.OTHER_SOUND),
    (0, bytes.fromhex("1a45dfa3"), Reason.OTHER_VIDEO),
    (0, bytes.fromhex("3026b2758e66cf11"), Reason.OTHER_VIDEO),
    (0, bytes.fromhex("000001ba"), Reason.OTHER_VIDEO),
    (0, bytes.fromhex("000001b3"), Reason.OTHER_VIDEO),
    (0, b"FLV\1", Reason.OTHER_VIDEO),
    (4, b"moov", Reason.OTHER_VIDEO),
    (4, b"mdat", Reason.OTHER_VIDEO),
    (4, b"wide", Reason.OTHER_VIDEO),
    (0, b"{\\rtf", Reason.OTHER_DOCUMENT),
    (0, b"%!PS", Reason.OTHER_DOCUMENT),
    (0, b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
    (0, b"Rar!\x1a\x07", Reason.ARCHIVE),
    (0, b"\x1f\x8b", Reason.ARCHIVE),
    (0, b"BZh", Reason.ARCHIVE),
    (0, b"\xfd7zXZ\0", Reason.ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", Reason.ARCHIVE),
    (0, b"PK\x05\x06", Reason.ARCHIVE),
    (257, b"ustar", Reason.ARCHIVE),
    (0, b"MZ", Reason.PROGRAM),
    (0, b"\x7fELF", Reason.PROGRAM),
    (0, bytes.fromhex("cafebabe"), Reason.PROGRAM),
    (0, bytes.fromhex("cffaedfe"), Reason.PROGRAM),
    (0, bytes.fromhex("feedface"), Reason.PROGRAM),
)
_BRANDS = {
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"), Reason.HEIC
    ),
    b"qt  ": Reason.OTHER_VIDEO,
    b"crx ": Reason.OTHER_PICTURE,
    b"jp2 ": Reason.OTHER_PICTURE,
    b"jxl ": Reason.OTHER_PICTURE,
    b"M4P ": Reason.ENCRYPTED,
    b"aax ": Reason.ENCRYPTED,
}
_MARKUP = re.compile(rb"\s*<")
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e]")
_MOSTLY = 0.7
_WIDE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind_of(source: Source) -> Kind | None:
    """The kind of a file that can be cleaned; None if it is a ZIP, whose parts say it."""
    start = source.peek(_LOOKED_AT)
    if not start:
        raise CannotClean(Reason.EMPTY)
    if start.startswith(b"PK\x03\x04"):
        return None
    if kind := _by_magic(start) or _film(start):
        return kind
    _refuse(start, source)
    return _document(start)


def _by_magic(start: bytes) -> Kind | None:
    if start.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if start.startswith(SIGNATURE):
        return Kind.PNG
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.MP3 if mp3.looks_like(start) else None


def _film(start: bytes) -> Kind | None:
    if start[4:8] != b"ftyp":
        return None
    if reason := _BRANDS.get(start[8:12]):
        raise CannotClean(reason)
    return Kind.M4A if start[8:12] in (b"M4A ", b"M4B ") else Kind.MP4


def _refuse(start: bytes, source: Source) -> None:
    if start.startswith(_OLE):
        raise CannotClean(Reason.ENCRYPTED if _speaks_of_encryption(source) else Reason.OLD_OFFICE)
    for at, magic, reason in _REFUSED:
        if start[at : at + len(magic)] == magic and not _reads_like_text(start, magic):
            raise CannotClean(reason)
    encoding, mark = encoding_of(start)
    if _MARKUP.match(start[mark:].decode(encoding, "ignore").encode()):
        raise CannotClean(Reason.WEB_PAGE)


def _reads_like_text(start: bytes, magic: bytes) -> bool:
    """A text may start with any two or four letters; a binary file goes on with what is no text."""
    return magic.isalpha() and len(magic) <= 4 and len(_TEXT.findall(start)) == len(start)


def _document(start: bytes) -> Kind:
    if b"%PDF-" in start[:_PDF_WITHIN]:
        return Kind.PDF
    if encoding_of(start)[1] or len(_TEXT.findall(start)) >= _MOSTLY * len(start) or _decodes(start):
        return Kind.TXT
    raise CannotClean(Reason.UNKNOWN_TYPE)


def _decodes(start: bytes) -> bool:
    """Whether it is UTF-8, save perhaps a character cut at the end."""
    try:
        start[:_LOOKED_AT].decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start >= len(start) - 3 and len(start) == _LOOKED_AT
    return True


def _speaks_of_encryption(source: Source) -> bool:
    before = b""
    while octets := source.some():
        if _WIDE_ENCRYPTED in before + octets:
            return True
        before = octets[-len(_WIDE_ENCRYPTED) :]
    return False
