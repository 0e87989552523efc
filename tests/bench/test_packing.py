"""A pack is built in bounded memory, whatever its files weigh; ``make bench`` measures it with 500 MB."""

from pathlib import Path

import pytest

from tests.bench.packing import MOST_EXTRA_MIB, measure_packing
from tests.bench.table import print_table
from tests.bench.world import copy_world


def test_a_pack_is_built_in_bounded_memory(
    measured_portal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = copy_world(measured_portal, tmp_path)
    rows = measure_packing(world, files=12, each=10_000_000)
    with capsys.disabled():
        print_table(rows)
    assert rows[1].measured < MOST_EXTRA_MIB
