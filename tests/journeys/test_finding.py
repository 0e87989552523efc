"""A worker who heard a word in the canteen finds the system; a representative sees who else has the product."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive

pytestmark = pytest.mark.journey


def test_a_word_as_it_was_heard_finds_the_system_without_script_in_either_language(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    gwynfor.go("/systems/all")
    gwynfor.page.locator("#q").fill("focs ddu")
    gwynfor.press("Search")
    expect(gwynfor.page.locator("#status")).to_contain_text("1 system")
    expect(gwynfor.page.locator("#q")).to_have_value("focs ddu")
    gwynfor.turn_language()
    expect(gwynfor.page.locator("#status")).to_have_text("1 system found")
    expect(gwynfor.page.locator("main h2 a")).to_have_text(["Refuse lorry telematics"])


def test_filters_narrow_the_list_and_a_product_shows_what_the_unions_of_others_said(arrive: Arrive) -> None:
    patrick = arrive("en")
    patrick.go("/systems/all")
    patrick.page.get_by_text("Narrow the list").click()
    patrick.page.locator("#kind").select_option("location_tracking")
    patrick.page.locator("#disputed").check()
    patrick.press("Search")
    expect(patrick.page.locator("#status")).to_have_text("1 system found")
    expect(patrick.page.locator("#kind")).to_be_visible()
    expect(patrick.page).to_have_url(re.compile("(?=.*kind=location_tracking).*disputed=yes"))
    patrick.page.locator("#q").fill("nothing at all like it")
    patrick.press("Search")
    expect(patrick.page.locator("#status")).to_have_text("0 systems found")
    patrick.follow("See every system on the register")
    patrick.follow("See products and who uses them")
    patrick.page.locator("#q").fill("llwybr")
    patrick.press("Search")
    patrick.tap(patrick.page.get_by_role("link", name="Llwybr 360"))
    expect(patrick.page.locator("h1")).to_have_text("Llwybr 360")
    patrick.expect_text("Dyffryn Cledwen County Council")
    patrick.expect_text("Did not agree")
    patrick.tap(patrick.page.get_by_role("link", name="Refuse lorry telematics"))
    expect(patrick.page.locator("h1")).to_have_text("Refuse lorry telematics")


def test_the_list_renews_itself_while_somebody_types_and_says_how_many_there_are(arrive: Arrive) -> None:
    sian = arrive("en")
    sian.go("/systems/all")
    parts: list[str] = []
    sian.page.on("request", lambda sent: parts.append(sent.url) if sent.headers.get("hx-request") else None)
    expect(sian.page.locator("#results h2").nth(1)).to_be_visible()
    sian.page.locator("#q").press_sequentially("focs ddu")
    expect(sian.page.locator("#results h2 a")).to_have_text(["Refuse lorry telematics"])
    expect(sian.page.locator("#status")).to_have_text("1 system found")
    expect(sian.page.locator("#q")).to_be_focused()
    assert parts, "the page was loaded instead of a part of it"
    expect(sian.page).to_have_url(re.compile(r"q=focs(\+|%20)ddu"))
    sian.turn_language()
    expect(sian.page.locator("#q")).to_have_value("focs ddu")
    sian.page.go_back()
    expect(sian.page.locator("#status")).to_have_text("1 system found")
    expect(sian.page.locator("#q")).to_have_value("focs ddu")
