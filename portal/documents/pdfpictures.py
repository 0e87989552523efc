"""A page as a picture of what remains, with an unseen text layer, so that it can still be searched and read aloud."""

import io
from collections.abc import Iterable, Sequence

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops, ImageDraw

from portal.documents.pdfreading import TEXT, Box, PageText, Sign, draw_page

SHARPNESS = 150 / 72
"""Drawn at 150 points to the inch; fewer where a page is very large."""
MOST_POINTS = 16_000_000
UNSEEN = "Unseen"
"""The name of our font without shapes, which only the layer under our own pictures uses."""
SAME = 128
"""How much a point may differ (of 255): a gap counted in ten thousandths moves the smoothed edge of a glyph."""
PLAIN = 8
"""How much points may differ to be one colour."""
EDGE = 2.0
"""How far, in points of the picture, a box may bleed (soft edges)."""


class Gone:
    """The boxes of a page in the points of its picture."""

    def __init__(self, frame: Box, boxes: Sequence[Box], size: tuple[int, int], *, turned: int) -> None:
        self._size = size
        self._rectangles = [in_picture(box, frame, size, turned) for box in boxes]

    def is_black(self, picture: Image.Image) -> bool:
        """True if every point well inside each box is black."""
        for left, top, right, bottom in self._rectangles:
            inner = (round(left + EDGE), round(top + EDGE), round(right - EDGE), round(bottom - EDGE))
            if inner[2] <= inner[0] or inner[3] <= inner[1]:
                continue
            if any(high > 8 for _low, high in picture.crop(inner).getextrema()):  # type: ignore[misc]
                return False
        return True

    def is_plain(self, picture: Image.Image) -> bool:
        """True if well inside each box there is one colour only."""
        for left, top, right, bottom in self._rectangles:
            inner = (round(left + EDGE), round(top + EDGE), round(right - EDGE), round(bottom - EDGE))
            if inner[2] > inner[0] and inner[3] > inner[1]:
                extremes = picture.crop(inner).getextrema()
                if any(high - low > PLAIN for low, high in extremes):  # type: ignore[misc]
                    return False
        return True

    def with_behind(self, picture: Image.Image, behind: Image.Image) -> Image.Image:
        """The picture, with what is behind its words in every box."""
        copy = picture.copy()
        for left, top, right, bottom in self._rectangles:
            box = (max(0, int(left) - 1), max(0, int(top) - 1), int(right) + 2, int(bottom) + 2)
            copy.paste(behind.crop(box), box[:2])
        return copy

    def is_same_outside(self, old: Image.Image, new: Image.Image) -> bool:
        """True if no point differs outside the boxes by more than the smoothing of edges does."""
        if old.size != new.size:
            return False
        apart = ImageChops.difference(self.painted(old, grow=EDGE + 1), self.painted(new, grow=EDGE + 1))
        return all(high <= SAME for _low, high in apart.getextrema())  # type: ignore[misc]

    def painted(self, picture: Image.Image, *, grow: float = 0.5) -> Image.Image:
        """The picture with every box black."""
        copy = picture.copy()
        drawing = ImageDraw.Draw(copy)
        for left, top, right, bottom in self._rectangles:
            drawing.rectangle((left - grow, top - grow, right + grow, bottom + grow), fill=(0, 0, 0))
        return copy


def in_picture(box: Box, frame: Box, size: tuple[int, int], turned: int) -> Box:
    """A box of the page's space in the picture's points: left, top, right, bottom."""
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    left, right = (box[0] - frame[0]) / wide, (box[2] - frame[0]) / wide
    top, bottom = (frame[3] - box[3]) / high, (frame[3] - box[1]) / high
    for _quarter in range(turned // 90 % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return (left * size[0], top * size[1], right * size[0], bottom * size[1])


def picture_page(
    pdf: pikepdf.Pdf,
    document: pypdfium2.PdfDocument,
    page: PageText,
    *,
    boxes: Sequence[Box],
    faint: Sequence[Box],
    kept: Sequence[Sign],
    is_whole: bool,
) -> None:
    """Put a picture in the place of a page. A page that goes whole is left black."""
    index = page.number - 1
    source = document[index]
    turned = source.get_rotation()
    wide, high = source.get_size()
    source.close()
    scale = min(SHARPNESS, (MOST_POINTS / max(wide * high, 1)) ** 0.5)
    drawn = draw_page(document, index, scale)
    if is_whole:
        drawn = Image.new("RGB", drawn.size, (0, 0, 0))
    elif faint:
        behind = draw_page(document, index, scale, without=[TEXT])
        drawn = Gone(page.frame, faint, drawn.size, turned=turned).with_behind(drawn, behind)
    drawn = Gone(page.frame, boxes, drawn.size, turned=turned).painted(drawn)
    layer = b"" if is_whole else _text_layer(kept, page.frame, (wide, high), turned)
    resources = Dictionary(XObject=Dictionary(Picture=_image(pdf, drawn)))
    if layer:
        resources.Font = Dictionary(Unseen=_unseen_font(pdf))
    content = f"q {wide:.3f} 0 0 {high:.3f} 0 0 cm /Picture Do Q\n".encode("ascii") + layer
    # In place: a link of another page that leads here would keep the old page, and its words, in the file.
    place = pdf.pages[index].obj
    for key in list(place.keys()):
        if key not in ("/Type", "/Parent"):
            del place[key]
    place.MediaBox = Array([0, 0, round(wide, 3), round(high, 3)])
    place.Resources = resources
    place.Contents = pdf.make_stream(content)


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    is_grey = _is_grey(picture)
    shown = picture.convert("L") if is_grey else picture
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=80, optimize=True)
    image = pdf.make_stream(out.getvalue())
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width, image.Height, image.BitsPerComponent = *shown.size, 8
    image.ColorSpace = Name.DeviceGray if is_grey else Name.DeviceRGB
    return image


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    return all(ImageChops.difference(red, other).getbbox() is None for other in (green, blue))


def _text_layer(kept: Iterable[Sign], frame: Box, size: tuple[float, float], turned: int) -> bytes:
    """Words that are there to be found and read aloud, not seen (text rendering mode 3)."""
    lines = [b"BT 3 Tr"]
    for text, box in _words(kept):
        left, top, right, bottom = in_picture(box, frame, (round(size[0]), round(size[1])), turned)
        high = max(bottom - top, 1.0)
        wide = max(right - left, 0.5)
        # Every glyph of the unseen font is half an em wide: the word is stretched to its place.
        stretch = wide / (len(text) * 0.5 * high) * 100
        codes = "".join(f"{ord(sign):04x}" for sign in text)
        place = f"/Unseen {high:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {left:.2f} {size[1] - bottom:.2f} Tm <{codes}> Tj"
        lines.append(place.encode("ascii"))
    return b"\n".join([*lines, b"ET"]) if len(lines) > 1 else b""


def _words(kept: Iterable[Sign]) -> Iterable[tuple[str, Box]]:
    """Signs that stand together, with the box around them."""
    text, box = "", None  # type: tuple[str, Box | None]
    for sign in kept:
        breaks = sign.box is None or sign.text.isspace() or len(sign.text) != 1 or ord(sign.text) > 0xFFFF
        far = box is not None and sign.box is not None and (abs(sign.box[1] - box[1]) > 2 or sign.box[0] - box[2] > 3)
        if (breaks or far) and text and box is not None:
            yield text + " ", box
            text, box = "", None
        if not breaks and sign.box is not None:
            text += sign.text
            box = sign.box if box is None else _around(box, sign.box)
    if text and box is not None:
        yield text, box


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _unseen_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A font without a shape for any sign; each code is its own sign."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + UNSEEN),
        Flags=4,
        FontBBox=Array([0, 0, 500, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=0,
        CapHeight=1000,
        StemV=80,
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + UNSEEN),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        DW=500,
        CIDToGIDMap=Name.Identity,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + UNSEEN),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_stream(_EACH_ITS_OWN),
        )
    )


_EACH_ITS_OWN = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
