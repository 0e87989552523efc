"""One small register behind the addresses of open data."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from portal.core.db import Database
from portal.register.importing import import_register
from portal.register.intake import FORMAT, read_register
from portal.register.opendata import routes
from portal.settings.models import Settings, read_settings
from tests.prepared import TEST_KEY
from tests.visitors import Visitor, make_rooms, visiting

PUBLIC_URL = "https://porth.example"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings(tmp_path: Path, now: datetime) -> Settings:
    clock = tmp_path / "clock"
    clock.write_text(now.isoformat(), encoding="utf-8")
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(tmp_path),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_TEST_CLOCK": str(clock),
            "PORTAL_PUBLIC_URL": PUBLIC_URL,
        }
    )


def application(settings: Settings, database: Database) -> FastAPI:
    app = make_rooms(settings, database, routes.router)
    app.include_router(routes.machines)
    return app


@pytest.fixture
def visitor(register: Database, settings: Settings) -> Iterator[Visitor]:
    """A program that asks about the demonstration."""
    with visiting(application(settings, register)) as visitor:
        yield visitor


def take_in(database: Database, now: datetime, *entries: dict[str, Any]) -> None:
    """Import entries, as an operator does."""
    told = {"format": FORMAT, "entries": entries}
    with database.writing() as session:
        import_register(session, read_register(json.dumps(told).encode()), now=now)
