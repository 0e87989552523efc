"""Files are cleaned on the device in Firefox as well: the tests of Chromium, unchanged."""

import base64
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.anonymity.box_server import Box, serving
from tests.anonymity.conftest import HARNESS, run_build
from tests.anonymity.test_browser_cleaning import (
    test_both_implementations_say_the_same_of_a_file,
    test_nothing_planted_is_left,
    test_what_was_found_is_told_and_what_remains_too,
)
from tests.firefox.fox import Firefox, tab_of

pytestmark = pytest.mark.firefox

__all__ = [
    "test_both_implementations_say_the_same_of_a_file",
    "test_nothing_planted_is_left",
    "test_what_was_found_is_told_and_what_remains_too",
]


@pytest.fixture(scope="module")
def cleaned(firefox: Firefox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Cleans a file in the browser, each file once."""
    folder = tmp_path_factory.mktemp("cleaning")
    run_build("--out", folder, "--entry", f"modules.js={HARNESS / 'cleaning.js'}")
    with serving(Box(), folder) as address, tab_of(firefox, address) as tab:
        tab.goto("/modules")

        @cache
        def in_browser(data: bytes) -> dict[str, Any]:
            given = base64.b64encode(data).decode()
            found: dict[str, Any] = tab.evaluate("(given) => cleaning.clean(given)", given)
            if "content" in found:
                found["content"] = base64.b64decode(found["content"])
            return found

        yield in_browser
