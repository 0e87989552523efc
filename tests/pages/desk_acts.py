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


def several_concerns(page: Any, _locale: str) -> None:
    """What would happen if one took every concern on."""
    for box in page.locator("#several input[name=case]").all():
        box.check()
    page.locator("#several select[name=act]").select_option("take")
    press(page, "#several button[type=submit]")
    page.locator("form[action$='/several/done']").wait_for()


def done_to_several(page: Any, locale: str) -> None:
    """What came of each, and the way back."""
    several_concerns(page, locale)
    press(page, "form[action$='/several/done'] button")
    page.locator("form[action$='/undo']").wait_for()


def told_concern(page: Any, _locale: str) -> None:
    """What was told about one concern, and what can be pressed."""
    page.locator("#queue a[data-case]").first.click()
    page.locator("form[action$='/tell']").wait_for(state="attached")
