"""Every page and every state in both languages, in a real browser: axe finds nothing, the own walk finds nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from tests.conftest import Server, start_portal
from tests.locales.pages import compare, no_untranslated
from tests.pages.places import ANONYMOUS, EVERYWHERE, PUBLIC, Place
from tests.pages.walk import (
    Traffic,
    axe_findings,
    invalid_html,
    keyboard_findings,
    large_text_findings,
    walk_findings,
)

pytestmark = pytest.mark.pages

FULL = os.environ.get("FULL") == "1"
NARROW, WIDE = 320, 1280
LANDING_LIMIT = 10_240
KEY_BYTES, MOST_KEYS = 1_300, 8  # a reader’s public key does not compress; the device page carries every reader’s
OUTPUT = Path(__file__).resolve().parents[1] / "_output" / "pages"
by_name = pytest.mark.parametrize("place", EVERYWHERE, ids=lambda place: place.name)
Open = Callable[..., Any]


@by_name
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_page_is_whole_for_everybody(place: Place, locale: str, open_place: Open, portal_server: Server) -> None:
    """At both widths: axe, structure, reflow, targets; once: keyboard, large text, foreign requests, complaints."""
    traffic = Traffic(portal_server.base_url)
    page = open_place(place, locale, width=NARROW, listen=traffic)
    found = [f"{NARROW}: {one}" for one in walk_findings(page)] if place.script else []
    if place.script:
        found += [f"{NARROW}: {one}" for one in axe_findings(page)]
        page.set_viewport_size({"width": WIDE, "height": 900})
        found += [f"{WIDE}: {one}" for one in walk_findings(page) + axe_findings(page)]
        found += large_text_findings(page)
        found += keyboard_findings(page)
    found += [f"asks another host: {url}" for url in traffic.foreign] + traffic.complaints
    found += [f"status {status}" for status in (answer.status for answer in traffic.answers) if status >= 500]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OUTPUT / f"{place.name.replace(':', '').replace(' ', '-')}-{locale}.png", full_page=True)
    assert found == []


@by_name
def test_a_page_is_the_same_in_both_languages(place: Place, open_place: Open, portal_server: Server) -> None:
    """Same fields, links and headings; nothing English in the Welsh page's own voice."""
    sources = {}
    for locale in ("cy", "en"):
        traffic = Traffic(portal_server.base_url)
        open_place(place, locale, listen=traffic, script=False)
        sources[locale] = traffic.source
    found = compare(sources["cy"], sources["en"])
    found += no_untranslated(sources["cy"], Catalogue.for_locale(Locale.CY))
    assert found == []


def test_every_page_is_valid_html(open_place: Open, portal_server: Server, tmp_path: Path) -> None:
    for number, place in enumerate(EVERYWHERE):
        traffic = Traffic(portal_server.base_url)
        open_place(place, "cy", listen=traffic, script=False).context.close()
        (tmp_path / f"{number:03}-{place.name.replace(' ', '-').replace(':', '')}.html").write_text(
            traffic.source, encoding="utf-8"
        )
    assert invalid_html(tmp_path) == []


MODES: tuple[dict[str, Any], ...] = (
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"reduced_motion": "reduce"},
)


@pytest.mark.parametrize(
    ("place", "mode"),
    [
        (place, mode)
        for number, place in enumerate(EVERYWHERE)
        for which, mode in enumerate(MODES)
        if place.script and (FULL or number % len(MODES) == which)
    ],
    ids=lambda value: value.name if isinstance(value, Place) else "-".join(value.values()),
)
def test_a_page_is_whole_in_other_modes(place: Place, mode: dict[str, Any], open_place: Open) -> None:
    """Dark, forced colours, reduced motion: a pairwise choice, all of them with FULL=1."""
    page = open_place(place, "cy", width=NARROW, **mode)
    assert axe_findings(page) + walk_findings(page) == []


@pytest.mark.parametrize("place", PUBLIC + ANONYMOUS, ids=lambda place: place.name)
def test_a_public_page_sets_no_cookie_and_stores_nothing(place: Place, open_place: Open) -> None:
    page = open_place(place, "cy")
    assert page.context.cookies() == []
    if place.script:
        assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_first_view_is_light(portal_server: Server, chromium: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes on the wire of the document, style included, as a browser asks for it."""
    context = chromium.new_context()
    weights = {}
    for place in EVERYWHERE:
        if place.who is None and place.act is None:
            answer = context.request.get(f"{portal_server.base_url}/cy{place.path}", headers={"accept-encoding": "br"})
            weights[place.name] = int(answer.headers["content-length"])
    context.close()
    with capsys.disabled():
        print("\nbytes on the wire, Welsh: " + ", ".join(f"{name} {size:,}" for name, size in weights.items()))
    keys = {name: size for name, size in weights.items() if "on the device" in name}
    assert {name: size for name, size in weights.items() if size > LANDING_LIMIT and name not in keys} == {}
    assert all(size <= LANDING_LIMIT + KEY_BYTES * MOST_KEYS for size in keys.values()), keys


def test_nothing_escapes_the_catalogue(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> None:
    """In the pseudo-locale every sentence is accented; what is not never went through the catalogue."""
    running = start_portal(tmp_path_factory.mktemp("pseudo") / "demo", PORTAL_PSEUDO_LOCALE="true")
    try:
        found = []
        context = chromium.new_context(viewport={"width": NARROW, "height": 900})
        page = context.new_page()
        for place in PUBLIC + ANONYMOUS:
            if place.act is None:
                page.goto(f"{running.server.base_url}/en{place.path}")
                texts = page.evaluate(PLAIN_TEXTS)
                found += [f"{place.name}: {text}" for text in texts]
        context.close()
        assert found == []
    finally:
        running.stop()


PLAIN_TEXTS = r"""() => {
  const walker = document.createTreeWalker(document.querySelector("body"), NodeFilter.SHOW_TEXT);
  const out = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent.trim();
    const at = node.parentElement;
    if (!/[A-Za-z]{4,}.*[A-Za-z]{3,}/.test(text) || /[^\u0000-\u007f–’…“”‹›]/.test(text)) continue;
    if (at.closest("[lang]:not(html), script, style, template, [data-own], code")) continue;
    out.push(text.slice(0, 80));
  }
  return out;
}"""
