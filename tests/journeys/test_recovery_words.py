"""Recovery words at the desk: replaced, and lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import (
    CARYS,
    IDRIS,
    LEFT_OUT,
    LLINOS,
    MARIAN,
    SIX_WORDS,
    TODAY,
    enter,
    is_told,
    read_words,
    reload_list,
    thread_of,
    words_of,
)
from tests.journeys.raised import raise_for
from tests.journeys.sealed import answer, cases_of, open_thread
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]


def test_new_recovery_words_replace_the_old_ones_and_the_key_stays(arrive: Arrive) -> None:
    marian = arrive("en")
    marian.sign_in(MARIAN)
    marian.go("/my/keys")
    words_before, key = words_of(marian, MARIAN), marian.answer_of("Key in words")
    marian.press("Get new recovery words")
    marian.fill("Your ten recovery words", words_before)
    marian.press("Unlock")
    words = read_words(marian)
    expect(marian.page.locator("[data-step=saved-words]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    assert not any(is_told(words.split(), body) for body in marian.bodies)
    marian.go("/my/keys")
    assert marian.answer_of("Key in words") == key
    marian.press("Show my private key")
    marian.fill("Your ten recovery words", words_before)
    marian.press("Unlock")
    marian.expect_problem("These words do not open your keys. Check them against your copy")
    marian.fill("Your ten recovery words", words)
    marian.press("Unlock")
    expect(marian.page.locator("#identity")).to_have_text(re.compile("^AGE-SECRET-KEY-PQ-1"), timeout=RECEIPT_PATIENCE)


def make_new_keys(arrive: Arrive) -> tuple[Walker, str, str]:
    """Idris, who has lost his words: his new ones, and the six words of his new key."""
    idris = arrive("en")
    idris.sign_in(IDRIS)
    idris.go("/my/keys")
    before = idris.answer_of("Key in words")
    idris.press("I have lost my words")
    idris.expect_heading("Make new keys")
    idris.shot("desk-new-keys")
    idris.press("Make new keys")
    words = read_words(idris)
    expect(idris.page.locator("[data-step=saved]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    shown = idris.page.locator("#fingerprint")
    expect(shown).to_have_text(SIX_WORDS)
    fingerprint = shown.inner_text()
    assert fingerprint != before
    idris.go("/my/keys")
    assert idris.answer_of("State", "key state") == idris.say("New, not yet confirmed by a colleague")
    idris.go("/my/concerns")
    idris.expect_said("Waiting for a re-grant")
    idris.shot("desk-waiting-for-a-re-grant")
    return idris, words, fingerprint


def confirm(reader: Walker, fingerprint: str) -> None:
    """Say of a colleague's new key that its six words were compared."""
    reader.go("/my/keys")
    line = reader.page.locator("li", has_text=fingerprint)
    reader.shot("desk-confirm")
    reader.tap(line.get_by_role("button"))
    reader.expect_problem("Compare the six words with your colleague first, then tick the box")
    line = reader.page.locator("li", has_text=fingerprint)
    line.get_by_role("checkbox").check()
    reader.tap(line.get_by_role("button"))
    expect(reader.page.locator("li", has_text=fingerprint)).to_contain_text(reader.say("Confirmed", "key state"))


def test_lost_words_a_new_key_confirmed_aloud_and_threads_opened_again(arrive: Arrive) -> None:
    server = arrive("en").server
    shared = raise_for(server, "The night rota hides the extra shifts.", CARYS, IDRIS, LLINOS, day=TODAY)
    second = raise_for(server, "Two alarms were switched off.", CARYS, IDRIS, LLINOS, day=TODAY)
    kept_from = raise_for(server, LEFT_OUT, CARYS, LLINOS, left_out=[IDRIS], day=TODAY)
    idris, words, fingerprint = make_new_keys(arrive)

    carys = enter(arrive, "en", CARYS)
    carys.press("See who waits and who has left")
    waiting = carys.page.locator("section.person", has_text=fingerprint)
    expect(waiting).to_contain_text(carys.say("New, not yet confirmed"), timeout=RECEIPT_PATIENCE)
    expect(waiting.get_by_role("button")).to_have_count(0)
    carys.shot("desk-people-unconfirmed")

    confirm(carys, fingerprint)

    reload_list(carys, words_of(carys, CARYS))
    carys.press("See who waits and who has left")
    waiting = carys.page.locator("section.person", has_text=fingerprint)
    expect(waiting.locator("[data-cases] > li")).not_to_have_count(0, timeout=RECEIPT_PATIENCE)
    expect(carys.page.locator("#looking")).to_be_hidden(timeout=RECEIPT_PATIENCE)
    expect(waiting).not_to_contain_text(LEFT_OUT)
    lines = waiting.locator("[data-cases] > li")
    lines.filter(has_text="The night rota").get_by_role("button").click()
    done = waiting.locator("p[data-result=done]:visible")
    expect(done).to_have_count(1, timeout=RECEIPT_PATIENCE)
    waiting.get_by_role("button", name=carys.say("Let them into all of these", "button")).click()
    expect(done).to_have_count(lines.count(), timeout=RECEIPT_PATIENCE)
    carys.shot("desk-people-done")

    reload_list(idris, words)
    cases = cases_of(idris)
    assert shared.case in cases
    assert second.case in cases
    assert kept_from.case not in cases
    expect(open_thread(idris, shared.case).first).to_contain_text("The night rota")
    expect(thread_of(idris)).to_contain_text(idris.say("From here on these people read this thread:"))
    answer(idris, "I can read it again.")
