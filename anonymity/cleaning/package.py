"""Word's and Excel's files as a whole: only parts that the document reaches are written, each by its rules."""

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

from anonymity.cleaning import sheet, word
from anonymity.cleaning.archive import Archive, written
from anonymity.cleaning.markup import Tally, local_name, parse, rewritten
from anonymity.cleaning.media import clean_picture
from anonymity.cleaning.openxml import DrawingRules, OpenXmlRules
from anonymity.cleaning.outcome import CannotClean, Found, Kind, Reason, sound
from anonymity.cleaning.sheet import SheetRules
from anonymity.cleaning.word import SettingsRules, WordRules

_TYPES = "application/vnd.openxmlformats-officedocument"
_PACKAGE = "application/vnd.openxmlformats-package"
_OLD = "http://schemas.openxmlformats.org"
_LINK = f"{_OLD}/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAINS = {
    f"{_TYPES}.wordprocessingml.document.main+xml": Kind.DOCX,
    f"{_TYPES}.spreadsheetml.sheet.main+xml": Kind.XLSX,
}
_FOLDERS = {Kind.DOCX: "word", Kind.XLSX: "xl"}
_MACROS = re.compile(
    r"macroenabled|vbaproject|vbadata|activex|xlmacrosheet|intlmacrosheet|ms-office\.control", re.IGNORECASE
)
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX/.*|macrosheets/.*)$", re.IGNORECASE)
_DRAWINGS = {
    "theme": f"{_TYPES}.theme+xml",
    "drawing": f"{_TYPES}.drawing+xml",
    "chart": f"{_TYPES}.drawingml.chart+xml",
    "chartUserShapes": f"{_TYPES}.drawingml.chartshapes+xml",
    "diagramData": f"{_TYPES}.drawingml.diagramData+xml",
    "diagramLayout": f"{_TYPES}.drawingml.diagramLayout+xml",
    "diagramQuickStyle": f"{_TYPES}.drawingml.diagramStyle+xml",
    "diagramColors": f"{_TYPES}.drawingml.diagramColors+xml",
}
_PARTS: dict[Kind, dict[str, str]] = {
    Kind.DOCX: _DRAWINGS | {name: f"{_TYPES}.wordprocessingml.{kind}" for name, kind in word.PARTS.items()},
    Kind.XLSX: _DRAWINGS | {name: f"{_TYPES}.spreadsheetml.{kind}" for name, kind in sheet.PARTS.items()},
}
_OBJECTS = frozenset(
    {"oleObject", "package", "aFChunk", "attachedToolbars", "slicer", "control", "ctrlProp", "vbaProject"}
)
_SORTS: Mapping[str, Found] = {
    "comments": Found.COMMENTS,
    "commentsExtended": Found.COMMENTS,
    "commentsIds": Found.COMMENTS,
    "threadedComment": Found.COMMENTS,
    "people": Found.AUTHOR,
    "person": Found.AUTHOR,
    "usernames": Found.AUTHOR,
    "core-properties": Found.AUTHOR,
    "extended-properties": Found.SOFTWARE,
    "custom-properties": Found.DESCRIPTION,
    "thumbnail": Found.THUMBNAIL,
    "printerSettings": Found.DEVICE,
    "revisionHeaders": Found.EDIT_HISTORY,
    "externalLink": Found.LINKS,
    "connections": Found.LINKS,
    "attachedTemplate": Found.LINKS,
    "hyperlink": Found.LINKS,
}
_PROPERTIES = ((b"dcterms:created", Found.DATES), (b"dcterms:modified", Found.DATES), (b"dc:title", Found.DESCRIPTION))
_LOOKED_FOR, _DEEPEST = "docProps/core.xml", 12


class _Link(NamedTuple):
    name: str
    kind: str
    target: str
    outside: bool


class Package:
    """A Word or Excel file that is written anew."""

    def __init__(self, archive: Archive, found: set[Found]) -> None:
        self._archive = archive
        self._found = found
        self._types = self._content_types()
        self.kind, self._main = self._what()
        self._new: dict[str, tuple[str, str]] = {}
        self._out: dict[str, bytes] = {}
        self._overrides: dict[str, str] = {}
        self._endings: set[str] = set()
        self._deep = 0
        self._tally = Tally()

    def cleaned(self) -> bytes:
        """The whole file anew."""
        self._tell()
        main_type = next(name for name, kind in _MAINS.items() if kind is self.kind)
        main = f"{_FOLDERS[self.kind]}/{'document' if self.kind is Kind.DOCX else 'workbook'}.xml"
        self._new[self._main] = (main, main_type)
        self._write_part(self._main, "officeDocument")
        self._out["_rels/.rels"] = _relations([("rId1", "officeDocument", main)])
        self._out["[Content_Types].xml"] = self._listed_types()
        unreached = {*self._archive.names} - {*self._new} - {"[Content_Types].xml"}
        if any(not name.endswith(".rels") for name in unreached):
            self._found.add(Found.HIDDEN_PARTS)
        return written((name, self._out[name]) for name in sorted(self._out))

    def _what(self) -> tuple[Kind, str]:
        if any(map(_MACROS.search, self._types.values())) or any(map(_MACRO_PARTS.search, self._archive.names)):
            raise CannotClean(Reason.MACROS)
        for link in self._links(""):
            if link.kind == "officeDocument" and not link.outside:
                if kind := _MAINS.get(self._types.get(link.target, "")):
                    return kind, link.target
                raise CannotClean(Reason.OTHER_DOCUMENT)
        raise CannotClean(Reason.OTHER_DOCUMENT)

    def _write_part(self, old: str, kind: str) -> None:
        """A part, and before it the parts it links to, so that its references can be written."""
        new = self._new[old][0]
        kept: dict[str, str] = {}
        lines: list[tuple[str, str, str]] = []
        self._deep += 1
        if self._deep > _DEEPEST:
            raise CannotClean(Reason.TOO_COMPLEX)
        for link in self._links(old):
            if target := self._reached(link):
                kept[link.name] = f"rId{len(lines) + 1}"
                place = posixpath.relpath(target, posixpath.dirname(new))
                lines.append((kept[link.name], link.kind, place))
        self._out[new] = rewritten(self._archive.read(old), self._rules(kind)(kept, self._found), self._tally)
        if lines:
            folder, name = posixpath.split(new)
            self._out[f"{folder}/_rels/{name}.rels"] = _relations(lines)
        self._overrides[new] = self._new[old][1]
        self._deep -= 1

    def _reached(self, link: _Link) -> str | None:
        """The new name of the part a link leads to; None if it goes."""
        if link.kind in _OBJECTS and not link.outside:
            self._refuse_objects(link)
        if link.outside or link.kind not in _PARTS[self.kind].keys() | {"image"}:
            self._found.add(_SORTS.get(link.kind, Found.LINKS if link.outside else Found.HIDDEN_PARTS))
            return None
        sound(link.target in self._archive.names)
        if link.target not in self._new:
            self._add(link)
        return self._new[link.target][0] if self._new[link.target][0] in self._out or link.kind != "image" else None

    def _add(self, link: _Link) -> None:
        folder, number = _FOLDERS[self.kind], len(self._new)
        if link.kind == "image":
            picture = clean_picture(self._archive.read(link.target), self._found)
            name = f"{folder}/media/image{number}.{picture[0] if picture else 'none'}"
            self._new[link.target] = (name, "")
            if picture:
                self._endings.add(picture[0])
                self._out[name] = picture[1]
            return
        self._new[link.target] = (f"{folder}/{link.kind}{number}.xml", _PARTS[self.kind][link.kind])
        self._write_part(link.target, link.kind)

    def _refuse_objects(self, link: _Link) -> None:
        """Objects are refused, save the table behind a chart, which goes."""
        if link.kind == "package":
            return
        raise CannotClean(Reason.MACROS if link.kind in ("control", "vbaProject") else Reason.EMBEDDED_OBJECT)

    def _rules(self, kind: str) -> type[OpenXmlRules]:
        if kind == "settings":
            return SettingsRules
        if self.kind is Kind.XLSX and kind in {*sheet.PARTS, "officeDocument"}:
            return SheetRules
        return DrawingRules if kind in _DRAWINGS else WordRules

    def _links(self, part: str) -> list[_Link]:
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self._archive.names:
            return []
        links: list[_Link] = []

        def start(full: str, attributes: dict[str, str]) -> None:
            if local_name(full) == "Relationship":
                target = attributes.get("Target", "")
                outside = attributes.get("TargetMode", "") == "External" or ":" in target
                place = target if outside else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                links.append(
                    _Link(attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], place, outside)
                )

        parse(self._archive.read(relations), start)
        return links

    def _content_types(self) -> dict[str, str]:
        defaults: dict[str, str] = {}
        types: dict[str, str] = {}

        def start(_: str, attributes: dict[str, str]) -> None:
            if "PartName" in attributes:
                types[attributes["PartName"].lstrip("/")] = attributes.get("ContentType", "")
            elif "Extension" in attributes:
                defaults[attributes["Extension"].casefold()] = attributes.get("ContentType", "")

        parse(self._archive.read("[Content_Types].xml"), start)
        for name in self._archive.names:
            types.setdefault(name, defaults.get(name.rpartition(".")[2].casefold(), ""))
        return types

    def _listed_types(self) -> bytes:
        endings = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
        lines = [f'<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>']
        lines += [
            f'<Default Extension="{ending}" ContentType="{endings[ending]}"/>' for ending in sorted(self._endings)
        ]
        lines += [
            f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in sorted(self._overrides.items())
        ]
        return f'{_HEAD}<Types xmlns="{_OLD}/package/2006/content-types">{"".join(lines)}</Types>'.encode()

    def _tell(self) -> None:
        """What sorts of things the properties say."""
        for link in self._links(""):
            if link.kind != "officeDocument":
                self._found.add(_SORTS.get(link.kind, Found.HIDDEN_PARTS))
        if _LOOKED_FOR in self._archive.names:
            core = self._archive.read(_LOOKED_FOR)
            self._found |= {sort for word_looked_for, sort in _PROPERTIES if word_looked_for in core}


def _relations(lines: list[tuple[str, str, str]]) -> bytes:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_LINK}/{kind}" Target="{target}"/>' for name, kind, target in lines
    )
    return f'{_HEAD}<Relationships xmlns="{_OLD}/package/2006/relationships">{inner}</Relationships>'.encode()
