"""Words that a page holds and does not show: under a box, in the colour of the paper, on a hidden layer, off the page.

The page is drawn, and the place of each sign looked at: where not one point stands out, nobody sees the sign.
"""

from collections.abc import Iterator, Sequence

import pypdfium2
from PIL import Image

from portal.documents.pdfpictures import in_picture
from portal.documents.pdfreading import Box, PageText, draw_page

SCALE = 2.0
AROUND = 1.5
"""How many points of the picture around a sign are looked at: a full stop fills its own box."""
STANDS_OUT = 8
"""By how much (of 255) something must differ to be seen at all."""


def unseen_signs(document: pypdfium2.PdfDocument, page: PageText) -> list[int]:
    """The places, among the signs of the page, of those that nobody sees."""
    wanted = [
        (place, sign.ink)
        for place, sign in enumerate(page.signs)
        if sign.ink is not None and not sign.text.isspace() and sign.text.isprintable()
    ]
    if not wanted:
        return []
    index = page.number - 1
    source = document[index]
    turned = int(source.get_rotation())
    source.close()
    picture = draw_page(document, index, SCALE)
    unseen = {
        place
        for place, box in wanted
        if is_off(box, page.frame) or _is_plain(picture, in_picture(box, page.frame, picture.size, turned))
    }
    words = list(_words(wanted))
    unseen -= {place for word in words for place in _mere_points(page, unseen & word, word)}
    return sorted(unseen.union(*(word for word in words if 2 * len(unseen & word) >= len(word))))


def _mere_points(page: PageText, unseen: set[int], word: set[int]) -> set[int]:
    """Full stops and commas of a word whose letters are all seen: they are small, and say nothing alone."""
    letters = {place for place in word if page.signs[place].text.isalnum()}
    return unseen if letters and not letters & unseen else set()


def _words(wanted: Sequence[tuple[int, Box]]) -> Iterator[set[int]]:
    """Signs that stand side by side: where half of them are unseen, a box has been drawn over a word too narrowly."""
    word: set[int] = set()
    for place, _box in wanted:
        if word and place - 1 not in word:
            yield word
            word = set()
        word.add(place)
    yield word


def is_off(box: Box, frame: Box) -> bool:
    """True for what lies outside the part of the page that is shown."""
    return box[2] <= frame[0] or box[0] >= frame[2] or box[3] <= frame[1] or box[1] >= frame[3]


def _is_plain(picture: Image.Image, box: Box) -> bool:
    left, top = max(0, int(box[0] - AROUND)), max(0, int(box[1] - AROUND))
    right, bottom = min(picture.width, int(box[2] + AROUND) + 1), min(picture.height, int(box[3] + AROUND) + 1)
    if right <= left or bottom <= top:
        return True
    extremes = picture.crop((left, top, right, bottom)).getextrema()
    return all(high - low <= STANDS_OUT for low, high in extremes)  # type: ignore[misc]
