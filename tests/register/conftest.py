"""The demonstration's directory, its register, and entries to spoil."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.core.db import Database
from portal.directory.intake import import_directory, read_directory
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.settings.models import Settings
from tests.prepared import START_OF_TESTS, Prepared

DEMO = Path(__file__).resolve().parents[2] / "portal" / "cli" / "demo"
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def demonstrations_directory(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared[None]:
    def fill(database: Database, _settings: Settings) -> None:
        with database.writing() as session:
            import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=START_OF_TESTS)

    return Prepared(tmp_path_factory.mktemp("directory"), empty_file, fill)


@pytest.fixture(scope="session")
def demonstrations_register(
    demonstrations_directory: Prepared[None], tmp_path_factory: pytest.TempPathFactory
) -> Prepared[None]:
    def fill(database: Database, _settings: Settings) -> None:
        with database.writing() as session:
            import_register(session, read_register((DEMO / "register.json").read_bytes()), now=START_OF_TESTS)

    return Prepared(tmp_path_factory.mktemp("register"), demonstrations_directory.file, fill)


@pytest.fixture
def directory(database: Database, settings: Settings, demonstrations_directory: Prepared[None]) -> Database:
    """A database that knows the bodies, workplaces, staff groups, unions and people of the demonstration."""
    demonstrations_directory.copy_to(settings)
    return database


@pytest.fixture
def register(directory: Database, settings: Settings, demonstrations_register: Prepared[None]) -> Database:
    """The same with the eight systems."""
    demonstrations_register.copy_to(settings)
    return directory


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
