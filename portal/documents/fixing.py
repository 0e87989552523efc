"""Mending a copy: the same file without what it hides."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from zipfile import ZipFile

from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.mails import mended_mail
from portal.documents.pdfcutting import without_unseen
from portal.documents.pictures import mended_picture
from portal.documents.worddoc import mended_document
from portal.documents.workbook import count_headers, mended_workbook

_DRAWN = re.compile(r"(?:xl|word)/(?:media/.*|(?:charts/)?chart\d*\.xml)")
_MENDERS: Mapping[FileKind, Callable[[bytes], bytes]] = {
    FileKind.PDF: without_unseen,
    FileKind.IMAGE: mended_picture,
    FileKind.WORKBOOK: mended_workbook,
    FileKind.DOCUMENT: mended_document,
    FileKind.MAIL: mended_mail,
}


class Mended(NamedTuple):
    """A mended file. ``lost`` are charts, pictures and headers that one saw and that are not in it: no finding named
    them."""

    kind: FileKind
    data: bytes
    lost: Sequence[Finding] = ()


def fix(kind: FileKind, data: bytes) -> Mended:
    """The mended file and its kind: an e-mail becomes a text. Raises CannotCut for what cannot be mended."""
    if kind not in _MENDERS:
        raise CannotCut("no_such_cut")
    mended = _MENDERS[kind](data)
    number = _drawings(data) - _drawings(mended) if kind in (FileKind.WORKBOOK, FileKind.DOCUMENT) else 0
    lost = [Finding(FindingCode.LEFT_OUT_DRAWINGS, number=number, can_fix=False)] if number > 0 else []
    headers = count_headers(data) if kind is FileKind.WORKBOOK else 0
    lost += [Finding(FindingCode.LEFT_OUT_HEADERS, number=headers, can_fix=False)] if headers else []
    return Mended(FileKind.TEXT if kind is FileKind.MAIL else kind, mended, lost)


def _drawings(data: bytes) -> int:
    with ZipFile(io.BytesIO(data)) as package:
        return sum(bool(_DRAWN.fullmatch(name)) for name in package.namelist())
