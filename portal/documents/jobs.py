"""Work on files in a process of its own: it reads jobs from its input, and says what came of each on its output.

A job, and its answer, is a line of JSON behind its length, then the octets of a file behind theirs; before the answer,
now and then, that another page is done. Nothing else is exchanged: the process has no settings, no keys, no database,
and a file that breaks it breaks nothing else.
``apart`` starts it, gives it the jobs, and ends it when one takes too long.
"""

import json
import resource
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO

from portal.documents.cuts import CannotCut, from_json
from portal.documents.cutting import cut
from portal.documents.findings import Finding
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind
from portal.documents.marks import is_marked
from portal.documents.pace import PACE, Progress
from portal.documents.reading import outline, picture_of
from portal.documents.scanning import scan

BEAT = "beat"
"""The answer that is none yet: which page is worked on, of how many."""
SECONDS_APART = 1.0
HEAD = struct.Struct(">IQ")
MOST_MEMORY = 3 * 1024**3
MOST_OCTETS = 1024**3
Said = tuple[dict[str, Any], bytes]


def _outline(job: Mapping[str, Any], data: bytes) -> Said:
    parts = outline(FileKind(job["kind"]), data)
    said = [[part.name, part.text, part.rows, part.is_hidden, part.has_picture] for part in parts]
    return {"parts": said}, b""


def _picture(job: Mapping[str, Any], data: bytes) -> Said:
    return {}, picture_of(FileKind(job["kind"]), data, job["number"])


def _cut(job: Mapping[str, Any], data: bytes) -> Said:
    done = cut(FileKind(job["kind"]), data, [from_json(one) for one in job["cuts"]])
    told = {"kind": done.kind.value, "counts": list(done.counts), "pictured": list(done.pictured)}
    return told | {"lost": _told(done.lost)}, done.data


def _scan(job: Mapping[str, Any], data: bytes) -> Said:
    found = scan(FileKind(job["kind"]), data, gone=job["gone"], parts=job["parts"])
    return {"findings": _told(found)}, b""


def _told(findings: Iterable[Finding]) -> list[list[Any]]:
    return [[one.code.value, one.place, one.number, one.can_fix] for one in findings]


def _fix(job: Mapping[str, Any], data: bytes) -> Said:
    mended = fix(FileKind(job["kind"]), data)
    return {"kind": mended.kind.value, "lost": _told(mended.lost)}, mended.data


def _marked(job: Mapping[str, Any], data: bytes) -> Said:
    return {"marked": is_marked(job["name"], data)}, b""


JOBS: Mapping[str, Callable[[Mapping[str, Any], bytes], Said]] = {
    "outline": _outline,
    "picture": _picture,
    "cut": _cut,
    "scan": _scan,
    "fix": _fix,
    "marked": _marked,
}


def answer(job: Mapping[str, Any], data: bytes) -> Said:
    """Do one job. What a broken file makes of our readers is one word: nothing of the file goes into an error."""
    try:
        return JOBS[job["job"]](job, data)
    except CannotCut as refusal:
        return {"refused": refusal.reason}, b""
    except (MemoryError, RecursionError):
        return {"refused": "too_complex"}, b""
    except Exception:
        return {"refused": "damaged"}, b""


def write(stream: BinaryIO, said: Mapping[str, Any], octets: bytes) -> None:
    """One message."""
    line = json.dumps(said, ensure_ascii=False).encode()
    stream.write(HEAD.pack(len(line), len(octets)))
    stream.write(line)
    stream.write(octets)
    stream.flush()


def read(stream: BinaryIO) -> Said | None:
    """One message; None when the other side has gone, or is not to be believed."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    long, size = HEAD.unpack(head)
    if max(long, size) > MOST_OCTETS:
        return None  # nobody who keeps to the rules sends as much
    line, octets = stream.read(long), stream.read(size)
    if len(line) < long or len(octets) < size:
        return None
    said: dict[str, Any] = json.loads(line)
    return said, octets


class Heart:
    """Says that a job goes on, now and then."""

    def __init__(self, stream: BinaryIO, *, apart: float = SECONDS_APART) -> None:
        self._stream, self._apart, self._last = stream, apart, 0.0

    def beat(self, progress: Progress) -> None:
        if time.monotonic() - self._last >= self._apart:
            self._last = time.monotonic()
            told = {"stage": progress.stage.value, "page": progress.page, "pages": progress.pages}
            write(self._stream, {BEAT: told}, b"")


def main() -> None:
    """Until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    heart = Heart(sys.stdout.buffer)
    PACE.heard = heart.beat
    while (asked := read(sys.stdin.buffer)) is not None:
        said, octets = answer(*asked)
        del asked
        write(sys.stdout.buffer, said, octets)


if __name__ == "__main__":
    main()
