"""A reader with a lot of concerns: unlocked once, every title opened on the device, and the page never stands still."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.raised import raise_many
from tests.journeys.sealed import unlock
from tests.journeys.walker import walking
from tests.prepared import FULL, START_OF_TESTS
from tests.serving import Server

READER = "sioned.puw@rcn.example"
CONCERNS = 400 if FULL else 120
"""Several pages of the list; with FULL=1 as many as the target names."""
LINE = "#queue a[data-case]"
PATIENCE_SECONDS = 60
LONGEST_STANDSTILL_MS = 400
"""On two cores that other tests share. A page that opened anything itself would stand still for seconds."""

WATCH = """
window.standstill = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  window.standstill = Math.max(window.standstill, now - last - 20);
  last = now;
}, 20);
"""
OPENED = """() => {
  const titles = [...document.querySelectorAll("#queue a[data-case] [data-slot=title]")];
  const first = titles.findIndex((one) => !one.textContent);
  return first < 0 ? titles.length : first;
}"""
"""How many lines have their title, from the first on."""


def wait_for_titles(page: Any, count: int) -> None:
    """The first so many lines have their titles."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while page.evaluate(OPENED) < count:
        assert time.monotonic() < deadline, f"{count} titles were not opened"
        page.wait_for_timeout(20)


def _open_page(page: Any) -> int:
    """Look at every line of the page of the list that is there; how many titles were opened."""
    lines = page.locator(LINE)
    for place in range(0, lines.count(), 4):
        lines.nth(place).scroll_into_view_if_needed()
        wait_for_titles(page, place + 1)
    lines.last.scroll_into_view_if_needed()
    wait_for_titles(page, lines.count())
    return int(lines.count())


def test_a_lot_of_concerns_open_while_the_page_stays_responsive(
    chromium: Any, portal_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [
        f"Concern number {n}: the roster of week {n % 52 + 1} was changed after it was signed." for n in range(CONCERNS)
    ]
    raise_many(portal_server, texts, READER, day=START_OF_TESTS.date())
    with walking(chromium, portal_server) as arrive:
        reader = arrive("en")
        reader.page.add_init_script(WATCH)
        began = time.perf_counter()
        unlock(reader, READER, reader.server.secrets["recovery_words"][READER])
        expect(reader.page.locator(f"{LINE} [data-slot=title]").first).to_contain_text("Concern number", timeout=60_000)
        first = time.perf_counter() - began
        began = time.perf_counter()
        reader.page.evaluate("window.standstill = 0")
        opened = _open_page(reader.page)
        while reader.page.locator("#queue a[rel=next]").count():
            shown = reader.page.locator(LINE).first.get_attribute("href")
            reader.page.locator("#queue a[rel=next]").click()
            expect(reader.page.locator(LINE).first).not_to_have_attribute("href", shown or "", timeout=60_000)
            opened += _open_page(reader.page)
        assert opened == CONCERNS
        took = time.perf_counter() - began
        standstill = reader.page.evaluate("window.standstill")
    with capsys.disabled():
        print(
            f"\n  desk: first title {first:.1f} s after signing in; all {CONCERNS} titles opened in {took:.1f} s "
            f"({1000 * took / CONCERNS:.0f} ms each); the page never stood still for longer than {standstill:.0f} ms"
        )
    assert standstill < LONGEST_STANDSTILL_MS
