"""The desk when something is in the way: a quicker colleague, changed files, a slept machine, a lost connection."""

import hashlib
import re

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import text

from anonymity.encoding import from_b64u
from anonymity.receipt import draw_code
from portal.core.db import Database
from tests.journeys.accounts import join_branch
from tests.journeys.desk import DYLAN, ELIN, LLINOS, TODAY, words_of
from tests.journeys.raised import raise_for
from tests.journeys.sealed import answer, open_thread, unlock
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

HALF = "Half an answer, and then the telephone"


def opened(arrive: Arrive, email: str, case: str, *, clock: bool = False) -> Walker:
    reader = arrive("en")
    if clock:
        reader.page.clock.install()
    unlock(reader, email, words_of(reader, email))
    open_thread(reader, case)
    return reader


def unlock_again(reader: Walker, email: str) -> None:
    reader.fill("Your ten recovery words", words_of(reader, email))
    reader.press("Unlock")


def test_two_who_answer_at_once_are_both_heard(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "Who answers first?", ELIN, LLINOS, day=TODAY)
    elin, llinos = opened(arrive, ELIN, sent.case), opened(arrive, LLINOS, sent.case)
    answer(elin, "I do.")
    answer(llinos, "I do, too.")
    said = llinos.page.locator("#threads [data-entries] > li")
    expect(said).to_have_count(3)
    expect(said.nth(1)).to_contain_text("I do.")
    expect(llinos.page.locator("#threads .error:visible")).to_have_count(0)


def change_a_byte(server: Server, case: str) -> None:
    """What somebody with the whole database could do to the last answer of a thread."""
    database = Database(server.database_url)
    with database.writing() as session:
        where = {"case": from_b64u(case, 16)}
        found = text("SELECT item_id, file FROM sealed_items WHERE case_id = :case AND prev != zeroblob(32)")
        item_id, file = session.execute(found, where).one()
        changed = file[:-1] + bytes([file[-1] ^ 1])
        values = {"id": item_id, "file": changed, "hash": hashlib.sha256(changed).digest()}
        session.execute(text("UPDATE sealed_items SET file = :file, hash = :hash WHERE item_id = :id"), values)
    database.close()


def test_what_the_server_changed_is_said_to_be_changed_and_never_shown(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "Keep what I say as I said it.", ELIN, LLINOS, day=TODAY)
    answer(opened(arrive, ELIN, sent.case), "The roster stays as it is.")
    change_a_byte(arrive("en").server, sent.case)
    llinos = opened(arrive, LLINOS, sent.case)
    llinos.expect_said("A message here was changed after it was sealed. It cannot be shown")
    llinos.expect_no_text("The roster stays as it is.")
    answer(llinos, "I cannot read the answer before this.")


def test_a_slip_is_told_on_the_device_and_strange_words_open_nothing(arrive: Arrive) -> None:
    dylan = arrive("en")
    dylan.sign_in(DYLAN)
    raise_for(dylan.server, "For two.", DYLAN, LLINOS, day=TODAY)
    dylan.go("/my/concerns")
    asked = len(dylan.gone)
    dylan.fill("Your ten recovery words", "one two three")
    dylan.press("Unlock")
    dylan.expect_problem("Enter ten words: there are more or fewer here")
    assert [one for one in dylan.gone[asked:] if "/my/" in one] == []
    dylan.fill("Your ten recovery words", " ".join(draw_code().words("cy")))
    dylan.press("Unlock")
    dylan.expect_problem("These words do not open your keys. Check them against your copy")
    dylan.page.route(re.compile("/ring$"), lambda route: route.fulfill(status=429, body=""))
    dylan.fill("Your ten recovery words", words_of(dylan, DYLAN))
    dylan.press("Unlock")
    expect(dylan.page.locator("[data-shown-when=busy]")).to_be_visible()
    expect(dylan.page.locator("[data-problems]:visible")).to_have_count(0)


def test_an_answer_begun_waits_for_its_own_concern(arrive: Arrive) -> None:
    server = arrive("en").server
    sent = raise_for(server, "The first of two.", ELIN, LLINOS, day=TODAY)
    other = raise_for(server, "The second of two.", ELIN, LLINOS, day=TODAY)
    elin = opened(arrive, ELIN, sent.case)
    field = elin.page.locator("#reply-joint")
    field.fill(HALF)
    elin.page.locator("[data-step=thread] [data-to-list]").click()
    expect(elin.page.locator("[data-step=list]")).to_be_visible()
    assert HALF not in elin.page.content()
    open_thread(elin, other.case)
    expect(field).to_have_value("")
    elin.page.locator("[data-step=thread] [data-lock]").click()
    elin.expect_heading("Unlock your keys")
    unlock_again(elin, ELIN)
    expect(elin.page.locator("[data-step=thread]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(elin.page.locator("#threads")).to_contain_text("The second of two.")
    elin.page.locator("[data-step=thread] [data-to-list]").click()
    open_thread(elin, sent.case)
    expect(field).to_have_value(HALF)
    elin.press("Seal and send")
    expect(elin.page.locator("[data-sent]:visible")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(field).to_have_value("")
    assert elin.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def lose_answer(route: Route) -> None:
    """It arrives, but what the server says of it does not."""
    route.fetch()
    route.abort()


def test_an_answer_that_cannot_be_sent_stays_in_its_field_and_pressing_twice_sends_it_once(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "Will this be answered once?", ELIN, LLINOS, day=TODAY)
    elin = opened(arrive, ELIN, sent.case)
    field, items = elin.page.locator("#reply-joint"), re.compile("/items$")
    field.fill("Only once.")
    for said, trouble in (
        ("failed", lambda route: route.fulfill(status=403, body="You are signed out.")),
        ("busy", lambda route: route.fulfill(status=429, body="")),
        ("unsure", lose_answer),
    ):
        elin.page.route(items, trouble)
        elin.press("Seal and send")
        expect(elin.page.locator(f"[data-shown-when={said}]")).to_be_visible(timeout=RECEIPT_PATIENCE)
        expect(field).to_have_value("Only once.")
        elin.page.unroute(items, trouble)
    elin.page.locator("button[data-reply]").first.evaluate("button => { button.click(); button.click(); }")
    expect(elin.page.locator("[data-sent]:visible")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(elin.page.locator("#threads [data-entries] > li")).to_have_count(2)
    expect(field).to_have_value("")


def test_a_machine_that_slept_is_locked_at_the_first_touch(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "Lunch is long.", ELIN, LLINOS, day=TODAY)
    elin = opened(arrive, ELIN, sent.case, clock=True)
    elin.page.clock.set_system_time(elin.page.evaluate("Date.now() + 3_600_000"))
    elin.page.keyboard.press("Tab")
    elin.expect_heading("Unlock your keys")
    assert "Lunch is long." not in elin.page.content()


def test_a_page_that_was_left_comes_back_locked(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "Who walks by can read this.", ELIN, LLINOS, day=TODAY)
    elin = opened(arrive, ELIN, sent.case)
    elin.go("/my/keys")
    elin.page.go_back()
    elin.expect_heading("Unlock your keys")
    assert "Who walks by" not in elin.page.content()


def test_keys_that_could_not_be_stored_are_not_lost(arrive: Arrive) -> None:
    gwion = join_branch(arrive, arrive("en"), "Gwion Parri", "gwion.parri@unison.example")
    gwion.go("/my/keys")
    gwion.press("Make my keys")
    expect(gwion.page.locator("[data-step=words]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    words = gwion.words_in("#code-words li")
    gwion.press("I have written them down")
    gwion.press("Show the words again")
    expect(gwion.page.locator("#code-words li")).to_have_text(words)
    gwion.press("I have written them down")
    gwion.main.get_by_label(gwion.say("The ten recovery words")).fill(" ".join(words))
    broken = re.compile(r"/my/keys$")

    def fail(route: Route) -> None:
        route.abort()

    gwion.page.route(broken, fail)
    gwion.press("Save my keys")
    expect(gwion.page.locator("[data-shown-when=failed]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    gwion.page.unroute(broken, fail)
    gwion.press("Save my keys")
    expect(gwion.page.locator("[data-step=saved]")).to_be_visible(timeout=RECEIPT_PATIENCE)
