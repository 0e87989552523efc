"""P17: a portal of many cases kept as README says (the database's own online copy, and the folders beside it), verified
and put back. The ceiling is the raw online copy alone; processor time of the one process that does it.

Verified: every page and index of the copy, its references, the chain of the audit, and what each table holds. Put back:
``porth serve`` starts on the copy, and shows the page that the first portal shows.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from portal.audit.queries import verify_chain
from portal.cli.intake import take_in
from tests.bench.million import fill
from tests.bench.register import directory_file
from tests.bench.scaling import BODIES
from tests.bench.table import Row
from tests.bench.wire import Ask, Line
from tests.bench.world import SYSTEM, World, make_world

CASES = 100_000
BACKUP, RESTORE = 2.0, 1.2
FOLDERS = ("files", "sealed")
DATABASE = "porth.sqlite3"
MIB = 1024 * 1024


def measure_keeping(folder: Path, *, cases: int = CASES) -> list[Row]:
    """Fill a portal, and keep it."""
    world = make_world(folder / "portal")
    with world.database() as database:
        with database.writing() as session:
            take_in(session, "directory", directory_file(BODIES), now=datetime.now(UTC))
        fill(database, cases)
    return keep(world, folder / "copy", cases)


def keep(world: World, copy: Path, cases: int) -> list[Row]:
    """The raw copy, the whole backup with its proof, and the way back."""
    told = f"{cases:,} cases, SQLite"
    raw = spent(lambda: copy_database(world.folder / DATABASE, copy.parent / "raw.sqlite3"))
    whole = spent(lambda: back_up(world.folder, copy))
    proof = spent(lambda: verify(world, copy))
    kept = replace(world, folder=copy, database_url=f"sqlite:///{(copy / DATABASE).absolute()}")
    first, again = (start(one) for one in (world, kept))
    assert first[1] == again[1], "the portal that was put back shows the same page"
    size = (copy / DATABASE).stat().st_size
    return [
        Row("P17", f"backup: {told}", whole, "s", raw),
        Row("P17", f"backup and every proof that it is whole: {told}", whole + proof, "s", raw, BACKUP),
        Row("P17", f"put back, to the first page: {told}", again[0], "s", first[0], RESTORE),
        Row("", f"size of the copy: {told}", size / MIB, "MiB"),
    ]


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: whoever writes meanwhile goes on."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def back_up(source: Path, target: Path) -> None:
    """The database, then the folders: what a row names is there by then."""
    target.mkdir(mode=0o700)
    copy_database(source / DATABASE, target / DATABASE)
    for name in FOLDERS:
        if (source / name).exists():
            shutil.copytree(source / name, target / name)
    shutil.copy(source / "secrets.json", target / "secrets.json")


def verify(world: World, copy: Path) -> None:
    """Nothing is missing, and nothing is broken."""
    kept = replace(world, folder=copy, database_url=f"sqlite:///{(copy / DATABASE).absolute()}")
    with closing(sqlite3.connect(copy / DATABASE)) as there, closing(sqlite3.connect(world.folder / DATABASE)) as here:
        assert there.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert there.execute("PRAGMA foreign_key_check").fetchall() == []
        assert _counted(there) == _counted(here)
    with kept.database() as database, database.reading() as session:
        assert verify_chain(session).broken_at is None
    for name in FOLDERS:
        assert _files(copy / name) == _files(world.folder / name)


def start(world: World) -> tuple[float, bytes]:
    """Processor seconds to the first page, and what a system's page shows."""
    with world.portal(sweeping=False) as served:
        seconds = served.cpu()
        with Line(served.port) as line:
            return seconds, line.ask(Ask.get(f"/cy/s/{SYSTEM}/history", accept_encoding="identity")).body


def _counted(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


def _files(folder: Path) -> dict[str, int]:
    found = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): one.stat().st_size for one in found}
