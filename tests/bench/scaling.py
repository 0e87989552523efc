"""A register of 20,000 systems against one of 200: «affects me», searches and a system's page, on one database kind.

On PostgreSQL the work is done by other processes than ours, so there the least time until the answer counts; on SQLite
the least processor time of the one process that does everything.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count as counting
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from portal.cli.intake import take_in
from tests.bench.multiplying import multiply
from tests.bench.processes import Served
from tests.bench.register import PLACES, VERSIONS, body, directory_file, register_files, short_code
from tests.bench.rounds import Case, alternate
from tests.bench.table import Row
from tests.bench.wire import Ask, Line
from tests.bench.world import World, make_world

SMALL, LARGE, BODIES = 200, 20_000, 450
AT = body(0)
MOST = 1.3
WORKER = f"employer={AT}&workplace={PLACES[0]}&staff_group=pawb&kind=employee"
SEARCHES = {
    "a word of many systems": "q=sgor",
    "a mutated word begun": "q=nghynor",
    "a word of one system": "q=" + quote("Afal Afal 144"),
    "two words": "q=sgor+afal",
    "two filters": "kind=location_tracking&state=live",
    "words, employer and filter": f"q=sgor&employer={AT}&disputed=yes",
    "no system": "q=sgor+zzzz",
    "everything": "",
}


Address = Callable[[int], str]


class Timed(Case):
    """A case whose least time until the answer counts."""

    def run(self, count: int) -> None:
        requests = self.asks(count)
        with Line(self.served.port) as line:
            for request in requests:
                began = time.perf_counter()
                self.answer = line.ask(request)
                self.least = min(self.least, 1000 * (time.perf_counter() - began))


def made_anew(addresses: Address) -> Callable[[int], Sequence[Ask]]:
    """Requests of which no two are the same, so that none is answered from memory."""
    numbers = counting()

    def asks(count: int) -> Sequence[Ask]:
        return [Ask.get(f"/cy{addresses(number)}n={number}") for number in (next(numbers) for _ in range(count))]

    return asks


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
    with little.portal() as small, big.portal() as large:
        rows = compare((small, SMALL), (large, LARGE), where, rounds=rounds, count=count)
    return [Row("", f"import of a register, {where}", rate, "versions a second"), *rows]


def beside(world: World, url: str = "") -> World:
    """The same portal once more in a folder beside it. A database that is not in the folder is copied by its owner."""
    folder = world.folder.parent / "large"
    shutil.copytree(world.folder, folder)
    return replace(world, folder=folder, database_url=url or f"sqlite:///{(folder / 'porth.sqlite3').absolute()}")


def compare(small: tuple[Served, int], large: tuple[Served, int], where: str, *, rounds: int, count: int) -> list[Row]:
    """One row for each kind of page: the large register against the small one."""
    kind = Case if where == "SQLite" else Timed
    rows = []
    for name, at_small, at_large in pages(small[1], large[1]):
        cases = [kind(name, small[0], made_anew(at_small)), kind(name, large[0], made_anew(at_large))]
        alternate(cases, rounds=rounds, count=count)
        least, most = cases[0].least, cases[1].least
        rows.append(Row("P2", f"{name}: {large[1]:,} systems against {small[1]:,}, {where}", most, "ms", least, MOST))
    return rows


def pages(small: int, large: int) -> Iterator[tuple[str, Address, Address]]:
    """Each kind of page with the addresses asked of the small and of the large register."""
    yield "«affects me»", _fixed(f"/systems?{WORKER}"), _fixed(f"/systems?{WORKER}")
    yield (
        "a system’s page",
        lambda number: f"/s/{short_code(number * 7 % small)}?",
        lambda number: f"/s/{short_code(number * 7919 % large)}?",
    )
    for name, query in SEARCHES.items():
        yield f"search: {name}", _fixed(f"/systems/all?{query}"), _fixed(f"/systems/all?{query}")


def _fixed(address: str) -> Address:
    return lambda _number: f"{address}&"
