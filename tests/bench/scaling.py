"""A register of 20,000 systems against one of 200: «affects me», searches and a system's page, on one database kind.

On PostgreSQL the work is done by other processes than ours, so there the least time until the answer counts; on SQLite
the least processor time of the one process that does everything.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count as counting
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from portal.cli.intake import take_in
from tests.bench.multiplying import multiply
from tests.bench.processes import Served
from tests.bench.register import PLACES, body, directory_file, register_files, short_code
from tests.bench.rounds import Case, alternate
from tests.bench.table import Row
from tests.bench.wire import Ask, Line
from tests.bench.world import World, make_world

SMALL, LARGE, BODIES = 200, 20_000, 450
MOST = 1.3
WORKER = f"employer={body(3)}&workplace={PLACES[0]}&staff_group=pawb&kind=employee"
SEARCHES = {
    "a word of many systems": "q=rota",
    "a mutated word begun": "q=nghynor",
    "a word of one system": "q=" + quote("Afal Afal 144"),
    "two words": "q=rota+afal",
    "two filters": "kind=location_tracking&state=live",
    "words, employer and filter": f"q=sgor&employer={body(3)}&disputed=yes",
    "no system": "q=rota+zzzz",
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


def fill(world: World, systems: int) -> float:
    """The register of a world; returns how many versions were imported in a second."""
    now = datetime.now(UTC)
    with world.database() as database:
        with database.writing() as session:
            take_in(session, "directory", directory_file(BODIES), now=now)
        began = time.perf_counter()
        for content in register_files(min(systems, SMALL)):
            with database.writing() as session:
                take_in(session, "register", content, now=now)
        spent = time.perf_counter() - began
        if systems > SMALL:
            multiply(database, SMALL, systems)
        with database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    return 5 * min(systems, SMALL) / spent


def measure_scale(
    folder: Path, urls: tuple[str, str], where: str, *, large: int = LARGE, rounds: int, count: int
) -> list[Row]:
    """Every kind of page in both registers, in turn."""
    worlds = [make_world(folder / name, url) for name, url in zip(("small", "large"), urls, strict=True)]
    rate = fill(worlds[0], SMALL)
    fill(worlds[1], large)
    with ExitStack() as running:
        portals = [running.enter_context(world.portal()) for world in worlds]
        return [
            Row("", f"import: versions a second, {where}", rate, "versions"),
            *compare(portals[0], portals[1], where, systems=large, rounds=rounds, count=count),
        ]


def compare(small: Served, large: Served, where: str, *, systems: int = LARGE, rounds: int, count: int) -> list[Row]:
    """One row for each kind of page: the large register against the small one."""
    kind = Case if where == "SQLite" else Timed
    rows = []
    for name, at_small, at_large in pages(systems):
        cases = [kind(name, small, made_anew(at_small)), kind(name, large, made_anew(at_large))]
        alternate(cases, rounds=rounds, count=count)
        least, most = cases[0].least, cases[1].least
        rows.append(Row("P2", f"{name}, {systems:,} systems against {SMALL}, {where}", most, "ms", least, MOST))
    return rows


def pages(systems: int) -> Iterator[tuple[str, Address, Address]]:
    """Each kind of page with the addresses asked of the small and of the large register."""
    yield "«affects me»", _fixed(f"/systems?{WORKER}"), _fixed(f"/systems?{WORKER}")
    yield (
        "a system’s page",
        lambda number: f"/s/{short_code(number * 7 % SMALL)}?",
        lambda number: f"/s/{short_code(number * 7919 % systems)}?",
    )
    for name, query in SEARCHES.items():
        yield f"search: {name}", _fixed(f"/systems/all?{query}"), _fixed(f"/systems/all?{query}")


def _fixed(address: str) -> Address:
    return lambda _number: f"{address}&"
