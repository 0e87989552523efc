"""The words of an HTML page: what one sees, and what it holds besides."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_UNSEEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0*)?(?:;|$)"
    r"|font-size:[01](?:\.\d+)?(?:px|pt|em|rem|%|;|$)|(?<![-\w])color:(?:#fff(?:fff)?\b|white|transparent|rgb\(255,255,255\))"
    r"|max-height:0(?:px)?(?:;|$)|text-indent:-\d{3,}|(?:left|top):-\d{3,}"
)
_BLOCKS = frozenset(
    [
        *("address", "article", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
        *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    ]
)
_CELLS = frozenset({"td", "th", "dt", "dd", "option"})
_SILENT = frozenset({"script", "style", "title"})  # a head holds no other words, and its end may be left out
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_SAYING = ("alt", "title", "content", "placeholder", "value", "summary", "aria-label")
_LEADING = ("src", "background", "data", "poster")


@dataclass(frozen=True, slots=True)
class Html:
    """A page. ``unseen`` are words that it holds and does not show; ``asks`` counts what it would fetch elsewhere."""

    text: str
    seen: str
    unseen: tuple[str, ...]
    asks: int


def read_html(html: str) -> Html:
    """A line for each block; scripts and styles say nothing."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return Html(
        _lines("".join(text for text, _is_seen in reader.said)),
        _lines("".join(text for text, is_seen in reader.said if is_seen or not text.strip())),
        tuple([text.strip() for text, is_seen in reader.said if not is_seen and text.strip()] + reader.besides),
        reader.asks,
    )


def text_of_html(html: str) -> str:
    """All words of a page, seen or not."""
    return read_html(html).text


def _lines(text: str) -> str:
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[str, bool]] = []
        self.besides: list[str] = []
        self.asks = 0
        self._silent = 0
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._part(tag)
        said = {name: value or "" for name, value in attributes}
        style = re.sub(r"\s|!important", "", said.get("style", "").casefold())
        is_hidden = "hidden" in said or bool(_UNSEEN.search(style)) or (tag == "font" and _is_white(said))
        if tag not in _EMPTY:
            self._open.append((tag, is_hidden))
        if tag != "meta" or said.get("name"):
            self.besides += [said[name].strip() for name in _SAYING if said.get(name, "").strip()]
        self.asks += any(said.get(name, "").startswith(("http:", "https:", "//")) for name in _LEADING)
        self.asks += tag == "link" and "href" in said

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._part(tag)
        if any(name == tag for name, _is_hidden in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append((data.replace("\n", " "), not any(is_hidden for _name, is_hidden in self._open)))

    def handle_comment(self, data: str) -> None:
        if data.strip() and not data.lstrip().startswith("["):  # such as what one mail programme alone obeys
            self.besides.append(data.strip())

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.said.append(("\n", True))
        elif tag in _CELLS:
            self.said.append((" ", True))


def _is_white(said: dict[str, str]) -> bool:
    return said.get("color", "").strip().casefold() in ("white", "#fff", "#ffffff")
