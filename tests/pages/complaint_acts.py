"""Ways to the pages of one complaint: the first of a list, one of its acts, and what its form says is wrong."""

from typing import Any

from tests.pages.access_acts import Act, press


def first(page: Any, _locale: str) -> None:
    """The first line of the list."""
    page.locator("main table a").first.click()
    page.locator("main h1").wait_for()


def act_page(name: str, *, sends: bool = False) -> Act:
    """The form of one act of the first complaint; sent empty, its error state."""

    def go(page: Any, locale: str) -> None:
        first(page, locale)
        page.goto(f"{page.url}/{name}")
        if sends:
            press(page, "main form .buttons button")

    return go


def what_about(page: Any, _locale: str) -> None:
    """The question what a complaint is about."""
    page.locator("input[name=body]").first.check()
    press(page, "main form .buttons button")
    page.locator("textarea[name=what]").fill("Fy nata salwch")
    press(page, "main form .buttons button")
