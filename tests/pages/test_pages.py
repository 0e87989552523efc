"""Every page and every state in both languages, in a real browser: axe finds nothing, the own walk finds nothing."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.cli.body_seeds import SIGNED_BY, WORDS
from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from portal.i18n.formats import MONTHS
from portal.web.cookies import LANGUAGE, SESSION
from tests.locales.pages import compare, no_untranslated
from tests.pages.places import ANONYMOUS, EVERYWHERE, PUBLIC, Place
from tests.pages.walk import (
    Traffic,
    Validator,
    axe_findings,
    keyboard_findings,
    large_text_findings,
    open_details,
    walk_findings,
)
from tests.pages.window import AS_USUAL, Window
from tests.prepared import FULL, PICTURES, ROOT
from tests.serving import Server, start_portal

pytestmark = pytest.mark.pages

NARROW, WIDE = 320, 1280
LANDING_LIMIT = 10_240
FIRST_FLIGHT = 14_336  # what a connection sends at once: the page of all 170 fields, which nobody lands on, keeps to it
KEY_BYTES, MOST_KEYS = 1_450, 12  # a reader’s public key does not compress; the device page carries each with its line
NO_SENTENCES = re.compile(rf" – |[,;:] | and |(?:\d{{1,2}} )?(?:{'|'.join(MONTHS[Locale.EN])}) \d{{4}}")
REFERENCE = re.compile(
    r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b|(?<=/corrections/)[a-z2-7]{26}\b|(?<=/accept/)[a-z2-7]{26}\b"
    r"|(?<=/left-out/)[a-z2-7]{26}\b|(?<=/several/)[a-z2-7]{26}\b"
)
"""What a state that is made anew in each language has of its own."""
OUTPUT = Path(__file__).resolve().parents[1] / "_output" / "pages"
Open = Callable[..., Any]

MODES: tuple[dict[str, str], ...] = (
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"reduced_motion": "reduce"},
)
BY_DAY_IN_WELSH = {"cy": (NARROW, "light"), "en": (WIDE, "dark")}
"""axe looks at each state narrow and light in Welsh, and at every third wide and dark in English: the same structure."""


def at_width(page: Any, place: Place, width: int, locale: str) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    found = walk_findings(page)
    at, colours = BY_DAY_IN_WELSH[locale]
    is_turn = locale == "cy" or EVERYWHERE.index(place) % 3 == 1  # the keyboard's third in forced colours is another
    if (at == width and is_turn) or FULL:
        page.emulate_media(color_scheme=colours)
        found += [f"{colours}: {one}" for one in axe_findings(page)]
        page.emulate_media(**AS_USUAL)
    return [f"{width}: {one}" for one in found]


def with_the_keyboard(page: Any, place: Place) -> list[str]:
    """Every third state in the reader’s own colours, in which a focus that is a shadow does not show."""
    found = []
    own_colours = EVERYWHERE.index(place) % 3 == 0
    if own_colours or FULL:
        page.emulate_media(forced_colors="active")
        found += [f"forced colours: {one}" for one in walk_findings(page) + keyboard_findings(page)]
        page.emulate_media(**AS_USUAL)
    return found + (keyboard_findings(page) if FULL or not own_colours else [])


def in_every_mode(page: Any) -> list[str]:
    found = axe_findings(page)
    for mode in MODES:
        page.emulate_media(**mode)
        own_colours = "forced_colors" in mode  # then the reader's own colours decide about contrast
        found += [f"{mode}: {one}" for one in axe_findings(page) if not (own_colours and "color-contrast" in one)]
        page.emulate_media(**AS_USUAL)
    return found


def look_at(page: Any, place: Place, locale: str, traffic: Traffic) -> list[str]:
    """All that can be said of one page in one language."""
    page.set_viewport_size({"width": NARROW, "height": 900})
    found = [f"{NARROW}, folded: {one}" for one in walk_findings(page)]
    open_details(page)
    found += at_width(page, place, NARROW, locale)
    found += at_width(page, place, WIDE, locale) + large_text_findings(page)
    if locale == "cy" or FULL:
        found += with_the_keyboard(page, place)
    found += in_every_mode(page) if FULL else []
    found += [f"asks another host: {url}" for url in traffic.foreign] + traffic.complaints
    found += [f"status {answer.status}" for answer in traffic.answers if answer.status >= 500]
    if place.who is None:
        found += [f"sets a cookie: {cookie['name']}" for cookie in page.context.cookies()]
        found += ["stores something"] if page.evaluate("() => localStorage.length + sessionStorage.length") else []
    if PICTURES:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=OUTPUT / f"{place.name.replace(':', '').replace(' ', '-')}-{locale}.png", full_page=True)
    return [f"{locale}: {one}" for one in found]


def findings(place: Place, open_place: Open, portal_server: Server, validator: Validator) -> list[str]:
    """What is wrong with a place, in either language."""
    found, sources = [], {}
    for locale in ("cy", "en"):
        traffic = Traffic(portal_server.base_url)
        page = open_place(place, locale, listen=traffic)
        sources[locale] = traffic.source
        found += look_at(page, place, locale, traffic)
        found += [f"{locale}: {one}" for one in validator.findings(sources[locale])]
    found += compare(*(REFERENCE.sub("one case", sources[locale]) for locale in ("cy", "en")))
    found += no_untranslated(sources["cy"], Catalogue.for_locale(Locale.CY))
    return found


@pytest.mark.parametrize("place", EVERYWHERE, ids=lambda place: place.name)
def test_a_page_is_whole_for_everybody_in_both_languages(
    place: Place, open_place: Open, portal_server: Server, validator: Validator, window: Window
) -> None:
    """Both widths, axe, structure, reflow, targets, keyboard, modes, valid HTML, and Welsh equal to English.

    A finding counts when it shows twice: on a busy machine a page can be looked at before it is painted. The second
    time it is looked at in a window of its own.
    """
    found = findings(place, open_place, portal_server, validator)
    if found:
        window.close()
        found = findings(place, open_place, portal_server, validator)
    assert not found, "\n".join(found)


def test_the_first_view_is_light(portal_server: Server, chromium: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes on the wire of the document, style included, as a browser asks for it."""
    context = chromium.new_context()
    weights = {}
    for place in EVERYWHERE:
        if place.who is None and place.act is None:
            address, headers = f"{portal_server.base_url}/cy{place.path}", {"accept-encoding": "br"}
            form = {"method": "POST", "form": dict(place.sends)} if place.sends else {}
            answer = context.request.fetch(address, headers=headers, **form)
            weights[place.name] = int(answer.headers["content-length"])
    context.close()
    with capsys.disabled():
        print("\nbytes on the wire, Welsh: " + ", ".join(f"{name} {size:,}" for name, size in weights.items()))
    keys = {name: size for name, size in weights.items() if "on the device" in name}
    assert weights.pop("full record") <= FIRST_FLIGHT
    assert {name: size for name, size in weights.items() if size > LANDING_LIMIT and name not in keys} == {}
    assert all(size <= LANDING_LIMIT + KEY_BYTES * MOST_KEYS for size in keys.values()), keys


@pytest.fixture
def accented(tmp_path_factory: pytest.TempPathFactory, portal_begin: Path) -> Iterator[Server]:
    """A portal in the pseudo-locale, in which every sentence of the catalogue is accented."""
    running = start_portal(tmp_path_factory.mktemp("pseudo") / "demo", begin=portal_begin, PORTAL_PSEUDO_LOCALE="true")
    yield running.server
    running.stop()


def test_nothing_escapes_the_catalogue(accented: Server, chromium: Any) -> None:
    """What is plain is a body's own text, or never was translated."""
    found, written = [], written_by_bodies()
    context = chromium.new_context(viewport={"width": NARROW, "height": 900})
    page = context.new_page()
    for place in PUBLIC + ANONYMOUS:
        if place.act is None:
            place.reach(page, f"{accented.base_url}/en{place.path}")
            texts = page.evaluate(PLAIN_TEXTS)
            found += [f"{place.name}: {text}" for text in texts if not is_no_sentence(text, written)]
    context.close()
    assert not found, "\n".join(found)


def is_no_sentence(text: str, written: str) -> bool:
    """Whether every part of a text is a date, the name of a cookie, or what a body wrote."""
    parts = [part.strip() for part in NO_SENTENCES.split(" ".join(text.split()))]
    return all(part in written or part in {SESSION, LANGUAGE} for part in parts)


def written_by_bodies() -> str:
    """Everything that the demonstration's bodies wrote themselves: it does not go through the catalogue."""
    folder = ROOT / "portal" / "cli" / "demo"
    texts: list[str] = [(folder / "directory.csv").read_text(encoding="utf-8"), WORDS.en, SIGNED_BY.en]

    def gather(value: object) -> None:
        if isinstance(value, str):
            texts.append(" ".join(value.split()))
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            gather(inner)

    definitions = sorted((ROOT / "portal" / "register" / "data").glob("fields-*.json"))  # each label in both languages
    help_list = ROOT / "portal" / "directory" / "help.json"  # in both languages, and each body may keep its own
    for file in (*sorted(folder.glob("*.json")), *definitions, help_list):
        gather(json.loads(file.read_text(encoding="utf-8")))
    return "\n".join(texts)


PLAIN_TEXTS = r"""() => {
  const walker = document.createTreeWalker(document.querySelector("body"), NodeFilter.SHOW_TEXT);
  const out = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent.trim();
    const at = node.parentElement;
    if (!/[A-Za-z]{4,}.*[A-Za-z]{3,}/.test(text) || /[^\u0000-\u007f–’…“”‹›]/.test(text)) continue;
    if (at.closest("[lang]:not(html), [data-slot=fingerprint], script, style, template, code")) continue;
    out.push(text);
  }
  return out;
}"""
