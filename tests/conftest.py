"""What every test may use: a real database in a temporary folder, a vault, and a running portal with a browser."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.vault import Vault
from portal.settings.models import Settings
from tests.firefox.fox import find_firefox
from tests.hanging import AT_MOST_SECONDS, IN_A_BROWSER, START_SECONDS, no_longer_than
from tests.once import make_tables, migrate, set_up_once, set_up_without_reviews
from tests.order import is_left_unread, stands_among_long, turn_of
from tests.postgres import empty, find_binaries, run_sql, running_postgres
from tests.prepared import FULL, ROOT, START_OF_TESTS, settings_in
from tests.rows_in_order import watch_rows
from tests.serving import CHROMIUM_ARGS, CHROMIUM_NAMES, Server, free_port, set_up_demonstration, start_portal
from tests.sparing import keep_routes, keep_statements, keep_templates, wait_for_no_disk

if TYPE_CHECKING:
    from tests.demonstrated import Demonstrated

keep_routes()
keep_statements()
keep_templates(ROOT / ".cache" / "templates")
wait_for_no_disk()
watch_rows()
hypothesis.settings.register_profile("porth", deadline=None, derandomize=not FULL)
"""On a busy machine any example takes long now and then; and a merge meets the same examples as the branch did."""
hypothesis.settings.load_profile("porth")


@pytest.fixture
def now() -> datetime:
    return START_OF_TESTS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return settings.vault


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once: copying it costs a fiftieth of making it."""
    return set_up_once(tmp_path_factory, "tables", make_tables) / "empty.sqlite3"


@pytest.fixture(scope="session")
def end_of_migrations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that all migrations have gone over, once: tests copy it."""
    return set_up_once(tmp_path_factory, "migrated", migrate) / "porth.sqlite3"


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


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    where = collection_path.relative_to(ROOT).as_posix() + "/" * collection_path.is_dir()
    return True if is_left_unread(where, config.option.markexpr) else None


def takes_longer(item: pytest.Item) -> bool:
    """Whether it starts something, or plays on the demonstration."""
    if any(item.get_closest_marker(marker) for marker in NOT_HERE):
        return True
    plays = "demonstration_folder" in getattr(item, "fixturenames", ())
    return plays or stands_among_long(item.path.relative_to(ROOT).as_posix())


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """What takes longer is marked slow, before ``-m`` chooses. Then the longest files come first, after the shuffling.

    Without their program tests are deselected, and the summary says so.
    """
    for item in items:
        if takes_longer(item):
            item.add_marker(pytest.mark.slow)
    yield
    items.sort(key=lambda item: turn_of(item.path.relative_to(ROOT).as_posix()))
    missing = missing_programs()
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection() -> None:
    """Nothing that is read is rubbish, so nobody looks for rubbish meanwhile: that took a third of the reading."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Tests stay until the last has run: the garbage collector need not look through them again and again.

    What a test leaves in circles is a few hundred kilobytes, so there is no hurry either.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


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
    for one in terminalreporter.stats.get("rerun", ()):
        terminalreporter.write_line(f"played twice: {one.nodeid}", yellow=True)


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
    opened: Database = request.getfixturevalue("postgres_database")
    yield opened
    empty(opened)


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, set up once; ``demonstrated`` copies it. Without its reviews: tests make their own."""
    return set_up_once(tmp_path_factory, "without-reviews", set_up_without_reviews)


@pytest.fixture(scope="session")
def measured_portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal to be measured, set up once for all processes of a run; ``tests.bench.world.copy_world`` copies it."""
    from tests.bench.world import make_quick_world

    return set_up_once(tmp_path_factory, "measured", make_quick_world)


@pytest.fixture
def demonstrated(demonstration_folder: Path, tmp_path: Path) -> "Iterator[Demonstrated]":
    """A test's own copy of the demonstration."""
    from tests.demonstrated import copy_demonstration

    with copy_demonstration(demonstration_folder, tmp_path) as copied:
        yield copied


@pytest.fixture(scope="session")
def portal_begin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that nobody has visited yet, for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return set_up_demonstration(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory, portal_begin: Path) -> Iterator[Server]:
    """One portal for all browser tests of a process. Take ``fresh_portal`` to find nothing of the tests before."""
    running = start_portal(tmp_path_factory.mktemp("portal") / "demo", begin=portal_begin)
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
