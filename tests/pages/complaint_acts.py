"""Ways to the pages of one complaint: the first of a list, one of its acts, and what its form says is wrong."""

from typing import Any

from tests.pages.access_acts import Act, press


def first(page: Any, _locale: str) -> None:
    """The first line of the list."""
    press(page, "main table a")


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


def representative(page: Any, locale: str) -> None:
    """Naming somebody who represents one in the first complaint, sent empty."""
    first(page, locale)
    page.goto(f"{page.url}/representative")
    press(page, "main form:last-of-type .buttons button")


def represented(page: Any, locale: str) -> None:
    """The complaint as its representative sees it, with the ten words that naming them gave."""
    representative(page, locale)
    page.locator("main input[name=rep_name]").fill("Carys Bowen")
    page.locator("main input[name=rep_scope][value=speak]").check()
    for share in page.locator("main input[name=share]").all():
        share.check()
    press(page, "main form:last-of-type .buttons button")
    words = " ".join(page.locator(".words span").all_inner_texts())
    page.goto(page.url.partition("/my/")[0] + "/case")
    page.locator("textarea[name=words]").fill(words)
    press(page, "main form .buttons button")
