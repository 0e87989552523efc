"""Firefox for the tests, and the fixtures that they share with the same tests in Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.anonymity.box_server import Box, serving
from tests.anonymity.conftest import modules_box, modules_build
from tests.firefox.fox import Firefox, Tab, find_firefox, tab_of

__all__ = ["modules_box", "modules_build"]


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """One Firefox for all tests of a process."""
    path = find_firefox()
    assert path is not None, "a test that uses Firefox carries the marker firefox"
    opened = Firefox(path)
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def modules(firefox: Firefox, modules_build: Path, modules_box: Box) -> Iterator[Tab]:
    """A page on which `sealed` holds the modules of the browser half, under the portal's policy."""
    with serving(modules_box, modules_build) as address, tab_of(firefox, address) as tab:
        tab.goto("/modules")
        yield tab
