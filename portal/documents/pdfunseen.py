"""Words that a page holds and does not show, or hardly: under a box, a picture or other words, in the colour of the
paper, on a hidden layer, off the page, too small.

The page is drawn with its words and without any: where that makes no difference, nobody sees a sign.
"""

import ctypes
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image, ImageChops

from portal.documents.findings import FindingCode
from portal.documents.pdfpictures import UNSEEN, in_picture
from portal.documents.pdfreading import TEXT, Box, PageText, Sign, draw_page, drawn, is_off, meets, turn_of

SCALE = 2.0
AROUND = 1.5
"""How many points of the picture around a sign are looked at: a full stop fills its own box."""
STANDS_OUT, PALE = 8, 40
"""By how much (of 255) something must differ from what is behind it to be seen at all, and to be seen well."""
TINY = 3.4
"""How wide or high the room of a letter must be, in points, to be read: type of 3 points needs a little more than 3."""
UPON = 0.3
"""How much of a letter's room another letter may take; letters side by side take less."""
MOST_TOLD_APART = 40
"""So many pieces of text are looked at one by one where words stand on words; beyond that, all of them count."""


def unseen_signs(document: pypdfium2.PdfDocument, page: PageText) -> Mapping[int, FindingCode]:
    """Those signs of the page that nobody sees, or hardly, by their places, with what hides them."""
    wanted = [
        (place, sign.ink)
        for place, sign in enumerate(page.signs)
        if sign.ink is not None and not sign.text.isspace() and sign.text.isprintable()
    ]
    if not wanted:
        return {}
    index, words = page.number - 1, list(_words(wanted))
    with_words = draw_page(document, index, SCALE)
    made = ImageChops.difference(with_words, draw_page(document, index, SCALE, without=[TEXT]))
    turned = turn_of(document, index)
    places = {place: in_picture(box, page.frame, made.size, turned) for place, box in wanted}
    differs = {place: _most(made, box) for place, box in places.items()}
    # Of the layer that we write under our own pictures, only what the picture does not show is unseen.
    ours = _of_our_layer(document, page, places)
    differs |= {place: 255 if _most_apart(with_words, places[place]) > STANDS_OUT else 0 for place in ours}
    off = {place for place, box in wanted if is_off(box, page.frame)}
    unseen = _in_words(page, words, off | {place for place, by in differs.items() if by <= STANDS_OUT})
    pale = _in_words(page, words, unseen | {place for place, by in differs.items() if by <= PALE})
    tiny = _in_words(page, words, {place for place, _box in wanted if _is_tiny(page.signs[place])})
    found = dict.fromkeys(tiny, FindingCode.TINY_TEXT) | dict.fromkeys(pale, FindingCode.PALE_TEXT)
    found |= _upon_each_other(document, page, {place: box for place, box in wanted if place not in unseen})
    for place in unseen:
        is_plain = _most_apart(with_words, places[place]) <= STANDS_OUT
        found[place] = FindingCode.TEXT_UNDER_BOX if is_plain else FindingCode.TEXT_LAYER
    return dict(sorted((found | dict.fromkeys(off, FindingCode.TEXT_OFF_PAGE)).items()))


def _of_our_layer(document: pypdfium2.PdfDocument, page: PageText, places: Iterable[int]) -> list[int]:
    source = document[page.number - 1]
    texts = source.get_textpage()
    name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
    try:
        return [
            place
            for place in places
            if raw.FPDFText_GetFontInfo(texts, page.signs[place].index, name, len(name), flags)
            and name.value == UNSEEN.encode()
        ]
    finally:
        texts.close()
        source.close()


def _in_words(page: PageText, words: Sequence[set[int]], places: set[int]) -> set[int]:
    """These signs, and all of a word where they are half of it: a box has been drawn over it too narrowly."""
    places = places - {place for word in words for place in _mere_points(page, places & word, word)}
    return places.union(*(word for word in words if 2 * len(places & word) >= len(word)))


def _mere_points(page: PageText, unseen: set[int], word: set[int]) -> set[int]:
    """Full stops and commas of a word whose letters are all seen: they are small, and say nothing alone."""
    letters = {place for place in word if page.signs[place].text.isalnum()}
    return unseen if letters and not letters & unseen else set()


def _words(wanted: Sequence[tuple[int, Box]]) -> Iterator[set[int]]:
    """Signs that stand side by side."""
    word: set[int] = set()
    for place, _box in wanted:
        if word and place - 1 not in word:
            yield word
            word = set()
        word.add(place)
    yield word


def _is_tiny(sign: Sign) -> bool:
    """A letter whose room is tiny both ways: an i is narrow, a dash is flat."""
    box = sign.box
    return sign.text.isalnum() and box is not None and max(box[2] - box[0], box[3] - box[1]) < TINY


def _upon_each_other(
    document: pypdfium2.PdfDocument, page: PageText, boxes: Mapping[int, Box]
) -> dict[int, FindingCode]:
    """Letters that stand on other letters: those that make no difference are hidden by them, the others may be read."""
    upon = {place for pair in _pairs(page, boxes) for place in pair}
    if not upon:
        return {}
    source = document[page.number - 1]
    texts = source.get_textpage()
    try:
        pieces: dict[int, list[int]] = {}
        for place in sorted(upon):
            piece = raw.FPDFText_GetTextObject(texts, page.signs[place].index)
            pieces.setdefault(ctypes.cast(piece, ctypes.c_void_p).value or 0, []).append(place)
        if len(pieces) > MOST_TOLD_APART:
            return dict.fromkeys(upon, FindingCode.TEXT_UNDER_TEXT)
        whole, turned = drawn(source, SCALE), int(source.get_rotation())
        found = {}
        for of_piece in pieces.values():
            piece = raw.FPDFText_GetTextObject(texts, page.signs[of_piece[0]].index)
            raw.FPDFPageObj_SetIsActive(piece, False)
            made = ImageChops.difference(whole, drawn(source, SCALE))
            raw.FPDFPageObj_SetIsActive(piece, True)
            for place in of_piece:
                seen = _most(made, in_picture(boxes[place], page.frame, made.size, turned)) > STANDS_OUT
                found[place] = FindingCode.TEXT_UNDER_TEXT if seen else FindingCode.TEXT_UNDER_BOX
        return found
    finally:
        texts.close()
        source.close()


def _pairs(page: PageText, boxes: Mapping[int, Box]) -> Iterator[tuple[int, int]]:
    """Letters that share much of their room. The same letter twice in one place is how some programs print bold."""
    standing: list[int] = []
    for place in sorted(boxes, key=lambda one: boxes[one][0]):
        left = boxes[place][0]
        standing = [other for other in standing if boxes[other][2] > left]
        apart = (other for other in standing if abs(place - other) > 2)  # neighbours touch where a width is wrong
        yield from ((place, other) for other in apart if _is_upon(page, boxes, place, other))
        standing.append(place)


def _is_upon(page: PageText, boxes: Mapping[int, Box], one: int, other: int) -> bool:
    first, second = boxes[one], boxes[other]
    if not (page.signs[one].text.isalnum() or page.signs[other].text.isalnum()) or not meets(first, second):
        return False
    if page.signs[one].text == page.signs[other].text and abs(first[0] - second[0]) + abs(first[1] - second[1]) < 3:
        return False
    across = min(first[2], second[2]) - max(first[0], second[0])
    along = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return across * along > UPON * smaller


def _most(made: Image.Image, box: Box) -> int:
    """The greatest difference in a box of the picture; none where the picture ends."""
    cropped = _cropped(made, box)
    return 0 if cropped is None else max(high for _low, high in cropped.getextrema())  # type: ignore[misc]


def _most_apart(picture: Image.Image, box: Box) -> int:
    """How far apart the points of a box are."""
    cropped = _cropped(picture, box)
    return 0 if cropped is None else max(high - low for low, high in cropped.getextrema())  # type: ignore[misc]


def _cropped(picture: Image.Image, box: Box) -> Image.Image | None:
    left, top = max(0, int(box[0] - AROUND)), max(0, int(box[1] - AROUND))
    right, bottom = min(picture.width, int(box[2] + AROUND) + 1), min(picture.height, int(box[3] + AROUND) + 1)
    return picture.crop((left, top, right, bottom)) if right > left and bottom > top else None
