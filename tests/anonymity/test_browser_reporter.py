"""The reporter's two pages in a real browser, against a box that the Python half answers."""

import json

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from anonymity.fingerprint import fingerprint
from anonymity.item import Item, SealedBy
from anonymity.keyring import Keyring, draw_keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, read_code
from anonymity.seat import DeliveredGrant, Delivery, reader_seat
from anonymity.submission import SealedItem, Submission
from anonymity.thread import Delivered, Thread
from tests.anonymity.box_server import Box, Person
from tests.anonymity.test_browser_crossing import DAY

TEXT = "Mae’r rota’n newid heb rybudd.\n\nPam?"


@pytest.fixture
def keyrings(box: Box) -> dict[str, Keyring]:
    """Keys by name; the page lists manager, deputy, officer, contact, and the representatives of two branches."""
    rows = [
        ("manager", "employer", "always", "line"),
        ("deputy", "employer", "always", "line"),
        ("contact", "independent", "always", None),
        ("officer", "independent", "no-union", None),
        ("rep", "union:b1", "union:b1", None),
        ("other-rep", "union:b2", "union:b2", None),
    ]
    found = {name: draw_keyring() for name, *_ in rows}
    for name, group, when, conflict in rows:
        box.people.append(Person(found[name].card, f"p-{name}", group, when, f"Name of {name}", conflict))
    return found


@pytest.fixture
def page(context: BrowserContext, keyrings: dict[str, Keyring]) -> Page:
    """The concern page in Welsh."""
    page = context.new_page()
    page.goto("/cy/concern")
    return page


def state(page: Page) -> str | None:
    """What the page says of itself."""
    return page.locator("#sealed").get_attribute("data-state")


def step(page: Page, name: str) -> None:
    """This step is shown, no other, and its heading has the focus."""
    expect(page.locator(f'[data-step="{name}"]')).to_be_visible()
    expect(page.locator("[data-step]:not([hidden])")).to_have_count(1)


def write_and_send(page: Page, text: str = TEXT) -> None:
    """From the first page to the receipt."""
    page.fill("#body", text)
    page.click("#to-check")
    step(page, "check")
    page.click("#send")


def receipt(page: Page) -> Code:
    """The code that the page shows."""
    step(page, "receipt")
    return read_code(" ".join(page.locator("#code-words li").all_inner_texts()))


def stored(box: Box) -> tuple[Submission, list[SealedItem]]:
    """The one thread in the box."""
    ((submission, items),) = box.threads.values()
    return submission, items


def read_by(keyring: Keyring, box: Box) -> Thread:
    """The thread as a reader reads it."""
    submission, items = stored(box)
    own = [DeliveredGrant(0, one.file) for one in submission.grants if one.key_id == keyring.card.key_id]
    listed = tuple(Delivered(0, item.file) for item in items)
    given = Delivery(submission.case, 0, submission.recipient, tuple(own), listed)
    return reader_seat(keyring, given).read(listed)


def first_item(keyring: Keyring, box: Box) -> Item:
    """The opening as a reader reads it."""
    item = read_by(keyring, box).entries[0].item
    assert item
    return item


def readers_of(box: Box, keyrings: dict[str, Keyring]) -> set[str]:
    """Names of those who got a grant."""
    keys = {grant.key_id for grant in stored(box)[0].grants}
    return {name for name, keyring in keyrings.items() if keyring.card.key_id in keys}


def answer(box: Box, keyring: Keyring, body: str) -> None:
    """A reader answers with the Python half."""
    submission, items = stored(box)
    own = [DeliveredGrant(0, one.file) for one in submission.grants if one.key_id == keyring.card.key_id]
    listed = tuple(Delivered(0, item.file) for item in items)
    seat = reader_seat(keyring, Delivery(submission.case, 0, submission.recipient, tuple(own), listed))
    thread = seat.read(listed)
    items.append(seat.write(thread, Plaintext(body), lang="en", day=DAY, sealed_by=SealedBy.DEVICE))


def test_a_concern_is_sealed_on_the_device_and_its_receipt_opens_it(
    page: Page, box: Box, keyrings: dict[str, Keyring]
) -> None:
    page.fill("#reporter-name", " Siân\tPuw ")
    write_and_send(page)
    code = receipt(page)
    assert code.words("en") == tuple(page.locator("#code-other").text_content().split())  # type: ignore[union-attr]
    assert code.digits == tuple(page.locator("#code-digits").text_content().split())  # type: ignore[union-attr]
    assert readers_of(box, keyrings) == {"manager", "deputy", "contact", "officer"}
    opening = read_by(keyrings["manager"], box).opening
    assert opening
    assert opening.name is not None
    assert opening.name.reveal() == "Siân Puw"
    item = first_item(keyrings["manager"], box)
    assert (item.body.reveal(), item.lang, item.sealed_by) == (TEXT, "cy", SealedBy.DEVICE)
    assert page.input_value("#body") == ""


def test_the_text_never_leaves_the_device_in_clear_and_nothing_is_kept(page: Page, box: Box) -> None:
    write_and_send(page, "unmistakable words")
    words = " ".join(receipt(page).words("cy"))
    for line, octets, headers in box.requests:
        seen = line + octets.decode() + json.dumps(headers)
        assert "unmistakable" not in seen
        assert words.split()[0] not in seen
        assert not {"cookie", "referer"} & {name.lower() for name in headers}
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert page.evaluate("indexedDB.databases()") == []
    assert page.url.endswith("/cy")


def test_leaving_somebody_out_is_the_absence_of_a_grant_and_is_said_only_inside(
    page: Page, box: Box, keyrings: dict[str, Keyring]
) -> None:
    page.check("#out-p-manager")
    expect(page.locator("#conflict-hint")).to_contain_text("Name of deputy")
    page.check("#out-p-deputy")
    expect(page.locator("#conflict-hint")).to_be_hidden()
    page.fill("#body", TEXT)
    page.click("#to-check")
    assert page.locator("#check-left-out li").count() == 2
    page.click("#send")
    receipt(page)
    assert readers_of(box, keyrings) == {"contact", "officer"}
    opening = read_by(keyrings["contact"], box).opening
    assert opening
    assert opening.left_out == ("p-deputy", "p-manager")
    assert b"p-manager" not in stored(box)[0].to_json()


def test_at_least_one_reader_must_remain(page: Page, box: Box) -> None:
    for person in ("manager", "deputy", "contact", "officer"):
        page.check(f"#out-p-{person}")
    page.fill("#body", TEXT)
    page.click("#to-check")
    expect(page.locator('[data-problem="readers"]')).to_be_visible()
    expect(page.locator("[data-problems]")).to_be_focused()
    assert box.requests == []


def test_a_union_is_told_only_with_consent_and_replaces_the_officer(
    page: Page, box: Box, keyrings: dict[str, Keyring]
) -> None:
    page.check('[name="union"][value="union:b1"]')
    page.fill("#body", TEXT)
    page.click("#to-check")
    expect(page.locator('[data-problem="consent"]')).to_be_visible()
    assert page.locator("#union-consent").get_attribute("aria-invalid") == "true"
    page.check("#union-consent")
    page.click("#to-check")
    page.click("#send")
    receipt(page)
    assert stored(box)[0].lane is Lane.JOINT
    assert readers_of(box, keyrings) == {"manager", "deputy", "contact", "rep"}


def test_only_the_union_for_now_is_a_thread_of_its_own(
    page: Page, box: Box, keyrings: dict[str, Keyring], context: BrowserContext
) -> None:
    page.check('[name="union"][value="union:b1"]')
    page.check("#union-consent")
    page.check("#out-p-manager")
    page.check('[name="scope"][value="union"]')
    expect(page.locator(f'[data-reader="{box.people[0].key}"]')).to_be_hidden()
    page.fill("#body", TEXT)
    page.click("#to-check")
    expect(page.locator("#check-union-only")).to_be_visible()
    assert page.locator("#check-readers li").count() == 1
    page.click("#send")
    code = receipt(page)
    assert stored(box)[0].lane is Lane.UNION
    assert readers_of(box, keyrings) == {"rep"}
    opening = read_by(keyrings["rep"], box).opening
    assert opening
    assert opening.left_out == ("p-manager",)
    back = come_back(context, " ".join(code.words("en")))
    expect(back.locator('[data-thread="union"]')).to_be_visible()


@pytest.mark.parametrize(("text", "problem"), [("", "empty"), (" \n\u200e"[:2], "empty"), ("ŵ" * 6001, "long")])
def test_an_empty_or_over_long_text_is_told_on_the_device(page: Page, box: Box, text: str, problem: str) -> None:
    page.fill("#body", text)
    page.click("#to-check")
    expect(page.locator(f'[data-problem="{problem}"]')).to_be_visible()
    assert page.input_value("#body") == text
    assert box.requests == []


def test_the_counter_counts_what_the_seal_counts(page: Page) -> None:
    page.fill("#body", 'ŵ"\n\\x')
    expect(page.locator("#body-left")).to_have_text(str(12_000 - 9))
    page.fill("#body", "ŵ" * 6_001)
    expect(page.locator("#body-over")).to_contain_text("Over by: 2")


def test_the_longest_text_to_the_most_readers_fits_its_seal(page: Page, box: Box, keyrings: dict[str, Keyring]) -> None:
    page.fill("#reporter-name", "ŵ" * 100)
    write_and_send(page, "ŵ" * 6_000)
    receipt(page)
    assert len(first_item(keyrings["contact"], box).body.reveal()) == 6_000


def test_back_and_forward_keep_what_was_typed(page: Page) -> None:
    page.fill("#body", TEXT)
    page.click("#to-check")
    step(page, "check")
    assert page.locator("#check-body").text_content() == TEXT
    page.go_back()
    step(page, "write")
    assert page.input_value("#body") == TEXT
    page.go_forward()
    step(page, "check")
    page.click("#to-write")
    step(page, "write")
    expect(page.locator('[data-step="write"] h1')).to_be_focused()


@pytest.mark.parametrize(
    ("trouble", "said"), [("malformed", "failed"), ("500", "failed"), ("503", "busy"), ("429", "busy")]
)
def test_when_sending_fails_the_page_says_so_and_the_text_stays(page: Page, box: Box, trouble: str, said: str) -> None:
    box.troubles = [trouble]
    write_and_send(page)
    expect(page.locator(f'[data-shown-when="{said}"]')).to_be_focused()
    assert state(page) == said
    assert box.threads == {}
    page.go_back()
    assert page.input_value("#body") == TEXT
    page.go_forward()
    page.click("#send")
    receipt(page)
    assert len(box.threads) == 1


def test_without_a_network_nothing_is_sent_and_the_text_stays(page: Page, context: BrowserContext, box: Box) -> None:
    page.fill("#body", TEXT)
    page.click("#to-check")
    context.set_offline(True)
    page.click("#send")
    expect(page.locator('[data-shown-when="unsure"]')).to_be_visible()
    context.set_offline(False)
    page.click("#send")
    receipt(page)
    assert len(box.threads) == 1


def test_an_answer_lost_on_the_way_makes_no_second_concern(page: Page, box: Box) -> None:
    box.troubles = ["lost"]
    write_and_send(page)
    code = receipt(page)
    assert len(box.threads) == 1
    assert code


def test_when_nobody_can_say_whether_it_arrived_sending_again_is_the_same_concern(page: Page, box: Box) -> None:
    box.troubles = ["lost", "unreached"]
    write_and_send(page)
    expect(page.locator('[data-shown-when="unsure"]')).to_be_visible()
    page.click("#send")
    receipt(page)
    assert len(box.threads) == 1


def test_pressing_send_twice_sends_once(page: Page, box: Box) -> None:
    page.fill("#body", TEXT)
    page.click("#to-check")
    page.evaluate("() => { const send = document.getElementById('send'); send.click(); send.click(); }")
    receipt(page)
    assert [line for line, *_ in box.requests] == ["POST /cy/concern/box"]


def test_going_back_after_sending_shows_the_receipt_and_not_the_text(page: Page) -> None:
    write_and_send(page)
    words = receipt(page).words("cy")
    page.go_back()
    assert receipt(page).words("cy") == words
    assert TEXT.splitlines()[0] not in page.content()


def test_the_words_can_be_copied(page: Page, context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    write_and_send(page)
    words = receipt(page).words("cy")
    page.click("#code-copy")
    expect(page.locator("#code-copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == " ".join(words)


def test_the_pages_run_under_a_policy_that_refuses_markup_from_script(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/cy/concern")
    script = "() => { try { document.body.innerHTML = '<b>x</b>'; return 'set' } catch { return 'refused' } }"
    assert page.evaluate(script) == "refused"
    page.close()


def test_without_a_clipboard_the_page_says_that_copying_failed(page: Page) -> None:
    write_and_send(page)
    receipt(page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("#code-copy")
    expect(page.locator("#code-not-copied")).to_be_visible()


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


def test_a_page_whose_keys_do_not_fit_is_not_used(context: BrowserContext, box: Box) -> None:
    person = Person(draw_keyring().card, "p-1", "employer", "always", "Name")
    box.people.append(person)
    page = context.new_page()
    swapped = draw_keyring().card.recipient.text

    def swap(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace(person.card.recipient.text, swapped)
        route.fulfill(response=response, body=body)

    page.route("**/cy/concern", swap)
    page.goto("/cy/concern")
    expect(page.locator("#without-script")).to_be_visible()
    expect(page.locator("#sealed")).to_be_hidden()
    assert state(page) == "broken"


def test_without_script_the_page_leads_to_the_other_one(chromium: Browser, address: str, box: Box) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/cy/concern")
    expect(page.locator("#without-script")).to_be_visible()
    expect(page.locator("#sealed")).to_be_hidden()
    assert page.locator("form").count() == 0
    context.close()


def come_back(context: BrowserContext, words: str) -> Page:
    """A page of another visit, with words typed and opened."""
    page = context.new_page()
    page.goto("/en/concern/return")
    page.fill("#words", words)
    page.click("#open")
    return page


def entries(page: Page) -> list[str]:
    """The lines of the thread, white space squeezed."""
    return [" ".join(text.split()) for text in page.locator("[data-entries] > li").all_inner_texts()]


@pytest.mark.parametrize("spelling", ["cy", "en", "digits"])
def test_the_reporter_comes_back_in_either_language_reads_and_replies(
    page: Page, context: BrowserContext, box: Box, keyrings: dict[str, Keyring], spelling: str
) -> None:
    write_and_send(page)
    code = receipt(page)
    answer(box, keyrings["deputy"], "We look into it.")
    box.requests.clear()
    typed = "-".join(code.digits if spelling == "digits" else code.words(spelling)).upper()
    back = come_back(context, typed)
    step(back, "thread")
    assert [line for line, *_ in box.requests] == ["POST /en/concern/box/open"] * 2
    assert entries(back) == [
        f"You 22 November 2026 on a device {' '.join(TEXT.split())}",
        "Name of deputy 22 November 2026 on a device We look into it.",
    ]
    assert back.locator("[data-entries] [lang=cy]").count() == 1
    back.fill("#reply-joint", "Diolch am ateb.")
    back.check('[name="reply-lang-joint"][value="cy"]')
    back.click("[data-reply]")
    expect(back.locator("[data-sent]")).to_be_focused()
    assert entries(back)[2] == "You 23 November 2026 on a device Diolch am ateb."
    thread = read_by(keyrings["manager"], box)
    assert thread.is_whole
    assert [entry.item.lang for entry in thread.entries if entry.item] == ["cy", "en", "cy"]


def test_somebody_elses_answer_in_between_is_no_obstacle(
    page: Page, context: BrowserContext, box: Box, keyrings: dict[str, Keyring]
) -> None:
    write_and_send(page)
    back = come_back(context, " ".join(receipt(page).words("cy")))
    answer(box, keyrings["deputy"], "First.")
    box.troubles = ["", "", "409"]
    back.fill("#reply-joint", "Second.")
    back.click("[data-reply]")
    expect(back.locator("[data-sent]")).to_be_visible()
    assert len(entries(back)) == 3
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


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", "count"), ("one two", "count"), ("zzzz " * 10, "words"), ("x" * 1025, "length"), ("0000 " * 10, "check")],
)
def test_a_slip_is_told_on_the_device_and_nothing_is_sent(
    context: BrowserContext, box: Box, typed: str, problem: str
) -> None:
    page = come_back(context, typed)
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
