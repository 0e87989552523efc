"""A page with planted defects proves that the page tests can fail."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages.test_pages import is_no_sentence
from tests.pages.walk import Validator, axe_findings, keyboard_findings, large_text_findings, walk_findings

pytestmark = pytest.mark.pages

DEFECTS = Path(__file__).parent / "seeded_defects.html"


@pytest.fixture
def broken(chromium: Any) -> Any:
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.set_content(DEFECTS.read_text(encoding="utf-8"))
    yield page
    context.close()


@pytest.mark.parametrize(
    "planted",
    [
        "2 headings of the first order",
        "a heading level is skipped",
        "the page has no title",
        "pixels wide in a window",
        "two elements have the id twice",
        "points to nothing (missing)",
        "leads to no place",
        "a field has no label",
        "a radio button stands in no fieldset",
        "a table has no caption",
        "a table has no headers",
        "pixels high",
        "the tab order is forced",
    ],
)
def test_the_own_walk_finds_what_was_planted(broken: Any, planted: str) -> None:
    assert any(planted in one for one in walk_findings(broken))


@pytest.mark.parametrize("planted", ["color-contrast", "image-alt", "html-has-lang", "label"])
def test_axe_finds_what_was_planted(broken: Any, planted: str) -> None:
    assert any(f"axe {planted}" in one for one in axe_findings(broken))


@pytest.mark.parametrize("planted", ["focus does not show", "is covered"])
def test_the_keyboard_walk_finds_what_was_planted(broken: Any, planted: str) -> None:
    assert any(planted in one for one in keyboard_findings(broken))


def test_large_text_that_runs_off_the_screen_is_found(broken: Any) -> None:
    assert large_text_findings(broken) != []


def test_wrong_html_is_found(validator: Validator) -> None:
    found = " ".join(validator.findings(DEFECTS.read_text(encoding="utf-8")))
    assert "no-dup-id" in found
    assert "close-order" in found or "element-permitted-content" in found


def test_right_html_is_not_found(validator: Validator) -> None:
    assert (
        validator.findings('<!DOCTYPE html>\n<html lang="cy"><head><title>Iawn</title></head><body></body></html>')
        == []
    )


def test_a_sentence_that_nobody_translated_is_found() -> None:
    written = "Llinos Dafis Board Secretary"
    assert not is_no_sentence("Somebody forgot this one, and that too", written)
    assert is_no_sentence("Llinos Dafis – Board Secretary, 7 September 2026", written)
