"""Pictures of a page that are not shown whole: something is drawn over them, or they go on outside the page.

The page is drawn four ways, without its words: with what lies over the pictures and without, with the pictures below
and without. Where a picture would be seen if nothing lay over it, and makes no difference as it is, it is covered.
"""

from collections.abc import Iterable, Sequence

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image, ImageChops, ImageFilter

from portal.documents.findings import Finding, FindingCode
from portal.documents.pdfpictures import in_picture
from portal.documents.pdfreading import PATH, PICTURE, SHADING, TEXT, Box, clips_of, drawn, drawn_boxes, meets

SCALE = 2.0
LEAST = 3.0
"""How much of a picture, in points, something must overlap to hide a letter of it."""
SEEN = 24
"""By how much (of 255) points must differ to count as a difference."""
BLOCK = 5
"""So wide, in points of the drawing, a place must be covered: strokes of letters are narrower, boxes are not."""
EDGE = 3.0
"""How far, in points, a picture may go over the edge of the page: programs round, and no letter is as small."""

Thing = tuple[pypdfium2.PdfObject, Box]


def scan_covers(document: pypdfium2.PdfDocument, index: int) -> list[Finding]:
    """The covered pictures of a page, and those that it does not show whole."""
    page = document[index]
    try:
        things = drawn_boxes(page, [PATH, PICTURE, SHADING])
        if not any(thing.type == PICTURE for thing, _box in things):
            return []
        frame, place = tuple(page.get_bbox()), str(index + 1)
        off = sum(thing.type == PICTURE and _is_cropped(thing, box, frame) for thing, box in things)
        found = [Finding(FindingCode.PICTURE_OFF_PAGE, place, off)] if off else []
        covers = _count_covers(page, frame, things)
        return [*found, Finding(FindingCode.PICTURE_COVERED, place, covers)] if covers else found
    finally:
        page.close()


def _is_cropped(picture: pypdfium2.PdfObject, box: Box, frame: Box) -> bool:
    return any(_goes_off(box, shown) for shown in (frame, *clips_of(picture)))


def _goes_off(box: Box, frame: Box) -> bool:
    over = (frame[0] - box[0], frame[1] - box[1], box[2] - frame[2], box[3] - frame[3])
    return max(over) > EDGE


def _count_covers(page: pypdfium2.PdfPage, frame: Box, things: Sequence[Thing]) -> int:
    """How many things hide a part of a picture below them."""
    over = list(_over(things))
    if not over:
        return 0
    # What lies over a picture may be one, with more over it: it counts as what covers.
    upper = {id(thing) for thing, _shared in over}
    below = [thing for thing, _box in things if thing.type == PICTURE and id(thing) not in upper]
    above = list({id(thing): thing for thing, _shared in over}.values())
    _switch(page.get_objects(filter=[TEXT]), is_on=False)
    as_it_is = drawn(page, SCALE)
    _switch(below, is_on=False)
    without_pictures = drawn(page, SCALE)
    _switch(above, is_on=False)
    without_both = drawn(page, SCALE)
    _switch(below, is_on=True)
    uncovered = drawn(page, SCALE)
    same = _far(as_it_is, without_pictures).point(lambda far: 0 if far else 255).filter(ImageFilter.MinFilter(BLOCK))
    hidden = ImageChops.darker(same, _far(uncovered, without_both))
    turned = int(page.get_rotation())
    return sum(_is_in(hidden, in_picture(shared, frame, hidden.size, turned)) for _thing, shared in over)


def _over(things: Sequence[Thing]) -> Iterable[tuple[pypdfium2.PdfObject, Box]]:
    """What is drawn after a picture and upon it, with the room that they share."""
    pictures: list[Box] = []
    for thing, box in things:
        shared = [_shared(box, below) for below in pictures if meets(box, below, by=LEAST)]
        if shared and not (thing.type == PATH and not _is_drawn(thing)):
            yield thing, max(shared, key=lambda one: (one[2] - one[0]) * (one[3] - one[1]))
        if thing.type == PICTURE:
            pictures.append(box)


def _shared(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _is_drawn(path: pypdfium2.PdfObject) -> bool:
    fills, strokes = raw.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, fills, strokes)
    return bool(fills.value or strokes.value)


def _switch(things: Iterable[pypdfium2.PdfObject], *, is_on: bool) -> None:
    for thing in things:
        raw.FPDFPageObj_SetIsActive(thing, is_on)


def _far(one: Image.Image, other: Image.Image) -> Image.Image:
    """Where two drawings differ so that one sees it."""
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda far: 255 if far > SEEN else 0)


def _is_in(hidden: Image.Image, box: Box) -> bool:
    left, top, right, bottom = (round(edge) for edge in box)
    return hidden.crop((max(left, 0), max(top, 0), right, bottom)).getbbox() is not None
