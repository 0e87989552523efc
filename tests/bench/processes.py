"""Server processes, their processor time and their memory. Only processes started here are ended, each by its id."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.bench.wire import Ask, Line
from tests.prepared import ROOT
from tests.serving import end, free_port

STARTS_WITHIN = 60
CLOCK_OF_PROCESS = 2
TICKS = os.sysconf("SC_CLK_TCK")


class Served:
    """A running server on a port of its own."""

    def __init__(self, command: Sequence[str], log: Path, *, environment: Mapping[str, str], first: str) -> None:
        self.port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        clean.pop("PYTHONDONTWRITEBYTECODE", None)
        self._out = log.open("ab")
        self._command = [sys.executable, *(part.replace("{port}", str(self.port)) for part in command)]
        own = {"PYTHONPATH": str(ROOT), "PORTAL_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self._environment = clean | own | dict(environment)
        self.log, self._first = log, first
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=self._out, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> "Served":
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def wait(self) -> None:
        """Until the first page is there."""
        deadline = time.monotonic() + STARTS_WITHIN
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with Line(self.port) as line:
                    line.ask(Ask.get(self._first))
                return
            except ConnectionError:
                time.sleep(0.01)
        raise RuntimeError("a server did not start:\n" + self.log.read_text(errors="replace")[-3000:])

    def crash(self) -> None:
        """End the server as a power cut would, and start it again on its port."""
        self.process.kill()
        self.process.wait()
        self.process = self._start()
        self.wait()

    def stop(self) -> None:
        end(self.process)
        self._out.close()

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        return cpu_of(self.process.pid)

    def memory(self, kind: str = "VmRSS") -> int:
        """Resident bytes now, or the most there ever were (VmHWM)."""
        return memory_of(self.process.pid, kind)

    def forget_peak(self) -> None:
        """Let the kernel count the most resident bytes afresh."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")


def cpu_of(pid: int) -> float:
    """The processor clock of a process, in seconds; the ticks of /proc where that clock is closed to us."""
    try:
        return time.clock_gettime((~pid << 3) | CLOCK_OF_PROCESS)
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int, kind: str = "VmRSS") -> int:
    found = re.search(rf"^{kind}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def import_packages() -> "subprocess.Popen[bytes]":
    """A process that has imported the packages and nothing of ours; it waits on its input, then ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.ceilings", "packages"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
