"""P5: many submit at once, and the server dies in the middle. What it said it took is there, once."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock, Thread

from sqlalchemy import text

from anonymity.encoding import to_b64u
from portal.core.ids import random_bytes
from tests.bench.asking import BOX, admitted, sealed_concerns
from tests.bench.processes import Served
from tests.bench.table import Row
from tests.bench.wire import Ask, Line
from tests.bench.world import World

SUBMITTERS = 64
PAUSE = 0.05
TAKEN, THERE = 201, 409
GIVES_UP_AFTER = 60


@dataclass
class Crowd:
    """Submitters on one server: each sends one concern after the other, and sends again what got no answer."""

    served: Served
    like: bytes
    until: float
    taken: list[bytes] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    resets: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        """One submitter, until the time is over and the last concern is in."""
        line: Line | None = None
        for locator_hash, octets in different(self.like):
            if time.monotonic() > self.until:
                break
            begun = time.monotonic()
            line, status = self.deliver(line, octets)
            with self.lock:
                if status in {TAKEN, THERE}:
                    self.taken.append(locator_hash)
                    self.waited.append(time.monotonic() - begun)
                else:
                    self.wrong.append(str(status))
        if line is not None:
            line.close()

    def deliver(self, line: Line | None, octets: bytes) -> tuple[Line | None, int]:
        """Send until there is an answer: 201, or 409 when it was taken and the answer was lost."""
        deadline = time.monotonic() + GIVES_UP_AFTER
        while time.monotonic() < deadline:
            try:
                line = line or Line(self.served.port)
                status = line.exchange(Ask.post(BOX, octets, porth_work=admitted(line)).octets).status
                if status != 428:
                    return line, status
            except OSError:
                if line is not None:
                    line.close()
                line = None
                with self.lock:
                    self.resets += 1
                time.sleep(PAUSE)
        return line, 0


def different(like: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As many concerns as wanted, each of its own ids, with their locators' hashes: no server could tell them apart."""
    while True:
        hashed = random_bytes(32)
        yield hashed, renamed(like, case=random_bytes(16), hashed=hashed)


def renamed(like: bytes, *, case: bytes, hashed: bytes) -> bytes:
    """A sealed concern under other ids."""
    content = json.loads(like) | {"case": to_b64u(case), "locator_hash": to_b64u(hashed)}
    content["item"]["id"] = to_b64u(random_bytes(16))
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def measure_crowd(world: World, *, seconds: float, submitters: int = SUBMITTERS) -> list[Row]:
    """The crowd on a server of its own, killed half way."""
    (like,) = sealed_concerns(world, 1)
    before = _kept(world)
    with world.portal() as served:
        crowd = Crowd(served, like, time.monotonic() + seconds)
        threads = [Thread(target=crowd.run) for _ in range(submitters)]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 2)
        served.crash()
        for thread in threads:
            thread.join()
    kept = _kept(world)
    lost = sum(one not in kept for one in crowd.taken)
    more = len(kept) - len(before) - len(crowd.taken)
    slowest = sorted(crowd.waited)[int(len(crowd.waited) * 0.99)] if crowd.waited else 0.0
    name = f"{submitters} at once, server killed in the middle"
    return [
        Row("P5", f"{name}: errors that were not a broken connection", len(crowd.wrong), "", most=0),
        Row("P5", f"{name}: accepted but lost", lost, "", most=0),
        Row("P5", f"{name}: stored twice, or stored and never told", more, "", most=0),
        Row("P5", f"{name}: taken in a second", len(crowd.taken) / seconds, "/s"),
        Row("P5", f"{name}: p99 from first try to answer, the dead time in it", 1000 * slowest, "ms"),
    ]


def _kept(world: World) -> set[bytes]:
    with world.database() as database, database.reading() as session:
        rows = session.scalars(text("SELECT locator_hash FROM sealed_cases")).all()
    assert len(rows) == len(set(rows))
    return set(rows)
