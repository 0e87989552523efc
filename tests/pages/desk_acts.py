"""Ways to the states of the officer's desk: a date that was pressed, requests selected, a secret address."""

from typing import Any

from tests.pages.access_acts import Act, press


def why(page: Any, _locale: str) -> None:
    """The first row's date, pressed: the list tells why."""
    page.locator("#rows tbody a[href*=why]").first.click()
    page.locator("#rows details[open]").wait_for()


def several(act: str) -> Act:
    """What would happen to the first request of the list."""

    def select(page: Any, _locale: str) -> None:
        page.locator("#rows input[name=case]").first.check()
        press(page, f"#several button[value={act}]")

    return select


def hand_to_nobody(page: Any, locale: str) -> None:
    """Handing over, with no colleague chosen."""
    several("hand_over")(page, locale)
    press(page)


def secret_address(page: Any, _locale: str) -> None:
    """The address of one's calendar, shown once."""
    press(page)
