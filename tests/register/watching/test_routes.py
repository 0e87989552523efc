"""The page of what somebody follows, as a browser asks for it."""

import html
import re
from collections.abc import Iterator

import pytest

from tests.demonstrated import GWYNFOR, SIAN, Demonstrated
from tests.visitors import Visitor


@pytest.fixture
def driver(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.signed_in(GWYNFOR) as visitor:
        yield visitor


def text(visitor: Visitor) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", visitor.page.text))


def test_from_a_system_s_page_to_following_it_and_back_to_nothing(driver: Visitor, demonstrated: Demonstrated) -> None:
    assert "/en/my/follow?system=K7RT3M" in driver.get("/en/my/systems/K7RT3M").text
    driver.get("/en/my/follow?system=K7RT3M")
    assert "You do not follow anything yet" in text(driver)
    fields = driver.hidden()
    assert driver.post("/en/my/follow", {"system": "K7RT3M", "what": fields["what"]}).status_code == 303
    page = driver.get("/cy/my/follow").text
    (stop,) = re.findall(r'action="/cy(/my/follow/[a-z0-9]{26}/stop)"', page)
    with demonstrated.signed_in(SIAN) as stranger:
        stranger.get("/en/my/follow")
        assert stranger.post(f"/en{stop}").status_code == 404
    driver.get("/en/my/follow")
    assert driver.post(f"/en{stop}").status_code == 303
    driver.get("/en/my/follow")
    assert "You do not follow anything yet" in text(driver)


def test_only_what_is_offered_can_be_chosen(driver: Visitor) -> None:
    driver.get("/en/my/follow")
    assert driver.post("/en/my/follow", {"what": "employer:aaaaaaaaaaaaaaaaaaaaaaaaaa"}).status_code == 422
    assert "Select what to follow" in text(driver)
    value = re.findall(r'value="(staff_group:[a-z0-9]{26})"', driver.page.text)[0]
    assert driver.post("/en/my/follow", {"what": value}).status_code == 303
    assert "Staff group" in driver.get("/en/my/follow").text


def test_following_asks_for_a_sign_in(demonstrated: Demonstrated, driver: Visitor) -> None:
    driver.client.cookies.clear()
    assert driver.get("/en/my/follow").status_code in {303, 401, 403}
