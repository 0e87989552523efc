"""Steps that people take on the harness pages, and what the box then holds."""

from playwright.sync_api import BrowserContext, Page, expect

from anonymity.item import Item, SealedBy
from anonymity.keyring import Keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, read_code
from anonymity.seat import DeliveredGrant, Delivery, reader_seat
from anonymity.submission import SealedItem, Submission
from anonymity.thread import Delivered, Thread
from tests.anonymity.box_server import Box
from tests.anonymity.test_browser_crossing import DAY

TEXT = "Mae’r rota’n newid heb rybudd.\n\nPam?"


def step(page: Page, name: str) -> None:
    """This step is shown, no other, and its heading has the focus."""
    expect(page.locator(f'[data-step="{name}"]')).to_be_visible()
    expect(page.locator("[data-step]:not([hidden])")).to_have_count(1)


def write(page: Page, text: str = TEXT) -> None:
    """From who can read it to a text written."""
    expect(page.locator("#sealed")).to_be_visible()
    if page.locator('[data-step="readers"]').is_visible():
        page.click("#to-write")
    page.fill("#body", text)


def name(page: Page, given: str) -> None:
    """A name for everybody."""
    page.click("#to-write")
    page.check('[name="whom"][value="everybody"]')
    page.fill("#reporter-name", given)


def write_and_send(page: Page, text: str = TEXT) -> None:
    """From the first page to the receipt."""
    write(page, text)
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
