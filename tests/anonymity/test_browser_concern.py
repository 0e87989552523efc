"""The page where a concern is written, in a real browser, against a box that the Python half answers."""

import json
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from anonymity.item import SealedBy
from anonymity.keyring import Keyring, draw_keyring
from anonymity.receipt import Lane
from tests.anonymity.box_server import Box, Person
from tests.anonymity.steps import (
    TEXT,
    first_item,
    name,
    read_by,
    readers_of,
    receipt,
    step,
    stored,
    write,
    write_and_send,
)


def test_a_concern_is_sealed_on_the_device_and_its_receipt_opens_it(
    page: Page, box: Box, keyrings: dict[str, Keyring]
) -> None:
    name(page, " Siân\tPuw ")
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
    expect(page.locator("#body")).to_have_value("")


def test_the_text_never_leaves_the_device_in_clear_and_nothing_is_kept(page: Page, box: Box) -> None:
    write_and_send(page, "unmistakable words")
    words = " ".join(receipt(page).words("cy"))
    for line, octets, headers in box.requests:
        seen = line + octets.decode() + json.dumps(headers)
        assert "unmistakable" not in seen
        assert not all(word in seen for word in words.split()), "one short word may stand in a ciphertext by chance"
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
    write(page, TEXT)
    page.click("#to-check")
    expect(page.locator("#check-left-out li")).to_have_count(2)
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
    page.click("#to-write")
    expect(page.locator('[data-problem="readers"]')).to_be_visible()
    expect(page.locator('[data-step="readers"] [data-problems]')).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.uncheck("#out-p-contact")
    write(page, TEXT)
    page.click("#to-check")
    expect(page).to_have_title("Check")
    assert box.requests == []


def test_a_union_is_told_only_with_consent_and_replaces_the_officer(
    page: Page, box: Box, keyrings: dict[str, Keyring]
) -> None:
    page.check('[name="union"][value="union:b1"]')
    page.click("#to-write")
    expect(page.locator('[data-problem="consent"]')).to_be_visible()
    expect(page.locator("#union-consent")).to_have_attribute("aria-invalid", "true")
    page.check("#union-consent")
    write(page, TEXT)
    page.click("#to-check")
    page.click("#send")
    receipt(page)
    assert stored(box)[0].lane is Lane.JOINT
    assert readers_of(box, keyrings) == {"manager", "deputy", "contact", "rep"}


def test_an_empty_or_over_long_text_is_told_on_the_device(page: Page, box: Box) -> None:
    for text, problem in [("", "empty"), ("ŵ" * 6001, "long"), (" \n", "empty")]:
        write(page, text)
        page.click("#to-check")
        expect(page.locator(f'[data-problem="{problem}"]')).to_be_visible()
        expect(page.locator('[data-step="write"] [data-problem]:visible')).to_have_count(1)
        assert page.input_value("#body") == text
    assert box.requests == []


def test_the_counter_counts_what_the_seal_counts(page: Page) -> None:
    write(page, 'ŵ"\n\\x')
    expect(page.locator("#body-left")).to_have_text("11,991")
    write(page, "ŵ" * 6_001)
    expect(page.locator("#body-over")).to_contain_text("Over by: 2")


def test_the_longest_text_to_the_most_readers_fits_its_seal(page: Page, box: Box, keyrings: dict[str, Keyring]) -> None:
    name(page, "ŵ" * 100)
    write_and_send(page, "ŵ" * 6_000)
    receipt(page)
    assert len(first_item(keyrings["contact"], box).body.reveal()) == 6_000


def test_back_and_forward_keep_what_was_typed(page: Page) -> None:
    write(page, TEXT)
    page.click("#to-check")
    step(page, "check")
    assert page.locator('#check-lanes [data-slot="body"]').text_content() == TEXT
    page.go_back()
    step(page, "write")
    expect(page.locator("#body")).to_have_value(TEXT)
    page.go_forward()
    step(page, "check")
    page.click('[data-step="check"] [data-back]')
    step(page, "write")
    expect(page.locator('[data-step="write"] h1')).to_be_focused()


@pytest.mark.parametrize(
    ("trouble", "said"), [("malformed", "failed"), ("500", "failed"), ("503", "busy"), ("429", "busy")]
)
def test_when_sending_fails_the_page_says_so_and_the_text_stays(page: Page, box: Box, trouble: str, said: str) -> None:
    box.troubles = [trouble] * (5 if said == "busy" else 1)
    write_and_send(page)
    expect(page.locator(f'[data-shown-when="{said}"]')).to_be_focused()
    expect(page.locator("#sealed")).to_have_attribute("data-state", said)
    assert box.threads == {}
    page.go_back()
    expect(page.locator("#body")).to_have_value(TEXT)
    page.go_forward()
    page.click("#send")
    receipt(page)
    assert len(box.threads) == 1


@pytest.mark.parametrize("trouble", ["503", "429", "428"])
def test_a_busy_server_and_work_that_does_not_count_are_met_by_sending_again(
    page: Page, box: Box, trouble: str
) -> None:
    box.troubles = [trouble] * 3
    write_and_send(page)
    receipt(page)
    assert len(box.threads) == 1


def test_without_a_network_nothing_is_sent_and_the_text_stays(page: Page, context: BrowserContext, box: Box) -> None:
    write(page, TEXT)
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
    write(page, TEXT)
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
    expect(page.locator("#sealed")).to_have_attribute("data-state", "broken")
    expect(page.locator("#without-script")).to_be_visible()
    expect(page.locator("#sealed")).to_be_hidden()
