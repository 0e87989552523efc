"""What Word's and Excel's files have in common: namespaces, drawings, links between parts (CLEANING.md section 6)."""

import re
from collections.abc import Iterable, Mapping

from anonymity.cleaning.markup import Attributes, Rules, Verdict
from anonymity.cleaning.outcome import CannotClean, Found, Reason

_OLD, _STRICT, _MICROSOFT = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://schemas.microsoft.com/office/",
)
_BOTH = {
    "w": "wordprocessingml/main",
    "x": "spreadsheetml/main",
    "a": "drawingml/main",
    "pic": "drawingml/picture",
    "wp": "drawingml/wordprocessingDrawing",
    "xdr": "drawingml/spreadsheetDrawing",
    "cdr": "drawingml/chartDrawing",
    "c": "drawingml/chart",
    "dgm": "drawingml/diagram",
    "r": "officeDocument/relationships",
    "m": "officeDocument/math",
}
SPACES = {f"{_STRICT}{name}": short for short, name in _BOTH.items()}
for _short, _name in _BOTH.items():
    _first, _second = _name.split("/")
    SPACES[f"{_OLD}{_first}/2006/{_second}"] = _short
SPACES |= {
    f"{_OLD}markup-compatibility/2006": "mc",
    f"{_MICROSOFT}word/2010/wordml": "w14",
    f"{_MICROSOFT}word/2010/wordprocessingShape": "wps",
    f"{_MICROSOFT}word/2010/wordprocessingGroup": "wpg",
    f"{_MICROSOFT}word/2010/wordprocessingCanvas": "wpc",
    f"{_MICROSOFT}word/2010/wordprocessingDrawing": "wp14",
    f"{_MICROSOFT}drawing/2008/diagram": "dsp",
    f"{_MICROSOFT}drawing/2010/main": "a14",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
}
Names = Mapping[tuple[str, str], Found]
_NONE: Names = {}
_NAMED = {
    *((space, "cNvPr") for space in ("a", "pic", "xdr", "wps", "wpg", "dsp", "cdr")),
    ("wp", "docPr"),
    *(("a", name) for name in ("theme", "clrScheme", "fontScheme", "fmtScheme", "custClr")),
}
_LOOSE = {("w", "hyperlink"), ("a", "blip"), ("v", "imagedata"), ("v", "fill"), ("v", "stroke")}
_DROPPED: Names = {
    ("a", "extLst"): Found.IDENTIFIERS,
    ("c", "extLst"): Found.IDENTIFIERS,
    ("x", "extLst"): Found.HIDDEN_PARTS,
    ("dgm", "extLst"): Found.IDENTIFIERS,
    ("c", "externalData"): Found.ATTACHMENTS,
    ("c", "printSettings"): Found.DEVICE,
    ("c", "protection"): Found.HIDDEN_PARTS,
    ("a", "hlinkClick"): Found.LINKS,
    ("a", "hlinkHover"): Found.LINKS,
    ("a", "hlinkMouseOver"): Found.LINKS,
    ("a", "videoFile"): Found.LINKS,
    ("a", "audioFile"): Found.LINKS,
    ("a", "quickTimeFile"): Found.LINKS,
    ("a", "wavAudioFile"): Found.LINKS,
    ("o", "signatureline"): Found.AUTHOR,
    ("o", "ink"): Found.HIDDEN_PARTS,
    ("w14", "contentPart"): Found.HIDDEN_PARTS,
}
_ATTRIBUTES: Names = {
    ("wp14", "anchorId"): Found.IDENTIFIERS,
    ("wp14", "editId"): Found.IDENTIFIERS,
    ("o", "gfxdata"): Found.HIDDEN_PARTS,
    ("o", "title"): Found.DESCRIPTION,
    ("o", "href"): Found.LINKS,
    ("o", "spid"): Found.IDENTIFIERS,
    ("o", "relid"): Found.LINKS,
    ("", "alt"): Found.DESCRIPTION,
    ("", "href"): Found.LINKS,
    ("", "target"): Found.LINKS,
    ("", "descr"): Found.DESCRIPTION,
    ("", "title"): Found.DESCRIPTION,
    ("", "macro"): Found.SCRIPTS,
    ("", "textlink"): Found.LINKS,
}
LONGEST_FORMULA = 8192
OUTSIDE = re.compile(r"\[[^\]]*\d[^\]]*\]|\.xl|https?:|file:|\\\\|CELL\(", re.IGNORECASE)
_REFUSED = {
    ("w", "altChunk"): Reason.EMBEDDED_OBJECT,
    ("w", "object"): Reason.EMBEDDED_OBJECT,
    ("o", "OLEObject"): Reason.EMBEDDED_OBJECT,
    ("x", "oleObjects"): Reason.EMBEDDED_OBJECT,
    ("w", "control"): Reason.MACROS,
}


class OpenXmlRules(Rules):
    """The rules that Word and Excel share; each adds its own names."""

    spaces = SPACES
    dropped = _NONE
    attributes = _NONE
    unwrapped: frozenset[tuple[str, str]] = frozenset()

    def __init__(self, links: Mapping[str, str], found: set[Found]) -> None:
        self._links = links
        self.found = found

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """What the lists say; references to parts that are gone go too."""
        if name in _REFUSED:
            raise CannotClean(_REFUSED[name])
        if (sort := _DROPPED.get(name) or self.dropped.get(name)) is not None:
            self.found.add(sort)
            return Verdict.DROP
        for key in [key for key in attributes if key in _ATTRIBUTES or key in self.attributes]:
            self.found.add(_ATTRIBUTES.get(key) or self.attributes[key])
            del attributes[key]
        if name in _NAMED and ("", "name") in attributes:
            attributes["", "name"] = "p"
        if not self._relinked(attributes) and name not in _LOOSE:
            return Verdict.DROP
        return Verdict.UNWRAP if name in self.unwrapped else Verdict.KEEP

    def is_plain(self, name: tuple[str, str], keys: Iterable[tuple[str, str]]) -> bool:
        """Whether no list speaks of it."""
        lists = (_REFUSED, _DROPPED, self.dropped, _NAMED, self.unwrapped)
        if any(name in names for names in lists):
            return False
        return not any(key in _ATTRIBUTES or key in self.attributes or key[0] == "r" for key in keys)

    def _relinked(self, attributes: Attributes) -> bool:
        """Whether the part that an element needs is still there."""
        whole = True
        for key in [key for key in attributes if key[0] == "r" and attributes[key]]:
            if attributes[key] in self._links:
                attributes[key] = self._links[attributes[key]]
            else:
                del attributes[key]
                whole = whole and key[1] != "id"
        return whole


class DrawingRules(OpenXmlRules):
    """For drawings, charts, diagrams, themes."""

    tested = frozenset({("c", "f")})

    def text(self, name: tuple[str, str], text: str) -> str | None:
        """A reference to another file is cut."""
        if len(text) > LONGEST_FORMULA or OUTSIDE.search(text):
            self.found.add(Found.LINKS)
            return "#REF!"
        return text
