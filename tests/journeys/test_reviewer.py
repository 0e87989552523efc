"""A review from the decision point to its kind: asked in Welsh, held by the manager, contested, settled by another."""

import pytest

from tests.journeys.asking import reference_of, tell_happened
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("reviews")]

ANWEN = "anwen.glyn@dyffryn-cledwen.example"
MAIR, LOWRI = "mair.tudur@dyffryn-cledwen.example", "lowri.angharad.bevan@dyffryn-cledwen.example"
DELYTH = "delyth.rhun@dyffryn-cledwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
LONE_WORKER = "Dyfeisiau gweithio ar eich pen eich hun"
HAPPENED = "Seiniodd y ddyfais larwm pan oeddwn yn eistedd gyda Mrs Parry, a chefais nodyn ar fy nghofnod."
EFFECT = "Mae cyfarfod am fy ngwaith ddydd Iau."
REASONS = "Rheolwr a ysgrifennodd y nodyn, ar ôl darllen larwm y ddyfais."
WHY = "Y ddyfais a benderfynodd: ni ddarllenodd neb ddim cyn ei ysgrifennu."


def ask_for_a_review(anwen: Walker) -> str:
    """Three questions after the choice of the decision, signed in; the reference of the case."""
    anwen.sign_in(ANWEN)
    anwen.follow("Ask a person to look again")
    anwen.expect_heading("Whose decision is it?")
    anwen.choose("Cyngor Sir Dyffryn Cledwen")
    anwen.press("Continue")
    anwen.choose(LONE_WORKER)
    anwen.press("Continue")
    anwen.expect_heading("Which decision should a person look at again?")
    anwen.page.locator("input[name=point]").first.check()
    anwen.press("Continue")
    tell_happened(anwen, 16, HAPPENED)
    anwen.fill("What it means for your work, your pay or your life", EFFECT)
    anwen.date("from", 26, 11, 2026)
    anwen.press("Continue")
    anwen.expect_heading("What do you want?")
    anwen.choose(anwen.say("I challenge the decision: change it"))
    anwen.press("Continue")
    anwen.expect_heading("Check your answers")
    anwen.expect_text("26 Tachwedd 2026")
    anwen.shot("7-check")
    anwen.press("Send my request")
    anwen.expect_heading("Your request for a review was sent")
    anwen.expect_text("22 Rhagfyr 2026")
    anwen.expect_said("The effect comes soon, so we have asked whether it can wait. You hear what was answered.")
    anwen.shot("7-sent")
    return reference_of(anwen)


def hold_it(delyth: Walker, reference: str) -> None:
    """The manager has one working day; the effect waits, and she writes down that it was stopped."""
    delyth.sign_in(DELYTH)
    delyth.follow("Does the effect wait?")
    delyth.tap(delyth.page.get_by_role("link", name=reference))
    delyth.expect_text(EFFECT)
    delyth.expect_no_text(HAPPENED)
    delyth.press("Answer")
    delyth.expect_problem("Choose whether the effect waits")
    delyth.choose(delyth.say("The effect waits until the review is decided"))
    delyth.press("Answer")
    delyth.press("Write down that it was stopped")
    delyth.shot("7-hold")


def say_class(officer: Walker, who: str, reference: str, kind: str, reasons: str, button: str) -> None:
    officer.sign_in(who)
    officer.go(f"/my/desk/reviews/{reference}/class")
    officer.choose(officer.say(kind, "class of a review"))
    officer.fill("Reasons, in the worker’s language", reasons)
    officer.press(button)
    officer.expect_text(HAPPENED)


def test_a_review_is_held_and_its_kind_is_contested_and_settled_by_another(arrive: Arrive) -> None:
    anwen = arrive("cy", phone=True)
    reference = ask_for_a_review(anwen)
    hold_it(arrive("en"), reference)
    influenced, alone = "A computer influenced a significant decision", "A computer alone made a significant decision"
    say_class(arrive("en"), MAIR, reference, influenced, REASONS, "Say what kind of review it is")

    anwen.follow("Follow my request")
    anwen.expect_said("The effect of the decision was stopped until the review is decided")
    anwen.expect_said(influenced, "class of a review")
    anwen.follow("What kind of review it is, and saying otherwise")
    anwen.expect_text(REASONS)
    anwen.fill("Why it is another kind of review", WHY)
    anwen.press("Say that it is another kind")
    anwen.shot("7-contested")

    say_class(arrive("cy"), LOWRI, reference, alone, "Cytunaf.", "Keep it or change it")
    anwen.page.reload()
    anwen.expect_said(alone, "class of a review")
    anwen.expect_text("22 Rhagfyr 2026")

    rhodri = arrive("cy")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/reviews/{reference}", status=404)
    rhodri.expect_not_found()
