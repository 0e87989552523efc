"""Following what changes: a driver signs in and asks to be told; somebody without an account takes the feed."""

from xml.etree import ElementTree as ET

import pytest

from tests.journeys.walker import Arrive

pytestmark = pytest.mark.journey

GWYNFOR = "gwynfor.hughes@dyffryn-cledwen.example"


def test_a_driver_follows_a_system_in_welsh_and_stops_again(arrive: Arrive) -> None:
    gwynfor = arrive("cy", phone=True, script=False)
    gwynfor.sign_in(GWYNFOR)
    gwynfor.go("/my/systems/K7RT3M")
    gwynfor.follow("Tell me when this changes")
    gwynfor.expect_heading("What we tell you about")
    gwynfor.press("Tell me when this changes", "button")
    gwynfor.expect_text("Telemateg y lorïau casglu")
    gwynfor.shot("2-following")
    gwynfor.tap(gwynfor.page.locator("form[action$='/stop'] button"))
    gwynfor.expect_text(
        gwynfor.say("You do not follow anything yet. What you follow would be listed here, each with a way to stop.")
    )


def test_somebody_without_an_account_takes_the_feed_of_their_work(arrive: Arrive) -> None:
    reader = arrive("en", script=False)
    reader.go("/systems?employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=refuse&kind=employee")
    reader.follow("Follow what changes: by e-mail, feed or calendar")
    reader.expect_heading("Follow what changes on the register")
    address = reader.page.locator("main dl a").first.get_attribute("href") or ""
    answer = reader.page.request.get("/" + address.split("/", 3)[3])
    assert answer.headers["content-type"].startswith("application/atom+xml") and "set-cookie" not in answer.headers
    assert "Refuse lorry telematics" in ET.fromstring(answer.body()).findtext(".//{*}entry/{*}title", "")
