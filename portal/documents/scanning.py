"""The outgoing scan: what a copy says besides what one sees."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind, kind_of
from portal.documents.mails import DEEPEST, attached_to, scan_mail
from portal.documents.marks import is_marked
from portal.documents.pdfscanning import scan_pdf
from portal.documents.pictures import scan_picture
from portal.documents.proving import words_left
from portal.documents.sheetscanning import scan_workbook
from portal.documents.worddoc import scan_document

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
    if is_marked("", data, kind):
        return (Finding(FindingCode.REPORTER_MARK, can_fix=False),)
    if kind is FileKind.OTHER:
        return (Finding(FindingCode.UNREADABLE, can_fix=False),)
    found = _scanned(kind, data, DEEPEST)
    try:
        found += [
            Finding(FindingCode.CUT_WORDS_LEFT, word, can_fix=False) for word in words_left(kind, data, gone, parts)
        ]
    except CannotCut:
        found.append(Finding(FindingCode.UNREADABLE, can_fix=False))
    return tuple(found)


def _scanned(kind: FileKind, data: bytes, deep: int) -> list[Finding]:
    scanner = _SCANNERS.get(kind)
    found = list(scanner(data)) if scanner is not None else []
    if kind is FileKind.MAIL and not any(one.code is FindingCode.UNREADABLE for one in found):
        found += _in_attachments(data, deep)
    return found


def _in_attachments(data: bytes, deep: int) -> Iterator[Finding]:
    """What the files of an e-mail hide, each as a file of its own kind; all of it goes when the e-mail is mended."""
    for one in attached_to(data):
        kind = kind_of(one.name, one.data[:1024])
        if kind is FileKind.OTHER or deep == 0:
            yield Finding(FindingCode.UNREADABLE, one.name)
            continue
        for inner in _scanned(kind, one.data, deep - 1):
            yield Finding(inner.code, f"{one.name}: {inner.place}" if inner.place else one.name, inner.number)
