"""The tools of the page tests: axe, the own walk, the keyboard, reflow, weight, and what a page asks of other hosts."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": AXE_TAGS, "reporter": "no-passes", "selectors": False, "preload": False}
"""Every rule of these tags. What passed, and a selector for each element, would be worked out and sent for nobody; the
one rule that asks for style sheets beforehand is an experiment of axe's, which none of the tags holds."""
MOST_TABS = 90
NO_COMPLAINTS = ("Failed to load resource", "was preloaded using link preload but not used within a few seconds")
"""What the console says of a status that the test asked for, and of a worker that waits for somebody to type their words."""


@cache
def axe_source() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@cache
def walk_source() -> str:
    lines = (Path(__file__).parent / "walk.js").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//"))


def axe_findings(page: Any) -> list[str]:
    """What axe finds: rule, what it is about, where. The tool is put in through the driver, not through the page."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {axe_source()} }}")
    found: list[str] = page.evaluate(_AXE, AXE_OPTIONS)
    return found


_AXE = """async (options) => (await axe.run(document, options)).violations.flatMap(
  ({id, nodes}) => nodes.map(({html}) => `axe ${id}: ${html.slice(0, 160)}`))"""


def walk_findings(page: Any) -> list[str]:
    """What the own walk finds in the page as it stands."""
    found: list[str] = page.evaluate(walk_source())
    return found


def large_text_findings(page: Any) -> list[str]:
    """Text at 200 %: nothing may run off the screen."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found = [one for one in walk_findings(page) if "pixels wide" in one]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return [f"at 200 % text, {one}" for one in found]


def open_details(page: Any) -> None:
    """Unfold what is folded, so that it is looked at too."""
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")


_FOCUS = """
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const rings = [one, ...(one.labels ?? [])].map((each) => getComputedStyle(each));
  const seen = rings.some((each) => (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2) || each.boxShadow !== "none");
  const all = [...document.querySelectorAll("*")];
  const group = one.type === "radio" ? `radio:${one.form ? all.indexOf(one.form) : ""}:${one.name}` : null;
  return {place: all.indexOf(one), html: one.outerHTML.slice(0, 120), seen, group,
          covered: !(top && (one.contains(top) || top.contains(one) || [...(one.labels ?? [])].some((each) => each.contains(top)))),
          inView: box.bottom > 0 && box.top < innerHeight};
"""
_NOTE = f"""() => {{
  const focused = () => {{ {_FOCUS} }};
  window.notedStops = [];
  window.noteStop = (event) => {{ if (event.key === "Tab") window.notedStops.push(focused()); }};
  addEventListener("keyup", window.noteStop, true);
}}"""
"""Notes what has the focus each time the key comes up again: the page has moved it by then."""
_NOTED = """() => { removeEventListener("keyup", window.noteStop, true); return window.notedStops; }"""

_REACHABLE = """() => {
  const all = [...document.querySelectorAll("*")];
  const shown = (one) => { const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && one.checkVisibility({visibilityProperty: true}) && !one.disabled; };
  const groups = new Set();
  return all.map((one, place) => ({one, place})).filter(({one}) => one.matches("a[href],button,input:not([type=hidden]),select,textarea,summary") && shown(one) && one.tabIndex >= 0)
    .filter(({one}) => { if (one.type !== "radio") return true; const key = `${one.form ? all.indexOf(one.form) : ""}:${one.name}`; if (groups.has(key)) return false; groups.add(key); return true; })
    .map(({one, place}) => ({place, group: one.type === "radio" ? `radio:${one.form ? all.indexOf(one.form) : ""}:${one.name}` : null, html: one.outerHTML.slice(0, 120)}));
}"""


def keyboard_findings(page: Any) -> list[str]:
    """Tab through the page: everything is reached, in order, and what has the focus shows it and is not covered."""
    expected = page.evaluate(_REACHABLE)
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    page.evaluate("() => { const at = document.body; at.tabIndex = -1; at.focus(); at.removeAttribute('tabindex'); }")
    stops = _tab_through(page, most=min(len(expected) + 2, MOST_TABS))
    places = [stop["place"] for stop in stops]
    groups = {stop["group"] for stop in stops if stop["group"]}
    found = [f"focus does not show: {stop['html']}" for stop in stops if not stop["seen"]]
    found += [
        f"what has the focus is covered: {stop['html']}" for stop in stops if stop["covered"] or not stop["inView"]
    ]
    found += [
        f"the keyboard does not reach: {one['html']}"
        for one in expected[:MOST_TABS]
        if one["place"] not in places and one["group"] not in groups
    ]
    return found


def _tab_through(page: Any, *, most: int) -> list[dict[str, Any]]:
    """Where the focus stood after each press, until it left the page or came to a place again."""
    page.evaluate(_NOTE)
    for _ in range(most):
        page.keyboard.press("Tab")
    noted = page.evaluate(_NOTED)
    assert len(noted) == most, "every press was noted"
    stops: list[dict[str, Any]] = []
    for at in noted:
        if at is None or any(stop["place"] == at["place"] for stop in stops):
            break
        stops.append(at)
    return stops


@dataclass
class Traffic:
    """What a page asked for, and what it complained about."""

    own: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    wire: dict[str, int] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hears: dict[str, Any] = {
            "request": self._request,
            "response": self._response,
            "console": self._complain,
            "pageerror": lambda error: self.complaints.append(f"script error: {error}"),
        }

    def listen(self, page: Any) -> None:
        for event, hears in self._hears.items():
            page.on(event, hears)

    def leave(self, page: Any) -> None:
        """Listen no longer."""
        for event, hears in self._hears.items():
            page.remove_listener(event, hears)

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.own:
            self.foreign.append(request.url)

    def _response(self, response: Any) -> None:
        if response.request.resource_type == "document" and not 300 <= response.status < 400:
            self.answers.append(response)

    @property
    def source(self) -> str:
        """The last document as the server sent it."""
        text: str = self.answers[-1].text()
        return text

    def _complain(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not any(one in message.text for one in NO_COMPLAINTS):
            self.complaints.append(f"console: {message.text[:300]}")


def weight_on_the_wire(page: Any, url: str) -> int:
    """Bytes of the document as a browser receives it, headers aside."""
    answer = page.request.get(url, headers={"accept-encoding": "br"})
    return len(answer.body()) if "content-encoding" not in answer.headers else int(answer.headers["content-length"])


VALIDATOR_RULES = {
    "extends": ["html-validate:standard"],
    "rules": {
        "no-inline-style": "off",
        "long-title": "off",
        "require-sri": "off",
        "void-style": "off",
        "no-trailing-whitespace": "off",
        "attribute-boolean-style": "off",
        "doctype-style": "off",
        "prefer-native-element": "off",
        "text-content": "off",
        "tel-non-breaking": "off",
        "no-implicit-button-type": "off",
        "valid-autocomplete": "off",
    },
}


class Validator:
    """html-validate in one Node process, asked page by page."""

    def __init__(self) -> None:
        node = shutil.which("node") or str(ROOT / ".node" / "bin" / "node")
        self._process = subprocess.Popen(
            [node, str(Path(__file__).parent / "validate.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._send({"config": {"root": True, **VALIDATOR_RULES}})

    def findings(self, html: str) -> list[str]:
        """What is wrong with a page's source."""
        self._send({"name": "page", "html": html})
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the HTML validator stopped")
        found: list[str] = json.loads(line)
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
