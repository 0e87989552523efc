"""Ways to the states of material: the list, an item, its decision, what is cut, and what a search owner adds."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from tests.pages.access_acts import press

Act = Callable[[Any, str], None]
ITEM = "main table a[href*='/material/']"


def go(page: Any, path: str) -> None:
    page.goto(urljoin(page.url, path))


def listed(page: Any, _locale: str) -> None:
    """From the queue to the material of the first request that has some."""
    rows = page.locator("main table a[href*='/desk/access/AC-']")
    addresses = [row.get_attribute("href") for row in rows.all()]
    for address in dict.fromkeys(addresses):
        go(page, f"{address.partition('?')[0]}/material")
        if page.locator(ITEM).count():
            return
    raise AssertionError("no request of the demonstration has material")


def item(name: str, end: str = "") -> Act:
    """An item by its name, or a page below it."""

    def act(page: Any, locale: str) -> None:
        listed(page, locale)
        address = page.get_by_role("link", name=name).first.get_attribute("href")
        go(page, address + end)

    return act


def undecided(page: Any, locale: str) -> None:
    """The form of the decision, sent empty."""
    item("rota-medi.xlsx")(page, locale)
    press(page, "button[name=go][value=stay]")


def with_findings(page: Any, locale: str) -> None:
    """The copy that goes out, and what the scan found in it."""
    item("rota-medi.xlsx")(page, locale)
    page.locator("input[name=reporter][value=no]").check()
    page.locator("input[name=decision][value=release]").check()
    press(page, "button[name=go][value=stay]")


def accepting(page: Any, locale: str) -> None:
    """The form that lets a finding stand, sent empty."""
    with_findings(page, locale)
    page.locator("main a[href*='/accept/']").first.click()
    page.wait_for_load_state()
    press(page)


def cut_box(page: Any, locale: str) -> None:
    """A box that lacks its reason, drawn on a page with a box that stands already."""
    item("nodyn-cyfarfod.pdf", "/cut?sort=area")(page, locale)
    for name, value in (("left", "5"), ("top", "30"), ("right", "40"), ("bottom", "39")):
        page.locator(f"#{name}").fill(value)
    page.locator("#exemption").select_option("other_people")
    page.locator("#reason").fill("Cydweithiwr")
    press(page, "button[value=cut]")
    press(page, "button[value=cut]")


def added(page: Any, _locale: str) -> None:
    """From one's own tasks to what was added to the first."""
    address = page.locator("main table a[href*='/my/tasks/']").first.get_attribute("href")
    go(page, f"{address}/material")
