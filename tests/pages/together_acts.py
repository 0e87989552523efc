"""The way to a cause under which concerns stand."""

from typing import Any


def one_cause(page: Any, _locale: str) -> None:
    """The page of the first cause of the list."""
    page.locator("main li a[href*='/my/concerns/together/']").first.click()
    page.locator("[data-threads]").wait_for(state="attached")
