"""What every test may use: a real database in a temporary folder, a vault, and a running portal with a browser."""

import base64
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from portal.core.db import Database, checkpoint
from portal.core.ids import new_id
from portal.core.vault import Vault
from portal.settings.models import Settings, read_settings
from tests.firefox.fox import find_firefox
from tests.hanging import AT_MOST_SECONDS, IN_A_BROWSER, START_SECONDS, no_longer_than
from tests.postgres import find_binaries, run_sql, running_postgres

if TYPE_CHECKING:
    from tests.demonstrated import Demonstrated

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same browser without its windows: it costs two thirds of the processor time."""
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TEST_KEY = "t1:" + base64.b64encode(bytes(range(32))).decode()
START_OF_TESTS = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SERVER_STARTS_WITHIN = 60
BEGINNING = "beginning.sqlite3"
HURRIED = {"PORTAL_WORK_BITS": "4", "PORTAL_WAIT_SECONDS": "0", "PORTAL_CALM_A_MINUTE": "100000"}
"""Tests stand at one instant, and send a lot in it: only those about work and waiting slow down."""
TAKES_LONGER = (
    "tests/bench/",
    "tests/leaks/",
    "tests/cli/",
    "tests/anonymity/cleaning/",
    "tests/anonymity/test_browser",
    "tests/anonymity/test_bundle",
    "tests/anonymity/test_story",
    "tests/anonymity/test_readership",
    "tests/concerns/",
    "tests/register/lifecycle/test_routes",
    "tests/mailbox/test_epochs",
    "tests/tools/test_hanging",
)
"""Processes, or whole stories on the whole application: a second and more each."""


@pytest.fixture
def now() -> datetime:
    return START_OF_TESTS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(tmp_path),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_MAILER": "console",
            "PORTAL_ARGON2_MEMORY_KIB": "64",
            "PORTAL_ARGON2_PASSES": "1",
            **HURRIED,
        }
    )


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return settings.vault


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once: copying it costs a fiftieth of making it."""
    from portal.migrations.tables import METADATA

    path = tmp_path_factory.mktemp("tables") / "empty.sqlite3"
    opened = Database(f"sqlite:///{path}")
    METADATA.create_all(opened.engine)
    checkpoint(opened.engine)
    opened.close()
    return path


@pytest.fixture
def database(settings: Settings, empty_file: Path) -> Iterator[Database]:
    """A real database file with every table."""
    shutil.copy(empty_file, settings.data_folder / "porth.sqlite3")
    opened = Database(settings.database)
    yield opened
    opened.close()


NOT_HERE = {
    "postgres": "PostgreSQL is not installed: its tests were left out. On Debian:  apt-get install postgresql",
    "firefox": "Firefox is not installed: its tests were left out. On Debian:  apt-get install firefox-esr",
}
"""What the summary says of tests whose program is not there."""


def missing_programs() -> list[str]:
    """Markers of the tests that cannot run here."""
    found = {"postgres": find_binaries(), "firefox": find_firefox()}
    return [marker for marker, program in found.items() if program is None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longer is marked slow. Without their program tests are deselected, and the summary says so."""
    for item in items:
        where = item.path.relative_to(ROOT).as_posix()
        if where.startswith(TAKES_LONGER) or any(item.get_closest_marker(marker) for marker in NOT_HERE):
            item.add_marker(pytest.mark.slow)
    missing = missing_programs()
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def guarded(item: pytest.Item, seconds: int) -> AbstractContextManager[None]:
    """What ends a test in a browser that hangs."""
    if not IN_A_BROWSER.intersection(getattr(item, "fixturenames", ())):
        return nullcontext()
    return no_longer_than(seconds, lambda: getattr(item, "funcargs", {}).get("chromium"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with guarded(item, START_SECONDS):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with guarded(item, AT_MOST_SECONDS):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with guarded(item, AT_MOST_SECONDS):
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for marker in missing_programs():
        terminalreporter.write_line(NOT_HERE[marker], yellow=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL for the tests of one process."""
    binaries = find_binaries()
    assert binaries is not None, "a test that uses PostgreSQL carries the marker postgres"
    with running_postgres(binaries, free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[Database]:
    """A PostgreSQL database with every table; ``either_database`` empties it after each test."""
    from portal.migrations.tables import METADATA

    run_sql(postgres_server, "CREATE DATABASE porth")
    opened = Database(f"{postgres_server}/porth")
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    name = f"t_{new_id()}"
    run_sql(postgres_server, f"CREATE DATABASE {name}")
    yield f"{postgres_server}/{name}"
    run_sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with every table: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    from portal.migrations.tables import METADATA

    opened: Database = request.getfixturevalue("postgres_database")
    yield opened
    names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    with opened.writing() as session:
        session.execute(text(f"TRUNCATE {names}"))


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, set up once; ``demonstrated`` copies it."""
    from argparse import Namespace

    from portal.cli import demonstration

    folder = tmp_path_factory.mktemp("demonstration")
    clock = folder / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_ARGON2_MEMORY_KIB", "64")
        patch.setenv("PORTAL_ARGON2_PASSES", "1")
        patch.setenv("PORTAL_TEST_CLOCK", str(clock))
        demonstration.run(Namespace(folder=folder, reset=False, serve=False))
    opened = Database(f"sqlite:///{folder / 'porth.sqlite3'}")
    checkpoint(opened.engine)
    opened.close()
    return folder


@pytest.fixture
def demonstrated(demonstration_folder: Path, tmp_path: Path) -> "Iterator[Demonstrated]":
    """A test's own copy of the demonstration."""
    from tests.demonstrated import Demonstrated

    for name in ("porth.sqlite3", "secrets.json", "clock"):
        shutil.copy(demonstration_folder / name, tmp_path / name)
    secrets = json.loads((tmp_path / "secrets.json").read_text(encoding="utf-8"))
    settings = read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(tmp_path),
            "PORTAL_VAULT_KEYS": secrets["vault_keys"],
            "PORTAL_MAILER": "console",
            "PORTAL_UNREVIEWED_WELSH": "true",
            "PORTAL_TEST_CLOCK": str(tmp_path / "clock"),
            "PORTAL_ARGON2_MEMORY_KIB": "64",
            "PORTAL_ARGON2_PASSES": "1",
            **HURRIED,
        }
    )
    opened = Database(settings.database)
    yield Demonstrated(settings, opened, secrets)
    opened.close()


@dataclass(frozen=True)
class Server:
    """A running portal with the demonstration in it."""

    base_url: str
    database_url: str
    folder: Path
    log: Path

    @property
    def secrets(self) -> dict[str, Any]:
        """Passwords and recovery words that the demonstration made."""
        found: dict[str, Any] = json.loads((self.folder / "secrets.json").read_text(encoding="utf-8"))
        return found

    def set_time(self, instant: datetime) -> None:
        """Move the server's clock."""
        part = self.folder / "clock.part"
        part.write_text(instant.astimezone(UTC).isoformat(), encoding="utf-8")
        part.replace(self.folder / "clock")

    def keep_beginning(self) -> None:
        """Note the database as it was set up, for ``begin_anew``."""
        with closing(sqlite3.connect(self.folder / "porth.sqlite3")) as live:
            live.execute("VACUUM INTO ?", (str(self.folder / BEGINNING),))

    def begin_anew(self) -> None:
        """The demonstration as it was set up, under the running server: no test meets what another left behind."""
        with (
            closing(sqlite3.connect(self.folder / BEGINNING)) as beginning,
            closing(sqlite3.connect(self.folder / "porth.sqlite3", timeout=30)) as live,
        ):
            beginning.backup(live)
        self.set_time(START_OF_TESTS)


@dataclass(frozen=True)
class Running:
    server: Server
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_portal(folder: Path, **extra: str) -> Running:
    """``porth demo --serve`` in a folder of its own, on a free port, with a test clock."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    clock = folder / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    log = folder / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
        "PORTAL_PORT": str(port),
        "PORTAL_PUBLIC_URL": base_url,
        "PORTAL_TEST_CLOCK": str(clock),
        "PORTAL_ARGON2_MEMORY_KIB": "1024",
        "PORTAL_ARGON2_PASSES": "1",
        **HURRIED,
        "PYTHONPATH": str(ROOT),
        **extra,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli.main", "demo", "--folder", str(folder), "--serve"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    database_url = extra.get("PORTAL_DATABASE_URL", f"sqlite:///{folder / 'porth.sqlite3'}")
    running = Running(Server(base_url, database_url, folder, log), process)
    wait_until_it_answers(running)
    return running


def wait_until_it_answers(running: Running) -> None:
    deadline = time.monotonic() + SERVER_STARTS_WITHIN
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{running.server.base_url}/en", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    running.stop()
    raise RuntimeError("the portal did not start:\n" + running.server.log.read_text(errors="replace")[-4000:])


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One portal for all browser tests of a process. Take ``fresh_portal`` to find nothing of the tests before."""
    running = start_portal(tmp_path_factory.mktemp("portal") / "demo")
    running.server.keep_beginning()
    yield running.server
    running.stop()


@pytest.fixture
def fresh_portal(portal_server: Server) -> Server:
    portal_server.begin_anew()
    return portal_server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real Chromium, driven by Playwright."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # two browsers and two portals share two cores

    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("Chromium is not installed: on Debian or Ubuntu run  apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()
