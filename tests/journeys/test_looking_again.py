"""A reviewer looks again (story 6): the records of that day, one’s own view first, the score last, and a remedy."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("reviews")]

GWYNFOR, EMYR = "gwynfor.hughes@dyffryn-cledwen.example", "emyr.wyn.daniel@dyffryn-cledwen.example"
MAIR, MELERI = "mair.tudur@dyffryn-cledwen.example", "meleri.haf.ifans@dyffryn-cledwen.example"
PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"
SCORE, LIMIT = "41 allan o 100", "Trothwy: 45"
RECORDS = (
    ("Data that went in", "Map y ffyrdd", "40 milltir yr awr ar Allt-y-coed", (22, 9, 2025)),
    ("What the system gave out", "Sgôr", SCORE, None),
    ("The limit or rule that was applied", "Trothwy", LIMIT, None),
    ("Who acted, as a post", "Pwy", "Goruchwyliwr y depo", None),
)
SIDE = "Mae goleuadau traffig dros dro ar Allt-y-coed ers mis Hydref."
VIEW = "Mae’r map yn edrych yn hen, ac mae’r gweithiwr yn esbonio pam y breciodd."
REASONS = {"cy": "Roedd map y gwaith ffordd yn 14 mis oed.", "en": "The map of the roadworks was 14 months old."}


def reference_of(gwynfor: Walker) -> str:
    """His review of the demonstration, by his own list."""
    gwynfor.sign_in(GWYNFOR)
    name = re.compile(r"^RV-[0-9A-Z]{4}-[0-9A-Z]{4}$")
    return gwynfor.main.get_by_role("link", name=name).first.inner_text()


def ask_for_records(mair: Walker, reference: str) -> None:
    mair.sign_in(MAIR)
    mair.go(f"/my/desk/reviews/{reference}/class")
    mair.choose(mair.say("A computer influenced a significant decision", "class of a review"))
    mair.fill("Reasons, in the worker’s language", "Goruchwyliwr a ysgrifennodd y nodyn, ar ôl gweld y sgôr.")
    mair.press("Say what kind of review it is")
    mair.go(f"/my/desk/reviews/{reference}/records")
    mair.press("Ask for the records")
    mair.expect_text("Emyr Wyn Daniel")


def put_together(emyr: Walker, reference: str) -> None:
    """On a phone: four items, then nobody changes them any more."""
    emyr.sign_in(EMYR)
    emyr.go("/my/records")
    emyr.tap(emyr.page.get_by_role("link", name=reference))
    emyr.expect_no_text("Cefais fy marcio i lawr")
    for kind, label, value, as_of in RECORDS:
        emyr.choose(emyr.say(kind, "record of a decision"))
        emyr.fill("What it is called", label)
        emyr.fill("Its value", value)
        if as_of is not None:
            emyr.date("as-of", *as_of)
        emyr.press("Add")
        emyr.expect_text(value)
    emyr.shot("8-records")
    emyr.press("Freeze and hand over")


def say_ones_side(gwynfor: Walker, reference: str) -> None:
    gwynfor.go(f"/my/cases/{reference}")
    gwynfor.follow("Records of the decision, and your side")
    gwynfor.expect_text(SCORE)
    gwynfor.fill("What do you want the reviewer to know?", SIDE)
    gwynfor.press("Keep what I wrote")
    gwynfor.press("I have said all: go on")
    gwynfor.expect_said("Your side is complete.")
    gwynfor.shot("8-side")


def look_blind(meleri: Walker, reference: str) -> None:
    """Declares, reads the facts and his side, writes her view; only then the score."""
    meleri.sign_in(MELERI)
    meleri.go(f"/my/desk/reviews/{reference}")
    meleri.date("trained", 2, 3, 2026)
    meleri.fill("What gives you the power to change the decision?", "Pennaeth adran; polisi adolygu 2026")
    meleri.press("Declare and begin")
    meleri.expect_problem("Tick every line to declare that you are independent, or hand the review back")
    for box in meleri.page.locator("input[type=checkbox][name=declared]").all():
        box.check()
    meleri.press("Declare and begin")
    meleri.expect_text(SIDE)
    meleri.expect_text("40 milltir yr awr ar Allt-y-coed")
    for hidden in (SCORE, LIMIT, "Goruchwyliwr y depo"):
        assert hidden not in meleri.page.content()
    meleri.choose(meleri.say("The decision was changed", "outcome of a review"))
    meleri.fill("Why you think so", VIEW)
    meleri.press("Write down my view")
    expect(
        meleri.main.get_by_role("button", name=meleri.say("Show me what the system gave out", "button"))
    ).to_be_visible()
    assert SCORE not in meleri.page.content()
    meleri.press("Show me what the system gave out")
    meleri.expect_text(SCORE)
    meleri.shot("8-shown")


def decide(meleri: Walker) -> None:
    """Two issues, each with its reasons in both languages, and a remedy with an owner and a day."""
    overturned = meleri.say("The decision was overturned", "outcome of a review")
    for number, issue in enumerate(("Oed y map", "Y sgôr ar y cofnod"), start=1):
        meleri.fill("Something that is at issue", issue)
        meleri.press("Add this issue")
        part = meleri.page.locator("section", has=meleri.page.locator(f"h3:has-text('{issue}')"))
        part.get_by_label(overturned, exact=True).check()
        part.locator(f"[name=reasons-cy-{number}]").fill(REASONS["cy"])
        part.locator(f"[name=reasons-en-{number}]").fill(REASONS["en"])
        part.get_by_label(meleri.say("The data was too old", "how a decision was made"), exact=True).check()
        meleri.press("Keep this decision", nth=number - 1)
    meleri.choose(meleri.say("What the worker says", "what a reviewer considered"))
    meleri.choose("Map y ffyrdd")
    meleri.press("Keep what I ticked")
    meleri.page.locator("[name=remedy-1]").select_option("delete_flag")
    meleri.page.locator("[name=remedy-1-words]").fill("Dileu’r sgôr, a dweud wrth yr yswiriwr.")
    meleri.page.locator("[name=remedy-1-owner]").fill(EMYR)
    meleri.date("remedy-1-due", 1, 12, 2026)
    meleri.press("Conclude")
    meleri.expect_said("You have concluded")
    meleri.shot("8-concluded")


def test_a_reviewer_writes_down_a_view_before_the_score_is_shown_and_overturns(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True)
    reference = reference_of(gwynfor)
    mair = arrive("en")
    ask_for_records(mair, reference)
    put_together(arrive("cy", phone=True), reference)
    mair.go(f"/my/desk/reviews/{reference}/records")
    mair.press("Share the records with the worker")
    say_ones_side(gwynfor, reference)
    mair.go(f"/my/desk/reviews/{reference}/reviewers")
    mair.page.get_by_label(re.compile("^Meleri Haf Ifans")).check()
    mair.press("Give to this reviewer")
    mair.shot("8-reviewers")

    meleri = arrive("cy")
    look_blind(meleri, reference)
    decide(meleri)

    gwynfor.go(f"/my/cases/{reference}")
    gwynfor.expect_text(REASONS["cy"])
    gwynfor.page.get_by_text(gwynfor.say("What each reviewer thought first, and at the end")).click()
    gwynfor.expect_text(VIEW)
    gwynfor.shot("8-outcome")

    philip = arrive("en")
    philip.sign_in(PHILIP)
    philip.go(f"/my/desk/reviews/{reference}", status=404)
    philip.go(f"/my/desk/reviews/{reference}/look", status=404)
