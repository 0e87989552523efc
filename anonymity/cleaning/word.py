"""The parts of a Word file (CLEANING.md section 6)."""

import re
from collections.abc import Iterable, Mapping

from anonymity.cleaning.markup import Attributes, Verdict
from anonymity.cleaning.openxml import Names, OpenXmlRules
from anonymity.cleaning.outcome import Found

PARTS = {
    "styles": "styles+xml",
    "numbering": "numbering+xml",
    "settings": "settings+xml",
    "fontTable": "fontTable+xml",
    "footnotes": "footnotes+xml",
    "endnotes": "endnotes+xml",
    "header": "header+xml",
    "footer": "footer+xml",
}
_INNOCENT_FIELD = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|TOC|REF|PAGEREF|SEQ|NOTEREF|STYLEREF|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|=)"
    r'(?![A-Z])(?:[A-Za-z0-9_\\ *#.,:;=+()-]|"[0-9]-[0-9]")*',
)
_LONGEST_FIELD, _MOST_FIELDS = 4096, 64
_PERSONAL_FIELD = re.compile(
    r"\s*(?:AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|TEMPLATE|DOCPROPERTY|INFO|COMMENTS)\b",
    re.IGNORECASE,
)
_SETTINGS = frozenset(
    {
        "settings",
        "zoom",
        "mirrorMargins",
        "evenAndOddHeaders",
        "gutterAtTop",
        "displayBackgroundShape",
        "defaultTabStop",
    }
    | {"autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps", "characterSpacingControl"}
    | {"footnotePr", "endnotePr", "compat", "clrSchemeMapping", "decimalSymbol", "listSeparator", "bookFoldPrinting"}
    | {"bookFoldRevPrinting", "alignBordersAndEdges", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter"}
    | {"compatSetting", "footnote", "endnote", "numFmt", "numStart", "numRestart", "pos", "useFELayout", "spaceForUL"}
    | {"balanceSingleByteDoubleByteWidth", "doNotLeaveBackslashAlone", "ulTrailSpace", "adjustLineHeightInTable"}
)
_DROPPED: Names = {
    ("w", "commentRangeStart"): Found.COMMENTS,
    ("w", "commentRangeEnd"): Found.COMMENTS,
    ("w", "commentReference"): Found.COMMENTS,
    ("w", "annotationRef"): Found.COMMENTS,
    ("w", "permStart"): Found.AUTHOR,
    ("w", "permEnd"): Found.AUTHOR,
    ("w", "alias"): Found.DESCRIPTION,
    ("w", "tag"): Found.DESCRIPTION,
    ("w", "dataBinding"): Found.HIDDEN_PARTS,
    ("w", "docPartObj"): Found.HIDDEN_PARTS,
    ("w", "docPartList"): Found.HIDDEN_PARTS,
    ("w", "placeholder"): Found.HIDDEN_PARTS,
    ("w", "smartTagPr"): Found.HIDDEN_PARTS,
    ("w", "customXmlPr"): Found.HIDDEN_PARTS,
    ("w", "proofErr"): Found.HIDDEN_PARTS,
    ("w", "printerSettings"): Found.DEVICE,
    ("w", "subDoc"): Found.LINKS,
    ("w", "movie"): Found.LINKS,
    ("w", "embedRegular"): Found.HIDDEN_PARTS,
    ("w", "embedBold"): Found.HIDDEN_PARTS,
    ("w", "embedItalic"): Found.HIDDEN_PARTS,
    ("w", "embedBoldItalic"): Found.HIDDEN_PARTS,
    ("w", "rsid"): Found.EDIT_HISTORY,
    ("w", "fldData"): Found.HIDDEN_PARTS,
    ("w", "statusText"): Found.DESCRIPTION,
    ("w", "helpText"): Found.DESCRIPTION,
    ("w", "entryMacro"): Found.SCRIPTS,
    ("w", "exitMacro"): Found.SCRIPTS,
    ("w", "tblCaption"): Found.DESCRIPTION,
    ("w", "tblDescription"): Found.DESCRIPTION,
    ("w", "divId"): Found.IDENTIFIERS,
    ("w", "nsid"): Found.IDENTIFIERS,
    ("w", "tmpl"): Found.IDENTIFIERS,
}
_ATTRIBUTES: Names = {
    ("w", "date"): Found.DATES,
    ("w", "initials"): Found.AUTHOR,
    ("w", "rsidR"): Found.EDIT_HISTORY,
    ("w", "rsidRPr"): Found.EDIT_HISTORY,
    ("w", "rsidDel"): Found.EDIT_HISTORY,
    ("w", "rsidP"): Found.EDIT_HISTORY,
    ("w", "rsidRDefault"): Found.EDIT_HISTORY,
    ("w", "rsidTr"): Found.EDIT_HISTORY,
    ("w", "rsidSect"): Found.EDIT_HISTORY,
    ("w14", "paraId"): Found.IDENTIFIERS,
    ("w14", "textId"): Found.IDENTIFIERS,
    ("w", "tooltip"): Found.LINKS,
    ("w", "docLocation"): Found.LINKS,
    ("w", "tgtFrame"): Found.LINKS,
    ("w", "fontKey"): Found.IDENTIFIERS,
}


class WordRules(OpenXmlRules):
    """For the body, headers, footers, notes, styles."""

    dropped = _DROPPED
    attributes = _ATTRIBUTES
    special = frozenset({("w", "fldChar"), ("w", "fldSimple")})
    unwrapped = frozenset({("w", "smartTag"), ("w", "customXml")})
    tested = frozenset({("w", "instrText"), ("w", "delInstrText"), ("w", "t"), ("w", "delText")})

    def __init__(self, links: Mapping[str, str], found: set[Found]) -> None:
        super().__init__(links, found)
        self._fields: list[str] = []

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """As for all; besides, authors of changes become nobody, and an asking field becomes its answer."""
        if ("w", "author") in attributes:
            self.found |= {Found.AUTHOR, Found.EDIT_HISTORY}
            attributes["w", "author"] = "-"
        if name == ("w", "fldChar"):
            self._field(attributes.get(("w", "fldCharType"), ""))
        if name == ("w", "fldSimple") and not _INNOCENT_FIELD.fullmatch(asked := attributes.get(("w", "instr"), "")):
            self.found.add(Found.HIDDEN_PARTS)
            return Verdict.DROP if _PERSONAL_FIELD.match(asked) else Verdict.UNWRAP
        return super().element(name, attributes)

    def is_plain(self, name: tuple[str, str], keys: Iterable[tuple[str, str]]) -> bool:
        """Whether no list speaks of it, and no author."""
        return ("w", "author") not in keys and super().is_plain(name, keys)

    def text(self, name: tuple[str, str], text: str) -> str | None:
        """What a field asks for, where that tells nothing; what a field about the author answered goes."""
        if name[1] in ("t", "delText"):
            return "" if any(map(_PERSONAL_FIELD.match, self._fields)) else text
        if self._fields and len(self._fields[-1]) < _LONGEST_FIELD:
            self._fields[-1] += text
        if _INNOCENT_FIELD.fullmatch(text) or not text.strip():
            return text
        self.found.add(Found.HIDDEN_PARTS)
        return ""

    def _field(self, what: str) -> None:
        """Fields may stand in each other; of each that is open is known what it asks for."""
        if what == "begin" and len(self._fields) < _MOST_FIELDS:
            self._fields.append("")
        elif what == "end" and self._fields:
            self._fields.pop()


class SettingsRules(WordRules):
    """For the settings: a short list of those that change how the page looks."""

    def is_plain(self, name: tuple[str, str], keys: Iterable[tuple[str, str]]) -> bool:
        """Never: what is not in the list goes."""
        return False

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """What stands in the list, and what stands inside that."""
        if name[0] == "w" and name[1] in _SETTINGS:
            return super().element(name, attributes)
        if name[1] == "rsids":
            self.found.add(Found.EDIT_HISTORY)
        elif name[1] in ("attachedTemplate", "mailMerge"):
            self.found.add(Found.LINKS)
        else:
            self.found.add(Found.HIDDEN_PARTS)
        return Verdict.DROP
