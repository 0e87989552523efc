"""A PostgreSQL of the tests' own: in a temporary folder, on a free port, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import text

from portal.core.db import Database

OWNER = "postgres"
STARTS_WITHIN = 30
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")


def find_binaries() -> Path | None:
    """The newest installed PostgreSQL's programs, or None."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name.partition(".")[0]), default=None)


@contextmanager
def running_postgres(binaries: Path, port: int) -> Iterator[str]:
    """The address of a server without a database in it. PostgreSQL refuses to run as root, so root hands it over."""
    folder = Path(tempfile.mkdtemp(prefix="porth-pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["runuser", "-u", OWNER, "--"]
    data = folder / "data"
    made = [str(binaries / "initdb"), "-D", str(data), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run([*as_owner, *made], check=True, capture_output=True, cwd=folder)
    options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}", *QUICK]
    command = [str(binaries / "postgres"), "-D", str(data), *(part for one in options for part in ("-c", one))]
    log = folder / "log"
    with log.open("wb") as out:
        server = subprocess.Popen([*as_owner, *command], stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _wait(port, server, log)
        yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}"
    finally:
        subprocess.run([*as_owner, str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
                       capture_output=True, cwd=folder)  # fmt: skip
        server.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-2000:])


def empty(database: Database) -> None:
    """Take every row out. To truncate a table costs as much when there is nothing in it, and almost all are empty."""
    from portal.migrations.tables import METADATA

    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in METADATA.tables)
    with database.writing() as session:
        found = session.scalars(text(" UNION ALL ".join(asked))).all()
        session.execute(text("SET LOCAL session_replication_role = replica"))  # in whatever order: all of them go
        for name in found:
            session.execute(text(f'DELETE FROM "{name}"'))


def run_sql(address: str, statement: str) -> None:
    """One statement outside a transaction, in the server's own database."""
    with psycopg.connect(address.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(statement)
