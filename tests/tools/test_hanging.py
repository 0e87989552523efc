"""What hangs is ended, and what comes after it is not harmed."""

import time
from typing import Any

import pytest

from tests.hanging import no_longer_than


def test_a_page_that_never_answers_is_ended_and_the_next_test_has_its_browser(chromium: Any) -> None:
    page = chromium.new_context().new_page()
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="hung"), no_longer_than(1, lambda: chromium):
        page.evaluate("new Promise(() => {})")
    assert time.monotonic() - began < 20
    context = chromium.new_context()
    assert context.new_page().evaluate("1 + 1") == 2
    context.close()


def test_what_waits_outside_a_browser_is_ended_where_it_stands() -> None:
    with pytest.raises(TimeoutError, match="hung"), no_longer_than(1):
        time.sleep(20)


def test_what_ends_in_time_is_left_alone() -> None:
    with no_longer_than(1):
        value = 1
    assert value == 1
    time.sleep(1.1)
