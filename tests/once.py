"""What costs seconds to set up, set up by one process of a run for all of them."""

import fcntl
import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command

from portal.cli.schema import alembic_config
from portal.core.db import Database, checkpoint
from tests.prepared import CHEAP_PASSWORDS, START_OF_TESTS


def set_up_once(tmp_path_factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder that one process of a run fills, while the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := shared / f"{name}.done").exists():
            folder.mkdir()
            fill(folder)
            done.touch()
    return folder


def make_tables(folder: Path) -> None:
    from portal.migrations.tables import METADATA

    opened = Database(f"sqlite:///{folder / 'empty.sqlite3'}")
    METADATA.create_all(opened.engine)
    checkpoint(opened.engine)
    opened.close()


def migrate(folder: Path) -> None:
    command.upgrade(alembic_config(f"sqlite:///{folder / 'porth.sqlite3'}"), "head")


def set_up_without_reviews(folder: Path) -> None:
    """The demonstration before anybody asked for a review, with a clock that stands still."""
    from portal.cli import demonstration

    clock = folder / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CHEAP_PASSWORDS, "PORTAL_TEST_CLOCK": str(clock)}.items():
            patch.setenv(name, value)
        demonstration.run(Namespace(folder=folder, reset=False, serve=False, without=["reviews"]))
    opened = Database(f"sqlite:///{folder / 'porth.sqlite3'}")
    checkpoint(opened.engine)
    opened.close()
