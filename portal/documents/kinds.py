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
