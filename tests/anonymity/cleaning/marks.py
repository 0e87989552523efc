"""What is planted in a file: unmistakable marks that must not be in it any more once it is cleaned."""

import struct
from dataclasses import dataclass, field

MADE_ON = "2021:03:04 05:06:07"
MADE_AT = "2021-03-04T05:06:07Z"
MADE_SECONDS = 3_697_676_767
ALL_OF_A_DOCUMENT = frozenset(
    {"author", "dates", "comments", "edit_history", "description", "software", "thumbnail", "links", "hidden_parts"}
)
"""What is found in a document in which people have worked."""
LATITUDE, LONGITUDE = (41_337, 977), (27_191, 983)


@dataclass
class Marks:
    """The marks of one file: texts (searched in every encoding) and octets (searched as they are)."""

    file: str
    texts: list[str] = field(default_factory=list)
    octets: list[bytes] = field(default_factory=list)

    def text(self, kind: str) -> str:
        """A new text to plant; it tells where it was planted if it is ever found."""
        mark = f"zq{len(self.texts):02d}-{kind}-{self.file}"
        self.texts.append(mark)
        return mark

    def said(self, text: str) -> str:
        """A text that has a form of its own, such as a date or a position."""
        if text not in self.texts:
            self.texts.append(text)
        return text

    def raw(self, octets: bytes) -> bytes:
        """Octets to plant that are no text."""
        if octets not in self.octets:
            self.octets.append(octets)
        return octets

    def ascii(self, kind: str) -> bytes:
        """A new text as its bytes."""
        return self.text(kind).encode("ascii")

    def wide(self, kind: str) -> bytes:
        """A new text as UTF-16, least byte first, with an end."""
        return self.text(kind).encode("utf-16-le") + b"\0\0"


@dataclass(frozen=True)
class Planted:
    """A file with marks in it: what it is, what must be reported, and what of it must be left."""

    name: str
    kind: str
    data: bytes = field(repr=False)
    marks: Marks = field(repr=False)
    found: frozenset[str]
    visible: tuple[str, ...] = ()
    pages: int = 0
    orientation: int = 1


@dataclass(frozen=True)
class Refused:
    """A file that must be refused, and why."""

    name: str
    data: bytes = field(repr=False)
    reason: str


def rational(order: str, pair: tuple[int, int]) -> bytes:
    """A fraction as EXIF writes it."""
    return struct.pack(order + "II", *pair)


def exif(marks: Marks, *, order: str, orientation: int, thumbnail: bytes) -> bytes:
    """A whole TIFF block: names, dates, devices, place, maker's note, thumbnail, and the orientation."""
    day = marks.said(MADE_ON).encode("ascii") + b"\0"
    place = marks.raw(rational(order, LATITUDE)), marks.raw(rational(order, LONGITUDE))
    gps = [
        (1, 2, b"N\0"),
        (2, 5, rational(order, (51, 1)) + rational(order, (28, 1)) + place[0]),
        (3, 2, b"W\0"),
        (4, 5, rational(order, (3, 1)) + rational(order, (10, 1)) + place[1]),
        (29, 2, b"2021:03:04\0"),
    ]
    deep = [
        (0x9003, 2, day),
        (0x9004, 2, day),
        (0x927C, 7, b"Maker\0" + marks.ascii("makernote")),
        (0x9286, 7, b"ASCII\0\0\0" + marks.ascii("usercomment")),
        (0xA420, 2, marks.ascii("uniqueid") + b"\0"),
        (0xA430, 2, marks.ascii("owner") + b"\0"),
        (0xA431, 2, marks.ascii("serial") + b"\0"),
        (0xA434, 2, marks.ascii("lens") + b"\0"),
    ]
    top = [
        (0x010E, 2, marks.ascii("description") + b"\0"),
        (0x010F, 2, marks.ascii("make") + b"\0"),
        (0x0110, 2, marks.ascii("model") + b"\0"),
        (0x0112, 3, struct.pack(order + "H", orientation)),
        (0x0131, 2, marks.ascii("software") + b"\0"),
        (0x0132, 2, day),
        (0x013B, 2, marks.ascii("artist") + b"\0"),
        (0x8298, 2, marks.ascii("copyright") + b"\0"),
        (0x9C9C, 1, marks.wide("xpcomment")),
        (0x9C9D, 1, marks.wide("xpauthor")),
    ]
    return _tiff(order, top, deep, gps, thumbnail)


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}


def _tiff(order: str, top: list, deep: list, gps: list, thumbnail: bytes) -> bytes:  # type: ignore[type-arg]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    top = [*top, (0x8769, 4, b"\0\0\0\0"), (0x8825, 4, b"\0\0\0\0")]
    size = len(_directory(order, sorted(top), 8, 0))
    deep_at = 8 + size
    gps_at = deep_at + len(_directory(order, deep, 0, 0))
    next_at = gps_at + len(_directory(order, gps, 0, 0))
    pointers = {0x8769: struct.pack(order + "I", deep_at), 0x8825: struct.pack(order + "I", gps_at)}
    top = sorted((tag, kind, pointers.get(tag, value)) for tag, kind, value in top)
    small = [
        (0x0103, 3, struct.pack(order + "H", 6)),
        (0x0201, 4, b"\0\0\0\0"),
        (0x0202, 4, struct.pack(order + "I", len(thumbnail))),
    ]
    small_size = len(_directory(order, small, 0, 0))
    small[1] = (0x0201, 4, struct.pack(order + "I", next_at + small_size))
    return b"".join(
        (
            head,
            _directory(order, top, 8, next_at),
            _directory(order, deep, deep_at, 0),
            _directory(order, gps, gps_at, 0),
            _directory(order, small, next_at, 0),
            thumbnail,
        )
    )


def _directory(order: str, entries: list, at: int, following: int) -> bytes:  # type: ignore[type-arg]
    lines, behind = b"", b""
    start = at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        lines += struct.pack(order + "HHI", tag, kind, len(value) // _SIZES[kind])
        if len(value) <= 4:
            lines += value.ljust(4, b"\0")
        else:
            lines += struct.pack(order + "I", start + len(behind))
            behind += value + b"\0" * (len(value) % 2)
    return struct.pack(order + "H", len(entries)) + lines + struct.pack(order + "I", following) + behind


def xmp(marks: Marks) -> bytes:
    """An XMP packet with names, dates, place, device and history."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmp:CreatorTool="{marks.text("xmptool")}" xmp:CreateDate="{marks.said(MADE_AT)}"
 exif:GPSLatitude="{marks.said("51,28.8911N")}" tiff:Model="{marks.text("xmpmodel")}"
 photoshop:City="{marks.text("xmpcity")}" xmpMM:DocumentID="{marks.text("xmpid")}">
 <dc:creator><rdf:Seq><rdf:li>{marks.text("xmpauthor")}</rdf:li></rdf:Seq></dc:creator>
 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{marks.text("xmptitle")}</rdf:li></rdf:Alt></dc:title>
 </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def profile(description: str, marks: Marks) -> bytes:
    """A colour profile that names itself, its maker and a day."""
    said = marks.ascii("profile")
    if description == "Display P3":
        words = description.encode("utf-16-be")
        desc = b"mluc\0\0\0\0" + struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(words), 28) + words
    else:
        desc = b"desc\0\0\0\0" + struct.pack(">I", len(description) + 1) + description.encode("ascii") + b"\0" * 79
    cprt = b"text\0\0\0\0" + said + b"\0"
    parts, at, table = b"", 128 + 4 + 24, struct.pack(">I", 2)
    for tag, body in ((b"desc", desc), (b"cprt", cprt)):
        table += tag + struct.pack(">II", at + len(parts), len(body))
        parts += body + b"\0" * (-len(body) % 4)
    head = bytearray(128)
    head[8:12], head[12:24] = b"\x02\x10\0\0", b"mntrRGB XYZ "
    head[24:36] = struct.pack(">6H", 2021, 3, 4, 5, 6, 7)
    head[36:40], head[48:52], head[52:56] = b"acsp", b"ZQMA", b"ZQMO"
    marks.raw(b"ZQMAZQMO")
    head[0:4] = struct.pack(">I", at + len(parts))
    return bytes(head) + table + parts
