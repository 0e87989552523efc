"""One anonymous page: which script it starts, under which policy, and whether anything else in it could run or send."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from portal.cli.verifying.portal import Portal, Served
from portal.web.headers import page_policy
from portal.web.static import STYLESHEET

DATA_TYPES = frozenset({"application/json"})
NEVER = frozenset({"object", "embed", "base", "applet", "frame", "portal"})
SEND = frozenset({"action", "formaction"})
FIELDS = frozenset({"input", "textarea", "select", "button", "fieldset", "output"})
CHOICE = frozenset({"body", "about"})
HARMLESS_LINKS = frozenset({"icon", "alternate"})
ADDRESSES = frozenset({"href", "src", *SEND})
HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}
BOX, FILE_WORDS = "data-box", "data-file-words"


@dataclass(frozen=True, slots=True)
class Expected:
    """What this version serves at a path: the page script, if it runs one, and to whom it seals."""

    path: str
    script: str | None = None
    integrity: str = ""
    readers: list[dict[str, Any]] | None = None
    ahead: frozenset[str] = frozenset()
    """Scripts of this version, which a page may have fetched before they are needed."""

    @property
    def area(self) -> str:
        """The anonymous area in the page's language."""
        return f"{self.path[:3]}/concern"


@dataclass(slots=True)
class _Seen(HTMLParser):
    """Everything in a page that runs, sends or loads."""

    expected: Expected
    faults: list[str] = field(default_factory=list)
    scripts: list[dict[str, str | None]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    box: str | None = None
    _inside: str = ""
    _in_form: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = given.get("id") or "" if tag == "script" else tag if tag == "style" else ""
        self.faults += [f"<{tag}> stands in it" for _ in (0,) if tag in NEVER]
        self.faults += [f"an attribute runs script: {name}" for name in given if name.startswith("on")]
        self.faults += [f"{tag} leads to a script" for name in ADDRESSES if _is_script(given.get(name))]
        if tag == "script" and given.get("type") not in DATA_TYPES:
            self.scripts.append(given)
        if tag == "style":
            self.styles.append("")
        if tag == "iframe" and ("src" in given or "srcdoc" in given or "sandbox" not in given):
            self.faults.append("a frame shows something")
        if tag == "meta" and "http-equiv" in given:
            self.faults.append(f"it has a header of its own: {given['http-equiv']}")
        if tag == "link" and given.get("rel") not in HARMLESS_LINKS and given.get("href") not in self.expected.ahead:
            self.faults.append(f"it loads something: {given.get('href')}")
        if given.get("data-reader"):
            self.keys.append(given["data-reader"] or "")
        self.box = given.get(BOX) or self.box
        self._check_sending(tag, given)

    def _check_sending(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "form":
            self._in_form = True
        if self.expected.script and tag in FIELDS and (self._in_form or "form" in given) and not _is_choice(tag, given):
            self.faults.append("a page that seals on the device has a form that could send more than what was chosen")
        for name in SEND & given.keys():
            if not (given[name] or "").startswith((self.expected.area, f"/{_other(self.expected.path[1:3])}/concern")):
                self.faults.append(f"a form goes to {given[name]}")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag == "form":
            self._in_form = False

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.styles[-1] += data
        elif self._inside:
            self.data[self._inside] = self.data.get(self._inside, "") + data


def check_page(portal: Portal, expected: Expected, fields: dict[str, str] | None = None) -> list[str]:
    """Every way in which a page differs; none if it is as it should be. With ``fields`` it is what answers a form."""
    served = portal.get(expected.path) if fields is None else portal.send(expected.path, fields)
    if served.status != 200:
        return [f"it answers with {served.status}"]
    seen = _Seen(expected)
    seen.feed(served.text)
    seen.close()
    return [*_headers(served), *_policy(served, seen), *seen.faults, *_scripts(seen), *_readers(seen)]


def _headers(served: Served) -> Iterator[str]:
    if served.headers.get_all("set-cookie"):
        yield "it sets a cookie"
    if served.headers.get("etag"):
        yield "it carries an ETag"
    for name, value in HEADERS.items():
        if served.headers.get(name) != value:
            yield f"{name} is {served.headers.get(name)}, not {value}"


def _policy(served: Served, seen: _Seen) -> Iterator[str]:
    """The policy of this version, for the one style of the page; and that style is this version's."""
    style = seen.styles[0] if len(seen.styles) == 1 else ""
    parts = [re.escape(part) for part in STYLESHEET.read_text(encoding="utf-8").split("ENDING_AFTER")]
    if not re.fullmatch(r"\d+s".join(parts), style):
        yield "its stylesheet is another"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    runs = seen.expected.script is not None
    wanted = _directives(page_policy(f"sha256-{digest}", scripts=runs, files=runs))
    found = _directives(served.headers.get("content-security-policy") or "")
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield f"its policy says {name} {found.get(name, '(nothing)')}, not {wanted.get(name, '(nothing)')}"


def _directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";") if part.strip())
    return {name: value for name, _, value in parts}


def _scripts(seen: _Seen) -> Iterator[str]:
    expected = seen.expected
    wanted = [(expected.script, expected.integrity)] if expected.script else []
    found = [(one.get("src"), one.get("integrity")) for one in seen.scripts]
    if found != wanted:
        named = ", ".join(f"{src or 'an inline script'} ({integrity})" for src, integrity in found) or "none"
        yield f"the scripts that it starts: {named}; this version: {wanted[0][0] if wanted else 'none'}"
    if expected.script and seen.box != f"{expected.area}/box":
        yield f"its box is {seen.box}"


def _readers(seen: _Seen) -> Iterator[str]:
    """The page seals to those whom the box names, and shows them all."""
    wanted = seen.expected.readers
    if wanted is None:
        return
    try:
        sealed_to = json.loads(seen.data.get("readers", ""))["readers"]
        found = {one["key"]: (one["recipient"], one["sign"]) for one in sealed_to}
    except (ValueError, KeyError, TypeError):
        yield "it does not say to whose keys it seals"
        return
    if found != {one["key"]: (one["recipient"], one["sign"]) for one in wanted}:
        yield "it seals to other keys than the box names"
    if set(seen.keys) != set(found):
        yield "it shows other readers than those it seals to"


def _is_choice(tag: str, given: dict[str, str | None]) -> bool:
    """Part of a form that sends what was chosen before, and nothing that could be typed."""
    if tag == "button":
        return not given.get("name")
    return tag == "input" and given.get("type") == "hidden" and given.get("name") in CHOICE


def _is_script(address: str | None) -> bool:
    return bool(address) and re.sub(r"[\s\x00-\x1f]", "", address or "").lower().startswith(
        ("javascript:", "vbscript:")
    )


def _other(language: str) -> str:
    return "en" if language == "cy" else "cy"
