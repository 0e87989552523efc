"""The pages of a PDF file: boxes, contents, and the printed look of their annotations (CLEANING.md section 6)."""

import zlib
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.pdfcontent import Contents
from anonymity.cleaning.pdfobjects import Copier

_PLAIN = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit", "/Group")
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
_DRAWN = frozenset(
    {
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
    }
    | {"/Stamp", "/Caret", "/Ink", "/Widget", "/Watermark"}
)
_HIDDEN, _NO_VIEW = 2, 32
_MOST_ANNOTATIONS, _MOST_ABOVE = 10_000, 50
_SORTS: Mapping[str, Found] = {
    "/AA": Found.SCRIPTS,
    "/PieceInfo": Found.HIDDEN_PARTS,
    "/LastModified": Found.DATES,
    "/Metadata": Found.HIDDEN_PARTS,
    "/Thumb": Found.THUMBNAIL,
    "/ID": Found.IDENTIFIERS,
    "/AF": Found.ATTACHMENTS,
    "/VP": Found.GPS,
}
_OF_NOTES: Mapping[str, Found] = {
    "/T": Found.AUTHOR,
    "/M": Found.DATES,
    "/CreationDate": Found.DATES,
    "/Contents": Found.COMMENTS,
    "/NM": Found.IDENTIFIERS,
    "/AA": Found.SCRIPTS,
    "/FS": Found.ATTACHMENTS,
    "/RC": Found.COMMENTS,
}


class Pages:
    """Makes the pages of the new document."""

    def __init__(self, copier: Copier, contents: Contents, new: pikepdf.Pdf, found: set[Found]) -> None:
        self._copier = copier
        self._contents = contents
        self._new = new
        self._found = found
        self._made: dict[tuple[int, int], Object] = {}
        self._links: list[tuple[Object, Object]] = []
        self._annotations = 0

    def add(self, old: Object) -> None:
        """One page more."""
        self._found |= {sort for key, sort in _SORTS.items() if key in old}
        page = Dictionary(Type=Name.Page)
        for key in _PLAIN:
            value = old.get(key) if key not in _INHERITED else _inherited(old, key)
            if (copy := self._copier.copied(value, key)) is not None:
                page[key] = copy
        if "/MediaBox" not in page:
            page.MediaBox = Array([0, 0, 612, 792])
        page.Resources = self._resources(old)
        drawn = b"q " + self._contents.rewritten(old.Contents) + b" Q " if "/Contents" in old else b""
        drawn += self._annotated(old, page)
        page.Contents = self._new.make_indirect(Stream(self._new, zlib.compress(drawn), Filter=Name.FlateDecode))
        self._new.pages.append(pikepdf.Page(self._new.make_indirect(page)))
        self._made[old.objgen] = self._new.pages[-1].obj

    def finish(self) -> None:
        """Links between pages, when all pages are there."""
        for page, link in self._links:
            target = link.get("/Dest")
            action = link.get("/A")
            if target is None and isinstance(action, Dictionary) and action.get("/S") == "/GoTo":
                target = action.get("/D")
            place = self._place(target)
            if place is None:
                self._found.add(Found.LINKS)
                continue
            made = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=_numbers(link.get("/Rect"), 4),
                Border=Array([0, 0, 0]),
                Dest=place,
            )
            if "/Annots" not in page:
                page.Annots = Array()
            page.Annots.append(self._new.make_indirect(made))

    def _place(self, target: Object | None) -> Object | None:
        if not isinstance(target, Array) or not len(target) or not isinstance(target[0], Dictionary):
            return None
        page = self._made.get(target[0].objgen)
        rest = [
            item
            for item in target.as_list()[1:6]
            if isinstance(item, Name | int | float) or not isinstance(item, Object)
        ]
        return Array([page, *rest]) if page is not None else None

    def _resources(self, old: Object) -> Object:
        resources = _inherited(old, "/Resources")
        made = Dictionary()
        if isinstance(resources, Dictionary):
            for key in ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties"):
                value = resources.get(key)
                if isinstance(value, Dictionary) and (copy := self._copier.copied(value, key)) is not None:
                    made[key] = copy
        return made

    def _annotated(self, old: Object, page: Object) -> bytes:
        """The operators that draw what annotations show in print."""
        annotations = old.get("/Annots")
        drawn = b""
        for one in annotations.as_list() if isinstance(annotations, Array) else []:
            self._annotations += 1
            if self._annotations > _MOST_ANNOTATIONS:
                raise CannotClean(Reason.TOO_COMPLEX)
            if isinstance(one, Dictionary):
                drawn += self._annotation(one, page)
        return drawn

    def _annotation(self, one: Object, page: Object) -> bytes:
        self._found |= {sort for key, sort in _OF_NOTES.items() if key in one}
        kind = str(one.get("/Subtype", ""))
        if kind == "/Link":
            self._links.append((page, one))
            return b""
        look = _look(one)
        if kind not in _DRAWN or look is None or int(one.get("/F", 0)) & (_HIDDEN | _NO_VIEW):
            self._found.add(Found.COMMENTS)
            return b""
        form = self._copier.copied(look)
        if form is None:
            return b""
        objects = page.Resources.get("/XObject")
        if objects is None or objects.is_indirect:
            page.Resources.XObject = Dictionary(dict(objects.items()) if objects is not None else {})
        name = f"/Look{self._annotations}"
        page.Resources.XObject[name] = form
        numbers = " ".join(f"{number:.5f}" for number in _fitted(look, one))
        return f"q {numbers} cm {name} Do Q ".encode("ascii")


def _look(one: Object) -> Object | None:
    """How an annotation looks in print."""
    looks = one.get("/AP")
    look = looks.get("/N") if isinstance(looks, Dictionary) else None
    if isinstance(look, Dictionary) and not isinstance(look, Stream):
        look = look.get(str(one.get("/AS", "/Off")))
    return look if isinstance(look, Stream) and look.get("/Subtype") == "/Form" else None


def _inherited(page: Object, key: str) -> Object | None:
    for _ in range(_MOST_ABOVE):
        if key in page:
            return page.get(key)
        above = page.get("/Parent")
        if not isinstance(above, Dictionary):
            return None
        page = above
    return None


def _numbers(value: Object | None, count: int) -> Array:
    numbers = [float(item) for item in value.as_list()] if isinstance(value, Array) else []
    return Array([*numbers, *[0.0] * count][:count])


def _fitted(look: Object, one: Object) -> tuple[float, float, float, float, float, float]:
    """The matrix that puts the look's turned box into the annotation's rectangle (ISO 32000, 12.5.5)."""
    left, bottom, right, top = (float(number) for number in _numbers(look.get("/BBox"), 4).as_list())
    matrix = look.get("/Matrix")
    a, b, c, d, e, f = (
        (float(n) for n in _numbers(matrix, 6).as_list()) if isinstance(matrix, Array) else (1, 0, 0, 1, 0, 0)
    )
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    low_x, high_x = min(x for x, _ in corners), max(x for x, _ in corners)
    low_y, high_y = min(y for _, y in corners), max(y for _, y in corners)
    x1, y1, x2, y2 = (float(number) for number in _numbers(one.get("/Rect"), 4).as_list())
    wide = abs(x2 - x1) / (high_x - low_x) if high_x > low_x else 1.0
    high = abs(y2 - y1) / (high_y - low_y) if high_y > low_y else 1.0
    return wide, 0.0, 0.0, high, min(x1, x2) - low_x * wide, min(y1, y2) - low_y * high
