"""The one file that is the anonymous pages, on a stick and on another host, in real Chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from portal.cli.main import main
from portal.cli.standalone.page import make_standalone
from tests.anonymity.cleaning import pictures
from tests.cli.standing import Holder, hosted
from tests.cli.test_client import PORTAL
from tests.journeys.desk import ELIN
from tests.journeys.sealed import DEPUTY, HEALTH_BOARD, MANAGER, ROSTERING, answer, unlock
from tests.journeys.test_anonymous import ANSWER, open_the_one_that_says
from tests.journeys.walker import walking
from tests.pages.walk import axe_findings, keyboard_findings, open_details, walk_findings
from tests.serving import Server

UNION = ("UNISON Cangen Iechyd Ogwen", "UNISON Ogwen Health Branch")
TEXT = "Mae’r ail nyrs ar goll o’r rota bob nos Sul, ac nid oes neb yn sylwi."
OTHER_TEXT = "The second nurse is missing from the roster every Sunday night."
REFERENCE = "CP-7K2M-93QX"
BESIDE_TEXT = f"I want advice on my complaint. My reference: {REFERENCE}"
REPLY = "Edrychwch hefyd ar 14 Tachwedd."


@pytest.fixture
def stick(portal_server: Server, tmp_path: Path) -> Path:
    """The file for the running portal."""
    path = tmp_path / "concern.html"
    assert main(["client", "--out", str(path), "--portal", portal_server.base_url]) == 0
    return path


@pytest.fixture
def holder(chromium: Browser, portal_server: Server) -> Iterator[Holder]:
    opened = Holder(chromium)
    yield opened
    opened.close(portal_server.base_url)


def state(holder: Holder) -> Any:
    """All that somebody has typed and chosen."""
    return holder.page.evaluate(
        """() => [...document.querySelectorAll("#sealed input, #sealed textarea")].map((one) =>
            [one.id, one.type === "file" ? one.files.length : one.value, one.checked ?? null])"""
    )


def choose_readers_in_both_languages(holder: Holder, stick: Path) -> None:
    holder.open(stick.as_uri(), "cy")
    holder.choose("start", HEALTH_BOARD[0])
    holder.choose("about", ROSTERING[0])
    holder.step("readers")
    holder.leave_out(DEPUTY[0])
    title = holder.page.title()
    welsh = holder.page.locator("[data-reader] [data-slot=fingerprint]").all_inner_texts()
    holder.turn("en")
    english = holder.page.locator("[data-reader] [data-slot=fingerprint]").all_inner_texts()
    assert all(
        one != other and one.count(" ") == other.count(" ") == 5 for one, other in zip(welsh, english, strict=True)
    )
    expect(holder.page.locator("[data-reader]:visible").nth(1)).to_contain_text(DEPUTY[1])
    expect(holder.page.locator("html")).to_have_attribute("lang", "en")
    assert title != holder.page.title() == holder.page.locator("[data-step=readers]").get_attribute("data-title")


def write_with_a_photo(holder: Holder, folder: Path) -> None:
    photo = folder / "IMG_2041.jpg"
    photo.write_bytes(pictures.photo().data)
    holder.page.click("#to-write")
    holder.page.locator("#body").fill(TEXT)
    holder.page.set_input_files("[data-step=write] [data-pick]", photo)
    found = holder.page.locator("[data-file-list] [data-slot=found]")
    expect(found).to_contain_text("the place where it was made")
    before = state(holder)
    holder.turn("cy")
    assert state(holder) == before, "what was typed and chosen stays"
    expect(found).to_contain_text("y man lle")
    expect(found).not_to_contain_text("the place")


def prove(holder: Holder, words: list[str]) -> None:
    """Type the two words that the page asks for."""
    places = holder.page.locator("#proof label [data-slot]").all_inner_texts()
    for name, place in zip(("first", "second"), places, strict=True):
        holder.page.locator(f"#proof-{name}").fill(words[int(place) - 1])
    holder.page.click("#proof-check")
    expect(holder.page.locator("#proof-right")).to_be_visible()


def test_from_a_stick_in_both_languages_to_a_reader_and_back(
    holder: Holder, stick: Path, chromium: Browser, portal_server: Server, tmp_path: Path
) -> None:
    choose_readers_in_both_languages(holder, stick)
    write_with_a_photo(holder, tmp_path)
    words = holder.send()
    assert len(words) == 10
    assert "/cy/" in holder.requests[-1]
    assert not any(TEXT.encode() in body for body in holder.bodies)
    assert not any(all(word.encode() in body for word in words) for body in holder.bodies), "one may be there by chance"
    prove(holder, words)
    holder.turn("en")
    assert holder.page.locator("#code-other").text_content() == " ".join(words)
    assert holder.page.url.endswith("concern.html#en/start"), "no employer, no subject in the address"

    with walking(chromium, portal_server) as arrive:
        elin = arrive("cy")
        unlock(elin, ELIN, portal_server.secrets["recovery_words"][ELIN])
        open_the_one_that_says(elin, TEXT)
        answer(elin, ANSWER)

    holder.page.locator('[data-step=receipt] a[href="#en/return"]').click()
    entries = holder.come_back(words)
    expect(entries).to_have_count(2)
    expect(entries.nth(0)).to_contain_text(TEXT)
    expect(entries.nth(1)).to_contain_text(ANSWER)
    expect(entries.nth(1)).to_contain_text(MANAGER[1])
    holder.turn("cy")
    expect(entries.nth(1)).to_contain_text(MANAGER[0])
    expect(entries.nth(1)).to_contain_text("Tachwedd 2026")
    entries.nth(0).locator("[data-open]").click()
    expect(holder.page.locator("#viewer iframe")).to_be_visible()
    holder.answer(REPLY)
    expect(entries).to_have_count(3)
    stay = holder.page.locator(".changes")
    stay.locator("summary").click()
    stay.get_by_label(MANAGER[0]).check()
    stay.locator("[data-drop]").click()
    expect(holder.page.locator('[data-sent="readers"]')).to_be_visible(timeout=60_000)
    expect(entries).to_have_count(4)


def test_from_a_unions_host_for_one_employer_with_the_union_alone(
    holder: Holder, portal_server: Server, tmp_path: Path
) -> None:
    given = ["--portal", portal_server.base_url, "--body", "glannau-ogwen"]
    assert main(["client", "--out", str(tmp_path / "concern.html"), *given]) == 0
    with hosted(tmp_path) as union:
        holder.open(f"{union}/concern.html", "en")
        holder.choose("about", ROSTERING[1])
        holder.step("readers")
        holder.page.get_by_label(UNION[1], exact=True).check()
        holder.page.click("#to-write")
        expect(holder.page.locator('[data-problem="consent"]')).to_be_visible()
        holder.page.locator("#union-consent").check()
        holder.page.locator("#scope-union").check()
        holder.page.click("#to-write")
        holder.page.locator("#body").fill(OTHER_TEXT)
        holder.page.locator("#whom-everybody").check()
        holder.page.locator("#reporter-name").fill("Siân")
        words = holder.send()
        holder.page.locator('[data-step=receipt] a[href="#en/return"]').click()
        entries = holder.come_back(words)
        expect(entries).to_have_count(1)
        expect(holder.page.locator("#threads")).to_contain_text("Siân")
        expect(holder.page.locator("#share")).to_be_visible()
        holder.page.locator("#share [data-share]").click()
        expect(holder.page.locator('[data-thread="joint"]')).to_be_visible(timeout=60_000)
        holder.page.click("#close")
        holder.step("words")
        expect(holder.page.locator("#threads")).to_be_empty()


def test_on_a_unions_page_somebody_with_a_request_asks_for_that_union_beside_them(
    holder: Holder, portal_server: Server, stick: Path, tmp_path: Path
) -> None:
    with hosted(tmp_path) as union:
        holder.open(f"{union}/concern.html", "en")
        holder.choose("start", HEALTH_BOARD[1])
        holder.choose("about", "I want a union beside me with a request I made")
        readers = holder.step("readers")
        expect(readers).to_contain_text("It is tied to no request")
        holder.page.click("#to-write")
        expect(holder.page.locator('[data-problem="readers"]')).to_be_visible()
        assert findings(holder) == []
        holder.page.get_by_label(UNION[1], exact=True).check()
        holder.page.locator("#union-consent").check()
        holder.page.click("#to-write")
        expect(holder.step("write")).to_contain_text("What did you ask for, and what help do you want?")
        holder.page.locator("#body").fill(BESIDE_TEXT)
        holder.send()
    assert not [line for line in holder.requests if REFERENCE in line]


def test_the_policy_holds_against_the_pages_own_script(holder: Holder, stick: Path, portal_server: Server) -> None:
    holder.open(stick.as_uri(), "en")
    holder.view("start")
    tried = (
        """async (address) => fetch(address, {method: "POST", mode: "no-cors"}).then(() => "went", () => "refused")"""
    )
    for address in ("http://127.0.0.1:9/", f"{portal_server.base_url}/cy/my", f"{portal_server.base_url}/cy/concern"):
        assert holder.page.evaluate(tried, address) == "refused"
    assert all("Content Security Policy" in one for one in holder.troubles)
    holder.troubles.clear()
    holder.requests[:] = [one for one in holder.requests if "/concern/box" in one]


def test_a_portal_that_does_not_answer_is_told_and_asked_again(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "concern.html"
    page.write_bytes(make_standalone("http://127.0.0.1:9").html)
    holder = Holder(chromium)
    holder.open(page.as_uri(), "cy")
    shown = holder.view("unreachable")
    expect(shown.locator("h1")).to_have_text("Nid yw’r porth yn ateb")
    holder.turn("en")
    expect(shown.locator("h1")).to_have_text("The portal does not answer")
    with holder.page.expect_request("http://127.0.0.1:9/**"):
        holder.page.click("#try-again")
    holder.view("unreachable")
    holder.close("http://127.0.0.1:9")


def test_in_a_frame_of_another_page_it_does_not_begin(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "concern.html").write_bytes(make_standalone(PORTAL).html)
    (tmp_path / "around.html").write_text('<!DOCTYPE html><iframe src="concern.html#en"></iframe>', encoding="utf-8")
    holder = Holder(chromium)
    with hosted(tmp_path) as host:
        holder.page.goto(f"{host}/around.html")
        frame = holder.page.frame_locator("iframe")
        expect(frame.locator("#without")).to_be_visible()
        expect(frame.locator("#frame")).to_be_hidden()
        expect(frame.locator("#choose")).to_be_hidden()
    holder.context.close()


def test_without_script_it_leads_to_the_portals_own_pages(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "concern.html").write_bytes(make_standalone(PORTAL).html)
    holder = Holder(chromium, java_script_enabled=False)
    holder.page.goto((tmp_path / "concern.html").as_uri())
    for locale, words in (("cy", "Mae angen JavaScript"), ("en", "This page needs JavaScript")):
        line = holder.page.locator(f'#without p[lang="{locale}"]')
        expect(line).to_contain_text(words)
        expect(line.locator("a")).to_have_attribute("href", f"{PORTAL}/{locale}/concern")
    holder.context.close()


def test_nobody_loses_a_text_by_a_slip(holder: Holder, stick: Path) -> None:
    holder.open(stick.as_uri(), "cy")
    holder.choose("start", HEALTH_BOARD[0])
    holder.choose("about", ROSTERING[0])
    holder.step("readers")
    holder.page.click("#to-write")
    holder.page.locator("#body").fill(TEXT)
    holder.page.locator('footer a[href="#cy/return"]').click()
    expect(holder.page.locator("#losing")).to_be_visible()
    holder.page.click("#stay-in-view")
    expect(holder.page.locator("#body")).to_have_value(TEXT)
    holder.page.locator('footer a[href="#cy/return"]').click()
    holder.page.click("#go-anyway")
    holder.view("return")
    assert holder.page.locator("#body").count() == 0


def test_leaving_shows_an_empty_page_and_forgets(holder: Holder, stick: Path) -> None:
    holder.open(stick.as_uri(), "en")
    holder.choose("start", HEALTH_BOARD[1])
    holder.choose("about", ROSTERING[1])
    holder.step("readers")
    holder.page.click("#to-write")
    holder.page.fill("#body", TEXT)
    holder.page.click("#leave")
    holder.page.wait_for_url("about:blank")
    holder.page.go_back()
    assert TEXT not in holder.page.evaluate("() => [...document.querySelectorAll('textarea')].map((one) => one.value)")


def findings(holder: Holder) -> list[str]:
    """What the page tests look for. Links to views lead to no element: their place is behind #."""
    open_details(holder.page)
    found = walk_findings(holder.page) + axe_findings(holder.page)
    found += keyboard_findings(holder.page)
    return [f"{holder.page.title()}: {one}" for one in found if "no place on the page" not in one]


@pytest.mark.parametrize("language", ["cy", "en"])
def test_every_view_is_accessible_on_a_narrow_screen(
    chromium: Browser, stick: Path, portal_server: Server, language: str
) -> None:
    which = ("cy", "en").index(language)
    holder = Holder(chromium, viewport={"width": 320, "height": 640})
    holder.page.goto(stick.as_uri())
    found = findings(holder)
    holder.open(stick.as_uri(), language)
    holder.view("start")
    found += findings(holder)
    holder.choose("start", HEALTH_BOARD[which])
    holder.view("about")
    found += findings(holder)
    holder.choose("about", ROSTERING[which])
    holder.step("readers")
    found += findings(holder)
    holder.page.click("#to-write")
    holder.step("write")
    holder.page.locator("#body").fill(TEXT)
    found += findings(holder)
    holder.page.click("#to-check")
    holder.step("check")
    found += findings(holder)
    holder.page.locator(f'footer a[href="#{language}/start"]').click()
    found += findings(holder)
    holder.page.click("#go-anyway")
    for view in ("return", "safety"):
        holder.view("start" if view == "return" else "return")
        holder.page.locator(f'footer a[href="#{language}/{view}"]').click()
        expect(holder.view(view).locator("h1:visible")).to_be_visible()
        found += findings(holder)
    holder.context.close()
    assert found == []
