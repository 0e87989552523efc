"""Word documents: changes that were tracked, hidden words and notes are named; words are cut in every part.

Before anything else the file is written anew by ``anonymity.cleaning``: no property, comment, link or unknown part is
left. Cutting also accepts every tracked change, since a deleted name is still a name.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from lxml import etree

from anonymity.cleaning.archive import Archive, written
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.package import Package
from portal.documents.cuts import CannotCut, Cut, Cutting, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded, blackened, may_hold
from portal.documents.wordhiding import A, Styles, W, hidden_runs, read_styles
from portal.documents.wordnotes import empty_unshown, instead, unshown_parts
from portal.documents.wordpictures import crop_all, cropped, without_unused

BLACK = "█████"
_TEXTS = (f"{W}t", f"{A}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_PARAGRAPHS = (f"{W}p", f"{A}p")
_BREAKS = {
    **{f"{W}{name}": said for name, said in (("tab", "\t"), ("ptab", "\t"), ("br", "\n"), ("cr", "\n"))},
    f"{W}noBreakHyphen": "-",
    f"{A}br": "\n",
}
"""Pieces of text that are no letters: without them, what stands on both sides would be read as one word."""
_GONE = tuple(f"{W}{name}" for name in ("del", "moveFrom", "cellDel"))
_KEPT = tuple(f"{W}{name}" for name in ("ins", "moveTo"))
_MARKS = tuple(
    f"{W}{name}"
    for name in (
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "numberingChange"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "cellIns", "cellMerge"),
        *("tblGridChange", "tblPrExChange"),
    )
)
_LISTS = (f"{W}listItem", f"{W}ffData")
_NAMING = frozenset(
    {
        *((name, "val") for name in ("name", "aliases", "listEntry", "default", "format", "pStyle", "rStyle")),
        *((name, "val") for name in ("tblStyle", "basedOn", "next", "link", "lvlText", "docPart", "text", "caption")),
        *(("style", name) for name in ("styleId",)),
        *(("listItem", name) for name in ("displayText", "value")),
        *(("bookmarkStart", "name"), ("hyperlink", "anchor"), ("fldSimple", "instr"), ("textpath", "string")),
    }
)
"""Attributes that hold words somebody chose; all others are words of the format."""
_SAID = {
    Found.COMMENTS: FindingCode.COMMENT,
    Found.AUTHOR: FindingCode.PROPERTIES,
    Found.DATES: FindingCode.PROPERTIES,
    Found.DESCRIPTION: FindingCode.PROPERTIES,
    Found.THUMBNAIL: FindingCode.THUMBNAIL,
    Found.HIDDEN_PARTS: FindingCode.HIDDEN_PARTS,
    Found.TRAILING_DATA: FindingCode.HIDDEN_PARTS,
    Found.LINKS: FindingCode.EXTERNAL_LINK,
    Found.SCRIPTS: FindingCode.SCRIPT,
    Found.GPS: FindingCode.PICTURE_DETAILS,
    Found.DEVICE: FindingCode.PICTURE_DETAILS,
    Found.OTHER_PICTURES: FindingCode.PICTURE_DETAILS,
    Found.ATTACHMENTS: FindingCode.EMBEDDED_FILE,
}
_REFUSED = {
    Reason.ENCRYPTED: FindingCode.LOCKED,
    Reason.MACROS: FindingCode.MACRO,
    Reason.EMBEDDED_OBJECT: FindingCode.EMBEDDED_FILE,
}
_PARTS = re.compile(r"word/[^/]*\.xml|word/[a-z]+/[^/]*\.xml")
_DESCRIBED = re.compile(rb'\b(?:descr|alt)="[^"]|<w:(?:tblCaption|tblDescription) [^>]*w:val="[^"]')


def scan_document(data: bytes) -> list[Finding]:
    """Every finding. What would be refused by cleaning (macros, objects) cannot be mended here."""
    found: set[Found] = set()
    try:
        clean = Package(Archive(data), found).cleaned()
        described = sum(len(_DESCRIBED.findall(part)) for name, part in _members(data) if name.endswith(".xml"))
    except CannotClean as refusal:
        return [Finding(_REFUSED.get(refusal.reason, FindingCode.UNREADABLE), can_fix=False)]
    codes = {_SAID[one] for one in found if one in _SAID}
    told = [Finding(FindingCode.HIDDEN_TEXT, "alt", described)] if described else []
    return [*_in_text(clean), *told, *(Finding(code) for code in FindingCode if code in codes)]


def _in_text(clean: bytes) -> Iterator[Finding]:
    parts = list(_parts(clean))
    styles = _styles(parts)
    roots = [root for _name, root in parts]
    counted = {
        FindingCode.TRACKED_CHANGE: sum(len(list(root.iter(*_GONE, *_KEPT))) for root in roots),
        FindingCode.HIDDEN_TEXT: sum(len(list(hidden_runs(root, styles))) for root in roots) + _unread(clean, parts),
        FindingCode.FORM_FIELD: sum(len(list(root.iter(*_LISTS))) for root in roots),
        FindingCode.DEFINED_NAME: sum(len(list(_named_places(root))) for root in roots),
        FindingCode.PICTURE_OFF_PAGE: sum(len(list(cropped(root))) for root in roots),
    }
    yield from (Finding(code, number=number) for code, number in counted.items() if number)


def _unread(clean: bytes, parts: Sequence[tuple[str, Any]]) -> int:
    """Headers, footers and notes that no page shows, and what only old programmes would show instead."""
    unshown = list(unshown_parts(dict(_members(clean)), parts))
    return len(unshown) + sum(len(list(instead(root))) for _name, root in parts)


def _named_places(root: Any) -> Iterator[Any]:
    """Names that somebody gave to places; those of the programme begin with a line."""
    return (one for one in root.iter(f"{W}bookmarkStart") if not one.get(f"{W}name", "_").startswith("_"))


def cut_document(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The document anew without these words, in the body, headers, footers, notes and drawings."""
    wanted = [cut for cut in cuts if isinstance(cut, WordsCut)]
    if len(wanted) < len(cuts):
        raise CannotCut("no_such_cut")
    counts = [0] * len(cuts)

    def blacken(_name: str, root: Any, _members: dict[str, bytes]) -> None:
        _accept(root)
        for place, cut in enumerate(wanted):
            counts[place] += _blacken(root, cut) + _blacken_rest(root, cut)

    done = _changed(data, blacken)
    return Cutting(FileKind.DOCUMENT, done, counts, lost=_lost(data, done))


def _lost(data: bytes, done: bytes) -> list[Finding]:
    """Comments never come along; pictures of a rare form do not either."""
    before = dict(_members(data))
    pictures = sum("/media/" in name for name in before) - sum("/media/" in name for name, _part in _members(done))
    comments = sum(part.count(b"<w:comment ") for name, part in before.items() if name.startswith("word/comments"))
    told = ((FindingCode.LEFT_OUT_COMMENTS, comments), (FindingCode.LEFT_OUT_DRAWINGS, pictures))
    return [Finding(code, number=number, can_fix=False) for code, number in told if number > 0]


def mended_document(data: bytes) -> bytes:
    """The document anew: changes accepted; hidden words, lists to choose from and names of places gone."""
    clean = _cleaned(data)
    parts = list(_parts(clean))
    styles, unshown = _styles(parts), set(unshown_parts(dict(_members(clean)), parts))

    def mend(name: str, root: Any, members: dict[str, bytes]) -> None:
        _accept(root)
        empty_unshown(name, root, unshown)
        for one in [*hidden_runs(root, styles), *instead(root), *root.iter(*_LISTS), *_named_places(root)]:
            if one.getparent() is not None:
                one.getparent().remove(one)
        crop_all(name, root, members)

    return _changed(data, mend)


def _cleaned(data: bytes) -> bytes:
    try:
        return Package(Archive(data), set()).cleaned()
    except CannotClean as refusal:
        raise CannotCut(refusal.reason.value) from None


def _styles(parts: Iterable[tuple[str, Any]]) -> Styles:
    return next((read_styles(root) for _name, root in parts if root.tag == f"{W}styles"), Styles())


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    archive = Archive(data)
    return ((name, archive.read(name)) for name in archive.names)


def _changed(data: bytes, change: Callable[[str, Any, dict[str, bytes]], None]) -> bytes:
    clean = _cleaned(data)
    members = dict(_members(clean))
    for name, root in list(_parts(clean)):
        change(name, root, members)
        members[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written(sorted(without_unused(members).items()))


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


def _blacken(root: Any, cut: WordsCut) -> int:
    """Words may run over several pieces of text, lines and cells; the black stands in the first of them."""
    pieces = _pieces(root)
    text = "".join(said for _piece, said in pieces)
    if not may_hold(text, cut.words):
        return 0
    spans = Folded(text).spans(cut.words, whole=cut.whole)
    starts = [0, *accumulate(len(said) for _piece, said in pieces)]
    for start, stop in reversed(spans):
        _blacken_span(pieces, starts, start, stop)
    return len(spans)


def _pieces(root: Any) -> list[tuple[Any, str]]:
    """The pieces of text of a part as they are read, paragraph after paragraph, with what each says."""
    found: list[tuple[Any, str]] = []
    for paragraph in root.iter(*_PARAGRAPHS):
        own = [
            (piece, _said(piece))
            for piece in paragraph.iter(*_TEXTS, *_BREAKS)
            if _paragraph_of(piece) is paragraph
            and (piece.tag in _TEXTS or piece.getparent().tag in (f"{W}r", f"{A}p"))
        ]
        if any(said.strip() for _piece, said in own):
            found += [*own, (None, "\n")]
    return found


def _blacken_rest(root: Any, cut: WordsCut) -> int:
    """The same words in what fields ask for, behind charts, in names that somebody chose, in single pieces of text."""
    number = 0
    for one in root.iter():
        if not isinstance(one.tag, str):
            continue
        if one.text and may_hold(one.text, cut.words):
            one.text, found = blackened(one.text, cut.words, whole=cut.whole, by=BLACK)
            number += found
        for key, value in one.attrib.items():
            if may_hold(value, cut.words) and (etree.QName(one).localname, key.rpartition("}")[2]) in _NAMING:
                text, found = blackened(value, cut.words, whole=cut.whole, by=BLACK)
                one.set(key, text)
                number += found
    return number


def _said(piece: Any) -> str:
    return _BREAKS.get(piece.tag) or piece.text or ""


def _paragraph_of(piece: Any) -> Any:
    """The paragraph nearest around a piece: a text box is a paragraph inside a paragraph."""
    return next(piece.iterancestors(*_PARAGRAPHS), None)


def _blacken_span(pieces: list[tuple[Any, str]], starts: Sequence[int], start: int, stop: int) -> None:
    """From right to left: where pieces begin that stand further left does not change."""
    place, is_first = bisect_right(starts, start) - 1, True
    while place < len(pieces) and starts[place] < stop:
        piece, text = pieces[place]
        begin, end = max(start - starts[place], 0), min(stop - starts[place], len(text))
        if begin < end and piece is not None and piece.tag not in _BREAKS:
            piece.text = text[:begin] + (BLACK if is_first else "") + text[end:]
            pieces[place] = (piece, piece.text)
            is_first = False
        place += 1


def read_document(data: bytes) -> str:
    """The words of the body, a line for each paragraph."""
    return "\n".join(read_parts(data))


def read_parts(data: bytes) -> list[str]:
    """The words of each part: the body, a header, the notes."""
    texts = (
        "".join(said for _piece, said in _pieces(root)).removesuffix("\n") for _name, root in _parts(_cleaned(data))
    )
    return [text for text in texts if text]
