"""The file itself: the portal's own templates in both languages, its scripts, and a policy that names one box."""

import base64
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

from jinja2_fragments import render_block
from markupsafe import Markup

from portal.cli.standalone.scripts import LICENCES, read_script, read_sums
from portal.cli.standalone.twofold import Weaver
from portal.concerns.mandates import mandate_words
from portal.concerns.reporting import filewords, pages, questions
from portal.concerns.reporting.pages import ReaderGroup, ReaderLine
from portal.concerns.rules import EMPLOYER, INDEPENDENT, Few
from portal.core.errors import SettingsError
from portal.core.text import Bilingual, Locale, Message, msg
from portal.i18n.catalogue import Catalogue
from portal.settings.models import Settings
from portal.web.rendering import TEMPLATES, environment, in_words, style

ONE = date(2000, 1, 1)
"""The day in the templates; the device puts its own in place of it."""
OWN_STYLE = (
    ".switch [aria-current]{border-bottom:2px solid var(--arch);font-weight:600}.page .before{padding:0}"
    "[hidden]{display:none!important}"
)
OPENING = {
    "title": msg("Raise a concern, sealed on this device"),
    "says": msg("You choose who can read it, and you do not have to give your name. Choose your language."),
    "without": msg("This page needs JavaScript. Without it, use the pages of the portal itself:"),
}
ALONE, BESIDE = {"asks_tool": True, "asks_beside": False}, {"asks_tool": False, "asks_beside": True}
"""What the page that writes asks: of a concern, and of a union that is to stand beside somebody with a request."""

VIEWS = {"/concern/return": "return", "/concern/safety": "safety", "/concern/write": "start", "/concern": "start"}
DROPPED = frozenset({"data-history"})
ADDRESSES = frozenset({"href", "action", "data-box", "data-file-words"})
PORTAL = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
WORKERS = {"sealing-worker": "sealing.js", "cleaning-worker": "cleaning.js"}


@dataclass(frozen=True, slots=True)
class Standalone:
    """The finished file, as the command tells of it."""

    html: bytes
    version: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.html).hexdigest()


def read_portal(given: str) -> str:
    """The origin of the portal, as a policy names it. Plain HTTP is for this machine only: elsewhere anybody could read
    who asks for what."""
    portal = given.rstrip("/").lower()
    host = re.sub(r"^https?://|:[0-9]+$", "", portal)
    if not PORTAL.fullmatch(portal) or (portal.startswith("http:") and host not in {"localhost", "127.0.0.1"}):
        raise SettingsError(f"--portal is the portal’s address, as https://portal.example, not {given!r}")
    return portal


def read_slug(given: str) -> str:
    """The short name of a body, as in the portal's addresses; none for all of them."""
    if not re.fullmatch(r"[a-z0-9-]{0,80}", given):
        raise SettingsError(f"--body is the short name of an employer, as in the portal’s addresses, not {given!r}")
    return given


def make_standalone(portal: str, only_body: str = "") -> Standalone:
    """The whole page. Same templates, same scripts, same settings: same bytes."""
    weaver = Weaver(readdress=partial(_readdress, portal))
    number = program_version()
    both = [_render(locale, portal, only_body, number) for locale in (Locale.CY, Locale.EN)]
    html = weaver.weave(*both)
    script = read_script("client.js")
    css = str(style(0)[0]) + OWN_STYLE
    filled = {
        "policy": f'<meta http-equiv="content-security-policy" content="{_policy(portal, script, css)}">',
        "style": f"<style>{css}</style>",
        "data": _data(weaver.texts, script),
    }
    for name, content in filled.items():
        html = html.replace(f"⟦{name}⟧", content, 1)
    return Standalone(html.encode(), number)


def program_version() -> str:
    """Ours, from the package's own description, and which script it is."""
    described = tomllib.loads((TEMPLATES.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return f"{described['project']['version']} ({read_sums()['client.js'][:16]})"


def _readdress(portal: str, name: str, value: str) -> str:
    """Links to the anonymous pages lead to views of the file, all others to the portal."""
    if name in DROPPED:
        return ""
    if name not in ADDRESSES or not value.startswith(("/cy", "/en")):
        return value
    view = VIEWS.get(value[3:].partition("?")[0])
    if name == "href" and view:
        return f"#{value[1:3]}/{view}"
    return portal + value


def _render(locale: Locale, portal: str, only_body: str, number: str) -> str:
    env = environment(locale)
    visit: Any = SimpleNamespace(locale=locale, today=ONE, settings=Settings.model_construct(pseudo_locale=False))
    body = SimpleNamespace(slug="⟦slug⟧", name_cy="⟦body⟧", name_en="⟦body⟧")
    about = SimpleNamespace(body=body, code="⟦about⟧")
    one = [("⟦value⟧", "⟦label⟧")]

    def view(template: str, **values: Any) -> Markup:
        context = {"visit": visit, "problems": {}, "file_accept": filewords.ACCEPT, "is_alone": True, **values}
        return Markup(render_block(env, f"concerns/{template}.html", "main", context))  # noqa: S704 - a template's own

    views = {
        "start": view("start", body=None, body_options=one, about_options=[]),
        "about": view("start", body=body, body_options=[], about_options=one, about=""),
        "write": view("write", about=about, subject="⟦subject⟧", **_samples(visit), **ALONE),
        "beside": view("write", about=about, subject="⟦subject⟧", **_samples(visit), **BESIDE),
        "closed": view("closed", about=about, subject="⟦subject⟧"),
        "return": view("return", mandate_words=mandate_words()),
        "safety": view("safety"),
    }
    return env.get_template("concerns/client.html").render(
        portal=portal,
        only_body=only_body,
        version=number,
        opening={to.value: {name: _say(to, one) for name, one in OPENING.items()} for to in Locale},
        views=views,
        file_words=Markup('<div id="file-words" hidden>{}</div>').format(json.dumps(filewords.words_of(locale))),
    )


def _say(locale: Locale, message: Message) -> str:
    return Catalogue.for_locale(locale).say(message)


def _samples(visit: Any) -> dict[str, Any]:
    """What the page that writes shows, with one of each kind of line to be copied for everybody."""
    lines = tuple(ReaderLine("", "⟦key⟧", "⟦reader⟧", "", is_confirmed=confirmed) for confirmed in (True, False))
    titles = {EMPLOYER: msg("Responsible for what it is about"), INDEPENDENT: msg("Outside the line of management")}
    fixed = [ReaderGroup(group, "always", in_words(visit, title), lines) for group, title in titles.items()]
    whom = [(value, in_words(visit, label)) for value, label in questions.AFFECTED.items()]
    return {
        "groups": [*fixed, ReaderGroup("⟦group⟧", "⟦group⟧", "⟦title⟧", lines)],
        "branches": [SimpleNamespace(group="⟦group⟧", name=Bilingual("⟦title⟧", "⟦title⟧"))],
        "readers_json": "",
        "few": Few.UNKNOWN.value,
        "story_words": pages.story_words(),
        "ongoing_options": [(value, in_words(visit, label)) for value, label in questions.ONGOING.items()],
        "affected_options": whom,
    }


def _policy(portal: str, script: str, css: str) -> str:
    """Nothing but its own script and style, and one box in two languages. (Frames are refused by the script.)"""
    box = " ".join(f"{portal}/{locale.value}/concern/box {portal}/{locale.value}/concern/box/" for locale in Locale)
    parts = (
        "default-src 'none'",
        f"script-src '{_digest(script)}'",
        f"style-src '{_digest(css)}'",
        f"connect-src {box}",
        "img-src data:",
        "worker-src blob:",
        "frame-src blob:",
        "media-src blob:",
        "form-action 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types sealing-worker",
    )
    return "; ".join(parts)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(texts: list[tuple[str, str]], script: str) -> str:
    """Texts, workers' sources, licences, and the one script that runs. Nothing in them ends its element early."""
    said = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    parts = [f'<script type="application/json" id="texts">{said}</script>']
    plain = {name: read_script(logical) for name, logical in WORKERS.items()}
    plain["licences"] = LICENCES.read_text(encoding="utf-8")
    for name, source in plain.items():
        parts.append(f'<script type="text/plain" id="{name}">{_unbroken(source)}</script>')
    return "\n".join([*parts, f"<script>{_unbroken(script)}</script>"])


def _unbroken(source: str) -> str:
    """A script's text as it is; what would end its element, or keep it from ending, stands in none of ours."""
    if re.search(r"</?script", source, re.IGNORECASE):
        raise SettingsError("a script cannot stand in a page: it holds what ends a script")
    return source
