"""Posters and stickers as they come out of a printer: one page of A4 each, nothing cut off, both codes legible."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from portal.core.db import Database
from portal.register.importing import import_register
from portal.register.intake import read_register
from tests.register.posters.conftest import PUBLIC_URL
from tests.visitors import Visitor

pytestmark = pytest.mark.pages

POINTS = (595.3, 841.9)
OVERFULL = """() => [...document.querySelectorAll(".sheet,.sticker,.half")]
  .filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map(one => `${one.className}: ${one.scrollWidth}×${one.scrollHeight} in ${one.clientWidth}×${one.clientHeight}`)"""
LONG = "Llanfairpwllgwyngyll a’r cyffiniau: system sy’n rhagweld, yn rhestru ac yn dyrannu gwaith pawb yma bob dydd. "


@contextmanager
def printing(chromium: Any, visitor: Visitor, path: str) -> Iterator[Any]:
    """The page in a browser that asks our application directly, as it is printed."""

    def answer(route: Any) -> None:
        given = visitor.client.get(route.request.url.removeprefix("http://127.0.0.1:8000"))
        headers = {name: value for name, value in given.headers.items() if name != "content-encoding"}
        route.fulfill(status=given.status_code, headers=headers, body=given.content)

    context = chromium.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:8000{path}")
    page.emulate_media(media="print")
    yield page
    context.close()


def is_one_page_of_a4(page: Any) -> bool:
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))) as printed:
        sizes = [tuple(float(edge) for edge in one.mediabox) for one in printed.pages]
    return len(sizes) == 1 and sizes[0] == pytest.approx((0, 0, *POINTS), abs=1)


@pytest.mark.parametrize("path", ["poster", "poster?workplace=pen-y-lan", "sticker-sheet?workplace=pen-y-lan"])
def test_a_printed_sheet_is_one_page_of_a4_in_either_language(visitor: Visitor, chromium: Any, path: str) -> None:
    for locale in ("cy", "en"):
        with printing(chromium, visitor, f"/{locale}/s/K7RT3M/{path}") as page:
            assert page.evaluate(OVERFULL) == []
            assert not page.locator(".top, .foot, .no-print, .leave").locator("visible=true").count()
            assert is_one_page_of_a4(page)


def test_both_codes_of_every_sticker_can_be_read_from_the_sheet(visitor: Visitor, chromium: Any) -> None:
    with printing(chromium, visitor, "/cy/s/K7RT3M/sticker-sheet") as page:
        page.set_viewport_size({"width": 1600, "height": 1200})
        with Image.open(BytesIO(page.locator(".sheet").screenshot())) as opened:
            found = zxingcpp.read_barcodes(opened.convert("L"))
    assert sorted(one.text for one in found) == [f"{PUBLIC_URL}/cy/s/K7RT3M"] * 10 + [f"{PUBLIC_URL}/en/s/K7RT3M"] * 10


def test_the_longest_texts_that_a_record_may_have_still_fit(
    visitor: Visitor, chromium: Any, register: Database, entry: dict[str, Any], as_file: Callable[..., bytes],
    now: datetime,
) -> None:  # fmt: skip
    record = entry["record"]
    for field, most in (("name", 100), ("one_sentence", 160), ("responsible", 120)):
        record[field] = {"cy": (LONG * 2)[:most].strip(), "en": (LONG * 2)[5 : most + 5].strip()}
    with register.writing() as session:
        import_register(session, read_register(as_file(json.loads(json.dumps(entry)))), now=now)
    brief = {**entry, "slug": "brief", "short_code": "BRF222"}
    brief["record"] = {**record, "name": {"cy": LONG[:60], "en": LONG[:60]}}
    brief["record"]["one_sentence"] = {"cy": LONG[:85], "en": LONG[:85]}
    brief["record"]["responsible"] = {"cy": LONG[:40], "en": LONG[:40]}
    with register.writing() as session:
        import_register(session, read_register(as_file(brief)), now=now)
    with printing(chromium, visitor, "/cy/s/BRF222/sticker-sheet") as page:
        assert page.locator(".what").count() == 20
        assert page.evaluate(OVERFULL) == []
    with printing(chromium, visitor, "/cy/s/BRF222/poster?workplace=county-hall") as page:
        assert page.locator(".dense").count() == 0
        assert page.evaluate(OVERFULL) == []
    for sheet in ("poster", "sticker-sheet"):
        with printing(chromium, visitor, f"/cy/s/{entry['short_code']}/{sheet}?workplace=county-hall") as page:
            assert page.evaluate(OVERFULL) == []
            assert is_one_page_of_a4(page)
