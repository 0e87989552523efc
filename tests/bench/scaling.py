"""A register of 20,000 systems against one of 200: «affects me», searches, a system's page, on one database kind.

Everybody asks both registers the same, in turn, and the medians are compared. Held equal: the 450 bodies; the systems
of the body that somebody works for, which are the same ones; the kinds of systems, each of five versions; and how many
rows a page shows (a line of the table says so where they differ). What is not held equal is how many systems a search
finds: that is what grows.

What counts is processor time, of the server and of PostgreSQL's processes for its database: it does not tell how busy
the machine was otherwise. No timed duty runs meanwhile: with so many systems ``porth sweep`` is a process of its own.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count as counting
from pathlib import Path
from statistics import median
from urllib.parse import quote

import brotli
import psycopg
from sqlalchemy import text

from portal.cli.intake import take_in
from tests.bench.asking import EMAIL
from tests.bench.multiplying import multiply
from tests.bench.processes import Served, cpu_of
from tests.bench.register import (
    MANY,
    MODELS,
    NONE,
    ORDINARY,
    PLACES,
    VERSIONS,
    body,
    directory_file,
    register_files,
    short_code,
)
from tests.bench.table import Row
from tests.bench.wire import Ask, Line, sign_in
from tests.bench.world import World, make_world

SMALL, LARGE, BODIES = 200, 20_000, 450
MOST = 1.3
PEOPLE = {
    "at a body with 120 systems": f"employer={body(MANY)}&workplace={PLACES[0]}&staff_group=pawb&kind=employee",
    "at a body with 45 systems": f"employer={body(ORDINARY)}&workplace={PLACES[1]}&staff_group=pawb&kind=employee",
    "an agency worker": f"employer={body(ORDINARY)}&workplace={PLACES[2]}&staff_group=pawb&kind=agency",
    "on a day gone by": f"employer={body(ORDINARY)}&workplace={PLACES[1]}&staff_group=pawb&kind=employee&on=2025-03-01",
    "whom no system affects": f"employer={body(NONE)}&workplace={PLACES[0]}&staff_group=pawb&kind=employee",
}
SEARCHES = {
    "a word of many systems": "q=sgor",
    "a mutated word begun": "q=nghynor",
    "a nickname": "q=" + quote("y bathodyn"),
    "a word of one system": "q=" + quote("144 Afal Afal"),
    "two words of many systems": "q=" + quote("trothwy absenoldeb"),
    "two words that no system shares": "q=" + quote("sgor bathodyn"),
    "a word that no system has": "q=" + quote("sgor zzzz"),
    "two letters that begin many words": "q=tr",
    "a filter": "state=live",
    "two filters": "kind=location_tracking&state=live",
    "a word and a filter": "q=sgor&does=decides",
    "words, employer and filter": f"q=sgor&employer={body(MANY)}&disputed=yes",
    "everything": "",
    "a word, on a day asked for before": "q=sgor&on=2025-03-01",
}
FIRST = "/systems/all?q=sgor"
SECOND_PAGES = ("a word of many systems", "a filter", "everything")
FOLLOWING = re.compile(rb"[?&;]after=([\w-]+)")
CARD = re.compile(rb"<h[23]><a")

Address = Callable[[int], str]
"""What is asked at the so-and-so-many-th time."""


@dataclass(frozen=True)
class Register:
    """A running portal, and how many systems are on it."""

    served: Served
    systems: int
    database_url: str
    cookie: str

    def ask(self, line: Line, address: str) -> bytes:
        """One page, as a browser gets it."""
        path = f"/cy{address}"
        asked = Ask.get(path, cookie=self.cookie) if address.startswith("/my/") else Ask.get(path)
        answer = line.ask(asked)
        packed = answer.headers.get("content-encoding") == "br"
        return bytes(brotli.decompress(answer.body)) if packed else answer.body

    def once(self, address: str) -> float:
        """Milliseconds of processor time for one page."""
        workers = self.workers()
        before = sum(map(cpu_of, workers))
        with Line(self.served.port) as line:
            self.ask(line, address)
        return 1000 * (sum(map(cpu_of, workers)) - before)

    def workers(self) -> list[int]:
        """The processes that work for the portal: its own, and those that PostgreSQL has for its database."""
        own = [self.served.process.pid]
        if self.database_url.startswith("sqlite"):
            return own
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            return own + [pid for (pid,) in connection.execute(asked)]


@dataclass(frozen=True)
class Page:
    """A kind of page, with the addresses asked of the small and of the large register."""

    name: str
    small: Address
    large: Address


def fill(world: World, *, models: int = SMALL, bodies: int = BODIES) -> float:
    """Bodies and systems, imported as an operator does it; returns how many versions came in each second."""
    now = datetime.now(UTC)
    with world.database() as database:
        with database.writing() as session:
            take_in(session, "directory", directory_file(bodies), now=now)
        began = time.perf_counter()
        for content in register_files(models):
            with database.writing() as session:
                take_in(session, "register", content, now=now)
        return VERSIONS * models / (time.perf_counter() - began)


def grow(world: World, systems: int, *, models: int = SMALL) -> None:
    """The large register out of the small one. PostgreSQL takes stock of it, as it does by itself in time."""
    with world.database() as database:
        multiply(database, models, systems)
        if not database.is_sqlite:
            with database.engine.begin() as connection:
                connection.execute(text("ANALYZE"))


def measure_scale(
    folder: Path, url: str, where: str, copied: Callable[[World], World], *, rounds: int, count: int
) -> list[Row]:
    """Every kind of page in both registers, in turn. ``copied`` makes the second portal out of the first."""
    little = make_world(folder / "small", url)
    rate = fill(little)
    big = copied(little)
    grow(little, SMALL)
    grow(big, LARGE)
    with little.portal(sweeping=False) as small, big.portal(sweeping=False) as large:
        few, many = signed_in(small, SMALL, little), signed_in(large, LARGE, big)
        first = [
            Row("", f"the first search of {name} after a start, {LARGE:,} systems, {where}", spent, "ms")
            for name, spent in (("today", many.once(FIRST)), ("a day gone by", many.once(f"{FIRST}&on=2024-03-01")))
        ]
        rows = compare(few, many, where, times=rounds * count // 4)
    return [Row("", f"import of a register, {where}", rate, "versions a second"), *first, *rows]


def beside(world: World, url: str = "") -> World:
    """The same portal once more in a folder beside it. A database that is not in the folder is copied by its owner."""
    folder = world.folder.parent / "large"
    shutil.copytree(world.folder, folder)
    return replace(world, folder=folder, database_url=url or f"sqlite:///{(folder / 'porth.sqlite3').absolute()}")


def signed_in(served: Served, systems: int, world: World) -> Register:
    """A running portal, and somebody who is known there."""
    cookie = sign_in(served.port, EMAIL, world.secrets["password"])
    return Register(served, systems, world.database_url, cookie)


def compare(small: Register, large: Register, where: str, *, times: int) -> list[Row]:
    """One row for each kind of page: the large register against the small one."""
    rows = []
    for page in pages(small, large):
        with Line(small.served.port) as to_small, Line(large.served.port) as to_large:
            sides = ((small, to_small, page.small), (large, to_large, page.large))
            spent, shown = ask_in_turn(sides, times)
        differ = "" if shown[0] == shown[1] else f" ({shown[1]} rows against {shown[0]})"
        what = f"{page.name}: {large.systems:,} systems against {small.systems:,}, {where}{differ}"
        rows.append(Row("P2", what, spent[1], "ms", spent[0], MOST))
    return rows


def ask_in_turn(sides: Sequence[tuple[Register, Line, Address]], times: int) -> tuple[list[float], list[int]]:
    """The median milliseconds of each side, and the rows of its last page."""
    spent: list[list[float]] = [[] for _ in sides]
    shown = [0 for _ in sides]
    first = max(1, times // 10)
    for number in range(first):
        for register, line, address in sides:
            register.ask(line, address(number))
    workers = [register.workers() for register, _line, _address in sides]
    for number in range(first, first + times):
        for place, (register, line, address) in enumerate(sides):
            asked = address(number)
            before = sum(map(cpu_of, workers[place]))
            shown[place] = len(CARD.findall(register.ask(line, asked)))
            spent[place].append(1000 * (sum(map(cpu_of, workers[place])) - before))
    return [median(one) for one in spent], shown


def pages(small: Register, large: Register) -> Iterator[Page]:
    """Each kind of page. No address is asked twice, so that none is answered from memory."""
    anew = counting()

    def both(address: str) -> tuple[Address, Address]:
        return (lambda _n: f"{address}n={next(anew)}",) * 2

    for who, told in PEOPLE.items():
        yield Page(f"«affects me», {who}", *both(f"/systems?{told}&"))
    yield Page("«affects me», signed in", *both("/my/systems?"))
    for name, query in SEARCHES.items():
        yield Page(f"search: {name}", *both(f"/systems/all?{query}&"))
    for name in SECOND_PAGES:
        at = f"/systems/all?{SEARCHES[name]}&"
        second = (_following(register, at) for register in (small, large))
        yield Page(f"the second page of {name}", *(both(address)[0] for address in second))
    for name, below in {
        "a system’s page": "",
        "a system’s history": "/history",
        "a system’s record": "/record",
    }.items():
        yield Page(name, *(_of_each(register.systems, below, "?", anew) for register in (small, large)))
    on = "?on=2025-03-01&"
    yield Page("a system on a day gone by", *(_of_each(one.systems, "", on, anew) for one in (small, large)))


def _following(register: Register, address: str) -> str:
    """The address of the second page of a list; of the first where there is no second."""
    with Line(register.served.port) as line:
        found = FOLLOWING.search(register.ask(line, f"{address}n=first"))
    return f"{address}after={found[1].decode()}&" if found else address


def _of_each(systems: int, below: str, query: str, anew: Iterator[int]) -> Address:
    """Systems all over a register, of the same kind in both."""
    of_a_kind = max(1, systems // MODELS)

    def address(number: int) -> str:
        kind, at = number % MODELS, number // MODELS * 1009 % of_a_kind
        return f"/s/{short_code(min(MODELS * at + kind, systems - 1))}{below}{query}n={next(anew)}"

    return address
