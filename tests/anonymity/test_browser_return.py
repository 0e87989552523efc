"""The page where a reporter comes back, in a real browser, against a box that the Python half answers."""

from playwright.sync_api import BrowserContext, Page, expect

from anonymity.fingerprint import fingerprint
from anonymity.keyring import Keyring
from anonymity.receipt import Code
from anonymity.submission import SealedItem
from tests.anonymity.box_server import Box
from tests.anonymity.steps import TEXT, answer, come_back, entries, read_by, receipt, step, stored, write_and_send


def test_the_reporter_comes_back_with_numbers_reads_and_replies(
    page: Page, context: BrowserContext, box: Box, keyrings: dict[str, Keyring]
) -> None:
    write_and_send(page)
    code = receipt(page)
    answer(box, keyrings["deputy"], "We look into it.")
    box.requests.clear()
    box.said = {"state": "acknowledged", "asks": "30", "late": "0"}
    back = come_back(context, "-".join(code.digits))
    step(back, "thread")
    assert back.locator("[data-said]").inner_text() == "asks 30"
    assert [line for line, *_ in box.requests] == ["POST /en/concern/box/open"] * 2
    assert entries(back) == [
        f"You 22 November 2026 on a device {' '.join(TEXT.split())}",
        "Name of deputy 22 November 2026 on a device We look into it.",
    ]
    assert back.locator("[data-entries] [lang=cy]").count() == 1
    back.fill("#reply-joint", "Diolch am ateb.")
    back.check('[name="reply-lang-joint"][value="cy"]')
    box.said = {"state": "closed", "asks": "00", "late": "1"}
    back.click("[data-reply]")
    expect(back.locator('[data-sent=""]')).to_be_focused()
    expect(back.locator("[data-entries] > li")).to_have_count(3)
    assert back.locator("[data-said]").inner_text() == "overlate"
    assert entries(back)[2] == "You 23 November 2026 on a device Diolch am ateb."
    thread = read_by(keyrings["manager"], box)
    assert thread.is_whole
    assert [entry.item.lang for entry in thread.entries if entry.item] == ["cy", "en", "cy"]


def test_somebody_elses_answer_in_between_is_no_obstacle(
    page: Page, context: BrowserContext, box: Box, keyrings: dict[str, Keyring]
) -> None:
    write_and_send(page)
    back = come_back(context, " ".join(receipt(page).words("cy")))
    step(back, "thread")
    answer(box, keyrings["deputy"], "First.")
    box.troubles = ["", "", "409"]
    back.fill("#reply-joint", "Second.")
    back.click("[data-reply]")
    expect(back.locator('[data-sent=""]')).to_be_visible()
    expect(back.locator("[data-entries] > li")).to_have_count(3)
    assert read_by(keyrings["manager"], box).is_whole


def test_a_reply_that_cannot_be_sent_stays_in_its_field(page: Page, context: BrowserContext, box: Box) -> None:
    write_and_send(page)
    back = come_back(context, " ".join(receipt(page).words("cy")))
    step(back, "thread")
    back.fill("#reply-joint", "Still here.")
    box.troubles = ["", "", "409", "", "", "409", "", "", "409"]
    back.click("[data-reply]")
    expect(back.locator('[data-shown-when="failed"]')).to_be_visible()
    assert back.input_value("#reply-joint") == "Still here."
    assert len(stored(box)[1]) == 1


def test_a_reply_whose_answer_was_lost_is_sent_once(page: Page, context: BrowserContext, box: Box) -> None:
    write_and_send(page)
    back = come_back(context, " ".join(receipt(page).words("cy")))
    step(back, "thread")
    back.fill("#reply-joint", "Once.")
    box.troubles = ["", "", "lost"]
    back.click("[data-reply]")
    expect(back.locator('[data-shown-when="unsure"]')).to_be_visible()
    assert back.input_value("#reply-joint") == "Once."
    back.click("[data-reply]")
    expect(back.locator('[data-sent=""]')).to_be_visible()
    assert len(stored(box)[1]) == 2
    expect(back.locator("[data-entries] > li")).to_have_count(2)


def test_a_busy_server_opens_nothing_now_and_the_words_stay(page: Page, context: BrowserContext, box: Box) -> None:
    write_and_send(page)
    words = " ".join(receipt(page).words("cy"))
    back = come_back(context, "")
    back.fill("#words", words)
    box.troubles = ["429"] * 10  # both lanes are asked for, five times each
    back.click("#open")
    expect(back.locator('[data-shown-when="busy"]')).to_be_visible()
    assert back.input_value("#words") == words
    back.click("#open")
    step(back, "thread")


def test_a_slip_is_told_on_the_device_and_nothing_is_sent(context: BrowserContext, box: Box) -> None:
    page = come_back(context, "")
    for typed, problem in [("zzzz " * 10, "words"), ("x" * 1025, "length"), ("0000 " * 10, "check")]:
        page.fill("#words", typed)
        page.click("#open")
        line = page.locator(f'[data-problem="{problem}"]')
        expect(line).to_be_visible()
        if problem == "words":
            expect(line).to_contain_text("1, 2, 3, 4, 5, 6, 7, 8, 9, 10")
        assert page.input_value("#words") == typed
    assert box.requests == []


def test_a_receipt_that_opens_nothing_asks_for_both_lanes_and_says_so(context: BrowserContext, box: Box) -> None:
    page = come_back(context, " ".join(Code(bytes(13)).words("cy")))
    expect(page.locator('[data-problem="unknown"]')).to_be_visible()
    assert len(box.requests) == 2


def test_a_changed_item_is_shown_as_such_and_never_as_text(page: Page, context: BrowserContext, box: Box) -> None:
    write_and_send(page)
    words = " ".join(receipt(page).words("cy"))
    items = stored(box)[1]
    items.append(SealedItem(items[0].id, items[0].hash, items[0].file[:-1] + bytes([items[0].file[-1] ^ 1])))
    items.append(items[0])
    back = come_back(context, words)
    expect(back.locator(".problem")).to_have_text(["changed", "replayed"])


def test_leaving_the_return_page_takes_words_and_text_with_it(page: Page, context: BrowserContext) -> None:
    write_and_send(page)
    words = " ".join(receipt(page).words("cy"))
    back = come_back(context, words)
    step(back, "thread")
    assert back.input_value("#words") == ""
    back.click("#close")
    step(back, "words")
    assert TEXT.splitlines()[0] not in back.content()


def test_the_return_page_closes_after_ten_minutes_with_a_warning_before(page: Page, context: BrowserContext) -> None:
    write_and_send(page)
    back = context.new_page()
    back.clock.install()
    back.goto("/en/concern/return")
    back.fill("#words", " ".join(receipt(page).words("cy")))
    back.click("#open")
    back.clock.run_for(100)
    step(back, "thread")
    back.clock.run_for(485_000)
    expect(back.locator("#locking-soon")).to_be_visible()
    back.mouse.move(5, 5)
    back.mouse.down()
    back.mouse.up()
    expect(back.locator("#locking-soon")).to_be_hidden()
    back.clock.run_for(605_000)
    step(back, "words")


def test_an_answer_of_a_reader_whose_name_the_server_does_not_know_shows_the_words_of_their_key(
    page: Page, context: BrowserContext, box: Box, keyrings: dict[str, Keyring]
) -> None:
    write_and_send(page)
    words = " ".join(receipt(page).words("cy"))
    answer(box, keyrings["deputy"], "We look into it.")
    box.people.clear()
    back = come_back(context, words)
    step(back, "thread")
    words = " ".join(fingerprint(keyrings["deputy"].card.key_id, "en"))
    assert entries(back)[1] == f"A reader {words} 22 November 2026 on a device We look into it."
