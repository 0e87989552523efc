"""Steps of the sealed channel, on both sides, as people take them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Route, expect

from tests.journeys.walker import RECEIPT_PATIENCE, Walker

HEALTH_BOARD = ("Bwrdd Iechyd Prifysgol Glannau Ogwen", "Glannau Ogwen University Health Board")
ROSTERING = ("Rota electronig", "E-rostering")
DEPUTY = ("Dirprwy Bennaeth Systemau’r Gweithlu", "Deputy Head of Workforce Systems")
MANAGER = ("Pennaeth Systemau’r Gweithlu", "Head of Workforce Systems")


def begin_concern(walker: Walker, system: str) -> None:
    """From the first page to the page that writes, choosing whom and what it is about."""
    walker.go("")
    walker.follow("Raise a concern")
    walker.expect_heading("Raise a concern")
    walker.choose(walker.pick(*HEALTH_BOARD))
    walker.press("Continue")
    walker.choose(system)
    walker.press("Continue")


def reader_box(walker: Walker, name: str) -> Locator:
    """The box «do not send to this person» of one reader on the page that seals on the device."""
    return walker.main.get_by_label(re.compile(rf"^{re.escape(walker.say('Do not send to this person'))}\s*: {name}$"))


def seal_and_send(walker: Walker) -> list[str]:
    """From the check step to the receipt; the words it shows."""
    walker.press("Seal and send")
    expect(walker.page.locator("[data-step=receipt]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    return walker.words_in("#code-words li")


def come_back(walker: Walker, words: str) -> None:
    """On the page that opens on the device, from the words to the thread."""
    walker.go("/concern/return")
    walker.main.get_by_label(walker.say("The ten words of your receipt")).fill(words)
    walker.press("Open")


def unlock(reader: Walker, email: str, words: str) -> None:
    """Sign in, go to the concerns, and unlock the keys with ten words."""
    reader.sign_in(email)
    reader.follow("Concerns")
    reader.expect_heading("Unlock your keys")
    reader.fill("Your ten recovery words", words)
    reader.press("Unlock")
    expect(reader.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)


def cases_of(reader: Walker) -> list[str]:
    """The ids of the threads on the reader's list."""
    return [one.get_attribute("data-case") or "" for one in reader.page.locator("[data-case]").all()]


def open_thread(reader: Walker, case: str) -> Locator:
    """Open one thread of the list; its entries."""
    reader.page.locator(f"[data-case='{case}']").click()
    expect(reader.page.locator("[data-step=thread]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    return reader.page.locator("[data-entries] > li")


def take_over(reader: Walker) -> None:
    """What a colleague works on is read only until somebody takes it over; a thread that is open says so."""
    over = reader.page.locator("#told [data-taken] button")
    if over.count():
        over.click()
        expect(over).to_have_count(0)


def answer(walker: Walker, text: str) -> None:
    """Write into the thread and wait until it was sent; the same for readers and for the reporter."""
    take_over(walker)
    walker.page.locator("#threads textarea").first.fill(text)
    walker.press("Seal and send")
    expect(walker.page.locator("[data-sent]:visible")).to_be_visible(timeout=RECEIPT_PATIENCE)


@contextmanager
def answers_lost(walker: Walker, ending: str) -> Iterator[None]:
    """What is sent to addresses that end so arrives, but what the server says of it does not, and the page says so."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    address = re.compile(f"{ending}$")
    walker.page.route(address, lose)
    yield
    expect(walker.page.locator("[data-shown-when=unsure]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    walker.page.unroute(address, lose)
