"""The page of one system: scanned on a cab, read on a ward, corrected by whoever knows better."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive, Walker
from tests.prepared import START_OF_TESTS

pytestmark = pytest.mark.journey

EDITOR = "non.elidir@dyffryn-cledwen.example"
GWYNFOR = "gwynfor.hughes@dyffryn-cledwen.example"
TEN_KILOBYTES = 10_000
WRONG = "Nid yw’r lori fach ar rownd y dre yn cael ei sgorio ers mis Hydref."
ANSWER_CY = "Mae’r lori fach wedi’i thynnu oddi ar y rhestr."
ANSWER_EN = "The small lorry has been taken off the list."


def bytes_on_the_wire(walker: Walker, path: str) -> int:
    """What a page weighs as it is sent, with everything that it asks for."""
    begun = len(walker.gone)
    with walker.page.expect_response(lambda answer: answer.url.endswith(path)) as met:
        walker.go(path)
    sizes = met.value.request.sizes()
    others = [line for line in walker.gone[begun + 1 :] if " data:" not in line]
    assert others == [], "one page is one request"
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_a_driver_scans_the_cab_sticker_and_reads_in_welsh_when_this_changed(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    assert bytes_on_the_wire(gwynfor, "/s/K7RT3M") <= TEN_KILOBYTES
    expect(gwynfor.page.locator("html")).to_have_attribute("lang", "cy")
    changed = gwynfor.page.locator("#changed")
    expect(changed).to_have_text(gwynfor.say("When did this change?"))
    gwynfor.expect_text("2 Tachwedd 2026")
    assert "0.40 g" in gwynfor.answer_of("Now", "a change of a system")
    assert "efallai y cewch eich galw" in gwynfor.answer_of("What changes for you")
    gwynfor.shot("2-changed")
    gwynfor.follow("Every version, and what changed in each")
    gwynfor.expect_heading("When did this change?")
    gwynfor.follow("Versions {a} and {b} side by side", a=1, b=2)
    gwynfor.expect_text("0.45 g")
    gwynfor.shot("2-side-by-side")
    gwynfor.go("/s/K7RT3M")
    gwynfor.follow("See my data")
    gwynfor.expect_heading("Ask for a copy of your personal data")
    gwynfor.expect_text("Telemateg")


def test_a_nurse_reads_on_the_ward_why_a_system_affects_her_and_how_it_stood_in_june(arrive: Arrive) -> None:
    sian = arrive("cy", script=False)
    sian.go("/systems?employer=glannau-ogwen&workplace=ward-alaw&staff_group=nursing&kind=employee")
    cards = sian.page.locator("ul.cards > li")
    strongest = sian.say("Makes decisions about you", "what a system does")
    expect(cards.first).to_contain_text(strongest)
    expect(cards.first).to_contain_text(sian.say("It has affected you since"))
    sian.tap(sian.page.get_by_role("link", name="Rota electronig").first)
    sian.expect_said("Why it affects you")
    sian.expect_text("Mae’n effeithio arnoch")
    sian.expect_text("1 Medi 2025")
    sian.shot("1-why")
    sian.page.locator("main details summary").last.click()
    sian.date("on", 3, 6, 2026)
    sian.press("Show")
    sian.expect_said("As of {date}. This is not how the register stands today.", date="3 Mehefin 2026")
    sian.expect_text("Mae’n effeithio arnoch")
    sian.follow("See it as it is today")
    sian.expect_said("Why it affects you")
    sian.go("/s/RT4S7K?on=2999-01-01", status=422)
    sian.expect_problem("The date must be today or in the past")


def test_not_me_is_asked_by_nobody_in_particular_and_answered_for_everybody(arrive: Arrive) -> None:
    driver, editor = arrive("cy", phone=True, script=False), arrive("en")
    driver.go("/systems?employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=refuse&kind=employee")
    driver.tap(driver.page.get_by_role("link", name=driver.say("Not me?")).first)
    driver.expect_heading("Ask for a correction")
    driver.press("Send")
    driver.expect_problem("Write what is wrong, and what would be right")
    driver.fill("What is wrong, and what would be right?", WRONG)
    driver.press("Send")
    driver.expect_heading("Your correction has been sent")
    driver.expect_said("The employer must answer by {date}.", date="4 Rhagfyr 2026")
    driver.shot("correction-sent")
    assert driver.context.cookies() == []
    driver.server.set_time(START_OF_TESTS + timedelta(days=1))  # nobody is to learn at which hour it came
    editor.sign_in(EDITOR)
    editor.follow("Corrections of the register")
    editor.tap(editor.page.locator("main table a").first)
    editor.expect_text(WRONG)
    editor.fill("The answer in Welsh", ANSWER_CY)
    editor.press("Publish the answer")
    editor.expect_problem("Select what you found")
    assert editor.field("The answer in Welsh").input_value() == ANSWER_CY
    editor.choose(editor.say("The register will be corrected in its next version"))
    editor.fill("The answer in English", ANSWER_EN)
    editor.press("Publish the answer")
    editor.expect_heading("Corrections of the register")
    driver.go("/s/K7RT3M")
    driver.expect_text(ANSWER_CY)
    driver.page.get_by_role(
        "link", name=driver.say("Corrections asked for: {asked}. Answered: {answered}.", asked=1, answered=1)
    ).click()
    driver.expect_text(ANSWER_CY)
    driver.expect_no_text(WRONG)
    driver.turn_language()
    driver.expect_text(ANSWER_EN)


def test_who_is_signed_in_reads_their_own_reason_and_finds_the_answer_among_their_own(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True)
    gwynfor.sign_in(GWYNFOR)
    gwynfor.follow("Systems that affect me")
    gwynfor.tap(gwynfor.page.get_by_role("link", name="Telemateg").first)
    gwynfor.expect_text("Mae’n effeithio arnoch")
    gwynfor.follow("Is this wrong? Tell the employer")
    gwynfor.fill("What is wrong, and what would be right?", WRONG)
    gwynfor.press("Send")
    gwynfor.expect_said("We write to you when it is there.")
    gwynfor.go("/my/systems")
    gwynfor.expect_said("Corrections you asked for")
