"""Two server processes on one database, as ``porth serve`` starts them: what one has seen counts in the other."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.bench.asking import BOX, admitted, sealed_concerns
from tests.bench.crowd import different
from tests.bench.processes import Served
from tests.bench.wire import Answer, Ask, Line
from tests.bench.world import World, copy_world
from tests.prepared import ROOT

pytestmark = pytest.mark.slow

BITS, CALM = 6, 20
HONEST, EACH = 4, 5
BOUND = 15.0
"""Seconds that an honest submitter waits at most, on a machine that runs other tests besides."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, measured_portal: Path) -> World:
    return copy_world(measured_portal, tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def servers(world: World) -> Iterator[list[Served]]:
    """Each with a log of its own. The second alone has the timed duties: they write letters into its log."""
    with ExitStack() as running:
        started = [
            world.portal(sweeping=number == 1, log=f"server-{number}.log", work_bits=str(BITS), calm_a_minute=str(CALM))
            for number in range(2)
        ]
        yield [running.enter_context(one) for one in started]


@pytest.fixture(scope="module")
def like(world: World) -> bytes:
    return sealed_concerns(world, 1)[0]


def bits_of(served: Served) -> int:
    with Line(served.port) as line:
        return int(json.loads(line.ask(Ask.post(f"{BOX}/challenge", b"")).body)["bits"])


def comes_to_rise(served: Served) -> bool:
    """Whether more work is asked for, soon: a process looks at the shared count every other second."""
    for _ in range(150):
        if bits_of(served) > BITS:
            return True
        time.sleep(0.2)
    return False


def post(served: Served, octets: bytes, work: str) -> Answer:
    with Line(served.port) as line:
        return line.exchange(Ask.post(BOX, octets, porth_work=work).octets)


def test_one_piece_of_work_admits_once_when_both_processes_are_asked_at_the_same_moment(
    servers: list[Served], like: bytes
) -> None:
    concerns = different(like)
    for _ in range(5):
        with Line(servers[0].port) as line:
            work = admitted(line)
        asked = [(servers[place % 2], next(concerns)[1]) for place in range(8)]
        with ThreadPoolExecutor(8) as pool:
            statuses = [answer.status for answer in pool.map(post, *zip(*asked, strict=True), [work] * len(asked))]
        assert sorted(statuses) == [201] + [428] * 7


def test_while_one_process_floods_everybody_works_more_and_nobody_is_shut_out(
    servers: list[Served], like: bytes, tmp_path: Path
) -> None:
    (tmp_path / "sealed").write_bytes(like)

    def submit(place: int) -> float:
        """One honest submitter, on both servers in turn: the longest that a concern of theirs took."""
        longest = 0.0
        for number, (_hashed, octets) in zip(range(EACH), different(like), strict=False):
            begun = time.monotonic()
            with Line(servers[(place + number) % 2].port) as line:
                answer = line.exchange(Ask.post(BOX, octets, porth_work=admitted(line)).octets)
            assert answer.status == 201
            longest = max(longest, time.monotonic() - begun)
            time.sleep(0.2)
        return longest

    assert [bits_of(served) for served in servers] == [BITS, BITS]
    command = [sys.executable, "-m", "tests.bench.flood", str(servers[0].port), str(tmp_path / "sealed")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flood:
        try:
            assert comes_to_rise(servers[0])
            with ThreadPoolExecutor(HONEST) as pool:
                longest = max(pool.map(submit, range(HONEST)))
            risen = [comes_to_rise(served) for served in servers]
        finally:
            taken, _ = flood.communicate("", timeout=60)
    assert int(taken) > CALM
    assert all(risen), "work rose in both processes, though one was flooded"
    assert longest < BOUND


def test_no_visit_of_the_anonymous_area_leaves_a_line_in_the_servers_log(servers: list[Served]) -> None:
    """Not a byte is written; and what this server does write, when somebody speaks no HTTP, is seen here at once."""
    asked = servers[0]
    before = asked.log.read_bytes()
    with Line(asked.port) as line:
        for path, status in (("/cy/concern", 200), ("/cy/concern?seen=77213", 303), ("/cy/concern/seen-77213", 404)):
            line.ask(Ask.get(path, status=status, user_agent="seen-77213", x_forwarded_for="203.0.113.77"))
        line.ask(Ask.post(f"{BOX}/open", b"seen-77213", status=404))
        line.ask(Ask.post(BOX, b"seen-77213", status=428))
        line.ask(Ask.form("/cy/concern/return/form", {"words": "seen-77213"}, status=422))
    assert asked.log.read_bytes() == before
    with Line(asked.port) as line:
        assert line.exchange(b"no HTTP at all\r\n\r\n").status == 400
    assert asked.log.read_bytes() != before, "a line of this server is seen where one is written"
