"""The demonstration's directory, its register, and entries to spoil."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from portal.account import routes as account
from portal.core.db import Database, checkpoint
from portal.directory.intake import import_directory, read_directory
from portal.register import routes as register_routes
from portal.register.corrections import routes as corrections
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.settings.models import Settings, read_settings
from tests.prepared import START_OF_TESTS, TEST_KEY
from tests.visitors import Visitor, make_rooms, visiting

DEMO = Path(__file__).resolve().parents[2] / "portal" / "cli" / "demo"
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> dict[str, Path]:
    """Database files with the demonstration's directory, and with its register too: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("register")
    files = {name: folder / f"{name}.sqlite3" for name in ("directory", "register")}
    shutil.copy(empty_file, files["directory"])
    opened = Database(f"sqlite:///{files['directory']}")
    with opened.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=START_OF_TESTS)
    checkpoint(opened.engine)
    shutil.copy(files["directory"], files["register"])
    opened.close()
    opened = Database(f"sqlite:///{files['register']}")
    with opened.writing() as session:
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=START_OF_TESTS)
    checkpoint(opened.engine)
    opened.close()
    return files


@pytest.fixture
def directory(
    filled: dict[str, Path], database: Database, settings: Settings, request: pytest.FixtureRequest
) -> Database:
    """A database that knows the bodies, workplaces, staff groups, unions and people of the demonstration."""
    file = filled["register" if "register" in request.fixturenames else "directory"]
    shutil.copy(file, settings.data_folder / "porth.sqlite3")  # nobody has opened the test's own yet
    return database


@pytest.fixture
def register(directory: Database) -> Database:
    """The same with the eight systems."""
    return directory


@pytest.fixture
def stopped(settings: Settings, now: datetime) -> Settings:
    """The settings of the tests, with the clock stopped."""
    clock = settings.data_folder / "clock"
    clock.write_text(now.isoformat(), encoding="utf-8")
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(settings.data_folder),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_TEST_CLOCK": str(clock),
            "PORTAL_ARGON2_MEMORY_KIB": "64",
            "PORTAL_ARGON2_PASSES": "1",
        }
    )


@pytest.fixture
def reader(register: Database, stopped: Settings) -> Iterator[Visitor]:
    """A browser on the register's pages."""
    with visiting(make_rooms(stopped, register, register_routes.router, corrections.router, account.router)) as visitor:
        yield visitor


@pytest.fixture
def entry() -> dict[str, Any]:
    """The entry of FORMAT.md, to be changed."""
    text = (Path(__file__).resolve().parents[2] / "portal" / "register" / "FORMAT.md").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.split("```json\n")[1].split("```")[0])["entries"][0]
    return found


@pytest.fixture
def as_file() -> Callable[..., bytes]:
    """Entries as the bytes of a file."""

    def write(*entries: dict[str, Any]) -> bytes:
        return json.dumps({"format": "porth-register/1", "entries": entries}, ensure_ascii=False).encode()

    return write
