"""The main journey of a reporter on the portal's own pages, and on the stand-alone page, in Firefox."""

from pathlib import Path

import pytest

from portal.cli.standalone.page import make_standalone
from tests.anonymity.cleaning import pictures
from tests.firefox.fox import Firefox, Tab, tab_of
from tests.serving import Server

pytestmark = [pytest.mark.firefox, pytest.mark.xdist_group("firefox")]

BODY, SYSTEM = "Glannau Ogwen University Health Board", "E-rostering"
TEXT = "Mae’r rota’n rhoi dwy noson hir i’r un tair nyrs."
REPLY = "Edrychwch hefyd ar 14 Tachwedd."


def pick(tab: Tab, label: str) -> None:
    """Choose the radio that is called so, and go on."""
    script = """label => {
        const one = [...document.querySelectorAll("main label")].find((said) => said.textContent.trim() === label);
        document.getElementById(one.htmlFor).click();
    }"""
    tab.evaluate(script, label)
    tab.click("main form button[type=submit]")


def write(tab: Tab, *files: Path) -> str:
    """From who can read it to the receipt; its ten words."""
    tab.wait_for("#to-write")
    assert tab.texts("[data-reader] [data-slot=fingerprint]")[0].count(" ") == 5
    tab.click("#to-write")
    tab.fill("#body", TEXT)
    if files:
        tab.choose("[data-step=write] [data-pick]", *files)
        tab.wait_for("[data-file-list] [data-slot=remains]")
        assert "numbers of the device" in tab.texts("[data-file-list]")[0]
    tab.click("#to-check")
    tab.wait_for("#send")
    assert TEXT in tab.texts("#check-lanes")[0]
    tab.click("#send")
    tab.wait_for("#code-words li", seconds=40)
    words = tab.texts("#code-words li")
    assert len(words) == 10
    return " ".join(words)


def come_back(tab: Tab, words: str) -> list[str]:
    """With the words; what the thread says."""
    tab.wait_for("#words")
    tab.fill("#words", words)
    tab.click("#open")
    tab.wait_for("[data-entries] > li")
    return tab.texts("[data-entries] > li")


def answer(tab: Tab) -> list[str]:
    """Write into the thread; what it says then."""
    tab.fill("#threads textarea", REPLY)
    tab.click("button[data-reply]")
    tab.wait_for('[data-sent=""]')
    return tab.texts("[data-entries] > li")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture that names the camera that made it."""
    path = tmp_path / "IMG_2041.jpg"
    path.write_bytes(pictures.photo().data)
    return path


def test_a_concern_is_written_with_a_picture_and_answered_after_coming_back(
    firefox: Firefox, portal_server: Server, photo: Path
) -> None:
    with tab_of(firefox, portal_server.base_url) as tab:
        tab.goto("/en/concern")
        pick(tab, BODY)
        tab.wait_for("main input[name=about]")
        pick(tab, SYSTEM)
        words = write(tab, photo)
        tab.goto("/en/concern/return")
        said = come_back(tab, words)
        assert TEXT in said[0]
        assert "photo-1.jpg" in said[0]
        tab.click("button[data-open]")
        tab.wait_for("#viewer [data-close]")
        assert REPLY in answer(tab)[-1]


def test_the_stand_alone_page_works_from_a_file_in_both_languages(
    firefox: Firefox, portal_server: Server, tmp_path: Path, photo: Path
) -> None:
    page = tmp_path / "concern.html"
    page.write_bytes(make_standalone(portal_server.base_url, "glannau-ogwen").html)
    with tab_of(firefox) as tab:
        tab.goto(page.as_uri())
        tab.click('#choose a[href="#en"]')
        tab.wait_for("#view[data-view=about] input[name=about]")
        pick(tab, SYSTEM)
        words = write(tab, photo)
        tab.click("[data-to=cy]")
        assert " ".join(tab.texts("#code-words li")) != words
        tab.click('[data-step=receipt] a[href="#cy/return"]')
        said = come_back(tab, words)
        assert TEXT in said[0]
        assert "Wedi’i selio ar ddyfais" in said[0]
        assert REPLY in answer(tab)[-1]
        box = f"{portal_server.base_url}/"
        assert {one.split()[1][: len(box)] for one in tab.requests if "http" in one} == {box}
