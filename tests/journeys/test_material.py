"""Story 4, the material: a spreadsheet that hides 1,204 rows is named, fixed, and only then stands in nobody's way."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive, Walker
from tests.pages.material_acts import listed
from tests.pages.places import BOARD_OFFICER as RHODRI

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("officer")]

EXPORT = b"Somebody told us about the rota.\n\nporth-sealed-export\n"


def add(rhodri: Walker, name: str, data: bytes) -> None:
    rhodri.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    rhodri.press("Add these files")


def test_a_spreadsheet_with_a_hidden_sheet_blocks_the_answer_until_it_is_fixed(arrive: Arrive) -> None:
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go("/my/desk/access?show=redacting")
    listed(rhodri.page, "en")
    add(rhodri, "concern.txt", EXPORT)
    rhodri.expect_text("This is an export of the sealed channel, or holds one.")
    rhodri.expect_text("2 items are not decided: 1, 2")
    rhodri.tap(rhodri.page.get_by_role("link", name="rota-medi.xlsx"))
    rhodri.page.locator("input[name=reporter][value=no]").check()
    rhodri.page.locator("input[name=decision][value=release]").check()
    rhodri.press("Save the decision")
    rhodri.expect_text("Sheet “Pawb” is hidden and has 1,204 rows")
    rhodri.shot("material-finding")
    rhodri.press("Fix what can be fixed")
    rhodri.expect_text("Nothing is hidden in this copy.")

    rhodri.tap(rhodri.page.get_by_role("link", name="Next item"))
    rhodri.page.locator("input[name=reporter][value=no]").check()
    rhodri.page.locator("input[name=decision][value=part]").check()
    rhodri.page.locator("input[name=exemption][value=privilege]").check()
    rhodri.fill("Reason", "Legal advice about a colleague")
    rhodri.press("Save the decision")
    rhodri.tap(rhodri.page.get_by_role("link", name="Choose what to cut"))
    rhodri.tap(rhodri.page.get_by_role("link", name="A box on a page"))
    draw_over_the_name(rhodri)
    rhodri.page.locator("select[name=exemption]").select_option("other_people")
    rhodri.fill("Reason", "A colleague")
    rhodri.press("Add this cut")
    expect(rhodri.page.locator(".drawing.live .box")).to_have_count(2)
    rhodri.shot("material-box")
    rhodri.press("Make the copy")
    rhodri.expect_text("Nothing is hidden in this copy.")
    rhodri.tap(rhodri.page.get_by_role("link", name="Look at the copy"))
    rhodri.page.get_by_text("The words of this page").click()
    left = rhodri.page.locator("pre").inner_text()
    assert "Parry" not in left
    assert "Trafodwyd y sifftiau hir." in left
    rhodri.tap(rhodri.page.get_by_role("link", name="Back"))
    rhodri.tap(rhodri.page.get_by_role("link", name="Back"))
    rhodri.expect_text("Everything is decided, and nothing hidden goes out.")


def draw_over_the_name(rhodri: Walker) -> None:
    """With the mouse over the black box of the page; then the right edge a little further with the keyboard."""
    picture = rhodri.page.locator(".drawing")
    expect(picture).to_have_class(re.compile("live"))
    rhodri.page.wait_for_load_state()  # the page's picture gives it its height
    picture.scroll_into_view_if_needed()
    frame = picture.bounding_box()
    assert frame is not None
    mouse = rhodri.page.mouse
    mouse.move(frame["x"] + frame["width"] * 0.04, frame["y"] + frame["height"] * 0.3)
    mouse.down()
    mouse.move(frame["x"] + frame["width"] * 0.4, frame["y"] + frame["height"] * 0.39)
    mouse.up()
    rhodri.page.locator(".drawing .box.new").press("Shift+ArrowRight")
    expect(rhodri.page.locator("#right")).to_have_value(re.compile(r"^(40\.\d*[1-9]\d*|41(\.\d+)?)$"))
