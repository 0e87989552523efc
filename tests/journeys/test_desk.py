"""The officer's list on a bad morning: true days, the reason behind a date, keys, several requests handed over at once.

These journeys move the clock, so they have a portal to themselves.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import ask_for_data
from tests.journeys.walker import Arrive
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("officer")]

SIAN = "sian.prydderch@glannau-ogwen.example"
ALED = "aled.wyn.roberts@glannau-ogwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
BETHAN = "bethan.islwyn@glannau-ogwen.example"


def on(server: Server, year: int, month: int, day: int, minute: int = 0) -> None:
    server.set_time(datetime(year, month, day, 9, minute, tzinfo=UTC))


def test_a_request_of_the_last_of_january_is_due_on_the_first_of_march_and_pressing_the_date_tells_why(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2027, 1, 31)
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    case_z = ask_for_data(sian, "Fy sifftiau i gyd")
    sian.expect_text("1 Mawrth 2027")
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go("/my/desk/access?from-day=31&from-month=1&from-year=2027")
    row = rhodri.page.locator("#rows tbody tr").filter(has_text=case_z)
    expect(row).to_contain_text("1 March 2027")
    rhodri.page.evaluate("window.stays = true")
    row.locator("td a").first.click()
    row = rhodri.page.locator("#rows tbody tr").filter(has_text=case_z)
    expect(row).to_contain_text("One month later is 28 February 2027")
    expect(row).to_contain_text("28 February 2027 is not a working day (Sunday), so the date moves to 1 March 2027")
    assert rhodri.page.evaluate("window.stays"), "the list alone was fetched"
    rhodri.shot("8-why")

    rhodri.go("/my/desk/access/keys")
    rhodri.press("Turn on")
    rhodri.expect_said("The shortcuts are on in this browser.")
    rhodri.go("/my/desk/access?from-day=31&from-month=1&from-year=2027")
    rhodri.page.keyboard.press("j")
    rhodri.page.keyboard.press("x")
    expect(rhodri.page.locator("#rows input[name=case]:checked")).to_have_count(1)
    rhodri.page.keyboard.press("Enter")
    rhodri.expect_text(f"Access request: {case_z}")
    rhodri.press("Take it on")
    expect(rhodri.main).to_contain_text("Rhodri Vaughan")

    on(portal_server, 2027, 1, 31, 2)
    bethan = arrive("cy")
    bethan.sign_in(BETHAN)
    bethan.go(f"/my/desk/access/{case_z}")
    bethan.expect_text("Agorwyd 2 funud yn ôl gan: Rhodri Vaughan")
    bethan.shot("8-colleague")


def test_several_requests_go_to_a_colleague_and_a_choice_is_kept(arrive: Arrive, portal_server: Server) -> None:
    on(portal_server, 2026, 11, 25)
    asked = []
    for address in (SIAN, ALED):
        worker = arrive("cy", phone=True)
        worker.sign_in(address)
        asked.append(ask_for_data(worker, "Fy sgôr salwch"))
        worker.expect_text("29 Rhagfyr 2026")
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go("/my/desk/access?handler=nobody&from-day=25&from-month=11&from-year=2026")
    rhodri.main.get_by_text(rhodri.say("My saved choices")).click()
    rhodri.fill("Name", "Newydd heddiw")
    rhodri.press("Save what is shown now")
    for reference in asked:
        rhodri.page.get_by_label(f"{rhodri.say('Select:')} {reference}").check()
    rhodri.tap(rhodri.page.locator("#several").get_by_role("button", name=rhodri.say("Hand over to a colleague")))
    rhodri.choose("Bethan Islwyn")
    rhodri.press("Hand over")
    for reference in asked:
        expect(rhodri.page.locator("main tr").filter(has_text=reference)).to_contain_text("Works on it: Bethan Islwyn")
    rhodri.shot("8-handed-over")
    rhodri.go("/my/desk/access")
    rhodri.main.get_by_text(rhodri.say("My saved choices")).click()
    rhodri.tap(rhodri.page.get_by_role("link", name="Newydd heddiw"))
    for reference in asked:
        expect(rhodri.page.locator("#rows")).not_to_contain_text(reference)
    bethan = arrive("cy")
    bethan.sign_in(BETHAN)
    bethan.go("/my/desk/access?handler=me&from-day=25&from-month=11&from-year=2026")
    for reference in asked:
        expect(bethan.page.locator("#rows")).to_contain_text(reference)
