"""Pictures of a PDF whose masks hide a part of them: what nobody sees is still among the picture's points."""

import io
from collections.abc import Iterator, Mapping

import pikepdf
from PIL import Image

from portal.documents.pdfreading import DEEPEST
from portal.documents.pictures import MOST_POINTS, hides_points


def masked_pages(clean: bytes) -> Mapping[int, int]:
    """How many such pictures each page has, by its number from 1; no page that has none."""
    counted = {}
    with pikepdf.open(io.BytesIO(clean), suppress_warnings=True) as pdf:
        known: dict[tuple[int, int], bool] = {}
        for number, page in enumerate(pdf.pages, 1):
            found = sum(_is_hiding(one, known) for one in _pictures(page.resources, 0))
            if found:
                counted[number] = found
    return counted


def _pictures(resources: pikepdf.Object | None, deep: int) -> Iterator[pikepdf.Stream]:
    """The masked pictures that a page names, also inside its forms."""
    named = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    for one in dict(named.items()).values() if isinstance(named, pikepdf.Dictionary) else ():
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form" and deep < DEEPEST:
            yield from _pictures(one.get("/Resources"), deep + 1)
        elif isinstance(one, pikepdf.Stream) and isinstance(one.get("/SMask"), pikepdf.Stream):
            yield one


def _is_hiding(picture: pikepdf.Stream, known: dict[tuple[int, int], bool]) -> bool:
    if picture.objgen not in known:
        known[picture.objgen] = _hides(picture)
    return known[picture.objgen]


def _hides(picture: pikepdf.Stream) -> bool:
    """One that cannot be taken apart is looked at by the person who decides."""
    if int(picture.get("/Width", 0)) * int(picture.get("/Height", 0)) > MOST_POINTS:
        return True
    mask_of = picture.get("/SMask")
    if not isinstance(mask_of, pikepdf.Stream):
        return False
    try:
        points: Image.Image = pikepdf.PdfImage(picture).as_pil_image().convert("RGB")
        mask: Image.Image = pikepdf.PdfImage(mask_of).as_pil_image().convert("L")
    except (pikepdf.PdfError, NotImplementedError, ValueError, TypeError, AttributeError, OSError):
        return True
    points.putalpha(mask.resize(points.size, Image.Resampling.NEAREST))
    return hides_points(points)
