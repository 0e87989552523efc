"""The recipients' two pages in a real browser, against endpoints that the Python half answers."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from anonymity.item import About, Matter, SealedBy
from anonymity.keyring import Keyring, draw_keyring, open_keyring, seal_keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, draw_code, read_code
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import Delivery, reporter_seat
from anonymity.submission import SealedItem
from anonymity.thread import Delivered, Thread
from tests.anonymity.box_server import CSRF, Box, Person
from tests.anonymity.steps import entries, step
from tests.anonymity.test_browser_crossing import BODY, DAY


@pytest.fixture
def recovery() -> Code:
    """The recovery words of the manager."""
    return draw_code()


@pytest.fixture
def receipt() -> Code:
    """The receipt of the concern."""
    return draw_code()


@pytest.fixture
def colleague() -> Keyring:
    """Another reader."""
    return draw_keyring()


@pytest.fixture
def manager(box: Box, recovery: Code, receipt: Code, colleague: Keyring) -> Keyring:
    """A reader with stored keys, and one concern for them and a colleague."""
    keyring = draw_keyring()
    box.keyring = (keyring.card, seal_keyring(keyring, recovery))
    box.people = [
        Person(keyring.card, "p-1", "employer", "always", "Name of manager"),
        Person(colleague.card, "p-2", "employer", "always", "Name of colleague"),
    ]
    cards = (keyring.card, colleague.card)
    concern = Concern(About("b1", Matter.SYSTEM, "s1"), Plaintext(BODY), Plaintext("Siân"), "cy", DAY, cards)
    submission = raise_concern(concern, receipt, sealed_by=SealedBy.SERVER)
    box.threads[submission.locator_hash] = (submission, [submission.item])
    return keyring


def desk(context: BrowserContext, recovery: Code, *, clock: bool = False) -> Page:
    """The desk, unlocked."""
    page = context.new_page()
    if clock:
        page.clock.install()
    page.goto("/en/my/concerns")
    unlock(page, recovery)
    if clock:
        page.clock.run_for(100)
    step(page, "list")
    return page


def unlock(page: Page, recovery: Code) -> None:
    """Type the recovery words."""
    page.fill("#words", " ".join(recovery.words("cy")))
    page.click("#unlock")


def opened(page: Page) -> None:
    """Open the one concern."""
    page.click("[data-case]")
    step(page, "thread")


def read_by_reporter(box: Box, receipt: Code) -> Thread:
    """The thread as its reporter reads it."""
    ((submission, items),) = box.threads.values()
    listed = tuple(Delivered(0, item.file) for item in items)
    return reporter_seat(receipt, Lane.JOINT, Delivery(submission.case, 0, submission.recipient, (), listed)).read(
        listed
    )


def test_keys_are_made_here_and_leave_only_as_a_file_that_the_words_open(context: BrowserContext, box: Box) -> None:
    page = context.new_page()
    page.goto("/cy/my/keys")
    page.click("#make-keys")
    step(page, "words")
    code = read_code(" ".join(page.locator("#code-words li").all_inner_texts()))
    assert box.requests == []
    page.click("#written-down")
    step(page, "confirm")
    assert page.locator("#code-words li").count() == 0
    page.fill("#confirm-words", " ".join(draw_code().words("cy")))
    page.click("#save-keys")
    expect(page.locator('[data-problem="other"]')).to_be_visible()
    page.fill("#confirm-words", " ".join(code.words("en")))
    page.click("#save-keys")
    step(page, "saved")
    ((line, octets, headers),) = box.requests
    assert (line, headers["X-CSRF-Token"]) == ("POST /cy/my/keys", CSRF)
    assert b"AGE-SECRET" not in octets
    assert box.keyring
    card, file = box.keyring
    assert open_keyring(file, code, card=card).card == card
    assert page.inner_text("#fingerprint") == " ".join(fingerprint(card.key_id, "cy"))
    assert page.inner_text("#fingerprint-other") == " ".join(fingerprint(card.key_id, "en"))


def test_the_words_can_be_looked_at_again_before_they_are_typed(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/cy/my/keys")
    page.click("#make-keys")
    before = page.inner_text("#code-words")
    page.click("#written-down")
    page.click("#back-to-words")
    assert page.inner_text("#code-words") == before


def test_keys_that_could_not_be_stored_are_not_lost(context: BrowserContext, box: Box) -> None:
    page = context.new_page()
    page.goto("/cy/my/keys")
    page.click("#make-keys")
    words = page.inner_text("#code-words").split()
    page.click("#written-down")
    page.fill("#confirm-words", " ".join(words))
    box.troubles = ["500"]
    page.click("#save-keys")
    expect(page.locator('[data-shown-when="failed"]')).to_be_visible()
    page.click("#save-keys")
    step(page, "saved")


def test_a_reader_unlocks_opens_answers_and_the_reporter_reads_it(
    context: BrowserContext, box: Box, manager: Keyring, recovery: Code, receipt: Code
) -> None:
    page = desk(context, recovery)
    opened(page)
    body = " ".join(BODY.split())
    assert entries(page) == [f"The reporter 22 November 2026 by the server {body}"]
    expect(page.locator("[data-thread]")).to_contain_text("From: Siân")
    shown = page.locator("[data-readers]").inner_text()
    assert "Name of colleague" in shown
    assert " ".join(fingerprint(manager.card.key_id, "en")) in shown
    page.fill("#reply-joint", "We look into it.")
    page.click("[data-reply]")
    expect(page.locator("[data-sent]")).to_be_focused()
    assert entries(page)[1] == "You 23 November 2026 on a device We look into it."
    thread = read_by_reporter(box, receipt)
    assert thread.is_whole
    item = thread.entries[1].item
    assert item
    assert (item.author, item.body.reveal()) == (manager.card.sign_key, "We look into it.")


def test_somebody_elses_item_in_between_is_no_obstacle(
    context: BrowserContext, box: Box, manager: Keyring, recovery: Code, receipt: Code
) -> None:
    page = desk(context, recovery)
    opened(page)
    ((submission, items),) = box.threads.values()
    given = Delivery(submission.case, 0, submission.recipient, (), (Delivered(0, items[0].file),))
    seat = reporter_seat(receipt, Lane.JOINT, given)
    own = seat.write(seat.read(given.items), Plaintext("More."), lang="en", day=DAY, sealed_by=SealedBy.SERVER)
    items.append(own)
    box.troubles = ["409"]
    page.fill("#reply-joint", "Thanks.")
    page.click("[data-reply]")
    expect(page.locator("[data-sent]")).to_be_visible()
    assert len(entries(page)) == 3
    assert read_by_reporter(box, receipt).is_whole


def test_items_that_are_not_genuine_show_what_they_are_and_no_text(
    context: BrowserContext, box: Box, manager: Keyring, recovery: Code
) -> None:
    ((_, items),) = box.threads.values()
    items.append(SealedItem(bytes(16), items[0].hash, items[0].file[:-1] + bytes([items[0].file[-1] ^ 1])))
    page = desk(context, recovery)
    opened(page)
    expect(page.locator(".problem")).to_have_text(["changed"])


def test_wrong_words_do_not_unlock_and_a_slip_is_told_on_the_device(
    context: BrowserContext, box: Box, manager: Keyring
) -> None:
    page = context.new_page()
    page.goto("/en/my/concerns")
    page.fill("#words", "one two three")
    page.click("#unlock")
    expect(page.locator('[data-problem="count"]')).to_be_visible()
    assert box.requests == []
    unlock(page, draw_code())
    expect(page.locator('[data-problem="unknown"]')).to_be_visible()


def test_a_concern_without_a_grant_does_not_open(
    context: BrowserContext, box: Box, manager: Keyring, recovery: Code, colleague: Keyring
) -> None:
    concern = Concern(About("b1", Matter.SYSTEM, "s1"), Plaintext(BODY), None, "cy", DAY, (colleague.card,))
    other = raise_concern(concern, draw_code(), sealed_by=SealedBy.SERVER)
    box.threads[other.locator_hash] = (other, [other.item])
    page = desk(context, recovery)
    page.click(f'[data-case="{to_b64u(other.case)}"]')
    expect(page.locator('[data-shown-when="failed"]')).to_be_visible()


def test_locking_takes_keys_and_text_off_the_page(context: BrowserContext, manager: Keyring, recovery: Code) -> None:
    page = desk(context, recovery)
    opened(page)
    page.click("#lock-thread")
    step(page, "locked")
    assert page.locator("#threads *").count() == 0
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_it_locks_after_ten_minutes_idle_and_gives_back_an_answer_begun(
    context: BrowserContext, manager: Keyring, recovery: Code
) -> None:
    page = desk(context, recovery, clock=True)
    page.click("[data-case]")
    page.clock.run_for(100)
    step(page, "thread")
    page.fill("#reply-joint", "Half an ans")
    page.clock.run_for(485_000)
    expect(page.locator("#locking-soon")).to_be_visible()
    page.clock.run_for(120_000)
    step(page, "locked")
    expect(page.locator("#locked-idle")).to_be_visible()
    assert "Half an ans" not in page.content()
    unlock(page, recovery)
    page.clock.run_for(100)
    expect(page.locator("#sealed")).to_have_attribute("data-state", re.compile("working|ready"))
    page.clock.run_for(100)
    step(page, "thread")
    expect(page.locator("#reply-joint")).to_have_value("Half an ans")


def test_a_machine_that_slept_is_locked_at_the_first_touch(
    context: BrowserContext, manager: Keyring, recovery: Code
) -> None:
    page = desk(context, recovery, clock=True)
    later = page.evaluate("Date.now() + 3_600_000")
    page.clock.set_system_time(later)
    page.keyboard.press("Tab")
    step(page, "locked")


def test_an_answer_begun_waits_until_its_concern_is_opened_again(
    context: BrowserContext, manager: Keyring, recovery: Code
) -> None:
    page = desk(context, recovery)
    opened(page)
    page.fill("#reply-joint", "Half an ans")
    page.click("#to-list")
    assert "Half an ans" not in page.content()
    opened(page)
    expect(page.locator("#reply-joint")).to_have_value("Half an ans")
    page.click("#lock-thread")
    unlock(page, recovery)
    step(page, "list")
    opened(page)
    expect(page.locator("#reply-joint")).to_have_value("Half an ans")
    page.click("[data-reply]")
    expect(page.locator("[data-sent]")).to_be_visible()
    expect(page.locator("#reply-joint")).to_have_value("")


def test_leaving_the_page_locks_it(context: BrowserContext, manager: Keyring, recovery: Code) -> None:
    page = desk(context, recovery)
    opened(page)
    page.goto("/en")
    page.go_back()
    step(page, "locked")
