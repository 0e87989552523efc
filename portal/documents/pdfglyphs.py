"""Taking single glyphs out of a page's content: every other glyph stays exactly where it was (ISO 32000, 9.4).

The interpreter knows what everyday documents use. Whatever it does not know raises NotProvable, and the page becomes a
picture instead: a guess is never made.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Operator, String

Matrix = tuple[float, float, float, float, float, float]
Origin = tuple[float, float]
ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NEAR = 0.35
"""How far, in points, the two readings of a glyph's place may lie apart."""


MOST_ALONE = 2
"""So many operators may show nothing but one or two glyphs that go."""


class NotProvable(Exception):
    """This page cannot be cut glyph by glyph."""


def times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


class Font:
    """How a font divides a string into codes, and how far each moves."""

    def __init__(self, font: Any) -> None:
        kind = font.get("/Subtype")
        if kind in ("/Type1", "/TrueType", "/MMType1") and "/Widths" in font:
            self._bytes, self._widths, self._default = 1, _simple_widths(font), _missing_width(font)
        elif kind == "/Type0" and font.get("/Encoding") == "/Identity-H":
            inner = font.DescendantFonts[0]
            self._bytes, self._widths = 2, _wide_widths(inner.get("/W"))
            self._default = float(inner.get("/DW", 1000))
        else:
            raise NotProvable

    @property
    def octets(self) -> int:
        """How many make a code."""
        return self._bytes

    def codes(self, octets: bytes) -> Iterator[tuple[bytes, float, bool]]:
        """Each code with its width in thousandths of the size, and whether word spacing is added to it."""
        if len(octets) % self._bytes:
            raise NotProvable
        for at in range(0, len(octets), self._bytes):
            code = octets[at : at + self._bytes]
            yield code, self._widths.get(int.from_bytes(code), self._default), code == b" "


def _simple_widths(font: Any) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    return {first + place: float(width) for place, width in enumerate(font.Widths.as_list())}


def _missing_width(font: Any) -> float:
    descriptor = font.get("/FontDescriptor")
    return float(descriptor.get("/MissingWidth", 0)) if isinstance(descriptor, Dictionary) else 0.0


def _wide_widths(given: Any) -> dict[int, float]:
    """The W array: ``first [w w w]`` or ``first last w``."""
    items = list(given.as_list()) if isinstance(given, Array) else []
    widths: dict[int, float] = {}
    at = 0
    while at + 1 < len(items):
        first = int(items[at])
        if isinstance(items[at + 1], Array):
            widths |= {first + place: float(width) for place, width in enumerate(items[at + 1].as_list())}
            at += 2
        else:
            last, width = int(items[at + 1]), float(items[at + 2])
            if not 0 <= last - first <= 0xFFFF:
                raise NotProvable
            widths |= dict.fromkeys(range(first, last + 1), width)
            at += 3
    return widths


@dataclass(frozen=True, slots=True)
class _State:
    """What q keeps and Q brings back."""

    matrix: Matrix = ONE
    font: Font | None = None
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(slots=True)
class Eraser:
    """Reads a page's operators and writes them anew without the glyphs at these origins."""

    fonts: Any
    origins: Collection[Origin]
    erased: set[Origin] = field(default_factory=set)
    _state: _State = field(default_factory=_State)
    _kept: list[_State] = field(default_factory=list)
    _text: Matrix = ONE
    _line: Matrix = ONE
    _alone: int = 0

    def rewritten(self, page: pikepdf.Page) -> bytes:
        """The whole content of the page. Raises NotProvable if an origin has no glyph."""
        written: list[Any] = []
        for instruction in pikepdf.parse_content_stream(page):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                written.append(instruction)
                continue
            written.extend(self._one(str(instruction.operator), list(instruction.operands), instruction))
        if len(self.erased) < len(set(self.origins)):
            raise NotProvable
        return pikepdf.unparse_content_stream(written)

    def _one(self, name: str, operands: list[Any], instruction: Any) -> list[Any]:
        if name in _SHOWING:
            return self._shown(name, operands, instruction)
        act = _ACTS.get(name)
        if act is not None:
            act(self, *[float(one) if isinstance(one, int | float | Decimal) else one for one in operands])
        return [instruction]

    def _keep(self) -> None:
        self._kept.append(self._state)

    def _bring_back(self) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def _turn(self, *numbers: float) -> None:
        a, b, c, d, e, f = numbers
        self._state = replace(self._state, matrix=times((a, b, c, d, e, f), self._state.matrix))

    def _begin(self) -> None:
        self._text = self._line = ONE

    def _place(self, *numbers: float) -> None:
        a, b, c, d, e, f = numbers
        self._text = self._line = (a, b, c, d, e, f)

    def _move(self, x: float, y: float) -> None:
        self._text = self._line = times((1, 0, 0, 1, x, y), self._line)

    def _move_leading(self, x: float, y: float) -> None:
        self._state = replace(self._state, leading=-y)
        self._move(x, y)

    def _next_line(self) -> None:
        self._move(0, -self._state.leading)

    def _set_font(self, name: Any, size: float) -> None:
        font = self.fonts.get(str(name))
        try:
            known = Font(font) if isinstance(font, Dictionary) else None
        except NotProvable:
            known = None
        self._state = replace(self._state, font=known, size=size)

    def _set_char_space(self, value: float) -> None:
        self._state = replace(self._state, char_space=value)

    def _set_word_space(self, value: float) -> None:
        self._state = replace(self._state, word_space=value)

    def _set_stretch(self, value: float) -> None:
        self._state = replace(self._state, stretch=value / 100)

    def _set_leading(self, value: float) -> None:
        self._state = replace(self._state, leading=value)

    def _set_rise(self, value: float) -> None:
        self._state = replace(self._state, rise=value)

    def _shown(self, name: str, operands: list[Any], instruction: Any) -> list[Any]:
        """One operator that shows text, as it was or as a TJ with gaps."""
        if name == '"':
            self._set_word_space(float(operands[0]))
            self._set_char_space(float(operands[1]))
        if name in ("'", '"'):
            self._next_line()
        parts = list(operands[0].as_list()) if name == "TJ" else [operands[-1]]
        if self._state.font is None:
            # A font that cannot be read: its glyphs have no places, so nothing after them on the line has one.
            self._text = (0.0, 0.0, 0.0, 0.0, float("nan"), float("nan"))
            return [instruction]
        changed, new = self._parts(parts)
        if not changed:
            return [instruction]
        self._note_alone(parts, new)
        before = _before(name, operands)
        return [*before, pikepdf.ContentStreamInstruction([Array(new)], Operator("TJ"))]

    def _parts(self, parts: list[Any]) -> tuple[bool, list[Any]]:
        new: list[Any] = []
        changed = False
        for part in parts:
            if not isinstance(part, String):
                self._advance(-float(part) / 1000 * self._state.size * self._state.stretch)
                new.append(part)
                continue
            pieces = self._string(bytes(part))
            changed |= any(not isinstance(piece, bytes) for piece in pieces)
            new.extend(String(piece) if isinstance(piece, bytes) else piece for piece in pieces)
        return changed, _joined(new)

    def _note_alone(self, parts: list[Any], new: list[Any]) -> None:
        """Where glyphs are placed one by one, what is left of their places tells how wide each was, and so which."""
        octets = sum(len(bytes(part)) for part in parts if isinstance(part, String))
        if self._state.font is not None and octets <= 2 * self._state.font.octets:
            self._alone += not any(isinstance(part, String) for part in new)
        if self._alone > MOST_ALONE:
            raise NotProvable

    def _string(self, octets: bytes) -> list[bytes | Decimal]:
        """The codes that stay, and for those that go the gap they leave."""
        state = self._state
        pieces: list[bytes | Decimal] = [b""]
        if state.font is None:
            raise NotProvable
        for code, width, is_space in state.font.codes(octets):
            wide = width / 1000 * state.size + state.char_space + (state.word_space if is_space else 0.0)
            if self._is_erased():
                if state.size == 0:
                    raise NotProvable
                pieces.append(Decimal(f"{-wide / state.size * 1000:.4f}"))
            elif isinstance(last := pieces[-1], bytes):
                pieces[-1] = last + code
            else:
                pieces.append(code)
            self._advance(wide * state.stretch)
        return [piece for piece in pieces if piece != b""]

    def _is_erased(self) -> bool:
        x, y = self._origin()
        near = [one for one in self.origins if abs(one[0] - x) <= NEAR and abs(one[1] - y) <= NEAR]
        self.erased.update(near)
        return bool(near)

    def _origin(self) -> Origin:
        e, f = times((1, 0, 0, 1, 0, self._state.rise), times(self._text, self._state.matrix))[4:]
        return e, f

    def _advance(self, by: float) -> None:
        self._text = times((1, 0, 0, 1, by, 0), self._text)


def _joined(parts: list[Any]) -> list[Any]:
    """Gaps side by side become one: each alone would tell how wide a glyph was that went, and so which."""
    joined: list[Any] = []
    for part in parts:
        if joined and not isinstance(part, String) and not isinstance(joined[-1], String):
            joined[-1] = Decimal(str(joined[-1])) + Decimal(str(part))
        else:
            joined.append(part)
    return joined


def _before(name: str, operands: list[Any]) -> list[Any]:
    """What ' and " do besides showing."""
    if name == "'":
        return [pikepdf.ContentStreamInstruction([], Operator("T*"))]
    if name == '"':
        return [
            pikepdf.ContentStreamInstruction([operands[0]], Operator("Tw")),
            pikepdf.ContentStreamInstruction([operands[1]], Operator("Tc")),
            pikepdf.ContentStreamInstruction([], Operator("T*")),
        ]
    return []


_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_ACTS: Mapping[str, Callable[..., None]] = {
    "q": Eraser._keep,
    "Q": Eraser._bring_back,
    "cm": Eraser._turn,
    "BT": Eraser._begin,
    "Tm": Eraser._place,
    "Td": Eraser._move,
    "TD": Eraser._move_leading,
    "T*": Eraser._next_line,
    "Tf": Eraser._set_font,
    "Tc": Eraser._set_char_space,
    "Tw": Eraser._set_word_space,
    "Tz": Eraser._set_stretch,
    "TL": Eraser._set_leading,
    "Ts": Eraser._set_rise,
}
