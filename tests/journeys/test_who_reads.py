"""Readers of a thread who leave, are taken out, are let in; and notes that stay on their side."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import (
    CARYS,
    DYLAN,
    ELIN,
    IDRIS,
    LEFT_OUT,
    LLINOS,
    PATRICK,
    SIONED,
    TODAY,
    enter,
    reload_list,
    thread_of,
    unfold,
    words_of,
)
from tests.journeys.raised import leave_post, raise_for
from tests.journeys.sealed import answer, answers_lost, open_thread
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]


def test_a_reader_leaves_a_thread_and_meets_what_was_never_there(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "The manager is my cousin.", ELIN, LLINOS, CARYS, day=TODAY)
    elin = enter(arrive, "cy", ELIN)
    open_thread(elin, sent.case)
    leaving = unfold(thread_of(elin), elin, "Leave this thread")
    elin.shot("desk-leave-cy")
    with answers_lost(elin, "/readers"):
        leaving.get_by_role("button").click()
    leaving.get_by_role("button").click()
    expect(elin.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    gone = elin.context.request.get(f"{elin.server.base_url}/en/my/concerns/{sent.case}/thread")
    assert gone.status == 404
    reload_list(elin, words_of(elin, ELIN))
    expect(elin.page.locator(f"[data-case='{sent.case}']")).to_have_count(0)

    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    expect(thread_of(llinos)).to_contain_text(llinos.say("Could read earlier"))
    expect(thread_of(llinos).locator("[data-readers]")).not_to_contain_text("Head of Workforce Systems")
    answer(llinos, "I will look into it without her.")


def test_a_leavers_key_is_taken_out_of_every_thread(arrive: Arrive) -> None:
    server = arrive("en").server
    texts = [f"Sioned reads this, number {n}." for n in range(1, 4)]
    for one in texts:
        raise_for(server, one, PATRICK, SIONED, LLINOS, day=TODAY)
    leave_post(server, SIONED, day=TODAY)
    llinos = enter(arrive, "cy", LLINOS)
    llinos.press("See who waits and who has left")
    take_out = llinos.page.get_by_role("button", name=llinos.say("Take this key out of all of these", "button"))
    ended = llinos.page.locator("section.person", has_text=texts[0]).filter(has=take_out)
    expect(ended.locator("[data-cases] > li")).to_have_count(3, timeout=RECEIPT_PATIENCE)
    llinos.shot("desk-leaver-cy")
    take_out.click()
    expect(ended.locator("p[data-result=done]:visible")).to_have_count(3, timeout=RECEIPT_PATIENCE)
    llinos.page.locator("[data-step=people] [data-to-list]").click()
    llinos.press("See who waits and who has left")
    expect(llinos.page.locator("#looking")).to_be_hidden(timeout=RECEIPT_PATIENCE)
    expect(ended).to_have_count(0)


def test_a_colleague_is_let_in_by_who_reads_and_nobody_left_out_can_be_chosen(arrive: Arrive) -> None:
    server = arrive("en").server
    sent = raise_for(server, "Only one representative knows.", CARYS, LLINOS, day=TODAY)
    kept_from = raise_for(server, LEFT_OUT, ELIN, LLINOS, left_out=[DYLAN], day=TODAY)
    carys = enter(arrive, "en", CARYS)
    open_thread(carys, sent.case)
    inviting = unfold(thread_of(carys), carys, "Let a colleague read this too")
    carys.shot("desk-let-in")
    with answers_lost(carys, "/readers"):
        inviting.locator("li", has_text="Idris Fychan").get_by_role("button").click()
    inviting.locator("li", has_text="Idris Fychan").get_by_role("button").click()
    expect(thread_of(carys).locator("[data-let-in]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(thread_of(carys).locator("[data-entries] > li")).to_have_count(2)
    carys.page.locator("summary", has_text=carys.say("Who can open this thread")).first.click()
    expect(thread_of(carys).locator("[data-readers]")).to_contain_text("Idris Fychan")

    elin = enter(arrive, "en", ELIN)
    open_thread(elin, kept_from.case)
    inviting = unfold(thread_of(elin), elin, "Let a colleague read this too")
    expect(inviting).not_to_contain_text("Deputy Head of Workforce Systems")


def test_notes_of_one_side_stay_on_that_side(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "We agreed something on the ward.", ELIN, LLINOS, CARYS, IDRIS, day=TODAY)
    carys = enter(arrive, "cy", CARYS, phone=True)
    open_thread(carys, sent.case)
    notes = carys.page.locator("#notes")
    expect(notes).to_contain_text(carys.say("Union only"), timeout=RECEIPT_PATIENCE)
    unfold(notes, carys, "Begin notes beside this thread")
    notes.locator("textarea").fill("Rwy’n nabod y ward. Siaradwn nos Fawrth.")
    carys.shot("desk-notes-begin-cy-phone")
    notes.get_by_role("button", name=carys.say("Seal the first note", "button")).click()
    expect(notes.locator("[data-entries] > li").first).to_contain_text("nos Fawrth", timeout=RECEIPT_PATIENCE)
    carys.shot("desk-notes-cy-phone")

    elin = enter(arrive, "en", ELIN)
    open_thread(elin, sent.case)
    expect(elin.page.locator("#notes")).to_contain_text(elin.say("Employer only"), timeout=RECEIPT_PATIENCE)
    expect(elin.page.locator("main")).not_to_contain_text("nos Fawrth")
    expect(elin.page.locator("main")).not_to_contain_text(elin.say("Union only"))

    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    notes = llinos.page.locator("#notes")
    begin_notes(llinos, "Check the roster of week 46.")
    elin.page.locator("[data-step=thread] [data-to-list]").click()
    open_thread(elin, sent.case)
    expect(elin.page.locator("#notes [data-entries]")).to_contain_text("week 46", timeout=RECEIPT_PATIENCE)

    leaving = unfold(thread_of(elin), elin, "Leave this thread")
    leaving.get_by_role("button").click()
    expect(elin.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    notes.locator("textarea").first.fill("Week 47 as well.")
    notes.get_by_role("button", name=llinos.say("Seal and send", "button")).click()
    expect(notes.locator("[data-entries] > li").last).to_contain_text("Week 47", timeout=RECEIPT_PATIENCE)
    expect(notes.locator("[data-now] li")).to_have_count(1)


def test_who_is_not_in_the_notes_that_others_began_begins_more_and_nobody_loses_sight_of_any(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "The rest room is locked again.", ELIN, CARYS, day=TODAY)
    carys = enter(arrive, "en", CARYS)
    open_thread(carys, sent.case)
    begin_notes(carys, "Only for me so far.")
    inviting = unfold(thread_of(carys), carys, "Let a colleague read this too")
    inviting.locator("li", has_text="Idris Fychan").get_by_role("button").click()
    expect(thread_of(carys).locator("[data-let-in]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    idris = enter(arrive, "en", IDRIS)
    open_thread(idris, sent.case)
    begin_notes(idris, "Shall we ask for the key?")
    carys.page.locator("[data-step=thread] [data-to-list]").click()
    open_thread(carys, sent.case)
    lanes = carys.page.locator("#notes [data-thread]")
    expect(lanes).to_have_count(2, timeout=RECEIPT_PATIENCE)
    expect(lanes.first).to_contain_text("ask for the key")
    expect(lanes.last).to_contain_text("Only for me")
    for lane in (lanes.first, lanes.last):
        lane.locator("textarea").first.fill("Yes.")
        lane.get_by_role("button", name=carys.say("Seal and send", "button")).click()
        expect(lane.locator("[data-entries] > li")).to_have_count(2, timeout=RECEIPT_PATIENCE)


def begin_notes(walker: Walker, text: str) -> None:
    notes = walker.page.locator("#notes")
    unfold(notes, walker, "Begin notes beside this thread")
    notes.locator("textarea").fill(text)
    notes.get_by_role("button", name=walker.say("Seal the first note", "button")).click()
    expect(notes.locator("[data-entries] > li")).to_have_count(1, timeout=RECEIPT_PATIENCE)
