"""The information officer: a draft written on a phone in Welsh, approved and published in English by another."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive, Walker

pytestmark = pytest.mark.journey

NON, SARAH = "non.elidir@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"
DESK = "/my/desk/register/K7RT3M"
WELSH, ENGLISH = "Mae’n rhoi sgôr i bob taith.", "It scores every trip."
TOLD = {
    "headline": ("Mae pob taith yn cael sgôr", "Every trip is scored"),
    "before": ("Dim ond brecio caled a gofnodwyd.", "Only harsh braking was recorded."),
    "now": ("Mae pob taith yn cael sgôr.", "Every trip is scored."),
    "what_changes_for_you": ("Gallwch ofyn am weld eich sgôr.", "You can ask to see your score."),
}


def enter(walker: Walker, who: str, path: str) -> None:
    walker.sign_in(who)
    walker.go(path)


def box(walker: Walker, name: str, text: str) -> None:
    walker.page.locator(f"[name='{name}']").fill(text)


def save(walker: Walker) -> None:
    walker.press("Save")
    walker.expect_said("Saved. You can stop here and go on another day.")


def tell_the_change(non: Walker) -> None:
    """The section of changes, first half of it, then the rest on another day."""
    non.go(f"{DESK}/edit/life")
    for name, (welsh, _english) in TOLD.items():
        box(non, f"change.{name}_cy", welsh)
    save(non)
    non.expect_said("Something here was begun and is not whole yet. It is kept as you typed it.")
    for name, (_welsh, english) in TOLD.items():
        box(non, f"change.{name}_en", english)
    non.page.locator("[name='change.change_class'][value='material']").check()
    non.date("change.effective_on", 22, 11, 2026)
    save(non)
    non.expect_no_text(non.say("Something here was begun and is not whole yet. It is kept as you typed it."))


def approve_and_publish(sarah: Walker) -> None:
    sarah.follow("Approve the languages")
    sarah.press("Approve all the Welsh I may approve")
    sarah.press("Approve all the English I may approve")
    sarah.expect_said("Every text is approved in both languages.")
    sarah.follow("Publish")
    sarah.expect_text(TOLD["headline"][0])
    sarah.shot("7-publish")
    sarah.press("Publish it")


def test_one_writes_on_a_phone_in_welsh_and_another_publishes_in_english(arrive: Arrive) -> None:
    non = arrive("cy", phone=True, script=False)
    enter(non, NON, DESK)
    non.follow("Write the entry")
    non.press("Begin the next version")
    non.expect_said("Nothing is missing.")
    non.go(f"{DESK}/edit/summary")
    box(non, "what_it_does_to_you_cy", WELSH)
    box(non, "what_it_does_to_you_en", "")
    save(non)
    non.expect_said("The English is missing")
    non.shot("7-writing-phone")
    non.go(f"{DESK}/edit")
    expect(non.page.locator("main a[href$='summary#what_it_does_to_you_en']")).to_have_count(1)
    non.go(f"{DESK}/edit/summary")
    box(non, "what_it_does_to_you_en", ENGLISH)
    save(non)
    tell_the_change(non)
    non.go(f"{DESK}/edit/publish")
    non.expect_said("You wrote some of this, so somebody else publishes it")
    non.go(f"{DESK}/edit/hand-over")
    non.choose("Sarah Whitlock")
    non.press("Send the letter")
    non.expect_said("Asked to go on with it: {name}", name="Sarah Whitlock")

    sarah = arrive("en")
    enter(sarah, SARAH, f"{DESK}/edit")
    sarah.follow("Preview: see it as a worker does")
    sarah.expect_text(ENGLISH)
    sarah.expect_said(
        "Preview. This is the draft as a worker will see it. Nobody else sees this page, and it is not kept."
    )
    sarah.go(f"{DESK}/edit")
    approve_and_publish(sarah)
    worker = arrive("cy")
    worker.go("/s/K7RT3M")
    worker.expect_text(WELSH)
    worker.expect_text(TOLD["what_changes_for_you"][0])


def test_what_is_left_is_counted_while_one_types_and_told_aloud_only_near_the_limit(arrive: Arrive) -> None:
    non = arrive("en")
    enter(non, NON, f"{DESK}/edit")
    non.press("Begin the next version")
    non.go(f"{DESK}/edit/summary")
    told = non.page.locator("[name='one_sentence_en'] ~ .count")
    aloud = non.page.locator("form [aria-live='polite']")
    box(non, "one_sentence_en", "x" * 100)
    expect(told).to_have_text(non.say("Characters left:") + " 60")
    box(non, "one_sentence_en", "x" * 163)
    expect(told).to_have_text(non.say("Characters too many:") + " 3")
    expect(aloud).to_have_text(non.say("Characters too many:") + " 3")
    box(non, "one_sentence_en", "x" * 20)
    expect(aloud).to_be_empty()
