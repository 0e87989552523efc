"""Two renderings of one page, Welsh and English, woven into one whose words can be turned while it stands open.

Where both say the same it stands as it is; where they differ the page holds numbers (``data-t``, ``data-ta``), and the
list of texts says both (anonymity/browser/tongue.js). Templates that are not built alike in both languages are refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import zip_longest

Attributes = tuple[tuple[str, str | None], ...]
Readdress = Callable[[str, str], str]
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
OWN_LANGUAGE = frozenset({"checked"})
"""Differs where something is preset to the language of the page; the page presets it itself."""


class NotAlike(Exception):
    """The two renderings are not built alike."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A start tag, an end tag or a text."""

    kind: str
    name: str
    attributes: Attributes = ()

    def is_like(self, other: "Piece") -> bool:
        """The same but for what it says."""
        return self.kind == other.kind and (self.kind == "text" or self.name == other.name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(Piece("decl", decl))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append(Piece("start", tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(Piece("end", tag))

    def handle_data(self, data: str) -> None:
        if self.pieces and self.pieces[-1].kind == "text":
            data = self.pieces.pop().name + data
        self.pieces.append(Piece("text", data))


def read_pieces(html: str) -> list[Piece]:
    """A page as tags and texts. Comments are left out, and so is space that a template leaves in one language only."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    kept: list[Piece] = []
    for piece in reader.pieces:
        if piece.kind == "text" and not piece.name.strip():
            if kept and kept[-1].kind != "text":
                kept.append(Piece("text", "\n" if "\n" in piece.name else " "))
            continue
        kept.append(piece)
    return kept


@dataclass(slots=True)
class Weaver:
    """Weaves pages and collects their texts. ``readdress`` says where an attribute leads in the file."""

    readdress: Readdress
    texts: list[tuple[str, str]] = field(default_factory=list)

    def weave(self, cy: str, en: str) -> str:
        """One page out of two."""
        pairs = list(zip_longest(read_pieces(cy), read_pieces(en)))
        made: list[str] = []
        for at, (one, other) in enumerate(pairs):
            if (
                one is None
                or other is None
                or one.kind != other.kind
                or (one.kind != "text" and one.name != other.name)
            ):
                raise NotAlike(f"{one} is not built like {other}")
            if one.kind == "start":
                made.append(self._start(one, other, self._only_text(pairs, at)))
            elif one.kind == "text":
                made.append(self._text(one.name, other.name, self._only_text(pairs, at - 1) is not None))
            else:
                made.append(f"</{_renamed(one)}>" if one.kind == "end" else f"<!{one.name}>")
        return "".join(made)

    def _only_text(self, pairs: list[tuple[Piece | None, Piece | None]], at: int) -> tuple[str, str] | None:
        """The two texts that are all there is in the element that begins here, if they differ."""
        if at < 0 or at + 2 >= len(pairs) or (pairs[at][0] or Piece("", "")).kind != "start":
            return None
        (one, other), (end, _end) = pairs[at + 1], pairs[at + 2]
        if one is None or other is None or end is None or one.kind != "text" or end.kind != "end":
            return None
        return (one.name, other.name) if one.name != other.name else None

    def _start(self, one: Piece, other: Piece, only_text: tuple[str, str] | None) -> str:
        given, theirs = _lasting(one, other), _lasting(other, one)
        if given.keys() != theirs.keys():
            raise NotAlike(f"{one} has not the attributes of {other}")
        parts, numbered = [_renamed(one)], []
        for name, value in given.items():
            cy, en = (self.readdress(name, given_value or "") for given_value in (value, theirs[name]))
            if cy != en:
                numbered.append(f"{name}:{self._number(cy, en)}")
            parts.append(name if value is None else f'{name}="{escape(cy)}"')
        if only_text:
            parts.append(f'data-t="{self._number(*only_text)}"')
        if numbered:
            parts.append(f'data-ta="{" ".join(numbered)}"')
        return f"<{' '.join(parts)}>"

    def _text(self, cy: str, en: str, is_marked: bool) -> str:
        if cy == en or is_marked:
            return escape(cy, quote=False)
        before, after = cy[: len(cy) - len(cy.lstrip())], cy[len(cy.rstrip()) :]
        cy, en = cy.strip(), en.strip()
        return f'{before}<span data-t="{self._number(cy, en)}">{escape(cy, quote=False)}</span>{after}'

    def _number(self, cy: str, en: str) -> int:
        if (cy, en) in self.texts:
            return self.texts.index((cy, en))
        self.texts.append((cy, en))
        return len(self.texts) - 1


def _lasting(one: Piece, other: Piece) -> dict[str, str | None]:
    """The attributes that stay: not what is preset in one language only, nor the kind of data."""
    theirs = dict(other.attributes)
    kept = {name: value for name, value in one.attributes if name not in OWN_LANGUAGE or name in theirs}
    if one.name == "script":
        kept.pop("type", None)
        kept["hidden"] = None
    return kept


def _renamed(piece: Piece) -> str:
    """Data that a page holds in a script element is in a hidden one here: scripts may put it there."""
    return "div" if piece.name == "script" else piece.name
