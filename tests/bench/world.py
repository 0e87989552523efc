"""A portal to be measured: the demonstration as ``porth demo`` makes it, and systems enough to fill a page."""

import json
import os
import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from portal.cli import demonstration
from portal.cli.intake import take_in
from portal.core.db import Database
from portal.settings.models import Settings
from tests.bench.processes import Served
from tests.prepared import ROOT

REGISTER = ROOT / "portal" / "cli" / "demo" / "register.json"
COPIES = 6
EASY_BITS = 4
"""What the server does for a ticket is the same for any number; the bench need not work as hard as a device."""
BODY, SYSTEM = "glannau-ogwen", "RT4S7K"
ALPHABET = "23456789"
QUICK_KIB, QUICK_PASSES = 64, 1


@dataclass(frozen=True)
class World:
    """A filled portal in a folder, not yet running."""

    folder: Path
    database_url: str
    argon2_kib: int
    argon2_passes: int

    @property
    def secrets(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "secrets.json").read_text(encoding="utf-8"))
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a server on it; what is not named has its default, argon2 included."""
        return {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(self.folder),
            "PORTAL_DATABASE_URL": self.database_url,
            "PORTAL_VAULT_KEYS": self.secrets["vault_keys"],
            "PORTAL_MAILER": "console",
            "PORTAL_UNREVIEWED_WELSH": "true",
            "PORTAL_WORK_BITS": str(EASY_BITS),
            "PORTAL_WAIT_SECONDS": "0",
            "PORTAL_CALM_A_MINUTE": "1000000",
            "PORTAL_ARGON2_MEMORY_KIB": str(self.argon2_kib),
            "PORTAL_ARGON2_PASSES": str(self.argon2_passes),
        }

    def portal(
        self, module: str = "portal.cli.main", *, sweeping: bool = True, log: str = "server.log", **settings: str
    ) -> Served:
        """A server on it, as ``porth serve`` starts it, its timed duties included; settings may differ."""
        environment = self.environment | {f"PORTAL_{name.upper()}": value for name, value in settings.items()}
        command = ["-m", module, "serve", *([] if sweeping else ["--no-sweep"])]
        return Served(command, self.folder / log, environment=environment, first="/en")

    def ceilings(self) -> Served:
        """The ceilings, on the same database."""
        command = ["-m", "tests.bench.ceilings", "serve", "{port}", self.database_url]
        return Served(command, self.folder / "ceilings.log", environment={}, first="/hello")

    @contextmanager
    def database(self) -> Iterator[Database]:
        opened = Database(self.database_url)
        yield opened
        opened.close()


def make_world(folder: Path, database_url: str = "", *, argon2_kib: int = 0, argon2_passes: int = 0) -> World:
    """Fill a portal. Without argon2 parameters it has the product's own."""
    folder.mkdir(parents=True, exist_ok=True)
    url = database_url or f"sqlite:///{(folder / 'porth.sqlite3').absolute()}"
    defaults = Settings()
    world = World(folder, url, argon2_kib or defaults.argon2_memory_kib, argon2_passes or defaults.argon2_passes)
    own = {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_ARGON2_MEMORY_KIB": str(world.argon2_kib),
        "PORTAL_ARGON2_PASSES": str(world.argon2_passes),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    with patch.dict(os.environ, clean | own, clear=True), redirect_stdout(StringIO()):
        demonstration.run(Namespace(folder=folder, reset=False, serve=False))
    with world.database() as database, database.writing() as session:
        take_in(session, "register", more_systems(COPIES), now=datetime.now(UTC))
    return world


def copy_world(begin: Path, folder: Path) -> World:
    """The portal that ``make_quick_world`` filled, in a folder of its own."""
    shutil.copytree(begin, folder, dirs_exist_ok=True)
    return World(folder, f"sqlite:///{(folder / 'porth.sqlite3').absolute()}", QUICK_KIB, QUICK_PASSES)


def make_quick_world(folder: Path) -> None:
    """One for tests that measure no password."""
    make_world(folder, argon2_kib=QUICK_KIB, argon2_passes=QUICK_PASSES)


def more_systems(copies: int) -> bytes:
    """The demonstration's systems again, under other names and codes."""
    register = json.loads(REGISTER.read_text(encoding="utf-8"))
    entries = []
    for copy in range(copies):
        for number, entry in enumerate(register["entries"]):
            new = deepcopy(entry)
            new.pop("earlier", None)
            new["slug"] = f"{entry['slug']}-{copy + 2}"
            new["short_code"] = f"BN{ALPHABET[copy]}{ALPHABET[number]}XX"
            for name in new["record"]["name"]:
                new["record"]["name"][name] += f" {copy + 2}"
            entries.append(new)
    return json.dumps({**register, "entries": entries}, ensure_ascii=False).encode()
