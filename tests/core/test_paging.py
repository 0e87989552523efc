"""Places in a list come from addresses, and so from anybody."""

import base64
import json

import pytest

from portal.core.paging import read_cursor


@pytest.mark.parametrize("value", ["\ud800", "a\u0000b", "a\nb", ["x"], 1.5])
def test_what_no_database_takes_is_no_place(value: object) -> None:
    made = base64.urlsafe_b64encode(json.dumps(["2026-01-01", value]).encode()).decode().rstrip("=")
    assert read_cursor(made, 2) is None
