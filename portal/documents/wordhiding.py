"""What a Word document holds and does not show: by its own look, by styles, by a row, a shape, the ground behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_V = "{urn:schemas-microsoft-com:vml}"
_OFF = ("0", "false", "off")
_TINY, _LOW, _THIN, _NEAR = 5, 40, 5, 16
"""Half points of letters, twentieths of a point of lines and rows, percent of width, and steps of each colour."""
_WIDE = 15_000
"""Twentieths of a point: more than a page is wide."""
_SMALL, _FAR = 12_700, 15_000_000
_WHITE = ("background1", "light1", "bg1", "lt1")
_HIGHLIGHTS = {"white": "FFFFFF", "black": "000000"}
_SHAPES = (f"{_WPS}wsp", f"{_V}shape", f"{_V}rect", f"{_V}roundrect", f"{_V}textbox")
_HIDING = ("vanish", "webHidden", "specVanish")


@dataclass(slots=True)
class Look:
    """How letters look, as far as it is said at one place; what is None is not said there."""

    hidden: bool | None = None
    colour: str | None = None
    ground: str | None = None
    size: int | None = None
    width: int | None = None

    def over(self, below: "Look") -> "Look":
        """This look, and where it says nothing, the other."""
        names = ("hidden", "colour", "ground", "size", "width")
        return Look(*(mine if (mine := getattr(self, name)) is not None else getattr(below, name) for name in names))


@dataclass(slots=True)
class Styles:
    """The looks that a document names."""

    looks: Mapping[str, Look] = field(default_factory=dict)
    plain: Look = field(default_factory=Look)
    striped: frozenset[str] = frozenset()

    def named(self, holder: Any, name: str) -> Look:
        """The look of the style that an element names."""
        one = holder.find(f"{W}{name}") if holder is not None else None
        return self.looks.get(one.get(f"{W}val", ""), Look()) if one is not None else Look()


def read_styles(root: Any) -> Styles:
    """Every style with those it is based on."""
    own = {one.get(f"{W}styleId", ""): one for one in root.iter(f"{W}style")}
    plain = _look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    looks: dict[str, Look] = {}
    for name in own:
        look, at, seen = Look(), name, set[str]()
        while at in own and at not in seen:
            seen.add(at)
            look = look.over(_look(own[at].find(f"{W}rPr"), own[at].find(f"{W}pPr")))
            based = own[at].find(f"{W}basedOn")
            at = based.get(f"{W}val", "") if based is not None else ""
        looks[name] = look
    for name, one in own.items():
        if one.get(f"{W}default") in ("1", "true", "on") and one.get(f"{W}type") == "paragraph":
            plain = looks[name].over(plain)
    striped = frozenset(name for name, one in own.items() if one.find(f".//{W}tblStylePr") is not None)
    return Styles(looks, plain, striped)


def hidden_runs(root: Any, styles: Styles) -> Iterator[Any]:
    """Pieces of text that nobody sees."""
    for run in root.iter(f"{W}r"):
        if any(one.text for one in run.iter(f"{W}t", f"{W}delText", f"{W}instrText")) and _is_hidden(run, styles):
            yield run
    for run in root.iter(f"{A}r", f"{A}fld"):
        size = _number(run.find(f"{A}rPr"), "sz")
        if size is not None and size < 250:
            yield run


def _is_hidden(run: Any, styles: Styles) -> bool:
    look = _look_of(run, styles)
    if look.hidden or (look.size is not None and look.size < _TINY) or (look.width is not None and look.width < _THIN):
        return True
    if _is_squeezed(run) or _is_clear(run):
        return True
    colour = look.colour if look.colour not in (None, "auto") else None
    ground = _ground(run, look, styles)
    return colour is not None and ground is not None and _are_near(colour, ground)


def _look_of(run: Any, styles: Styles) -> Look:
    paragraph = next(run.iterancestors(f"{W}p"), None)
    table = next(run.iterancestors(f"{W}tbl"), None)
    holder = paragraph.find(f"{W}pPr") if paragraph is not None else None
    look = _look(run.find(f"{W}rPr")).over(styles.named(run.find(f"{W}rPr"), "rStyle"))
    look = look.over(_look(None, holder)).over(styles.named(holder, "pStyle"))
    look = look.over(styles.named(table.find(f"{W}tblPr"), "tblStyle")) if table is not None else look
    return look.over(styles.plain)


def _look(run: Any, paragraph: Any = None) -> Look:
    """What the properties of a run, and of a paragraph, say."""
    ground = _shade(paragraph) if paragraph is not None else None
    if run is None:
        return Look(ground=ground)
    said = [one for name in _HIDING if (one := run.find(f"{W}{name}")) is not None]
    hidden = any(one.get(f"{W}val") not in _OFF for one in said) if said else None
    lit = run.find(f"{W}highlight")
    return Look(
        hidden,
        _colour(run.find(f"{W}color")),
        (_HIGHLIGHTS.get(lit.get(f"{W}val", ""), "?") if lit is not None else None) or _shade(run) or ground,
        _number(run.find(f"{W}sz"), f"{W}val"),
        _number(run.find(f"{W}w"), f"{W}val"),
    )


def _colour(one: Any) -> str | None:
    if one is None:
        return None
    if one.get(f"{W}themeColor") in _WHITE and not one.get(f"{W}themeShade"):
        return "FFFFFF"
    return "?" if one.get(f"{W}themeColor") else str(one.get(f"{W}val", "auto")).upper().replace("AUTO", "auto")


def _shade(holder: Any) -> str | None:
    """The colour behind letters: that of the pattern where it is solid, else of the ground."""
    one = holder.find(f"{W}shd") if holder is not None else None
    if one is None:
        return None
    if one.get(f"{W}themeFill") or one.get(f"{W}val") not in ("clear", "nil", "solid"):
        return "?"
    fill = one.get(f"{W}color" if one.get(f"{W}val") == "solid" else f"{W}fill", "auto")
    return None if fill == "auto" else str(fill).upper()


def _ground(run: Any, look: Look, styles: Styles) -> str | None:
    """The colour behind a run; None where that cannot be told."""
    if look.ground is not None:
        return look.ground
    for above in run.iterancestors():
        if above.tag in _SHAPES:
            is_clear = above.find(f"{_WPS}spPr/{A}noFill") is not None
            if not is_clear:
                return None
        elif above.tag in (f"{W}tc", f"{W}tbl"):
            shade = _shade(above.find(f"{above.tag}Pr"))
            if shade is not None or _is_striped(above, styles):
                return shade
    return "FFFFFF" if run.getroottree().getroot().find(f"{W}background") is None else None


def _is_striped(table: Any, styles: Styles) -> bool:
    named = table.find(f"{W}tblPr/{W}tblStyle")
    return named is not None and named.get(f"{W}val") in styles.striped


def _are_near(colour: str, ground: str) -> bool:
    try:
        pairs = zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True)
        return all(abs(one - other) <= _NEAR for one, other in pairs)
    except ValueError:
        return False


def _is_clear(run: Any) -> bool:
    """Letters without any ink, or with ink in nearly the colour of paper."""
    fill = run.find(f"{W}rPr/{_W14}textFill")
    if fill is None:
        return False
    colour = fill.find(f"{_W14}solidFill/{_W14}srgbClr")
    is_pale = colour is not None and _are_near(colour.get(f"{_W14}val", ""), "FFFFFF")
    return is_pale or fill.find(f"{_W14}noFill") is not None


def _is_squeezed(run: Any) -> bool:
    """In a line, a row or a shape that leaves no room, or stands outside the page."""
    for above in run.iterancestors():
        if above.tag == f"{W}p" and _is_without_room(above.find(f"{W}pPr")):
            return True
        if above.tag == f"{W}tr":
            row = above.find(f"{W}trPr")
            hidden = row.find(f"{W}hidden") if row is not None else None
            if hidden is not None and hidden.get(f"{W}val") not in _OFF:
                return True
            if row is not None and _is_low(row.find(f"{W}trHeight"), "hRule", "val"):
                return True
        if above.tag in (f"{WP}anchor", f"{WP}inline") and _is_away(above):
            return True
        if above.tag.startswith(_V) and "visibility:hidden" in above.get("style", "").replace(" ", ""):
            return True
    return False


def _is_without_room(paragraph: Any) -> bool:
    if paragraph is None:
        return False
    if _is_low(paragraph.find(f"{W}spacing"), "lineRule", "line") or _is_low(
        paragraph.find(f"{W}framePr"), "hRule", "h"
    ):
        return True
    moved = paragraph.find(f"{W}ind")
    sides = (_number(moved, f"{W}{side}") or 0 for side in ("left", "start", "right", "end"))
    return any(abs(side) > _WIDE for side in sides)


def _is_low(one: Any, rule: str, name: str) -> bool:
    size = _number(one, f"{W}{name}")
    return one is not None and one.get(f"{W}{rule}") == "exact" and size is not None and size < _LOW


def _is_away(shape: Any) -> bool:
    """A drawing without size, marked as hidden, or outside the page."""
    extent, named = shape.find(f"{WP}extent"), shape.find(f"{WP}docPr")
    if named is not None and named.get("hidden") in ("1", "true"):
        return True
    for position, side in (("positionH", "cx"), ("positionV", "cy")):
        size = _number(extent, side)
        if size is not None and size < _SMALL:
            return True
        place = shape.find(f"{WP}{position}")
        offset = place.find(f"{WP}posOffset") if place is not None else None
        if place is None or offset is None or not (offset.text or "").strip().lstrip("-").isdigit():
            continue
        at = int(offset.text)
        if at > _FAR or (place.get("relativeFrom") == "page" and at + (size or 0) <= 0):
            return True
    return False


def _number(one: Any, name: str) -> int | None:
    text = str(one.get(name, "")) if one is not None else ""
    return int(float(text)) if text.lstrip("-").replace(".", "", 1).isdigit() else None
