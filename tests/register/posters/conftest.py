"""The demonstration's register behind the pages that lead to it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from portal.core.db import Database
from portal.register import routes as register_pages
from portal.register.posters import routes
from portal.settings.models import Settings, read_settings
from tests.prepared import TEST_KEY
from tests.visitors import Visitor, make_rooms, visiting

PUBLIC_URL = "https://porth.example"


@pytest.fixture
def settings(tmp_path: Path, now: datetime) -> Settings:
    """A portal that people reach under an address of its own."""
    clock = tmp_path / "clock"
    clock.write_text(now.isoformat(), encoding="utf-8")
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(tmp_path),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_TEST_CLOCK": str(clock),
            "PORTAL_PUBLIC_URL": PUBLIC_URL + "/",
        }
    )


@pytest.fixture
def visitor(register: Database, settings: Settings) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, register, routes.router, register_pages.router)) as visitor:
        yield visitor
