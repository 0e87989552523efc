"""A running portal with the demonstration in it, and the browser that visits it."""

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.prepared import HURRIED, ROOT, START_OF_TESTS

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
SERVER_STARTS_WITHIN = 200
BEGINNING = "beginning.sqlite3"


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

    def begin_anew(self) -> None:
        """The demonstration as it was set up, under the running server: no test meets what another left behind.

        The clock goes back first: a timed duty that had a later day would end the sessions of whoever signs in next.
        """
        self.set_time(START_OF_TESTS)
        with (
            closing(sqlite3.connect(self.folder / BEGINNING)) as beginning,
            closing(sqlite3.connect(self.folder / "porth.sqlite3", timeout=30)) as live,
        ):
            live.execute("PRAGMA synchronous = OFF")  # who loses power loses a test
            beginning.backup(live)


@dataclass(frozen=True)
class Running:
    server: Server
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        end(self.process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and make it end if it does not."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def set_up_demonstration(shared: Path) -> Path:
    """The demonstration, set up once for all processes of a run: the first that comes does it, the others wait."""
    folder = shared / "demonstration"
    folder.mkdir(parents=True, exist_ok=True)
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / BEGINNING).exists():
            with (folder / "server.log").open("wb") as out:
                made = subprocess.run(command(folder), cwd=ROOT, env=environment(folder), stdout=out, stderr=out)
            if made.returncode != 0:
                raise did_not_start(folder / "server.log")
            with closing(sqlite3.connect(folder / "porth.sqlite3")) as filled:
                filled.execute("VACUUM INTO ?", (str(folder / BEGINNING),))
    return folder


def start_portal(folder: Path, *, begin: Path | None = None, **extra: str) -> Running:
    """``porth demo --serve`` in a folder of its own, on a free port, with a test clock and what lies in ``begin``."""
    if begin is not None:
        shutil.copytree(begin, folder, ignore=shutil.ignore_patterns("porth.sqlite3*"))
        shutil.copy(begin / BEGINNING, folder / "porth.sqlite3")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command(folder), "--serve"],
            cwd=ROOT,
            env=environment(folder) | {"PORTAL_PORT": str(port), "PORTAL_PUBLIC_URL": base_url, **extra},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    database_url = extra.get("PORTAL_DATABASE_URL", f"sqlite:///{folder / 'porth.sqlite3'}")
    running = Running(Server(base_url, database_url, folder, log), process)
    wait_until_it_answers(running)
    return running


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.served", "demo", "--folder", str(folder)]


def environment(folder: Path) -> dict[str, str]:
    """The settings of a portal that tests visit, and a clock that stands still where they begin."""
    clock = folder / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
        "PORTAL_TEST_CLOCK": str(clock),
        "PORTAL_ARGON2_MEMORY_KIB": "1024",
        "PORTAL_ARGON2_PASSES": "1",
        "PORTAL_KEPT_PAGE_SECONDS": "0",  # a test that begins anew must not meet a page of the test before
        **HURRIED,
        "PYTHONPATH": str(ROOT),
    }


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
    raise did_not_start(running.server.log)


def did_not_start(log: Path) -> RuntimeError:
    return RuntimeError("the portal did not start:\n" + log.read_text(errors="replace")[-4000:])
