"""Story 7, its other half: what the union says stands beside what the manager says, and neither can write for the
other; a condition goes all the way; both sides read one record of it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import Arrive

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("responsible")]

CODE = "K7RT3M"
DESK = f"/my/desk/register/{CODE}/voices"
SIGN = f"/my/union/systems/{CODE}/gmb-cledwen/statement"
TERRY, EMYR = "terry.nantlais@gmb.example", "emyr.wyn.daniel@dyffryn-cledwen.example"
STILL_NOT = "Nid ydym yn cytuno â’r trothwy hwn o hyd."


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_union_that_does_not_agree_stands_beside_the_manager_who_cannot_change_it(
    arrive: Arrive, locale: str
) -> None:
    terry = arrive(locale, script=False)
    terry.sign_in(TERRY)
    terry.go("/my/union/systems")
    terry.expect_heading("Systems of the employers that recognise my branch")
    terry.go(DESK)
    terry.tap(terry.page.get_by_role("link", name=terry.say("Write the branch’s statement", "button")))
    terry.choose(terry.say("Did not agree", "position of a union"))
    for lang in ("cy", "en"):
        terry.page.locator(f"[name=text_{lang}]").fill(STILL_NOT if lang == "cy" else "")
    terry.press("Sign the statement")
    terry.expect_heading("What union and employer say")
    terry.expect_text(STILL_NOT)

    worker = arrive(locale, phone=True)
    worker.go(f"/s/{CODE}")
    worker.expect_said("In dispute", "system")
    worker.expect_text(STILL_NOT)
    if locale == "en":
        worker.expect_said("The union wrote in Welsh only")
    worker.shot(f"7-two-voices-{locale}")
    worker.go("/systems/all?disputed=yes")
    expect(worker.page.locator(f"main a[href$='/s/{CODE}']")).to_have_count(1)

    emyr = arrive(locale)
    emyr.sign_in(EMYR)
    emyr.go(SIGN, status=404)
    emyr.expect_not_found()
    emyr.go(DESK)
    statements = emyr.page.get_by_role("link", name=emyr.say("Write the branch’s statement", "button"))
    expect(statements).to_have_count(0)
    emyr.tap(emyr.page.get_by_role("link", name=emyr.say("Write the employer’s answer", "button")).first)
    emyr.page.locator("[name=text_cy]").fill("Byddwn yn trafod y trothwy eto ym mis Ionawr.")
    emyr.page.locator("[name=text_en]").fill("We will discuss the threshold again in January.")
    emyr.press("Publish the answer")
    emyr.expect_heading("What union and employer say")
    worker.go(f"/s/{CODE}")
    worker.expect_text(STILL_NOT)
    worker.expect_text(
        worker.pick("Byddwn yn trafod y trothwy eto ym mis Ionawr.", "We will discuss the threshold again in January.")
    )

    emyr.go("/my/desk/register/consultations")
    emyr.expect_heading("Record of consultation")
    emyr.expect_text(STILL_NOT)
    with emyr.page.expect_download() as download:
        emyr.follow("The same as a CSV file for a spreadsheet")
    assert download.value.suggested_filename.endswith(f"-{locale}.csv")
