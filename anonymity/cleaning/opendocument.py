"""OpenDocument texts: body and styles written anew, pictures cleaned, all else gone (CLEANING.md section 6)."""

import re
from collections.abc import Iterable, Mapping

from anonymity.cleaning.archive import Archive, written
from anonymity.cleaning.markup import Attributes, Rules, Tally, Verdict, local_name, parse, rewritten
from anonymity.cleaning.media import clean_picture
from anonymity.cleaning.outcome import CannotClean, Found, Reason

TEXT = b"application/vnd.oasis.opendocument.text"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {f"{_ODF}:{name}:1.0": name for name in ("office", "text", "table", "style", "dr3d", "presentation", "chart")}
_SPACES |= {f"{_ODF}:{name}:1.0": name for name in ("meta", "script", "form", "config")}
_SPACES |= {f"{_ODF}:drawing:1.0": "draw", f"{_ODF}:xsl-fo-compatible:1.0": "fo", f"{_ODF}:datastyle:1.0": "number"}
_SPACES |= {f"{_ODF}:svg-compatible:1.0": "svg", "http://www.w3.org/1999/xlink": "xlink"}
_SPACES |= {"http://purl.org/dc/elements/1.1/": "dc", "http://www.w3.org/1998/Math/MathML": "math"}
_EXTENDED = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
_SPACES |= {_EXTENDED: "loext"}
_OBJECTS = frozenset({"object", "object-ole", "applet", "plugin", "floating-frame"})
_REFUSED_PARTS = (
    (re.compile(r"^(?:Basic|Scripts)/.+[^/]$", re.DOTALL), Reason.MACROS),
    (re.compile(r"^(?:Object|ObjectReplacements/Object)[^/]*", re.DOTALL), Reason.EMBEDDED_OBJECT),
)
_HARMLESS_SCRIPTS = re.compile(r"^Basic/(?:script-lc\.xml|Standard/script-lb\.xml)$")
_PICTURE = re.compile(r"(?:\./)?(Pictures/[^/#]+)")
_DROPPED: Mapping[tuple[str, str], Found] = {
    ("office", "annotation"): Found.COMMENTS,
    ("office", "annotation-end"): Found.COMMENTS,
    ("office", "scripts"): Found.SCRIPTS,
    ("office", "event-listeners"): Found.SCRIPTS,
    ("office", "meta"): Found.DESCRIPTION,
    ("office", "settings"): Found.HIDDEN_PARTS,
    ("office", "forms"): Found.HIDDEN_PARTS,
    ("office", "dde-source"): Found.LINKS,
    ("office", "binary-data"): Found.HIDDEN_PARTS,
    ("dc", "creator"): Found.AUTHOR,
    ("dc", "date"): Found.DATES,
    ("meta", "creator-initials"): Found.AUTHOR,
    ("svg", "title"): Found.DESCRIPTION,
    ("svg", "desc"): Found.DESCRIPTION,
    ("text", "variable-decls"): Found.HIDDEN_PARTS,
    ("text", "user-field-decls"): Found.HIDDEN_PARTS,
    ("text", "dde-connection-decls"): Found.LINKS,
    ("text", "alphabetical-index-auto-mark-file"): Found.LINKS,
    ("text", "section-source"): Found.LINKS,
    ("table", "table-source"): Found.LINKS,
    ("table", "dde-link"): Found.LINKS,
    ("draw", "image-map"): Found.LINKS,
    ("svg", "font-face-src"): Found.LINKS,
}
_PERSONAL = frozenset(
    ("text", name)
    for name in (
        *("author-name", "author-initials", "creator", "initial-creator", "printed-by", "file-name", "template-name"),
        *("sender-firstname", "sender-lastname", "sender-initials", "sender-title", "sender-position", "sender-email"),
        *("sender-phone-private", "sender-fax", "sender-company", "sender-phone-work", "sender-street", "sender-city"),
        *("sender-postal-code", "sender-country", "sender-state-or-province", "editing-cycles", "editing-duration"),
        *(
            "title",
            "subject",
            "keywords",
            "description",
            "user-defined",
            "database-name",
            "hidden-text",
            "hidden-paragraph",
        ),
    )
)
_FIELDS = frozenset(
    ("text", name)
    for name in (
        *(
            "creation-date",
            "creation-time",
            "modification-date",
            "modification-time",
            "print-date",
            "print-time",
            "date",
            "time",
        ),
        *(
            "variable-set",
            "variable-get",
            "variable-input",
            "user-field-get",
            "user-field-input",
            "text-input",
            "expression",
        ),
        *("placeholder", "conditional-text", "database-display", "database-next", "database-row-select"),
        *("database-row-number", "execute-macro", "script", "dde-connection", "meta", "meta-field", "a", "sheet-name"),
    )
)
_ATTRIBUTES: Mapping[tuple[str, str], Found] = {
    ("draw", "name"): Found.DESCRIPTION,
    ("draw", "id"): Found.IDENTIFIERS,
    ("xml", "id"): Found.IDENTIFIERS,
    ("office", "name"): Found.IDENTIFIERS,
    ("office", "title"): Found.DESCRIPTION,
    ("office", "target-frame-name"): Found.LINKS,
    ("table", "protection-key"): Found.HIDDEN_PARTS,
    ("text", "protection-key"): Found.HIDDEN_PARTS,
    ("draw", "filter-name"): Found.HIDDEN_PARTS,
    ("xlink", "title"): Found.DESCRIPTION,
}
_CHANGES = (("text", "id"), ("text", "change-id"))
_FOREIGN = frozenset({"script", "form", "config", "meta", "loext"})
_CONTROL = ("loext", "content-control")


class _TextRules(Rules):
    """For body and styles; `pictures` are those that are still there, by their old names."""

    spaces = _SPACES

    def __init__(self, pictures: Mapping[str, str], found: set[Found]) -> None:
        self._pictures = pictures
        self._found = found
        self._changes: dict[str, str] = {}

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """What the lists say; links to files that are gone go too."""
        if name[0] == "draw" and name[1] in _OBJECTS:
            raise CannotClean(Reason.EMBEDDED_OBJECT)
        if name != _CONTROL and (name in _DROPPED or name in _PERSONAL or name[0] in _FOREIGN):
            self._found |= {_DROPPED.get(name, Found.HIDDEN_PARTS)} | (
                {Found.EDIT_HISTORY} if name[0] == "dc" else set()
            )
            return Verdict.DROP
        if name in _FIELDS or name == _CONTROL:
            self._found.add(Found.LINKS if name[1] == "a" else Found.HIDDEN_PARTS)
            return Verdict.UNWRAP
        for key in [key for key in attributes if key in _ATTRIBUTES or key[0] in _FOREIGN]:
            self._found.add(_ATTRIBUTES.get(key, Found.HIDDEN_PARTS))
            del attributes[key]
        for key in _CHANGES:
            if key in attributes:
                attributes[key] = self._changes.setdefault(attributes[key], f"ct{len(self._changes) + 1}")
        return self._linked(attributes)

    def is_plain(self, name: tuple[str, str], keys: Iterable[tuple[str, str]]) -> bool:
        """Whether no list speaks of it."""
        if name in _DROPPED or name in _PERSONAL or name in _FIELDS or name[0] in _FOREIGN or name[1] in _OBJECTS:
            return False
        return not any(key in _ATTRIBUTES or key in _CHANGES or key[0] in _FOREIGN or key[0] == "xlink" for key in keys)

    def _linked(self, attributes: Attributes) -> Verdict:
        place = attributes.get(("xlink", "href"))
        if place is None or place.startswith("#"):
            return Verdict.KEEP
        picture = _PICTURE.fullmatch(place)
        if picture is None or picture[1] not in self._pictures:
            self._found.add(Found.LINKS)
            return Verdict.DROP
        attributes["xlink", "href"] = self._pictures[picture[1]]
        return Verdict.KEEP


def cleaned(archive: Archive, found: set[Found]) -> bytes:
    """The whole file anew."""
    _refuse(archive)
    _tell(archive, found)
    tally = Tally()
    pictures: dict[str, str] = {}
    bodies: dict[str, bytes] = {}
    for name in archive.names:
        if name.startswith("Pictures/") and (picture := clean_picture(archive.read(name), found)):
            pictures[name] = f"Pictures/image{len(pictures) + 1}.{picture[0]}"
            bodies[pictures[name]] = picture[1]
    texts = {
        name: rewritten(archive.read(name), _TextRules(pictures, found), tally)
        for name in ("content.xml", "styles.xml")
        if name in archive.names
    }
    used = b"".join(texts.values())
    members = texts | {name: body for name, body in bodies.items() if name.encode() in used}
    members["META-INF/manifest.xml"] = _manifest(sorted(members))
    return written([("mimetype", TEXT), *sorted(members.items())], first_is_stored=True)


def _refuse(archive: Archive) -> None:
    for name in archive.names:
        for pattern, reason in _REFUSED_PARTS:
            if pattern.match(name) and not _HARMLESS_SCRIPTS.match(name):
                raise CannotClean(reason)

    def start(full: str, _: dict[str, str]) -> None:
        if local_name(full) in ("encryption-data", "encrypted-key"):
            raise CannotClean(Reason.ENCRYPTED)

    parse(archive.read("META-INF/manifest.xml"), start)


def _tell(archive: Archive, found: set[Found]) -> None:
    names = archive.names
    if "meta.xml" in names:
        found |= {Found.SOFTWARE, Found.AUTHOR, Found.DATES, Found.DESCRIPTION}
    if any(name.startswith("Thumbnails/") for name in names):
        found.add(Found.THUMBNAIL)
    if any(name.startswith("Versions/") for name in names):
        found.add(Found.EDIT_HISTORY)
    if any(name.startswith(("Configurations2/", "settings.xml", "manifest.rdf", "layout-cache")) for name in names):
        found.add(Found.HIDDEN_PARTS)


def _manifest(names: list[str]) -> bytes:
    kinds = {"xml": "text/xml", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
    lines = [("/", TEXT.decode()), *((name, kinds[name.rpartition(".")[2]]) for name in names)]
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>' for name, kind in lines
    )
    space = f'xmlns:manifest="{_ODF}:manifest:1.0" manifest:version="1.3"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest {space}>{entries}</manifest:manifest>'.encode()
