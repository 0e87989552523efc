"""The doors to reading, cutting, scanning and mending for who serves people: the work is done in a process apart.

One long job and one quick one at a time in each process of the portal, with limits of time, for a page and in all, and
of memory. Few may wait, and not for long: everybody else is told to try again, so that no worker stands still. What
takes too long ends the other process and nothing else; the next job starts a new one. Files go over a pipe, never over
disk.
"""

import atexit
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from portal.documents import jobs
from portal.documents.cuts import CannotCut, Cut, Cutting, to_json
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import Mended
from portal.documents.kinds import FileKind
from portal.documents.pace import Heard, Progress, Stage, nobody
from portal.documents.reading import Part

TIME_LIMIT = 90.0
"""Seconds that one page may take, or a job that says nothing of pages."""
WHOLE_LIMIT = 600.0
"""Seconds that a job may take in all: a scan of some hundred pages."""
WAIT_LIMIT, MOST_WAITING = 5.0, 2
"""Seconds to wait for the job of somebody else, and how many may: whoever waits keeps one of the portal's threads."""
MOST_JOBS = 200
"""After so many jobs a new process is begun, so that nothing of many files gathers in one."""


class Apart:
    """One process apart, and whose turn it is."""

    def __init__(
        self,
        *,
        time_limit: float = TIME_LIMIT,
        wait_limit: float = WAIT_LIMIT,
        whole_limit: float = WHOLE_LIMIT,
        most_waiting: int = MOST_WAITING,
        most_memory: int = jobs.MOST_MEMORY,
    ) -> None:
        self._time_limit, self._wait_limit, self._whole_limit = time_limit, wait_limit, whole_limit
        self._most_memory = most_memory
        self._places = threading.BoundedSemaphore(1 + most_waiting)
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._done = 0

    def outline(self, kind: FileKind, data: bytes) -> tuple[Part, ...]:
        """``reading.outline``."""
        said, _ = self._ask({"job": "outline", "kind": kind.value}, data)
        return tuple(
            Part(name, text, tuple(tuple(row) for row in rows), hidden, pictured)
            for name, text, rows, hidden, pictured in said["parts"]
        )

    def picture_of(self, kind: FileKind, data: bytes, number: int) -> bytes:
        """``reading.picture_of``."""
        return self._ask({"job": "picture", "kind": kind.value, "number": number}, data)[1]

    def cut(self, kind: FileKind, data: bytes, cuts: Sequence[Cut], *, heard: Heard = nobody) -> Cutting:
        """``cutting.cut``; ``heard`` is told now and then how far it has come."""
        job = {"job": "cut", "kind": kind.value, "cuts": [to_json(one) for one in cuts]}
        said, octets = self._ask(job, data, heard)
        return Cutting(FileKind(said["kind"]), octets, said["counts"], said["pictured"], _findings(said["lost"]))

    def scan(
        self,
        kind: FileKind,
        data: bytes,
        *,
        gone: Iterable[str] = (),
        parts: Iterable[str] = (),
        heard: Heard = nobody,
    ) -> tuple[Finding, ...]:
        """``scanning.scan``."""
        asked = {"job": "scan", "kind": kind.value, "gone": list(gone), "parts": list(parts)}
        return _findings(self._ask(asked, data, heard)[0]["findings"])

    def fix(self, kind: FileKind, data: bytes, *, heard: Heard = nobody) -> Mended:
        """``fixing.fix``."""
        said, octets = self._ask({"job": "fix", "kind": kind.value}, data, heard)
        return Mended(FileKind(said["kind"]), octets, _findings(said["lost"]))

    def is_marked(self, name: str, data: bytes) -> bool:
        """``marks.is_marked``."""
        return bool(self._ask({"job": "marked", "name": name}, data)[0]["marked"])

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process, self._done = self._process, None, 0
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _ask(self, job: Mapping[str, Any], data: bytes, heard: Heard = nobody) -> jobs.Said:
        if not self._places.acquire(blocking=False):
            raise CannotCut("busy")
        try:
            said = self._in_turn(job, data, heard)
        finally:
            self._places.release()
        if "refused" in said[0]:
            raise CannotCut(said[0]["refused"])
        return said

    def _in_turn(self, job: Mapping[str, Any], data: bytes, heard: Heard) -> jobs.Said:
        if not self._turn.acquire(timeout=self._wait_limit):
            raise CannotCut("busy")
        try:
            return self._answer(job, data, heard)
        finally:
            self._turn.release()

    def _answer(self, job: Mapping[str, Any], data: bytes, heard: Heard) -> jobs.Said:
        process = self._process or self._begin()
        alarm = _Alarm(process, self._time_limit, self._whole_limit)
        said = None
        try:
            if process.stdin is not None and process.stdout is not None:
                jobs.write(process.stdin, job, data)  # type: ignore[arg-type]
                said = jobs.read(process.stdout)  # type: ignore[arg-type]
                while said is not None and jobs.BEAT in said[0]:
                    alarm.put_off()
                    _tell(heard, said[0][jobs.BEAT])
                    said = jobs.read(process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            said = None
        finally:
            alarm.stop()
            self._done += 1
            if said is None or alarm.rang.is_set() or self._done >= MOST_JOBS:
                self.close()
        if said is None:
            raise CannotCut("too_long" if alarm.rang.is_set() else "damaged")
        return said

    def _begin(self) -> subprocess.Popen[bytes]:
        """A process that inherits where the code stands, and no setting: no key is in its surroundings."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", jobs.__name__, str(self._most_memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"},
            close_fds=True,
            start_new_session=True,
        )
        return self._process


class _Alarm:
    """Ends a process that says nothing for too long, or takes longer than anything may."""

    def __init__(self, process: subprocess.Popen[bytes], each: float, whole: float) -> None:
        self.rang = threading.Event()
        self._process, self._each, self._end = process, each, time.monotonic() + whole
        self._timer = self._set()

    def put_off(self) -> None:
        """The process lives and has come further."""
        self._timer.cancel()
        self._timer = self._set()

    def stop(self) -> None:
        self._timer.cancel()

    def _set(self) -> threading.Timer:
        timer = threading.Timer(max(0.0, min(self._each, self._end - time.monotonic())), self._ring)
        timer.start()
        return timer

    def _ring(self) -> None:
        self.rang.set()
        self._process.kill()


def _tell(heard: Heard, told: Mapping[str, Any]) -> None:
    heard(Progress(Stage(told["stage"]), int(told["page"]), int(told["pages"])))


def _findings(told: Iterable[Sequence[Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(FindingCode(code), place, number, can_fix) for code, place, number, can_fix in told)


APART, QUICK = Apart(), Apart(whole_limit=TIME_LIMIT)
"""For copies, which may take minutes; and for what a page shows and the look at files that come in."""
atexit.register(APART.close)
atexit.register(QUICK.close)
