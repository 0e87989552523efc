"""``make bench``: every measurement, then one table. It takes a few minutes and asserts nothing."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.cli.serve import DEMONSTRATION_SWEEP_SECONDS
from tests.bench import asking, browser, crowd, mixing, starting, telling
from tests.bench.attachment import measure_attachment
from tests.bench.desk import measure_desk
from tests.bench.fragment import measure_fragment
from tests.bench.keeping import measure_keeping
from tests.bench.million import measure_million
from tests.bench.mixing import measure_beside, measure_mix
from tests.bench.packing import measure_packing
from tests.bench.photos import measure_photos
from tests.bench.rounds import ASKS, ROUNDS
from tests.bench.scaling import beside, measure_scale
from tests.bench.table import Row, print_table
from tests.bench.world import World, make_world
from tests.postgres import find_binaries, run_sql, running_postgres
from tests.prepared import ROOT
from tests.serving import CHROMIUM_ARGS, CHROMIUM_NAMES, free_port

SHORT, FULL = 10, 60
BUILD = ROOT / "portal" / "static" / "build"


def say(what: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {what}", file=sys.stderr, flush=True)


def measure_servers(world: World, *, rounds: int, count: int, starts: int) -> list[Row]:
    """Everything that needs no browser, on one portal and one process of ceilings."""
    say("cold start")
    rows, floor = starting.measure_start(world, rounds=starts)
    with world.portal() as portal, world.ceilings() as ceilings:
        say("pages")
        rows = asking.measure_pages(portal, ceilings, rounds=rounds, count=count) + rows
        say("list of systems")
        rows += asking.measure_list(portal, ceilings, "SQLite", rounds=rounds, count=count)
        say("part of a list")
        rows += measure_fragment(world, portal, rounds=rounds, count=count)
        say("concerns")
        rows += asking.measure_concerns(world, portal, rounds=rounds, count=max(1, count // 4))
        say("receipts that open nothing")
        rows += telling.measure_telling(world, portal, each=telling.EACH if rounds > 1 else 10)
        say("sign-in")
        rows += asking.measure_sign_in(world, portal, rounds=rounds, count=max(1, count // 20))
        rows += asking.weigh(world, portal)
        pause = DEMONSTRATION_SWEEP_SECONDS + 1 if rounds > 1 else 0
        rows.append(starting.memory_after(portal, floor, pause=pause))
    return rows


def measure_crowd(world: World, *, seconds: float, submitters: int = crowd.SUBMITTERS) -> list[Row]:
    """P5, on a portal that nobody else uses."""
    say(f"{submitters} submitters at once, for {seconds:g} seconds")
    return crowd.measure_crowd(world, seconds=seconds, submitters=submitters)


def measure_postgres(folder: Path, *, rounds: int, count: int) -> list[Row]:
    """P2 on PostgreSQL, where its programs are installed."""
    binaries = find_binaries()
    if binaries is None:
        say("PostgreSQL is not installed; its rows are left out")
        return []
    say("PostgreSQL")
    with running_postgres(binaries, free_port()) as address:
        run_sql(address, "CREATE DATABASE bench")
        world = make_world(folder, f"{address}/bench")
        with world.portal() as portal, world.ceilings() as ceilings:
            return asking.measure_list(portal, ceilings, "PostgreSQL", rounds=rounds, count=count)


def measure_register(folder: Path, where: str, *, rounds: int, count: int) -> list[Row]:
    """20,000 systems against 200; it takes most of its time to fill them."""
    say(f"a register of 20,000 systems, {where}")
    return _on_both(measure_scale, folder, where, rounds=rounds, count=count)


def measure_access(folder: Path, where: str, *, rounds: int, count: int) -> list[Row]:
    """60 open requests beside 50,000 closed ones, against 60 alone."""
    say(f"a desk of 50,000 closed requests, {where}")
    return _on_both(measure_desk, folder, where, rounds=rounds, count=count)


def measure_cases(folder: Path, where: str, *, rounds: int, count: int) -> list[Row]:
    """A million cases against a thousand; on SQLite a hundred thousand."""
    say(f"a portal of a million cases, {where}")
    return _on_both(measure_million, folder, where, rounds=rounds, count=count)


def measure_backup(folder: Path) -> list[Row]:
    """P17; it takes most of its time to fill the portal."""
    say("a backup of 100,000 cases")
    return measure_keeping(folder)


def measure_waiting(folder: Path, *, seconds: float) -> list[Row]:
    """P8 and P19, by the clock on the wall: leave the machine alone meanwhile."""
    say("filling a portal")
    world = make_world(folder / "portal")
    say("pages beside heavy work")
    rows = measure_beside(world)
    say(f"pages of all kinds for {seconds:g} seconds")
    return rows + measure_mix(world, seconds=seconds)


def _on_both(measure: Callable[..., list[Row]], folder: Path, where: str, *, rounds: int, count: int) -> list[Row]:
    """Two portals of one kind of database, the second made out of the first."""
    if where == "SQLite":
        return measure(folder, "", where, beside, rounds=rounds, count=count)
    binaries = find_binaries()
    if binaries is None:
        say("PostgreSQL is not installed; its rows are left out")
        return []
    with running_postgres(binaries, free_port()) as address:
        run_sql(address, "CREATE DATABASE small")

        def copied(world: World) -> World:
            run_sql(address, "CREATE DATABASE large TEMPLATE small")
            return beside(world, f"{address}/large")

        return measure(folder, f"{address}/small", where, copied, rounds=rounds, count=count)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, or None where there is none."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield opened
        opened.close()


def measure_browser(opened: Any, world: World, *, times: int, slower: int = browser.SLOWER) -> list[Row]:
    """First paint, and sealing on the device."""
    say("browser")
    with world.portal() as portal, world.ceilings() as ceilings:
        rows = browser.measure_paint(opened, portal, ceilings, times=times, slower=slower)
    return rows + browser.measure_browser_seal(opened) + browser.measure_work(opened, slower=slower)


def print_alone(folder: Path, args: argparse.Namespace) -> bool:
    """Whether something was asked for by a flag of its own, which is then all that is measured."""
    for asked, measure in (
        (args.register, measure_register),
        (args.desk, measure_access),
        (args.million, measure_cases),
    ):
        if asked is not None:
            for where in asked or ("SQLite", "PostgreSQL"):
                print_table(measure(folder / where, where, rounds=args.rounds, count=args.count))
            return True
    if args.backup:
        print_table(measure_backup(folder))
    elif args.waiting:
        print_table(measure_waiting(folder, seconds=mixing.FULL if args.full else mixing.SHORT))
    return bool(args.backup or args.waiting)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="alternating rounds; the least counts")
    parser.add_argument("--count", type=int, default=ASKS, help="requests of each kind in a round")
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    parser.add_argument("--full", action="store_true", help=f"submitters for {FULL} seconds in place of {SHORT}")
    parser.add_argument("--register", nargs="*", metavar="DATABASE", help="only the register of 20,000 systems: "
                        "SQLite, PostgreSQL, or both when none is named; some minutes each")  # fmt: skip
    parser.add_argument("--desk", nargs="*", metavar="DATABASE", help="only the officer's desk with 50,000 closed "
                        "requests: SQLite, PostgreSQL, or both when none is named")  # fmt: skip
    parser.add_argument("--million", nargs="*", metavar="DATABASE", help="only desks and queues among a million "
                        "cases of 450 bodies (100,000 on SQLite)")  # fmt: skip
    parser.add_argument("--backup", action="store_true", help="only the backup of 100,000 cases, and the way back")
    parser.add_argument("--waiting", action="store_true", help="only how long people wait: beside an export, sign-ins "
                        "and a backup, and for a minute (--full: ten) at half capacity")  # fmt: skip
    args = parser.parse_args()
    with TemporaryDirectory(prefix="porth-bench-") as folder, ExitStack() as open_things:
        if print_alone(Path(folder), args):
            return 0
        say("filling a portal")
        world = make_world(Path(folder) / "portal")
        rows = measure_servers(world, rounds=args.rounds, count=args.count, starts=max(1, args.rounds // 2))
        rows += measure_crowd(world, seconds=FULL if args.full else SHORT)
        say("photos")
        rows += measure_photos(world)
        say("a pack of 500 MB")
        rows += measure_packing(world)
        rows += measure_attachment()
        rows += measure_postgres(Path(folder) / "postgres", rounds=args.rounds, count=args.count)
        rows += browser.measure_python_seal(times=max(1, args.count // 4)) + browser.weigh_scripts(BUILD)
        opened = None if args.no_browser else open_things.enter_context(chromium())
        if opened is not None:
            rows += measure_browser(opened, world, times=max(1, args.rounds - 1))
    print_table(sorted(rows, key=lambda row: int(row.target_name[1:] or 0)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
