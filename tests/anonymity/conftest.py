"""The scripts as built, a server for them, and pages of a real browser on it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from anonymity.keyring import Keyring, draw_keyring
from tests.anonymity.box_server import Box, Person, serving

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "anonymity/browser/build.mjs"
HARNESS = ROOT / "tests/anonymity/browser_harness"


def run_build(*arguments: str | Path) -> None:
    """Run the build; what it prints is shown if it fails."""
    node = shutil.which("node")
    assert node, "node is needed to build the scripts"
    done = subprocess.run([node, BUILD, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh build with its records."""
    folder = tmp_path_factory.mktemp("build")
    run_build("--out", folder, "--records", folder)
    return folder


@pytest.fixture(scope="session")
def modules_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules for the tests, and the sealing worker."""
    folder = tmp_path_factory.mktemp("modules")
    run_build("--out", folder, "--entry", f"modules.js={HARNESS / 'modules.js'}")
    return folder


@pytest.fixture
def box() -> Box:
    """An empty box."""
    return Box()


@pytest.fixture
def address(box: Box, build: Path) -> Iterator[str]:
    """The server of this box."""
    with serving(box, build) as found:
        yield found


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser profile of its own; an error or a breach of the policy on any of its pages fails the test."""
    context = chromium.new_context(base_url=address)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if "Trusted" in message.text else None)
    context.set_default_timeout(15_000)
    yield context
    context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def modules_box() -> Box:
    """Keeps what the page of the modules sends (`frames`)."""
    return Box()


@pytest.fixture(scope="module")
def modules(chromium: Browser, modules_build: Path, modules_box: Box) -> Iterator[Page]:
    """A page on which `sealed` holds the modules of the browser half."""
    with serving(modules_box, modules_build) as found:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{found}/modules")
        yield page
        context.close()


@pytest.fixture
def keyrings(box: Box) -> dict[str, Keyring]:
    """Keys by name; the page lists manager, deputy, officer, contact, and the representatives of two branches."""
    rows = [
        ("manager", "employer", "always", "line"),
        ("deputy", "employer", "always", "line"),
        ("contact", "independent", "always", None),
        ("officer", "independent", "no-union", None),
        ("rep", "union:b1", "union:b1", None),
        ("other-rep", "union:b2", "union:b2", None),
    ]
    found = {name: draw_keyring() for name, *_ in rows}
    for name, group, when, conflict in rows:
        box.people.append(Person(found[name].card, f"p-{name}", group, when, f"Name of {name}", conflict))
    return found


@pytest.fixture
def page(context: BrowserContext, keyrings: dict[str, Keyring]) -> Page:
    """The concern page in Welsh."""
    page = context.new_page()
    page.goto("/cy/concern")
    return page
