"""From a sticker in a cab to the system's page; from the register to a poster on a wall and to GOV.UK."""

from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive

pytestmark = pytest.mark.journey

NON = "non.elidir@dyffryn-cledwen.example"


def test_a_driver_types_the_code_from_a_sticker_and_prints_a_poster_for_the_depot(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    gwynfor.go("/systems")
    gwynfor.follow("Enter the code of a system from a poster or sticker")
    code = gwynfor.page.locator("#code")
    code.fill("k7r t30")
    gwynfor.press("Show the system")
    expect(gwynfor.page.locator("main .problem")).to_contain_text("0")
    expect(code).to_have_value("k7r t30")
    code.fill("k7r t3m")
    gwynfor.press("Show the system")
    expect(gwynfor.page.locator("h1")).to_have_text("Telemateg y lorïau casglu")
    gwynfor.follow("A poster, stickers and a QR code to print")
    gwynfor.page.locator("#workplace").select_option("pen-y-lan")
    gwynfor.press("Show")
    expect(gwynfor.page.locator(".poster section[lang=cy]")).to_contain_text("Depo Pen-y-lan")
    expect(gwynfor.page.locator(".poster section[lang=en]")).to_contain_text("Pen-y-lan Depot")
    printed = gwynfor.page.pdf(prefer_css_page_size=True)
    with pikepdf.open(BytesIO(printed)) as sheet:
        assert len(sheet.pages) == 1


def test_the_register_s_editor_exports_a_record_for_gov_uk_and_reads_what_another_lacks(arrive: Arrive) -> None:
    non = arrive("en")
    non.sign_in(NON)
    non.go("/my/desk/register/K7RT3M")
    non.follow("Record for GOV.UK (ATRS)")
    non.expect_said("Every field that the standard asks for is filled.")
    told = non.page.request.get(f"{non.server.base_url}/en/my/desk/register/K7RT3M/atrs.json").json()
    assert told["listing"]["title"] == "Dyffryn Cledwen County Council: Refuse lorry telematics"
    non.go("/my/desk/register/NW9D4V/atrs")
    non.expect_said("What is missing")
    expect(non.page.locator("main")).to_contain_text("2.2.1 Detailed description")
