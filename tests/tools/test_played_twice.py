"""A wait in a browser that ran out is waited for once more, and named. What is wrong is never played again."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.prepared import ROOT

STORIES = """
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import chromium, pytest_terminal_summary

NOTED = Path(__file__).with_name("noted")


@pytest.fixture
def page(chromium, request):
    with NOTED.open("a") as noted:
        noted.write(f"{request.node.name}\\n")
    context = chromium.new_context()
    page = context.new_page()
    page.set_content("<title>t</title><h1>Here</h1>")
    yield page
    context.close()


def is_second(request):
    return NOTED.read_text().split().count(request.node.name) > 1


def test_text_late(page, request):
    if is_second(request):
        expect(page.locator("h1")).to_have_text("Here")
    else:
        expect(page.locator("h1")).to_have_text("There", timeout=50)


def test_title_late(page, request):
    if is_second(request):
        expect(page).to_have_title("t")
    else:
        expect(page).to_have_title("u", timeout=50)


@pytest.mark.xdist_group("one")
def test_press_late(page, request):
    if is_second(request):
        page.locator("h1").click()
    else:
        page.locator("h2").click(timeout=50)


def test_never(page):
    expect(page.locator("h2")).to_be_visible(timeout=50)


def test_shown_to_the_wrong(page):
    expect(page.locator("h1")).not_to_contain_text("Here", timeout=50)


def test_one_too_many(page):
    expect(page.locator("h1")).to_have_count(0, timeout=50)


def test_not_hidden(page):
    expect(page.locator("h1")).to_be_hidden(timeout=50)


def test_named(page):
    expect(page.locator("h2"), "sent twice, it became two").to_be_visible(timeout=50)


def test_said(page):
    assert "There" in page.content()


def test_hung(page):
    raise TimeoutError("this test hung: it was ended after 60 seconds")


@pytest.fixture
def logged():
    yield
    assert [] == ["the log repeats what was typed"]


def test_log_and_late(logged, page):
    expect(page.locator("h2")).to_be_visible(timeout=50)
"""
TWICE = {"test_text_late", "test_title_late", "test_press_late", "test_never"}
ONCE = {
    "test_shown_to_the_wrong",
    "test_one_too_many",
    "test_not_hidden",
    "test_named",
    "test_said",
    "test_hung",
    "test_log_and_late",
}


def options() -> list[str]:
    """What tests/run.sh gives for its last part."""
    script = (ROOT / "tests" / "run.sh").read_text("utf-8")
    found = re.search(r"^again=\((.*?)\)$", script, re.MULTILINE | re.DOTALL)
    assert found
    (last,) = (line for line in script.splitlines() if '"${again[@]}"' in line)
    assert '-m "pages or journey"' in last
    return shlex.split(found[1])


def test_only_a_wait_that_ran_out_is_played_again_and_named(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_terminal_summary  # noqa: F401\n")
    (tmp_path / "test_stories.py").write_text(STORIES)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options(), "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "-q"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    noted = (tmp_path / "noted").read_text().split()
    assert {name for name in noted if noted.count(name) == 2} >= TWICE, done.stdout
    assert {name for name in noted if noted.count(name) == 1} == ONCE
    named = set(re.findall(r"^played twice: test_stories\.py::(\w+)", done.stdout, re.MULTILINE))
    assert {name for name in noted if noted.count(name) == 2} == named
    assert set(re.findall(r"^FAILED test_stories\.py::(\w+)", done.stdout, re.MULTILINE)) == ONCE | {"test_never"}
