"""Every measurement runs, once and with tiny numbers. No time is asserted: that is what ``make bench`` is for."""

from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import BUILD, measure_browser, measure_crowd, measure_servers
from tests.bench.attachment import measure_attachment
from tests.bench.browser import measure_python_seal, weigh_scripts
from tests.bench.scaling import compare, fill, grow, signed_in
from tests.bench.table import Row, print_table
from tests.bench.world import World, copy_world

TARGETS = {"P1", "P2", "P3", "P4", "P5", "P9", "P10", "P11", "P12", "P14", "P15", "P18"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, measured_portal: Path) -> World:
    return copy_world(measured_portal, tmp_path_factory.mktemp("bench"))


def test_every_target_of_the_servers_is_measured(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    rows = measure_servers(world, rounds=1, count=1, starts=1)
    rows += measure_crowd(world, seconds=2, submitters=8)
    rows += measure_python_seal(times=1) + weigh_scripts(BUILD) + measure_attachment()
    assert {row.target_name for row in rows if row.target_name} == TARGETS
    assert all(row.measured >= 0 for row in rows)  # one request can be quicker than a tick of the processor clock
    print_table(rows)
    assert "ceiling: FastAPI, hello" in capsys.readouterr().out


def test_a_register_is_imported_multiplied_and_compared(world: World) -> None:
    assert fill(world, models=1, bodies=3) > 0
    grow(world, 3, models=1)
    with world.portal() as portal:
        few, more = signed_in(portal, 1, world), signed_in(portal, 3, world)
        rows = compare(few, more, "SQLite", times=1)
        assert {"«affects me», signed in", "a system’s page", "search"} <= {row.what.partition(":")[0] for row in rows}


@pytest.mark.pages
def test_first_paint_and_the_device_are_measured(world: World, chromium: Any) -> None:
    rows = measure_browser(chromium, world, times=1, slower=1)
    assert {row.what.partition(":")[0] for row in rows} == {"first paint", "Chromium"}
    assert all(row.measured > 0 for row in rows)


def test_a_row_says_whether_its_target_was_met() -> None:
    assert Row("P1", "page", 0.3, "ms", 0.2, 2).is_met is True
    assert Row("P1", "page", 0.5, "ms", 0.2, 2).is_met is False
    assert Row("P9", "sign-in", 22.5, "ms", 20, 3, is_difference=True).is_met is True
    assert Row("P4", "concern", 3.5, "ms", most=3).is_met is False
    assert Row("", "ceiling", 1, "ms").is_met is None
