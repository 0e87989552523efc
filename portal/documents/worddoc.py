"""Word documents: changes that were tracked, hidden words and notes are named; words are cut in every part.

Before anything else the file is written anew by ``anonymity.cleaning``: no property, comment, link or unknown part is
left. Cutting also accepts every tracked change, since a deleted name is still a name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from anonymity.cleaning.archive import Archive, written
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.package import Package
from portal.documents.cuts import CannotCut, Cut, Cutting, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded

BLACK = "█████"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXTS = (f"{_W}t", f"{_A}t", f"{_W}delText", f"{_W}instrText")
_PARAGRAPHS = (f"{_W}p", f"{_A}p")
_BREAKS = {
    **{f"{_W}{name}": said for name, said in (("tab", "\t"), ("ptab", "\t"), ("br", "\n"), ("cr", "\n"))},
    f"{_W}noBreakHyphen": "-",
    f"{_A}br": "\n",
}
"""Pieces of text that are no letters: without them, what stands on both sides would be read as one word."""
_GONE = tuple(f"{_W}{name}" for name in ("del", "moveFrom", "cellDel"))
_KEPT = tuple(f"{_W}{name}" for name in ("ins", "moveTo"))
_MARKS = tuple(
    f"{_W}{name}"
    for name in (
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "numberingChange"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "cellIns", "cellMerge"),
        *("tblGridChange", "tblPrExChange"),
    )
)
_SAID = {
    Found.COMMENTS: FindingCode.COMMENT,
    Found.AUTHOR: FindingCode.PROPERTIES,
    Found.DATES: FindingCode.PROPERTIES,
    Found.DESCRIPTION: FindingCode.PROPERTIES,
    Found.THUMBNAIL: FindingCode.THUMBNAIL,
    Found.HIDDEN_PARTS: FindingCode.HIDDEN_PARTS,
    Found.LINKS: FindingCode.EXTERNAL_LINK,
    Found.GPS: FindingCode.PICTURE_DETAILS,
    Found.DEVICE: FindingCode.PICTURE_DETAILS,
    Found.ATTACHMENTS: FindingCode.EMBEDDED_FILE,
}
_REFUSED = {
    Reason.ENCRYPTED: FindingCode.LOCKED,
    Reason.MACROS: FindingCode.MACRO,
    Reason.EMBEDDED_OBJECT: FindingCode.EMBEDDED_FILE,
}
_PARTS = re.compile(r"word/[^/]*\.xml|word/[a-z]+/[^/]*\.xml")


def scan_document(data: bytes) -> list[Finding]:
    """Every finding. What would be refused by cleaning (macros, objects) cannot be mended here."""
    found: set[Found] = set()
    try:
        clean = Package(Archive(data), found).cleaned()
    except CannotClean as refusal:
        return [Finding(_REFUSED.get(refusal.reason, FindingCode.UNREADABLE), can_fix=False)]
    codes = {_SAID[one] for one in found if one in _SAID}
    return [*_in_text(clean), *(Finding(code) for code in FindingCode if code in codes)]


def _in_text(clean: bytes) -> Iterator[Finding]:
    roots = [root for _name, root in _parts(clean)]
    changes = sum(len(list(root.iter(*_GONE, *_KEPT))) for root in roots)
    hidden = sum(len(list(_hidden_runs(root))) for root in roots)
    if changes:
        yield Finding(FindingCode.TRACKED_CHANGE, number=changes)
    if hidden:
        yield Finding(FindingCode.HIDDEN_TEXT, number=hidden)


def cut_document(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The document anew without these words, in the body, headers, footers, notes and drawings."""
    if not all(isinstance(cut, WordsCut) for cut in cuts):
        raise CannotCut("no_such_cut")
    counts = [0] * len(cuts)

    def blacken(root: Any) -> None:
        _accept(root)
        for paragraph in root.iter(*_PARAGRAPHS):
            for place, cut in enumerate(cuts):
                if isinstance(cut, WordsCut):
                    counts[place] += _blacken(paragraph, cut)

    return Cutting(FileKind.DOCUMENT, _changed(data, blacken), counts)


def mended_document(data: bytes) -> bytes:
    """The document anew: changes accepted, hidden words gone."""

    def mend(root: Any) -> None:
        _accept(root)
        for run in list(_hidden_runs(root)):
            run.getparent().remove(run)

    return _changed(data, mend)


def _changed(data: bytes, change: Any) -> bytes:
    try:
        clean = Package(Archive(data), set()).cleaned()
    except CannotClean as refusal:
        raise CannotCut(refusal.reason.value) from None
    archive = Archive(clean)
    members = {name: archive.read(name) for name in archive.names}
    for name, root in _parts(clean):
        change(root)
        members[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written((name, members[name]) for name in sorted(members))


def _parts(clean: bytes) -> Iterable[tuple[str, Any]]:
    archive = Archive(clean)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for name in archive.names:
        if _PARTS.fullmatch(name) and "/_rels/" not in name:
            try:
                yield name, etree.fromstring(archive.read(name), parser)
            except etree.XMLSyntaxError:
                raise CannotCut("damaged") from None


def _accept(root: Any) -> None:
    """What was deleted goes, what was added stays, and no change is told any more."""
    for one in list(root.iter(*_GONE, *_MARKS)):
        if one.getparent() is not None:
            one.getparent().remove(one)
    for one in list(root.iter(*_KEPT)):
        parent = one.getparent()
        place = parent.index(one)
        for inner in list(one):
            parent.insert(place, inner)
            place += 1
        parent.remove(one)


def _hidden_runs(root: Any) -> Iterator[Any]:
    for run in root.iter(f"{_W}r"):
        hidden = run.find(f"{_W}rPr/{_W}vanish")
        if hidden is not None and hidden.get(f"{_W}val") not in ("0", "false", "off"):
            yield run


def _blacken(paragraph: Any, cut: WordsCut) -> int:
    """Words may run over several pieces of text; the black stands in the first of them."""
    pieces = _pieces(paragraph, _TEXTS)
    text = "".join(map(_said, pieces))
    spans = Folded(text).spans(cut.words, whole=cut.whole)
    for start, stop in reversed(spans):
        _blacken_span(pieces, start, stop)
    return len(spans)


def _pieces(paragraph: Any, texts: Sequence[str]) -> list[Any]:
    """The pieces of text of a paragraph, and the breaks between them (a tab is also the name of a place for one)."""
    return [
        piece
        for piece in paragraph.iter(*texts, *_BREAKS)
        if _paragraph_of(piece) is paragraph and (piece.tag in texts or piece.getparent().tag in (f"{_W}r", f"{_A}p"))
    ]


def _said(piece: Any) -> str:
    return _BREAKS.get(piece.tag) or piece.text or ""


def _paragraph_of(piece: Any) -> Any:
    """The paragraph nearest around a piece: a text box is a paragraph inside a paragraph."""
    return next(piece.iterancestors(*_PARAGRAPHS), None)


def _blacken_span(pieces: Sequence[Any], start: int, stop: int) -> None:
    at, is_first = 0, True
    for piece in pieces:
        text = _said(piece)
        begin, end = max(start - at, 0), min(stop - at, len(text))
        at += len(text)
        if begin >= end or piece.tag in _BREAKS:
            continue
        piece.text = text[:begin] + (BLACK if is_first else "") + text[end:]
        is_first = False


def read_document(data: bytes) -> str:
    """The words of the body, a line for each paragraph."""
    return "\n".join(read_parts(data))


def read_parts(data: bytes) -> list[str]:
    """The words of each part: the body, a header, the notes."""
    try:
        clean = Package(Archive(data), set()).cleaned()
    except CannotClean as refusal:
        raise CannotCut(refusal.reason.value) from None
    texts = []
    for _name, root in _parts(clean):
        lines = ("".join(map(_said, _pieces(one, (f"{_W}t", f"{_A}t")))) for one in root.iter(*_PARAGRAPHS))
        texts.append("\n".join(line for line in lines if line.strip()))
    return [text for text in texts if text]
