"""What sort of file something is, by its bytes and its name."""

from enum import StrEnum


class FileKind(StrEnum):
    """The sorts of files that can be read, scanned and cut. ``OTHER`` can only be withheld or released by name."""

    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"
    TABLE = "table"  # CSV
    WORKBOOK = "workbook"  # XLSX
    DOCUMENT = "document"  # DOCX
    MAIL = "mail"  # EML
    OTHER = "other"


_BY_ENDING = {
    "pdf": FileKind.PDF,
    "jpg": FileKind.IMAGE,
    "jpeg": FileKind.IMAGE,
    "png": FileKind.IMAGE,
    "webp": FileKind.IMAGE,
    "txt": FileKind.TEXT,
    "csv": FileKind.TABLE,
    "xlsx": FileKind.WORKBOOK,
    "docx": FileKind.DOCUMENT,
    "eml": FileKind.MAIL,
}
_SIGNATURES = {
    FileKind.PDF: (b"%PDF-",),
    FileKind.IMAGE: (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"),
    FileKind.WORKBOOK: (b"PK\x03\x04",),
    FileKind.DOCUMENT: (b"PK\x03\x04",),
}
ENDINGS = {
    FileKind.PDF: "pdf",
    FileKind.TEXT: "txt",
    FileKind.TABLE: "csv",
    FileKind.WORKBOOK: "xlsx",
    FileKind.DOCUMENT: "docx",
    FileKind.MAIL: "txt",
}
"""How the name of a copy ends; a picture keeps its own ending."""


def kind_of(name: str, head: bytes) -> FileKind:
    """The kind of a file: its name says it, and its first bytes must agree; else OTHER."""
    kind = _BY_ENDING.get(name.rpartition(".")[2].lower() if "." in name else "", FileKind.OTHER)
    signatures = _SIGNATURES.get(kind)
    if signatures is not None:
        agrees = any(head.startswith(one) for one in signatures) or (kind is FileKind.PDF and b"%PDF-" in head[:1024])
        return kind if agrees else FileKind.OTHER
    return FileKind.OTHER if b"\x00" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff") else kind
