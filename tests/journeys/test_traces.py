"""What a worker's browser keeps of the anonymous pages: nothing; and what a page does that was sent too soon."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.sealed import ROSTERING, answer, begin_concern, come_back, seal_and_send
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

TEXT = "Mae’r camera yn y maes parcio’n gwylio’r ystafell orffwys, ac mae’r lluniau’n cael eu cadw."
REPLY = "Mae’r camera’n dal yno heddiw."
STORED = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  cookies: document.cookie,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": 0, "session": 0, "cookies": "", "databases": 0, "caches": 0, "workers": 0}
SAYS_WHAT = ("?", "glannau-ogwen", "about", "RT4S7K")
TELLING_PLACES = ("/write", "/return", "/form", "/safety", "about=", "words")


def assert_nothing_is_stored(walker: Walker) -> None:
    assert walker.page.evaluate(STORED) == NOTHING, walker.page.url
    assert walker.context.cookies() == []
    kept: Any = walker.context.storage_state(indexed_db=True)
    assert kept == {"cookies": [], "origins": []}


def history_of(walker: Walker) -> list[str]:
    """The addresses in the tab's history."""
    found = walker.context.new_cdp_session(walker.page).send("Page.getNavigationHistory")
    return [entry["url"] for entry in found["entries"]]


def test_from_the_first_page_to_leaving_the_browser_keeps_nothing_and_the_history_names_no_step(
    arrive: Arrive,
) -> None:
    sian = arrive("cy", phone=True)
    begin_concern(sian, ROSTERING[0])
    assert_nothing_is_stored(sian)
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    assert_nothing_is_stored(sian)
    sian.press("Continue")
    words = seal_and_send(sian)
    assert_nothing_is_stored(sian)
    come_back(sian, " ".join(words))
    expect(sian.page.locator("[data-entries] > li")).to_have_count(1, timeout=RECEIPT_PATIENCE)
    assert_nothing_is_stored(sian)
    answer(sian, REPLY)
    assert_nothing_is_stored(sian)
    with sian.page.expect_response("**/left") as left:
        sian.tap(sian.page.get_by_role("link", name=sian.say("Leave this page")).first)
    sian.expect_heading("You have left")
    assert left.value.header_value("clear-site-data") == '"cache", "storage"'
    assert_nothing_is_stored(sian)
    history = history_of(sian)
    assert not [address for address in history if any(place in address for place in TELLING_PLACES)], history
    asked = [line for line in sian.gone if "/concern" in line]
    assert asked
    assert not [line for line in asked if any(what in line for what in SAYS_WHAT)], "a browser keeps what it asked for"


def test_what_was_typed_does_not_come_back_with_the_browsers_back(arrive: Arrive) -> None:
    sian = arrive("cy")
    begin_concern(sian, ROSTERING[0])
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    sian.tap(sian.page.get_by_role("link", name=sian.say("Leave this page")).first)
    sian.expect_heading("You have left")
    sian.page.go_back()
    sian.page.wait_for_load_state()
    assert TEXT not in sian.page.content()
    assert sian.page.locator("textarea").evaluate_all(f"all => all.every(one => one.value !== {TEXT!r})")


def test_a_page_without_script_that_is_sent_too_soon_comes_back_in_both_languages_and_is_sent_once(
    arrive: Arrive,
) -> None:
    sian = arrive("cy", phone=True)
    begin_concern(sian, ROSTERING[0])
    sian.press("Use the page without JavaScript instead", context=None)
    sian.fill("What has happened?", TEXT)
    for _ in range(2):
        sian.turn_language()
        sian.expect_heading("Write a concern")
        expect(sian.field("What has happened?")).to_have_value(TEXT)
    assert not [line for line in sian.gone if "/concern" in line and any(what in line for what in SAYS_WHAT)]
    sian.page.locator("main input[name=ticket]").evaluate("field => { field.value = 'used before'; }")
    sian.press("Seal and send")
    sian.expect_heading("Wait a moment, then press again")
    sian.expect_said("Nothing has been sent yet, and nothing is lost. This page holds all that you typed.")
    sian.shot("4-wait-no-script")
    assert sian.page.locator("main input[name=text]").input_value() == TEXT
    sian.press("Seal and send")
    sian.expect_heading("Your concern has been sent")
    assert_nothing_is_stored(sian)
