"""Pictures with everything hidden in them that cameras, phones and programmes hide."""

import io
import struct
import zlib

from PIL import Image

from tests.anonymity.cleaning.marks import MADE_ON, Marks, Planted, exif, profile, xmp

XMP_NAME, MORE_XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
ALL_OF_A_PHOTO = frozenset(
    {"gps", "device", "author", "dates", "software", "description", "identifiers", "thumbnail", "colour_profile"}
)


def scene(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A small picture in which no row and no column is like another."""
    width, height = size
    picture = Image.new("RGB", size)
    picture.putdata([((x * 5) % 256, (y * 7) % 256, (x * y) % 256) for y in range(height) for x in range(width)])
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(size))
        return picture
    return picture.convert(mode)


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    """The picture as Pillow writes it."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def photo() -> Planted:
    """A phone's photo: big-endian EXIF, turned, everything in it, a second picture and more behind its end."""
    marks = Marks("photo")
    small = encoded(scene(size=(16, 12)), "JPEG")
    small = small[:2] + segment(0xFE, marks.ascii("thumbcomment")) + small[2:]
    plain = encoded(scene(), "JPEG", quality=85)
    preview = b"\x02\x02" + marks.raw(b"zq*preview12")
    iptc = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
        for number, value in ((80, marks.ascii("byline")), (120, marks.ascii("caption")), (90, marks.ascii("city")))
    )
    head = b"".join(
        (
            segment(0xE0, b"JFIF\0\x01\x02\x01\x01\x2c\x01\x2c" + preview),
            segment(0xE0, b"JFXX\0\x10" + small),
            segment(0xE1, b"Exif\0\0" + exif(marks, order=">", orientation=6, thumbnail=small)),
            segment(0xE1, XMP_NAME + xmp(marks)),
            segment(0xE1, MORE_XMP_NAME + marks.ascii("morexmp").rjust(60)),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile("Display P3", marks)),
            segment(0xE2, b"MPF\0" + marks.ascii("mpf")),
            segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc),
            segment(0xEA, marks.ascii("app10")),
            segment(0xEB, b"JP" + marks.ascii("c2pa")),
            segment(0xFE, marks.ascii("comment")),
            segment(0xFE, marks.wide("widecomment")),
        )
    )
    second = small[:2] + segment(0xE1, b"Exif\0\0" + marks.ascii("second")) + small[2:]
    data = plain[:2] + head + b"\xff\xff" + plain[20:] + second + b"\0\0" + marks.ascii("behind")
    found = ALL_OF_A_PHOTO | {"comments", "hidden_parts", "other_pictures", "trailing_data"}
    return Planted("photo.jpg", "jpeg", data, marks, found, orientation=6)


def scan() -> Planted:
    """A progressive picture with restart markers, little-endian EXIF, a profile that is no Display P3."""
    marks = Marks("scan")
    small = encoded(scene(size=(16, 12)), "JPEG")
    plain = encoded(scene("CMYK"), "JPEG", quality=90, progressive=True, restart_marker_rows=1)
    head = segment(0xE1, b"Exif\0\0" + exif(marks, order="<", orientation=3, thumbnail=small)) + segment(
        0xE2, b"ICC_PROFILE\0\x01\x01" + profile("sRGB IEC61966-2.1", marks)
    )
    between = plain.index(b"\xff\xda", plain.index(b"\xff\xda") + 2)
    data = plain[:2] + head + plain[2:between] + segment(0xFE, marks.ascii("between")) + plain[between:]
    return Planted("scan.jpg", "jpeg", data, marks, ALL_OF_A_PHOTO | {"comments"}, orientation=3)


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def drawing() -> Planted:
    """A picture with every text chunk, EXIF, a profile, times, unknown chunks, a second frame, and more behind its end."""
    marks = Marks("drawing")
    plain = encoded(scene("RGBA"), "PNG")
    start, end = plain[:33], plain[-12:]
    pixels = b"".join(_bodies(plain, b"IDAT"))
    icc = zlib.compress(profile("Display P3", marks))
    first = b"".join(
        (
            chunk(b"iCCP", marks.ascii("profilename")[:70] + b"\0\0" + icc),
            chunk(b"eXIf", exif(marks, order=">", orientation=8, thumbnail=encoded(scene(size=(8, 8)), "JPEG"))),
            chunk(b"tEXt", b"Author\0" + marks.ascii("textauthor")),
            chunk(b"tEXt", b"Creation Time\0" + marks.said(MADE_ON).encode("ascii")),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(marks.ascii("ztext") * 4)),
            chunk(b"iTXt", b"Title\0\0\0en\0\0" + marks.ascii("itext")),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(xmp(marks))),
            chunk(b"tIME", marks.raw(struct.pack(">H5B", 2021, 3, 4, 5, 6, 7))),
            chunk(b"pHYs", struct.pack(">IIB", 11_811, 11_811, 1)),
            chunk(b"acTL", struct.pack(">II", 2, 0)),
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 96, 64, 0, 0, 1, 10, 0, 0)),
            chunk(b"prVt", marks.ascii("private")),
        )
    )
    middle = chunk(b"IDAT", pixels[:100]) + chunk(b"IDAT", b"") + chunk(b"IDAT", pixels[100:] + marks.ascii("inidat"))
    last = b"".join(
        (
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 1, 96, 64, 0, 0, 1, 10, 0, 0)),
            chunk(b"fdAT", struct.pack(">I", 2) + marks.ascii("secondframe") + pixels),
            chunk(b"tEXt", b"Software\0" + marks.ascii("late")),
        )
    )
    data = start + first + middle + last + end + marks.ascii("behind")
    found = ALL_OF_A_PHOTO | {"comments", "hidden_parts", "other_pictures", "trailing_data"}
    return Planted("drawing.png", "png", data, marks, found, orientation=8)


def _bodies(png: bytes, wanted: bytes) -> list[bytes]:
    at, found = 8, []
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        if name == wanted:
            found.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return found


def riff(name: bytes, body: bytes) -> bytes:
    """A chunk of a WebP file."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def sticker() -> Planted:
    """A WebP picture with transparency, EXIF, XMP, a profile, unknown chunks, and more behind its end."""
    marks = Marks("sticker")
    plain = encoded(scene("RGBA"), "WEBP", quality=80)
    parts = dict(_riff_parts(plain))
    small = encoded(scene(size=(8, 8)), "JPEG")
    body = b"".join(
        (
            riff(b"VP8X", bytes([0x3C]) + b"\0\0\0" + parts[b"VP8X"][4:]),
            riff(b"ICCP", profile("Display P3", marks)),
            riff(b"zqzq", marks.ascii("unknown") + b"!"),
            riff(b"ALPH", parts[b"ALPH"]),
            riff(b"VP8 ", parts[b"VP8 "]),
            riff(b"EXIF", exif(marks, order="<", orientation=5, thumbnail=small)),
            riff(b"XMP ", xmp(marks)),
        )
    )
    data = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body + marks.ascii("behind")
    found = ALL_OF_A_PHOTO | {"hidden_parts", "trailing_data"}
    return Planted("sticker.webp", "webp", data, marks, found, orientation=5)


def icon() -> Planted:
    """A lossless WebP in the simple form, with a chunk behind the picture."""
    marks = Marks("icon")
    plain = encoded(scene(), "WEBP", lossless=True)
    body = plain[12:] + riff(b"XMP ", xmp(marks))
    data = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    return Planted("icon.webp", "webp", data, marks, frozenset({"gps", "author", "dates", "software", "device"}))


def _riff_parts(webp: bytes) -> list[tuple[bytes, bytes]]:
    at, found = 12, []
    while at < len(webp):
        name, size = struct.unpack("<4sI", webp[at : at + 8])
        found.append((name, webp[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


PICTURES = (photo, scan, drawing, sticker, icon)
