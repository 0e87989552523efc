"""A review: asked for in Welsh, given to somebody independent, decided with reasons, read by the worker."""

import re

import pytest
from playwright.sync_api import expect

from portal.decision_review.reviewing.service import DECLARE_FIRST
from tests.journeys.asking import begin_review, reference_of, tell_review
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("reviews")]

ANWEN = "anwen.glyn@dyffryn-cledwen.example"
MAIR = "mair.tudur@dyffryn-cledwen.example"
DAVID = "david.okafor@dyffryn-cledwen.example"
SIWAN = "siwan.trefor@dyffryn-cledwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
LONE_WORKER = "Dyfeisiau gweithio ar eich pen eich hun"
HAPPENED = "Seiniodd y ddyfais larwm pan oeddwn yn eistedd gyda Mrs Parry, a chefais nodyn ar fy nghofnod."
REASONS = "Nid oedd larwm gwirioneddol. Roedd y ddyfais wedi colli signal yn y dyffryn am 14 munud."
REMEDY = "Mae’r nodyn wedi’i dynnu oddi ar eich cofnod."


def choose_first(walker: Walker, name: str) -> None:
    walker.page.locator(f"input[name='{name}']").first.check()


def ask_for_a_review(anwen: Walker) -> str:
    """One question on each page, signed in; the reference of the case."""
    anwen.sign_in(ANWEN)
    anwen.follow("Ask a person to look again")
    anwen.expect_heading("Whose decision is it?")
    anwen.choose("Cyngor Sir Dyffryn Cledwen")
    anwen.press("Continue")
    anwen.expect_heading("Which system was it?")
    anwen.choose(LONE_WORKER)
    anwen.press("Continue")
    anwen.expect_heading("Which decision should a person look at again?")
    choose_first(anwen, "point")
    anwen.press("Continue")
    anwen.expect_heading("When was it decided, or when did you notice?")
    anwen.date("day", 16, 11, 2026)
    anwen.press("Continue")
    anwen.expect_heading("What happened, and what does it do to you?")
    anwen.fill("What happened, and what does it do to you?", HAPPENED)
    anwen.press("Continue")
    anwen.expect_heading("What do you want?")
    anwen.choose(anwen.say("I challenge the decision: change it"))
    anwen.choose(anwen.say("Hear my side"))
    anwen.press("Continue")
    anwen.expect_heading("Check your answers")
    anwen.expect_text(HAPPENED)
    anwen.expect_text("16 Tachwedd 2026")
    anwen.shot("7-check")
    anwen.press("Send my request")
    anwen.expect_heading("Your request for a review was sent")
    anwen.expect_text("22 Rhagfyr 2026")
    anwen.main.get_by_text(anwen.say("Why this date?")).click()
    anwen.expect_said("Received on {date}", date="22 Tachwedd 2026")
    anwen.shot("7-sent")
    return anwen.page.locator(".panel strong").inner_text()


def give_to_a_reviewer_and_to_another(arrive: Arrive, reference: str) -> None:
    """The officer chooses among who is independent, and chooses again: David Okafor."""
    mair = arrive("en")
    mair.sign_in(MAIR)
    mair.follow("Reviews")
    mair.page.get_by_role("link", name=reference).click()
    mair.expect_text(HAPPENED)
    offered = mair.page.locator("input[name=reviewer] + label").all_inner_texts()
    assert {name.partition(" – ")[0] for name in offered} == {"Meleri Haf Ifans", "David Okafor", "Siwan Trefor"}
    mair.press("Give to this reviewer")
    mair.expect_problem("Choose a reviewer")
    mair.shot("7-offered")
    mair.page.get_by_label(re.compile("Siwan Trefor")).check()
    mair.press("Give to this reviewer")
    assert mair.answer_of("Reviewer", "request") == "Siwan Trefor"
    mair.page.get_by_label(re.compile("David Okafor")).check()
    mair.press("Give to this reviewer")
    assert mair.answer_of("Reviewer", "request") == "David Okafor"


def begin_and_ask(arrive: Arrive, reference: str) -> Walker:
    """The reviewer, who has declared independence and asked the worker something."""
    david = arrive("en")
    david.sign_in(DAVID)
    david.follow("Reviews")
    david.page.get_by_role("link", name=reference).click()
    david.press("Declare and begin")
    david.expect_problem(DECLARE_FIRST)
    david.choose(
        david.say(
            "I took no part in the decision, I am trained for this system, "
            "and I have the authority to change the decision"
        )
    )
    david.shot("7-declare")
    david.press("Declare and begin")
    david.fill("Your question, in the worker’s language", "A oedd signal yn y tŷ?")
    david.press("Send the question")
    david.expect_text("A oedd signal yn y tŷ?")
    assert "22 December 2026" in david.answer_of("Answer due by"), "nothing stops the clock of a review"
    return david


def test_a_review_from_the_question_to_the_outcome_in_welsh(arrive: Arrive) -> None:
    anwen = arrive("cy", phone=True)
    reference = ask_for_a_review(anwen)

    give_to_a_reviewer_and_to_another(arrive, reference)
    siwan = arrive("cy")
    siwan.sign_in(SIWAN)
    siwan.go(f"/my/desk/reviews/{reference}", status=404)
    siwan.expect_not_found()

    david = begin_and_ask(arrive, reference)

    anwen.follow("Follow my request")
    anwen.expect_said("Waiting for your answer", "status of a request")
    anwen.expect_text("A oedd signal yn y tŷ?")
    anwen.fill("Your answer", "Nac oedd, doedd dim signal o gwbl.")
    anwen.press("Send my answer")
    anwen.expect_text("Nac oedd, doedd dim signal o gwbl.")
    anwen.shot("7-answered-question")

    david.page.reload()
    david.expect_text("Nac oedd, doedd dim signal o gwbl.")
    david.press("Decide and tell the worker")
    david.expect_problem("Choose an outcome")
    david.expect_problem("Write the reasons in the worker’s language")
    david.choose(david.say("The decision was overturned", "outcome of a review"))
    david.fill("Reasons, in Welsh", REASONS)
    david.fill("What will be put right, in Welsh", REMEDY)
    david.shot("7-decide")
    david.press("Decide and tell the worker")
    david.expect_said("The outcome")
    david.expect_text(REASONS)

    anwen.go("/my")
    row = anwen.page.get_by_role("row", name=reference)
    expect(row).to_contain_text(anwen.say("Answered", "status of a request"))
    anwen.page.get_by_role("link", name=reference).click()
    anwen.expect_said("The decision was overturned", "outcome of a review")
    anwen.expect_text(REASONS)
    anwen.expect_text(REMEDY)
    anwen.expect_said("If you do not agree")
    anwen.expect_no_text("David Okafor")
    anwen.shot("7-outcome")

    rhodri = arrive("cy")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/reviews/{reference}", status=404)
    rhodri.expect_not_found()


def test_who_is_not_independent_is_not_offered(arrive: Arrive) -> None:
    """A reviewer asks for a review: neither she nor the one of her own team is offered, only the third."""
    asks = arrive("en")
    asks.sign_in(SIWAN)
    asks.go("/my/review/start")
    begin_review(asks)
    tell_review(asks, 1, "My leave vanished from the calendar.", "Explain the decision to me")
    asks.press("Send my request")
    asks.expect_heading("Your request for a review was sent")
    reference = reference_of(asks)
    mair = arrive("en")
    mair.sign_in(MAIR)
    mair.go(f"/my/desk/reviews/{reference}")
    expect(mair.page.locator("input[name=reviewer]")).to_have_count(1)
    mair.expect_text("David Okafor")
    mair.expect_no_text("Meleri Haf Ifans")
    asks.go("/my/desk/reviews")
    asks.expect_no_text(reference)
