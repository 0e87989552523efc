"""The outgoing scan: what a copy says besides what one sees."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.marks import is_marked
from portal.documents.pdfscanning import scan_pdf
from portal.documents.pictures import scan_picture
from portal.documents.plaintext import scan_mail
from portal.documents.proving import words_left
from portal.documents.worddoc import scan_document
from portal.documents.workbook import scan_workbook

_SCANNERS: Mapping[FileKind, Callable[[bytes], Sequence[Finding]]] = {
    FileKind.PDF: scan_pdf,
    FileKind.IMAGE: scan_picture,
    FileKind.WORKBOOK: scan_workbook,
    FileKind.DOCUMENT: scan_document,
    FileKind.MAIL: scan_mail,
}


def scan(kind: FileKind, data: bytes, *, gone: Iterable[str] = (), parts: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Every finding of a copy. ``gone`` are words that were cut from it, ``parts`` those that were cut inside longer
    words too: one that is still there is a finding.

    A file of no known kind cannot be looked into: that is a finding, too.
    """
    if is_marked("", data):
        return (Finding(FindingCode.REPORTER_MARK, can_fix=False),)
    if kind is FileKind.OTHER:
        return (Finding(FindingCode.UNREADABLE, can_fix=False),)
    scanner = _SCANNERS.get(kind)
    found = list(scanner(data)) if scanner is not None else []
    try:
        left = words_left(kind, data, gone, parts)
        found += [Finding(FindingCode.CUT_WORDS_LEFT, word, can_fix=False) for word in left]
    except CannotCut:
        found.append(Finding(FindingCode.UNREADABLE, can_fix=False))
    return tuple(found)
