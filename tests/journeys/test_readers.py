"""Who reads concerns: managers and representatives with keys of their own, and a deputy who was left out."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.accounts import join_branch
from tests.journeys.desk import CARYS, DYLAN, ELIN, LLINOS, SIX_WORDS, is_told, words_of
from tests.journeys.sealed import (
    DEPUTY,
    ROSTERING,
    answer,
    begin_concern,
    cases_of,
    come_back,
    open_thread,
    reader_box,
    seal_and_send,
    unlock,
)
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

TEXT = "Three of us work nights that the roster says nobody asked for."


def send_without_the_deputy(sian: Walker) -> list[str]:
    begin_concern(sian, sian.pick(*ROSTERING))
    reader_box(sian, sian.pick(*DEPUTY)).check()
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    sian.press("Continue")
    return seal_and_send(sian)


def test_a_new_representative_makes_keys_and_opens_the_first_concern_sent_to_them(arrive: Arrive) -> None:
    beca = join_branch(arrive, arrive("cy"), "Beca Rhydderch", "beca.rhydderch@unison.example")
    beca.follow("Concerns")
    beca.expect_said("You have no keys yet. Concerns can be granted to you once you have made them.")
    beca.follow("Make your keys")
    beca.press("Make my keys")
    beca.expect_heading("Your ten recovery words")
    words = beca.words_in("#code-words li")
    beca.shot("5-recovery-words")
    beca.press("I have written them down")
    beca.expect_heading("Type the ten words")
    expect(beca.page.locator("#code-words li")).to_have_count(0)
    again = beca.main.get_by_label(beca.say("The ten recovery words"))
    again.fill(words_of(beca, CARYS))
    beca.press("Save my keys")
    beca.expect_problem("These are ten words, but not the ones you were shown. Go back and look again")
    again.fill(" ".join(words).upper())
    beca.press("Save my keys")
    beca.expect_heading("Your keys are saved")
    shown = beca.page.locator("#fingerprint")
    expect(shown).to_have_text(SIX_WORDS)
    fingerprint = shown.inner_text()
    beca.shot("5-keys-saved")
    assert not any(is_told(words, body) for body in beca.bodies)

    sian = arrive("en", phone=True)
    begin_concern(sian, sian.pick(*ROSTERING))
    sian.choose("UNISON Ogwen Health Branch")
    either = re.compile(rf"Beca Rhydderch|{re.escape(fingerprint)}")
    line = sian.page.locator("[data-reader]:visible", has_text=either)
    expect(line).to_contain_text(fingerprint)
    expect(line).to_contain_text(sian.say("New, not yet confirmed by a colleague"))
    sian.choose(sian.say("I agree that this union’s representatives receive this concern"))
    sian.press("Continue")
    sian.fill("What has happened?", TEXT)
    sian.press("Continue")
    seal_and_send(sian)

    beca.follow("Go to concerns")
    beca.fill("Your ten recovery words", ", ".join(words))
    beca.press("Unlock")
    expect(beca.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    (case,) = cases_of(beca)
    expect(open_thread(beca, case).first).to_contain_text(TEXT)
    answer(beca, "I have read it and will ask.")
    beca.shot("5-answered")
    beca.go("/my/keys")
    beca.expect_text(fingerprint)


def test_a_left_out_deputy_sees_the_same_list_and_the_same_page_as_for_nothing(arrive: Arrive) -> None:
    elin, dylan = arrive("en"), arrive("en")
    unlock(elin, ELIN, words_of(elin, ELIN))
    unlock(dylan, DYLAN, words_of(dylan, DYLAN))
    hers, his = cases_of(elin), cases_of(dylan)
    untitled = dylan.page.locator("#concerns [data-slot=title]:empty")
    expect(untitled).to_have_count(0, timeout=RECEIPT_PATIENCE)
    his_page = dylan.page.locator("main").inner_text()
    sian = arrive("en", phone=True)
    words = send_without_the_deputy(sian)

    elin.page.reload()
    elin.fill("Your ten recovery words", words_of(elin, ELIN))
    elin.press("Unlock")
    expect(elin.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    (new,) = set(cases_of(elin)) - set(hers)
    expect(open_thread(elin, new).first).to_contain_text(TEXT)
    expect(elin.page.locator("#threads [data-readers]")).not_to_contain_text("Deputy Head of Workforce Systems")
    answer(elin, "Thank you. I am looking into the three nights.")

    dylan.page.reload()
    dylan.fill("Your ten recovery words", words_of(dylan, DYLAN))
    dylan.press("Unlock")
    expect(dylan.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    assert cases_of(dylan) == his
    expect(untitled).to_have_count(0, timeout=RECEIPT_PATIENCE)
    assert dylan.page.locator("main").inner_text() == his_page
    asked = [
        dylan.context.request.get(f"/en/my/concerns/{case}/thread") for case in (new, new[:-4] + "AAAA", "nonsense")
    ]
    assert [answer.status for answer in asked] == [404, 404, 404]
    assert len({answer.text() for answer in asked}) == 1
    kept = ({name: value for name, value in one.headers.items() if name != "date"} for one in asked)
    assert len({str(sorted(one.items())) for one in kept}) == 1

    back = arrive("en")
    come_back(back, " ".join(words))
    expect(back.page.locator("[data-entries] > li")).to_have_count(2, timeout=RECEIPT_PATIENCE)


def test_keys_lock_by_hand_and_after_ten_minutes_and_an_answer_begun_comes_back(arrive: Arrive) -> None:
    llinos = arrive("cy")
    llinos.page.clock.install()
    unlock(llinos, LLINOS, words_of(llinos, LLINOS))
    case = cases_of(llinos)[0]
    shown = open_thread(llinos, case).first.locator(".own-words").inner_text()
    llinos.page.locator("#threads textarea").first.fill("Rwyf wrthi’n ateb pan ganodd y ffôn")
    llinos.page.clock.fast_forward("08:10")
    expect(llinos.page.locator("#locking-soon")).to_be_visible()
    llinos.page.clock.fast_forward("02:10")
    llinos.expect_heading("Unlock your keys")
    llinos.expect_said(
        "Your keys were locked because nothing happened for ten minutes. An answer you had begun is kept, sealed, and "
        "comes back when you unlock."
    )
    llinos.shot("5-locked")
    assert shown not in llinos.page.content()
    llinos.fill("Your ten recovery words", words_of(llinos, CARYS))
    llinos.press("Unlock")
    llinos.expect_problem("These words do not open your keys. Check them against your copy")
    llinos.fill("Your ten recovery words", words_of(llinos, LLINOS))
    llinos.press("Unlock")
    expect(llinos.page.locator("#threads textarea").first).to_have_value(
        "Rwyf wrthi’n ateb pan ganodd y ffôn", timeout=RECEIPT_PATIENCE
    )
    llinos.page.locator("#threads textarea").first.fill("")
    llinos.page.locator("[data-step=thread] [data-lock]").click()
    llinos.expect_heading("Unlock your keys")
    assert shown not in llinos.page.content()
