"""Pictures: boxes are painted into the picture itself, and it is written anew without anything but its points."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps, ImageStat

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from portal.documents.cuts import AreaCut, CannotCut, Cut, Cutting, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind

MOST_POINTS = 60_000_000
FAINT = 40
"""How little of a point (of 255) one may see for it to count as unseen."""
STANDS_OUT = 8
_TAKEN = ("JPEG", "PNG", "WEBP")


def cut_picture(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The picture with its areas black. Words in it cannot be found by their letters: draw a box over them."""
    picture, form = _opened(data)
    drawing, counts = ImageDraw.Draw(picture), []
    for cut in cuts:
        if isinstance(cut, AreaCut) and cut.page == 1:
            wide, high = picture.size
            box = (int(cut.left * wide), int(cut.top * high), -int(-cut.right * wide), -int(-cut.bottom * high))
            drawing.rectangle(box, fill=(0, 0, 0))
            counts.append(1)
        elif isinstance(cut, WordsCut):
            counts.append(0)
        else:
            raise CannotCut("no_such_cut")
    return Cutting(FileKind.IMAGE, _saved(picture, form), counts)


def mended_picture(data: bytes) -> bytes:
    """The same points, and nothing else."""
    return _saved(*_opened(data))


def scan_picture(data: bytes) -> list[Finding]:
    """Whether it says where, when, by whom and with what it was made."""
    try:
        cleaned = clean([data])
        for _octets in cleaned.chunks:
            pass
    except CannotClean as refusal:
        if refusal.reason is Reason.ANIMATION:
            return [Finding(FindingCode.HIDDEN_PARTS)]
        return [Finding(FindingCode.UNREADABLE, can_fix=False)]
    found = cleaned.found - {Found.COLOUR_PROFILE}
    codes = []
    if Found.THUMBNAIL in found:
        codes.append(FindingCode.THUMBNAIL)
    if found - {Found.THUMBNAIL}:
        codes.append(FindingCode.PICTURE_DETAILS)
    if _hides_points(data):
        codes.append(FindingCode.SEE_THROUGH)
    return [Finding(code) for code in codes]


def _hides_points(data: bytes) -> bool:
    with Image.open(io.BytesIO(data), formats=_TAKEN) as picture:
        if not picture.has_transparency_data or picture.width * picture.height > MOST_POINTS:
            return False
        return hides_points(picture.convert("RGBA"))


def hides_points(points: Image.Image) -> bool:
    """True if points that one does not see, or hardly, are of more than one colour: they show something."""
    unseen = points.getchannel("A").point(lambda alpha: 255 if alpha < FAINT else 0)
    if unseen.getbbox() is None:
        return False
    return any(high - low > STANDS_OUT for low, high in ImageStat.Stat(points.convert("RGB"), unseen).extrema)


def upright(data: bytes) -> Image.Image:
    """The picture as one sees it."""
    return _opened(data)[0]


def _opened(data: bytes) -> tuple[Image.Image, str]:
    try:
        with Image.open(io.BytesIO(data), formats=_TAKEN) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise CannotCut("too_complex")
            form = picture.format or "PNG"
            return _flat(ImageOps.exif_transpose(picture)), form
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CannotCut("unreadable") from None


def _flat(picture: Image.Image) -> Image.Image:
    """The picture on white paper: a point that one does not see has no colour left."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    points = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", points.size, "white"), points).convert("RGB")


def _saved(picture: Image.Image, form: str) -> bytes:
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    out = io.BytesIO()
    plain.save(out, form, **({"quality": 90} if form != "PNG" else {}))
    return out.getvalue()
