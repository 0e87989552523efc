"""A reporter's further ways on the device: files, a name for some, sharing later, other readers, a sure receipt."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.anonymity.cleaning.planted import all_refused, planted_files
from tests.journeys.sealed import (
    DEPUTY,
    MANAGER,
    ROSTERING,
    answers_lost,
    begin_concern,
    come_back,
    seal_and_send,
)
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

TEXT = "Mae’r rota’n rhoi dwy noson hir i’r un tair nyrs bob wythnos."
PRIVATE = "Fi yw’r nyrs ar Ward Alaw, ond peidiwch â dweud wrthynt."
UNION = ("UNISON Cangen Iechyd Ogwen", "UNISON Ogwen Health Branch")


def to_writing(walker: Walker) -> None:
    begin_concern(walker, walker.pick(*ROSTERING))
    walker.press("Continue")
    walker.expect_heading("Write a concern")


def choose_union(walker: Walker) -> None:
    begin_concern(walker, walker.pick(*ROSTERING))
    walker.page.get_by_label(re.compile("^UNISON")).check()
    walker.choose(walker.say("I agree that this union’s representatives receive this concern"))


def to_receipt(walker: Walker) -> list[str]:
    walker.press("Continue")
    walker.expect_heading("Check before you send")
    return seal_and_send(walker)


def test_files_are_cleaned_on_the_device_listed_taken_off_sent_and_opened_again(arrive: Arrive, tmp_path: Path) -> None:
    photo = next(one for one in planted_files() if one.kind == "jpeg")
    heic = next(one for one in all_refused() if one.reason == "heic")
    named = {"Ward Alaw.jpg": photo.data, "llun.heic": heic.data, "nodyn.txt": "Rota’r wythnos".encode()}
    for name, octets in named.items():
        (tmp_path / name).write_bytes(octets)
    sian = arrive("cy", phone=True)
    to_writing(sian)
    sian.fill("What has happened?", TEXT)
    sian.page.locator("#files-concern").set_input_files([tmp_path / name for name in named])
    lines = sian.page.locator("[data-file-list] > li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text(sian.say("the place where it was made"), timeout=RECEIPT_PATIENCE)
    expect(lines.nth(0)).to_contain_text(sian.say("traces of the camera’s sensor"))
    expect(lines.nth(1)).to_contain_text("HEIC", timeout=RECEIPT_PATIENCE)
    expect(lines.nth(1).locator(".error")).to_be_visible()
    sian.shot("5-files")
    lines.nth(1).get_by_role("button").click()
    expect(lines).to_have_count(2)
    sian.press("Continue")
    sian.expect_text("photo-1.jpg")
    expect(sian.page.locator("#check-files")).not_to_contain_text("Ward Alaw.jpg")
    words = seal_and_send(sian)
    at_home = arrive("cy", phone=True)
    come_back(at_home, " ".join(words))
    files = at_home.page.locator("[data-files] > li")
    expect(files).to_have_count(2, timeout=RECEIPT_PATIENCE)
    files.nth(1).get_by_role("button").click()
    expect(at_home.page.locator("#viewer")).to_contain_text("text-1.txt", timeout=RECEIPT_PATIENCE)
    at_home.shot("5-file-opened")


def test_a_name_for_the_union_alone_and_a_line_to_it_stand_in_a_thread_of_their_own(arrive: Arrive) -> None:
    sian = arrive("cy")
    choose_union(sian)
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    sian.page.locator("#whom-union").check()
    sian.press("Continue")
    sian.expect_problem("Enter your name, or choose to give no name")
    sian.page.locator("#reporter-name").fill("Siân Prydderch")
    sian.page.locator("#private").fill(PRIVATE)
    sian.shot("5-name-for-the-union")
    sian.press("Continue")
    parts = sian.page.locator("#check-lanes > section")
    expect(parts).to_have_count(2)
    expect(parts.nth(0)).not_to_contain_text("Siân Prydderch")
    expect(parts.nth(1)).to_contain_text("Siân Prydderch")
    sian.shot("5-check-two-threads")
    words = seal_and_send(sian)
    at_home = arrive("en")
    come_back(at_home, " ".join(words))
    threads = at_home.page.locator(".thread")
    expect(threads).to_have_count(2, timeout=RECEIPT_PATIENCE)
    expect(threads.nth(0)).to_contain_text(at_home.say("The reporter gave no name."))
    expect(threads.nth(1)).to_contain_text(PRIVATE)
    at_home.shot("5-both-threads")


def test_what_the_union_read_alone_is_shared_later_with_everybody_but_one(arrive: Arrive) -> None:
    sian = arrive("cy")
    choose_union(sian)
    sian.choose(sian.say("Only the union for now"))
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    words = to_receipt(sian)
    again = arrive("cy")
    come_back(again, " ".join(words))
    expect(again.page.locator("#share-text")).to_have_value(TEXT, timeout=RECEIPT_PATIENCE)
    again.page.locator("#share").get_by_label(re.compile(rf"^{DEPUTY[0]}")).uncheck()
    again.shot("5-share-later")
    again.press("Seal and send to everybody")
    expect(again.page.locator(".thread")).to_have_count(2, timeout=RECEIPT_PATIENCE)
    joint = again.page.locator("[data-thread=joint]")
    joint.locator("summary").first.click()
    expect(joint.locator("[data-readers]")).to_contain_text(MANAGER[0])
    expect(joint.locator("[data-readers]")).not_to_contain_text(DEPUTY[0])


def test_a_reader_is_dropped_later_and_let_in_again(arrive: Arrive) -> None:
    sian = arrive("cy")
    to_writing(sian)
    sian.fill("What has happened?", TEXT)
    words = to_receipt(sian)
    again = arrive("cy", phone=True)
    come_back(again, " ".join(words))
    changes = again.page.locator(".changes")
    expect(changes).to_be_visible(timeout=RECEIPT_PATIENCE)
    changes.locator("summary").click()
    changes.locator("[data-stay]").get_by_label(re.compile(rf"^{DEPUTY[0]}")).check()
    again.shot("5-change-readers")
    with answers_lost(again, "/box/readers"):
        again.press("Take the ticked people off the list")
    again.press("Take the ticked people off the list")
    said = again.page.locator("[data-sent=readers]:visible")
    expect(said).to_be_visible(timeout=RECEIPT_PATIENCE)
    changes.locator("summary").click()
    expect(changes.locator("[data-stay]")).not_to_contain_text(DEPUTY[0])
    changes.locator("[data-others]").get_by_label(re.compile(rf"^{DEPUTY[0]}")).check()
    again.press("Let the ticked people in")
    expect(again.page.locator("[data-entries] > li")).to_have_count(3, timeout=RECEIPT_PATIENCE)
    again.shot("5-readers-changed")


def test_two_words_make_sure_of_the_receipt_and_a_call_goes_out_where_somebody_may_be_hurt(arrive: Arrive) -> None:
    sian = arrive("en", phone=True)
    to_writing(sian)
    sian.fill("What has happened?", TEXT)
    expect(sian.page.locator("#urgent")).to_be_hidden()
    sian.page.locator("#ongoing-yes").check()
    sian.page.locator("#urgent").check()
    words = to_receipt(sian)
    expect(sian.page.locator("#called")).to_be_visible()
    asked = sian.page.locator("#proof label [data-slot]")
    expect(asked).to_have_text([re.compile(r"^\d+$")] * 2)
    places = [int(one) for one in asked.all_inner_texts()]
    sian.page.locator("#proof-first").fill("mynydd")
    sian.page.locator("#proof-second").fill(words[places[1] - 1].upper())
    sian.press("Check")
    sian.expect_problem("This is not the right word, number:")
    before = len(sian.gone)
    sian.page.locator("#proof-first").fill(words[places[0] - 1])
    sian.press("Check")
    sian.expect_said("These words are right: you have your receipt.")
    assert len(sian.gone) == before
    sian.shot("5-receipt-sure")


def test_the_other_language_warns_before_what_was_typed_is_lost(arrive: Arrive) -> None:
    sian = arrive("en")
    to_writing(sian)
    sian.turn_language()
    sian.expect_heading("Who can read it")
    sian.locale = sian.locale.other
    to_writing(sian)
    sian.fill("What has happened?", TEXT)
    sian.page.locator("header").get_by_text("Cymraeg", exact=True).click()
    expect(sian.page.locator("#turning")).to_be_visible()
    sian.shot("5-turning")
    sian.press("Stay on this page")
    expect(sian.page.locator("#body")).to_have_value(TEXT)
    sian.page.locator("footer").get_by_text("Mae’r dudalen hon ar gael yn Gymraeg hefyd").click()
    sian.tap(sian.page.locator("#turn-anyway"))
    expect(sian.page.locator("html")).to_have_attribute("lang", "cy")
    assert sian.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, window.name]") == [
        0,
        0,
        "",
        "",
    ]
