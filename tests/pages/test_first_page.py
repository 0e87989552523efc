"""The neutral page, which has two languages and no path of either: whole for everybody, and its cookie goes nowhere else."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.walk import Traffic, Validator, axe_findings, keyboard_findings, large_text_findings, walk_findings
from tests.serving import Server

pytestmark = pytest.mark.pages


def test_the_neutral_page_is_whole_for_everybody(portal_server: Server, chromium: Any, validator: Validator) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 900})
    page = context.new_page()
    traffic = Traffic(portal_server.base_url)
    traffic.listen(page)
    page.goto(portal_server.base_url)
    found = walk_findings(page) + axe_findings(page) + large_text_findings(page) + keyboard_findings(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    found += walk_findings(page) + axe_findings(page) + traffic.foreign + traffic.complaints
    found += validator.findings(traffic.source)
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("locale", "name"), [("cy", "Cymraeg"), ("en", "English")])
def test_a_choice_is_kept_for_the_neutral_page_and_sent_to_no_other(
    portal_server: Server, chromium: Any, locale: str, name: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(portal_server.base_url)
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(f"{portal_server.base_url}/{locale}")
    for path in ("/", f"/{locale}", f"/{locale}/concern", f"/{locale}/my"):
        assert context.cookies(f"{portal_server.base_url}{path}") == []
    page.goto(portal_server.base_url)
    expect(page).to_have_url(f"{portal_server.base_url}/{locale}")
    page.goto(f"{portal_server.base_url}/choose?again")
    expect(page.get_by_role("link")).to_have_text(["Cymraeg", "English"])
    context.close()
