"""Story 4, the material: a spreadsheet that hides 1,204 rows is named, fixed, and only then stands in nobody's way."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.documents.papers import simple
from tests.documents.sheets import hiding
from tests.journeys.test_officer import RHODRI, SIAN, log_request, open_case, start_work
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("officer")]

EXPORT = b"Somebody told us about the rota.\n\nporth-sealed-export\n"


def come_to_material(rhodri: Walker, reference: str) -> None:
    """Every planned search is left out with its reason; then the request is at its material."""
    rhodri.go(f"/my/desk/access/{reference}/search")
    links = rhodri.page.locator("main table a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    if not links:
        rhodri.press("Add this place")
        links = rhodri.page.locator("main table a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for link in links:
        rhodri.page.goto(rhodri.server.base_url + link)
        rhodri.fill("Why is it reasonable and proportionate not to search here?", "It is on paper in our own cupboard.")
        rhodri.press("Do not search here")


def add(rhodri: Walker, *files: tuple[str, bytes]) -> None:
    rhodri.page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    )
    rhodri.press("Add these files")


def test_a_spreadsheet_with_a_hidden_sheet_blocks_the_answer_until_it_is_fixed(arrive: Arrive) -> None:
    setting_up = arrive("en")
    setting_up.server.set_time(datetime(2026, 11, 23, 9, tzinfo=UTC))
    setting_up.sign_in(RHODRI)
    reference = log_request(setting_up, SIAN, 20)
    rhodri = start_work(arrive, reference)
    come_to_material(rhodri, reference)
    open_case(rhodri, reference)
    rhodri.go(f"/my/desk/access/{reference}/material")
    add(rhodri, ("rota.xlsx", hiding(1204)), ("note.pdf", simple(b"About Mali Tudur", b"Gwyn was there")), ("concern.txt", EXPORT))
    rhodri.expect_text("This is an export of the sealed channel, or holds one.")
    rhodri.go(f"/my/desk/access/{reference}/material")
    rhodri.shot("material")
    rhodri.page.get_by_role("link", name="rota.xlsx").click()
    rhodri.page.locator("input[name=reporter][value=no]").check()
    rhodri.page.locator("input[name=decision][value=release]").check()
    rhodri.press("Save the decision")
    rhodri.expect_text("Sheet “Mali list” is hidden and has 1,204 rows")
    rhodri.shot("material-finding")
    rhodri.press("Fix what can be fixed")
    rhodri.expect_text("Nothing is hidden in this copy.")

    rhodri.page.get_by_role("link", name="Next item").click()
    rhodri.page.locator("input[name=reporter][value=no]").check()
    rhodri.page.locator("input[name=decision][value=part]").check()
    rhodri.page.locator("input[name=exemption][value=privilege]").check()
    rhodri.fill("Reason", "Legal advice about a colleague")
    rhodri.press("Save the decision")
    rhodri.page.get_by_role("link", name="Choose what to cut").click()
    rhodri.page.get_by_role("link", name="A box on a page").click()
    draw_over_the_name(rhodri)
    rhodri.page.locator("select[name=exemption]").select_option("other_people")
    rhodri.fill("Reason", "A colleague")
    rhodri.press("Add this cut")
    expect(rhodri.page.locator(".drawing.live .box")).to_have_count(2)
    rhodri.shot("material-box")
    rhodri.press("Make the copy")
    rhodri.expect_text("Nothing is hidden in this copy.")
    rhodri.page.get_by_role("link", name="Look at the copy").click()
    rhodri.page.get_by_text("The words of this page").click()
    left = rhodri.page.locator("pre").inner_text()
    assert "Mali" not in left
    assert "Gwyn was there" in left
    rhodri.go(f"/my/desk/access/{reference}/material")
    rhodri.expect_text("Everything is decided, and nothing hidden goes out.")


def draw_over_the_name(rhodri: Walker) -> None:
    """With the mouse over the first line of the page; then the right edge a little further with the keyboard."""
    picture = rhodri.page.locator(".drawing")
    expect(picture).to_have_class(re.compile("live"))
    picture.scroll_into_view_if_needed()
    frame = picture.bounding_box()
    assert frame is not None
    mouse = rhodri.page.mouse
    mouse.move(frame["x"] + frame["width"] * 0.02, frame["y"] + frame["height"] * 0.02)
    mouse.down()
    mouse.move(frame["x"] + frame["width"] * 0.9, frame["y"] + frame["height"] * 0.175)
    mouse.up()
    rhodri.page.locator(".drawing .box.new").press("Shift+ArrowRight")
    right = float(rhodri.page.locator("#right").input_value())
    assert 90 < right < 92
