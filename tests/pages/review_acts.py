"""Ways to the pages of one review: the first of a list that has one, and what its form says is wrong."""

from typing import Any

from tests.pages.access_acts import Act, press
from tests.pages.complaint_acts import first


def inside(part: str) -> Act:
    """A page of the first review of the list."""

    def open_part(page: Any, locale: str) -> None:
        first(page, locale)
        page.goto(page.url.partition("?")[0] + part)

    return open_part


def nothing_added(page: Any, locale: str) -> None:
    """An owner who adds an item without a word."""
    first(page, locale)
    press(page, "main form[action$='/add'] .buttons button")


def looked_at(page: Any, locale: str) -> None:
    """The page of a reviewer who has seen the output, concluding too early."""
    for number in range(page.locator("main table tbody tr").count()):
        page.locator("main table tbody tr a").nth(number).click()
        page.wait_for_load_state()
        if page.locator("input[name=act][value=conclude]").count():
            press(page, "main form:has(input[name=act][value=issue]) .buttons button")
            return
        page.go_back()
    raise AssertionError(f"no review is open to its reviewer in {locale}")
