"""What tests begin with, made once a process by the product's own verbs and copied for each test that wants it."""

import base64
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from portal.core.db import Database, checkpoint
from portal.settings.models import Settings, read_settings

ROOT = Path(__file__).resolve().parents[1]
FULL = os.environ.get("FULL") == "1"
"""Every page in every mode, and what is long at its full length."""
SLOW = os.environ.get("SLOW") == "1"
"""Journeys on a slow device and a slow line: they may take longer, and nothing else may change."""
PICTURES = FULL or os.environ.get("PICTURES") == "1"
"""A picture of every page, and of many a step of the journeys, to be looked at by people."""
START_OF_TESTS = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEST_KEY = "t1:" + base64.b64encode(bytes(range(32))).decode()
HURRIED = {"PORTAL_WORK_BITS": "4", "PORTAL_WAIT_SECONDS": "0", "PORTAL_CALM_A_MINUTE": "100000"}
"""Tests stand at one instant, and send a lot in it: only those about work and waiting slow down."""
CHEAP_PASSWORDS = {"PORTAL_ARGON2_MEMORY_KIB": "64", "PORTAL_ARGON2_PASSES": "1"}

T = TypeVar("T")


def settings_in(folder: Path, **changes: str) -> Settings:
    """The settings of a test whose files lie in this folder."""
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(folder),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_MAILER": "console",
            **CHEAP_PASSWORDS,
            **HURRIED,
            **changes,
        }
    )


class Prepared(Generic[T]):
    """A database file that ``fill`` has filled, and what it gave back: tests read that, and change only their copy."""

    def __init__(self, folder: Path, begin: Path, fill: Callable[[Database, Settings], T]) -> None:
        settings = settings_in(folder)
        self.file = folder / "porth.sqlite3"
        shutil.copy(begin, self.file)
        with closing(Database(settings.database)) as opened:
            self.made = fill(opened, settings)
            checkpoint(opened.engine)

    def copy_to(self, settings: Settings) -> T:
        """Lay a copy where a test's database will be opened: nobody may have opened it yet."""
        shutil.copy(self.file, settings.data_folder / "porth.sqlite3")
        return self.made
