"""P8 and P19: how long people wait, by the clock on the wall: beside heavy work, and at half of what a process can do.

Both compare with the same portal in the same run; on a machine that does other things besides they tell of these.
"""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count as counting
from itertools import cycle

from tests.bench.asking import AFFECTING, EMAIL, LIST, OFFICER
from tests.bench.processes import Served
from tests.bench.starting import MIB
from tests.bench.table import Row
from tests.bench.wire import Ask, Line, sign_in
from tests.bench.world import SYSTEM, World

P8, P19, GROWTH = 2.0, 5.0, 1.0
EVERY, SIGN_INS, ALTERNATIONS = 0.05, 10, 4
A_BACKUP_EVERY = 1.0
SHORT, FULL = 60, 600
OPEN_DATA = "/open-data/systems.json"
NEXT = re.compile(r"<[^>]*?(/open-data/[^>]*)>; rel=.?next")
STEP = 100_000


def mixed(world: World, portal: Served) -> Iterator[Ask]:
    """What people ask, in turn; no address twice, so that none is answered from memory but those that always are."""
    anew = counting()
    cookies = {email: sign_in(portal.port, email, world.secrets["password"]) for email in (EMAIL, OFFICER)}
    fixed = ["/cy", "/en/help", "/cy/concern"]
    made = [f"/cy{LIST}&n=", f"/en{AFFECTING}&n=", f"/cy/s/{SYSTEM}?n=", f"/en/s/{SYSTEM}/history?n="]
    own = [(EMAIL, "/cy/my/systems?n="), (OFFICER, "/cy/my/desk/access?n=")]
    asks = [*((path, None) for path in fixed), *((path, None) for path in made), *((at, who) for who, at in own)]
    for path, who in cycle(asks):
        address = f"{path}{next(anew)}" if path.endswith("=") else path
        yield Ask.get(address, cookie=cookies[who]) if who else Ask.get(address)


def ask_for(portal: Served, asks: Iterator[Ask], *, seconds: float, every: float) -> list[float]:
    """Milliseconds that each waited who came at their time; whoever comes late because of the one before waited too."""
    waited, begun = [], time.monotonic()
    with Line(portal.port) as line:
        for number in counting():
            due = begun + number * every
            if due > begun + seconds:
                return waited
            time.sleep(max(0.0, due - time.monotonic()))
            line.ask(next(asks))
            waited.append(1000 * (time.monotonic() - due))
    return waited


def part(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Works:
    """What goes on beside, each in a thread of its own until it is over; and how often each was done."""

    def __init__(self, world: World, portal: Served) -> None:
        self._world, self._portal = world, portal
        self._over, self._database = threading.Event(), world.folder / "porth.sqlite3"
        self.pages = self.sign_ins = self.backups = 0

    def read_on(self) -> None:
        """An export of everything that the server gives out: the open data, page after page, without a pause."""
        with Line(self._portal.port) as line:
            address = OPEN_DATA
            while not self._over.is_set():
                answer = line.ask(Ask.get(address))
                self.pages += 1
                found = NEXT.search(answer.headers.get("link", ""))
                address = found[1] if found else OPEN_DATA

    def sign_in(self) -> None:
        """Ten in a second, each on a new connection."""
        own = {"email": EMAIL, "password": self._world.secrets["password"]}
        while not self._over.wait(1 / SIGN_INS):
            with Line(self._portal.port) as line:
                line.exchange(Ask.form("/en/my/sign-in", own).octets)
            self.sign_ins += 1

    def back_up(self) -> None:
        """SQLite's own copy, a few pages at a time; again every second, for this database is a small one."""
        while not self._over.wait(A_BACKUP_EVERY):
            with closing(sqlite3.connect(self._database)) as here, closing(sqlite3.connect(":memory:")) as copy:
                here.backup(copy, pages=256, sleep=0.01)
            self.backups += 1

    def __enter__(self) -> "Works":
        works = (self.read_on, self.sign_in, self.sign_in, self.back_up)
        self._threads = [threading.Thread(target=work) for work in works]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def told(self) -> str:
        """What was done meanwhile."""
        return f"{self.pages:,} pages of open data, {self.sign_ins} sign-ins, {self.backups} backups"


def measure_beside(world: World, *, seconds: float = 10, times: int = ALTERNATIONS) -> list[Row]:
    """P8: a public page, in quiet and beside all that, in turn. Timed duties are a process of their own then."""
    with world.portal(sweeping=False) as portal:
        anew = counting()
        asks = (Ask.get(f"/cy/s/{SYSTEM}?n={next(anew)}") for _ in counting())
        ask_for(portal, asks, seconds=min(2, seconds), every=EVERY)
        quiet: list[float] = []
        busy: list[float] = []
        for _ in range(times):
            quiet += ask_for(portal, asks, seconds=seconds, every=EVERY)
            with Works(world, portal) as works:
                busy += ask_for(portal, asks, seconds=seconds, every=EVERY)
    told = f"in {seconds:g} s {works.told()}"
    return [
        Row(
            "P8", f"a public page, 99 of 100 wait at most, beside {told}", part(busy, 0.99), "ms", part(quiet, 0.99), P8
        ),
        Row("", "the same, half wait at most", part(busy, 0.5), "ms", part(quiet, 0.5)),
    ]


def measure_mix(world: World, *, seconds: float = SHORT) -> list[Row]:
    """P19: pages of all kinds at half of what a process can do, and what its memory grows by; every duty had its first
    turn before."""
    with world.portal() as portal:
        asks = mixed(world, portal)
        every = 2 * _seconds_each(portal, asks)
        ask_for(portal, asks, seconds=seconds / 3, every=every)
        before = portal.memory()
        waited = ask_for(portal, asks, seconds=seconds, every=every)
        grown = (portal.memory() - before) / MIB * STEP / len(waited)
    told = f"{len(waited):,} pages of all kinds at half capacity in {seconds:g} s"
    return [
        Row("P19", f"{told}: 99 of 100 wait at most", part(waited, 0.99), "ms", part(waited, 0.5), P19),
        Row("P19", f"{told}: memory grows in {STEP:,} requests by", grown, "MiB", most=GROWTH),
    ]


def _seconds_each(portal: Served, asks: Iterator[Ask], number: int = 180) -> float:
    """Processor time of one page of the mix, each kind equally often."""
    with Line(portal.port) as line:
        for _ in range(number // 2):
            line.ask(next(asks))
        before = portal.cpu()
        for _ in range(number):
            line.ask(next(asks))
        return (portal.cpu() - before) / number
