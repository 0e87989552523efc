"""A worker who is not signed in, on a phone, in Welsh: which systems affect me, why, and what can I do about them."""

import pytest
from playwright.sync_api import expect

from portal.web.cookies import LANGUAGE
from tests.journeys.walker import Arrive, Walker

pytestmark = pytest.mark.journey


def answer_the_four_questions(gwynfor: Walker) -> None:
    """From the first page of all to the list, one tap after another."""
    gwynfor.page.goto("/")
    gwynfor.tap(gwynfor.page.get_by_role("link", name="Cymraeg"))
    gwynfor.follow("Systems that affect me")
    for question, answer in (
        ("Who do you work for?", "Cyngor Sir Dyffryn Cledwen"),
        ("Where do you work?", "Depo Pen-y-lan"),
        ("Which staff group are you in?", "Gwastraff ac ailgylchu"),
        ("What kind of contract do you have?", gwynfor.say("Employee, permanent", "kind of contract")),
    ):
        gwynfor.expect_heading(question)
        gwynfor.choose(answer)
        gwynfor.press("Continue")
    gwynfor.expect_heading("Systems that affect you")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_refuse_driver_reads_in_welsh_why_telematics_affects_him_and_what_changed(
    arrive: Arrive, script: bool
) -> None:
    gwynfor = arrive("cy", phone=True, script=script)
    answer_the_four_questions(gwynfor)
    cards = gwynfor.page.locator("ul.cards > li")
    expect(cards).not_to_have_count(0)
    telematics = cards.filter(has=gwynfor.page.get_by_role("link", name="Telemateg"))
    expect(telematics).to_have_count(1)
    expect(telematics).to_contain_text("Mae’n effeithio arnoch")
    expect(telematics).to_contain_text("Pennaeth Gwastraff a Fflyd")
    for label in ("It has affected you since", "Who is responsible", "What it decides", "What it only advises on"):
        expect(telematics).to_contain_text(gwynfor.say(label))
    gwynfor.shot(f"2-list-{script}")
    gwynfor.tap(telematics.get_by_role("link").first)
    gwynfor.expect_text("2 Tachwedd 2026")
    gwynfor.expect_said("What changes for you")
    gwynfor.shot(f"2-telematics-{script}")
    if script:
        wide, window = gwynfor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window
    assert {one["name"] for one in gwynfor.context.cookies()} == {LANGUAGE}


def test_the_three_buttons_of_a_system_lead_on_with_the_system_already_chosen(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True)
    answer_the_four_questions(gwynfor)
    gwynfor.tap(gwynfor.page.get_by_role("link", name="Telemateg").first)
    address = gwynfor.page.url
    gwynfor.follow("See my data")
    gwynfor.expect_heading("Ask for a copy of your personal data")
    gwynfor.expect_text("Telemateg")
    gwynfor.page.goto(address)
    gwynfor.follow("Ask a person to look again")
    gwynfor.expect_heading("Which decision should a person look at again?")
    gwynfor.page.goto(address)
    gwynfor.tap(gwynfor.main.get_by_role("button", name=gwynfor.say("Raise a concern"), exact=True).first)
    gwynfor.expect_heading("Who can read it")
    gwynfor.expect_text("Telemateg")


def test_the_code_on_the_cab_sticker_opens_the_system_in_welsh_at_once(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    gwynfor.go("/systems/all?employer=dyffryn-cledwen")
    href = gwynfor.page.get_by_role("link", name="Telemateg").first.get_attribute("href")
    assert href is not None
    assert href.startswith("/cy/s/")
    gwynfor.go(href.removeprefix("/cy"))
    gwynfor.expect_said("When did this change?")


def test_what_was_answered_is_in_the_address_alone_and_can_be_changed(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True)
    answer_the_four_questions(gwynfor)
    gwynfor.change("Workplace", "link")
    gwynfor.expect_heading("Where do you work?")
    gwynfor.choose(gwynfor.say("Not sure, or not in the list"))
    gwynfor.press("Continue")
    gwynfor.expect_heading("Systems that affect you")
    gwynfor.expect_text("Gwastraff ac ailgylchu")
    gwynfor.turn_language()
    gwynfor.expect_heading("Systems that affect you")
    gwynfor.expect_text("Refuse and recycling")
    assert all(method == "GET" for method in (line.split()[0] for line in gwynfor.gone))


def test_pressing_on_without_an_answer_says_what_to_do(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    gwynfor.go("/systems")
    gwynfor.press("Continue")
    gwynfor.expect_problem("Select your employer")
