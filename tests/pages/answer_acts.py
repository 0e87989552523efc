"""Ways to the pages of two people: an answer that waits for one's decision, one that was released, and its slip."""

from typing import Any

from tests.pages.access_acts import Act, press

APPROVE = "main form[action$='/approve']"


def to_decide(page: Any, _locale: str) -> None:
    """The first answer of the list that somebody else proposed."""
    addresses = [link.get_attribute("href") for link in page.locator("#rows tbody th a").all()]
    origin = page.url.partition("/my/")[0].rpartition("/")[0]
    for address in addresses:
        page.goto(f"{origin}{address}/answer")
        if page.locator(APPROVE).count():
            return
    raise AssertionError("no answer waits for this person")


def sent_back_without_a_word(page: Any, locale: str) -> None:
    to_decide(page, locale)
    press(page, "main form[action$='/back'] button")


def part_of_first(part: str) -> Act:
    """A part of the first request of the list."""

    def act(page: Any, _locale: str) -> None:
        address = page.locator("#rows tbody th a").first.get_attribute("href")
        origin = page.url.partition("/my/")[0].rpartition("/")[0]
        page.goto(f"{origin}{address}/{part}")

    return act


def empty_slip(page: Any, locale: str) -> None:
    part_of_first("slip")(page, locale)
    press(page)
