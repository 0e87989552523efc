"""Looking for words in every corner of a file, however they are written there. Finding none is what we call proof."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator

import pikepdf
from lxml import etree

from portal.documents.cuts import CannotCut
from portal.documents.encodings import decoded
from portal.documents.kinds import FileKind, kind_of
from portal.documents.mails import attached_to, said_in
from portal.documents.matching import Folded, fold, other_ways
from portal.documents.pdfreading import opened, read_page
from portal.documents.plaintext import read_table
from portal.documents.worddoc import read_parts
from portal.documents.workbook import read_rows, read_sheets

_ENCODINGS = ("utf-8", "cp1252", "utf-16-be", "utf-16-le")
_BLACK = "█".encode()
"""Our own mark. Read as one letter an octet it begins with an "â", and any "M" before it would seem to be "Ma"."""
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_OWN = frozenset(
    f"/{name}"
    for name in (
        *("Catalog", "Pages", "Page", "Font", "Image", "Form", "Pattern", "Group", "Link", "Annot", "Border", "Fit"),
        *("Span", "Normal", "Screen", "Color", "Alpha", "None", "All", "Off", "On", "Picture", "Unseen", "Metadata"),
    )
)
"""Names of the format itself, and ours, which may also be names of people."""
_COLLECTIONS = frozenset({b"Adobe", b"Identity", b"UCS", b"Japan1", b"Korea1", b"GB1", b"CNS1"})
"""Whose signs a font counts, as the format names them."""
_PACKED = ("/ObjStm", "/XRef")
"""Streams that hold other objects, each of which is looked at on its own."""
_MAPS = (
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
    "/CharProcs",
    "/Colorants",
)
_COUNT = re.compile(r"[-0-9.: ]*")
_LOOKS = frozenset(
    [
        *(
            "auto",
            "center",
            "left",
            "right",
            "both",
            "start",
            "end",
            "top",
            "bottom",
            "single",
            "double",
            "none",
            "clear",
        ),
        *("black", "white", "green", "darkGreen", "lightGray", "red", "blue", "yellow", "cyan", "magenta", "solid"),
        *("Arial", "Calibri", "Cambria", "Georgia", "Verdana", "Tahoma", "Times New Roman", "Aptos", "Symbol"),
    ]
)
"""Values by which the format names looks, which are also names of people."""
_ZIPS = frozenset({FileKind.WORKBOOK, FileKind.DOCUMENT})


def words_left(kind: FileKind, data: bytes, gone: Iterable[str], parts: Iterable[str] = ()) -> list[str]:
    """Those of the words that are still somewhere in the file: a page, a stream, a font's map, a name, a property.

    ``parts`` went inside longer words, too, and are looked for there: in all that is written, not in the names and
    packed points of the file, where a few letters stand by chance.
    """
    wanted = [word for word in gone if fold(word).strip()]
    sought = [part for part in parts if fold(part).strip()]
    left: list[str] = []
    if wanted:
        octets = list(corners(kind, data))
        read = [Folded(text) for text in texts(kind, data)]
        left += [word for word in wanted if _is_left(word, octets, read)]
    if sought:
        written = [Folded(text) for text in _written(kind, data)]
        left += [part for part in sought if any(text.spans(part, whole=False) for text in written)]
    return left


def _written(kind: FileKind, data: bytes) -> Iterator[str]:
    """All that a file says in letters."""
    yield from texts(kind, data)
    if kind is FileKind.PDF:
        for octets in _of_pdf(data, only_said=True):
            yield from _readings(octets)
    elif kind is FileKind.WORKBOOK:
        for name, rows, _hidden in read_sheets(data):
            yield from (name, *(cell for row in rows for cell in row))


def _is_left(word: str, octets: Iterable[bytes | str], read: Iterable[Folded]) -> bool:
    return any(text.spans(word, whole=True) for text in read) or any(_holds(corner, word) for corner in octets)


def _holds(corner: bytes | str, word: str) -> bool:
    """True if the bytes hold the word, as a whole word, in an everyday encoding, or as the hexadecimal signs of one."""
    plain, turned = _plain(word), other_ways(word)
    edges = re.compile(rf"(?<![^\W_]){re.escape(plain)}(?![^\W_])")
    for text in map(_plain, _readings(corner)):
        if plain in text and edges.search(text):
            return True
        if turned.turned is not None and turned.sign in text and _alone(turned.turned, text):
            return True
    return isinstance(corner, bytes) and word.encode("utf-16-be").hex() in corner.decode("latin-1").lower()


def _alone(pattern: re.Pattern[str], text: str) -> bool:
    return any(
        not (text[max(found.start() - 1, 0) : found.start()].isalnum() or text[found.end() : found.end() + 1].isalnum())
        for found in pattern.finditer(text)
    )


def _readings(corner: bytes | str) -> Iterator[str]:
    if isinstance(corner, str):
        yield corner
    else:
        for encoding in _ENCODINGS:
            octets = corner.replace(_BLACK, b"   ") if encoding == "cp1252" else corner
            yield octets.decode(encoding, "ignore")


def _plain(text: str) -> str:
    """Folding in one go, for megabytes: without places, and without line ends inside words."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def texts(kind: FileKind, data: bytes) -> Iterator[str]:
    """What a reader can read, page by page; where words may be in pieces, put together."""
    if kind is FileKind.PDF:
        with opened(data) as document:
            yield from [read_page(document, index).text for index in range(len(document))]
    elif kind is FileKind.DOCUMENT:
        yield from read_parts(data)
    elif kind is FileKind.WORKBOOK:
        yield from read_rows(data)
    elif kind is FileKind.TABLE:
        yield from ("\t".join(filter(None, row)) for row in read_table(data)[0])
    elif kind is FileKind.TEXT:
        yield decoded(data)
    elif kind is FileKind.MAIL:
        yield from said_in(data)


def corners(kind: FileKind, data: bytes) -> Iterator[bytes | str]:
    """Every run of bytes of the file, unpacked, or what it says where that is certain."""
    if kind is FileKind.PDF:
        yield from _of_pdf(data)
    elif kind in _ZIPS:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for name in package.namelist():
                    yield name.encode()
                    yield from _of_part(name, package.read(name))
        except zipfile.BadZipFile:
            raise CannotCut("unreadable") from None
    elif kind is FileKind.MAIL:
        yield from said_in(data)
        for one in attached_to(data):
            yield one.name
            yield from corners(kind_of(one.name, one.data[:1024]), one.data)
    else:
        yield data


def _of_part(name: str, octets: bytes) -> Iterator[bytes | str]:
    """What a part says, as one reads it: its texts and the values it names. The format's own words say nothing of
    anybody ("val" is a name, too), nor do its counts, nor the numbers of texts that are kept elsewhere."""
    try:
        root = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        yield octets
        return
    said: list[str] = []
    for one in root.iter():
        above = one.getparent()
        is_number_of_text = above is not None and above.get("t") == "s" and str(one.tag).endswith("}v")
        said += [one.tail or "", "" if is_number_of_text else one.text or ""]
        said += [value for value in one.attrib.values() if not (_COUNT.fullmatch(value) or value in _LOOKS)]
    yield "\n".join(said)
    if b"<!" in octets or not name.endswith((".xml", ".rels")):
        yield octets


def _of_pdf(data: bytes, *, only_said: bool = False) -> Iterator[bytes]:
    """Its streams, strings and names; or only what somebody said: no names, no points, no shapes of letters."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        yield from _strings(pikepdf.Dictionary() if only_said else pdf.trailer)
        contents = {one.objgen for page in pdf.pages for one in _contents(page.obj.get("/Contents"))}
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream) and not _is_packing(one) and not (only_said and _is_drawing(one)):
                try:
                    octets = bytes(one.read_bytes())
                except pikepdf.PdfError:
                    octets = bytes(one.read_raw_bytes())
                is_content = one.objgen in contents or one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1
                is_written = is_content or b"begincmap" in octets
                yield _of_content(one, octets, only_said) if is_written else octets
            if not (only_said and isinstance(one, pikepdf.Stream) and _is_packing(one)):
                yield from _strings(one, only_said)  # what packs objects has an identifier, which is no word


def _is_packing(stream: pikepdf.Stream) -> bool:
    return stream.get("/Type") in _PACKED and "/Subtype" not in stream and "/PatternType" not in stream


def _is_drawing(stream: pikepdf.Stream) -> bool:
    """Pictures, fonts, colours and functions: packed numbers."""
    is_font = stream.get("/Subtype") in ("/Type1C", "/CIDFontType0C", "/OpenType") or "/Length1" in stream
    return is_font or stream.get("/Subtype") == "/Image" or any(key in stream for key in ("/N", "/FunctionType"))


def _contents(value: pikepdf.Object | None) -> list[pikepdf.Object]:
    return list(value.as_list()) if isinstance(value, pikepdf.Array) else [] if value is None else [value]


def _of_content(stream: pikepdf.Stream, octets: bytes, only_said: bool) -> bytes:
    """The strings, names and pictures of a page's content or a font's map: numbers and operators are no words.

    Each begins at an even place, so that signs of two octets can be read.
    """
    said: list[bytes] = []
    try:
        for one in pikepdf.parse_content_stream(stream):
            if isinstance(one, pikepdf.ContentStreamInlineImage):
                return octets
            operator = str(one.operator).encode()
            said += [operator] if len(operator) > 3 and not only_said else []
            said += [text for operand in one.operands for text in _strings(operand, only_said)]
    except (pikepdf.PdfError, ValueError, TypeError):
        return octets
    return b"".join(text + b" " * (2 + len(text) % 2) for text in said)


def _is_of_format(value: object, only_said: bool) -> bool:
    if isinstance(value, pikepdf.Name):
        return only_said or str(value) in _OWN
    return isinstance(value, pikepdf.String) and bytes(value) in _COLLECTIONS


def _strings(value: object, only_said: bool = False, deep: int = 0) -> Iterator[bytes]:
    """The strings and names inside one object, without going on into other objects."""
    if _is_of_format(value, only_said):
        return
    if isinstance(value, pikepdf.String | pikepdf.Name):
        yield bytes(value) if isinstance(value, pikepdf.String) else str(value).encode()
    elif isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream) and deep < 50:
        for key in _MAPS if not (only_said or isinstance(value, pikepdf.Array)) else ():
            names = value.get(key)
            if isinstance(names, pikepdf.Dictionary):
                yield from (name.encode() for name in names.keys())  # noqa: SIM118
        inner = value.as_list() if isinstance(value, pikepdf.Array) else [value[key] for key in value.keys()]  # noqa: SIM118
        for one in inner:
            if not (isinstance(one, pikepdf.Object) and one.is_indirect):
                yield from _strings(one, only_said, deep + 1)
