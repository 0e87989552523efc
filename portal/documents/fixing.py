"""Mending a copy: the same file without what it hides."""

from collections.abc import Callable, Mapping

from portal.documents.cuts import CannotCut
from portal.documents.kinds import FileKind
from portal.documents.mails import mended_mail
from portal.documents.pdfcutting import without_unseen
from portal.documents.pictures import mended_picture
from portal.documents.worddoc import mended_document
from portal.documents.workbook import mended_workbook

_MENDERS: Mapping[FileKind, Callable[[bytes], bytes]] = {
    FileKind.PDF: without_unseen,
    FileKind.IMAGE: mended_picture,
    FileKind.WORKBOOK: mended_workbook,
    FileKind.DOCUMENT: mended_document,
    FileKind.MAIL: mended_mail,
}


def fix(kind: FileKind, data: bytes) -> tuple[FileKind, bytes]:
    """The mended file and its kind: an e-mail becomes a text. Raises CannotCut for what cannot be mended."""
    if kind not in _MENDERS:
        raise CannotCut("no_such_cut")
    return FileKind.TEXT if kind is FileKind.MAIL else kind, _MENDERS[kind](data)
