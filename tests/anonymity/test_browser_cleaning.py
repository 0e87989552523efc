"""Files are cleaned on the device: all that is planted is gone, what is seen and heard stays. In a real browser."""

import base64
import io
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import CannotClean, Reason
from tests.anonymity.box_server import Box, serving
from tests.anonymity.cleaning.marks import Planted, Refused
from tests.anonymity.cleaning.planted import all_refused, planted_files
from tests.anonymity.cleaning.test_planted import layers, marks_left
from tests.anonymity.conftest import HARNESS, run_build

PICTURES = {"jpeg", "png", "webp"}
STREAMED = {*PICTURES, "mp3", "m4a", "mp4", "txt"}
PLANTED = [pytest.param(one, id=one.name) for one in planted_files()]
PLANTED_PICTURES = [pytest.param(one, id=one.name) for one in planted_files() if one.kind in PICTURES]
PLANTED_AND_SEEN = [pytest.param(one, id=one.name) for one in planted_files() if one.visible]


@pytest.fixture(scope="module")
def cleaning_page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that has the cleaning worker."""
    folder = tmp_path_factory.mktemp("cleaning")
    run_build("--out", folder, "--entry", f"modules.js={HARNESS / 'cleaning.js'}")
    with serving(Box(), folder) as found:
        context = chromium.new_context()
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(f"{found}/modules")
        yield page
        context.close()


@pytest.fixture(scope="module")
def cleaned(cleaning_page: Page) -> Any:
    """Cleans a file in the browser, each file once."""

    @cache
    def in_browser(data: bytes) -> dict[str, Any]:
        found: dict[str, Any] = cleaning_page.evaluate("(given) => cleaning.clean(given)", _said(data))
        if "content" in found:
            found["content"] = base64.b64decode(found["content"])
        return found

    return in_browser


def _said(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@pytest.mark.parametrize("one", PLANTED)
def test_nothing_planted_is_left(cleaned: Any, one: Planted) -> None:
    found = cleaned(one.data)
    assert "refused" not in found, found
    assert marks_left(found["content"], one) == []


@pytest.mark.parametrize("one", PLANTED)
def test_what_was_found_is_told_and_what_remains_too(cleaned: Any, one: Planted) -> None:
    found = cleaned(one.data)
    assert one.found <= set(found["found"])
    assert found["found"] == sorted(set(found["found"]))
    assert found["shares"] == sorted(found["shares"])
    assert found["shares"][-1] == 1


@pytest.mark.parametrize("one", PLANTED)
def test_both_implementations_say_the_same_of_a_file(cleaned: Any, one: Planted) -> None:
    found = cleaned(one.data)
    python = clean([one.data])
    octets = b"".join(python.chunks)
    assert found["type"] == python.kind.media_type
    assert found["remains"] == sorted(python.remains)
    assert one.found <= set(python.found)
    if one.kind in STREAMED:
        assert set(found["found"]) == set(python.found)
        assert found["content"] == octets, "byte for byte"


@pytest.mark.parametrize("one", PLANTED_PICTURES)
def test_pixels_and_orientation_of_a_picture_stay(cleaned: Any, one: Planted) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = (Image.open(io.BytesIO(octets)) for octets in (one.data, cleaned(one.data)["content"]))
        assert after.getexif().get(0x0112, 1) == one.orientation
        assert (before.size, before.mode) == (after.size, after.mode)
        assert ImageChops.difference(before.convert("RGBA"), after.convert("RGBA")).getbbox() is None


@pytest.mark.parametrize("one", PLANTED_AND_SEEN)
def test_what_a_reader_sees_stays(cleaned: Any, one: Planted) -> None:
    shown = list(layers(cleaned(one.data)["content"]))
    for text in one.visible:
        assert any(text.encode() in layer for layer in shown), text
    if one.pages:
        with pikepdf.open(io.BytesIO(cleaned(one.data)["content"])) as pdf:
            assert len(pdf.pages) == one.pages


@pytest.mark.parametrize("one", PLANTED)
def test_cleaning_what_is_clean_changes_nothing(cleaned: Any, one: Planted) -> None:
    once = cleaned(one.data)["content"]
    again = cleaned(once)
    assert again["content"] == once
    assert set(again["found"]) <= {"colour_profile"}, again["found"]


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in all_refused()])
def test_what_cannot_be_cleaned_is_refused_for_the_same_reason(cleaned: Any, one: Refused) -> None:
    if one.reason == Reason.HIDDEN_TRACK:
        assert cleaned(one.data)["type"] == "video/mp4", "the browser can look at the end first"
        return
    assert cleaned(one.data) == {"refused": one.reason}
    with pytest.raises(CannotClean) as python:
        b"".join(clean([one.data]).chunks)
    assert python.value.reason == one.reason


@pytest.mark.parametrize("one", PLANTED)
def test_a_broken_file_is_cleaned_or_refused_and_never_stops_the_worker(cleaning_page: Page, one: Planted) -> None:
    script = "([given, seed, rounds]) => cleaning.broken(given, seed, rounds)"
    told = cleaning_page.evaluate(script, [_said(one.data), 20_261_122, 40])
    assert sum(told.values()) == 40
    assert told.keys() - {"cleaned"} <= set(Reason)
    assert "failed" not in told


def _timed(page: Page, file: Path) -> Any:
    page.evaluate("document.body.replaceChildren(Object.assign(document.createElement('input'), { type: 'file' }))")
    page.set_input_files("input", file)
    (told,) = page.evaluate("cleaning.timed(document.querySelector('input'))")
    return told


def test_a_long_recording_is_cleaned_whole(cleaning_page: Page, tmp_path: Path) -> None:
    memo = next(one for one in planted_files() if one.name == "memo.mp3")
    sound = b"".join(clean([memo.data]).chunks)
    file = tmp_path / "long.mp3"
    file.write_bytes(sound * (60_000_000 // len(sound)))
    told = _timed(cleaning_page, file)
    assert told.get("refused") is None
    assert told["size"] == file.stat().st_size


def test_above_the_limit_a_file_is_refused_before_it_is_read(cleaning_page: Page, tmp_path: Path) -> None:
    for name, size, reason in (("a.txt", 64 << 20, "too_large"), ("b.pdf", 16 << 20, "too_large_to_hold")):
        file = tmp_path / name
        with file.open("wb") as out:
            out.write(b"%PDF-1.7\n")
            out.truncate(size + 1)
        assert _timed(cleaning_page, file)["refused"] == reason


def test_a_paper_that_a_browser_prints_keeps_its_pages_and_loses_what_made_it(chromium: Browser, cleaned: Any) -> None:
    printer = chromium.new_page()
    printer.set_content(
        "<title>zqtitle</title><h1>First</h1><a href='https://zqlink.example/'>link</a>"
        "<h2 style='break-before:page'>Second</h2>"
    )
    paper = printer.pdf(tagged=True, outline=True)
    printer.close()
    found = cleaned(paper)
    assert {"software", "dates", "links"} <= set(found["found"])
    for layer in layers(found["content"]):
        assert not any(mark in layer for mark in (b"zqtitle", b"zqlink", b"Skia", b"Chrom", b"D:20"))
    with pikepdf.open(io.BytesIO(paper)) as before, pikepdf.open(io.BytesIO(found["content"])) as after:
        assert after.check_pdf_syntax() == []
        assert len(after.pages) == len(before.pages) == 2
        assert "/Info" not in after.trailer
        assert set(after.Root.keys()) == {"/Type", "/Pages"}
