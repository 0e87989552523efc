"""Story 1: a nurse on a shared ward computer, at night, without an account, asks a person to look again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import tell_happened
from tests.journeys.test_traces import NOTHING, STORED, history_of
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("reviews")]

ELIN = "elin.haf.morris@glannau-ogwen.example"
HAPPENED = "Newidiwyd fy shifft nos Iau i nos Wener heb i neb ofyn i mi."
EFFECT = "Nid oes neb i ofalu am fy mab y noson honno."
TYPED = ("shifft", "gofalu", "Prydderch", "Alaw")


def find_the_system(sian: Walker) -> None:
    """Employer, ward, nursing, permanent: her systems, the strongest first; and why this one affects her."""
    sian.go("/systems")
    for name, value in (
        ("employer", "glannau-ogwen"),
        ("workplace", "ward-alaw"),
        ("staff_group", "nursing"),
        ("kind", "employee"),
    ):
        sian.page.locator(f"main input[name={name}][value={value}]").check()
        sian.tap(sian.page.locator("main form button[type=submit]").last)
    cards = sian.page.locator("ul.cards > li")
    expect(cards.first).to_contain_text(sian.say("Makes decisions about you", "what a system does"))
    expect(cards.first).to_contain_text(sian.say("It has affected you since"))
    sian.shot("1-cards")
    sian.tap(sian.page.get_by_role("link", name="Rota electronig").first)
    sian.expect_said("Why it affects you")


def ask(sian: Walker) -> str:
    """From the decision point to the ten words, in three questions and who she is; the reference."""
    sian.page.get_by_role(
        "link", name=re.compile(re.escape(sian.say("Ask a person to look again at this decision")))
    ).first.click()
    tell_happened(sian, 21, HAPPENED)
    sian.fill("What it means for your work, your pay or your life", EFFECT)
    sian.date("from", 26, 11, 2026)
    sian.press("Continue")
    sian.choose(sian.say("Have a person decide"))
    sian.press("Continue")
    sian.fill("Full name", "Siân Prydderch")
    sian.fill("How can you be recognised?", "Nyrs, Ward Alaw, ers 2019")
    sian.press("Continue")
    sian.expect_heading("Check your answers")
    sian.press("Send my request")
    sian.expect_heading("Your request for a review was sent")
    sian.expect_said("The effect comes soon, so we have asked whether it can wait. You hear what was answered.")
    sian.expect_said("You can print this page and keep it.")
    expect(sian.page.locator(".receipt .words span")).to_have_count(10)
    sian.shot("1-receipt")
    return sian.page.locator(".panel strong").inner_text()


def test_a_nurse_on_a_shared_computer_asks_a_person_to_look_again_and_leaves_no_trace(arrive: Arrive) -> None:
    sian = arrive("cy")
    find_the_system(sian)
    reference = ask(sian)
    with sian.page.expect_response("**/left") as left:
        sian.tap(sian.page.get_by_role("link", name=sian.say("Leave this page")).first)
    sian.expect_heading("You have left")
    assert left.value.header_value("clear-site-data") == '"cache", "storage"'
    assert sian.page.evaluate(STORED) == NOTHING
    assert sian.context.cookies() == []
    history = history_of(sian)
    assert not [address for address in history if any(word in address for word in (*TYPED, reference))], history
    elin = arrive("cy")
    elin.sign_in(ELIN)
    elin.follow("Does the effect wait?")
    elin.tap(elin.page.get_by_role("link", name=reference))
    elin.expect_text(EFFECT)
    elin.expect_text("23 Tachwedd 2026")
    elin.expect_no_text(HAPPENED)
    elin.shot("1-timer")
