"""P10 and P11: how long a process takes to its first page, and what it holds in memory, beside its packages alone."""

import subprocess
import time

from tests.bench.processes import Served, cpu_of, import_packages, memory_of
from tests.bench.table import Row
from tests.bench.world import World

MIB = 1024 * 1024


def packages_alone() -> tuple[float, int]:
    """Processor seconds and resident bytes of a process that has imported the packages."""
    process: subprocess.Popen[bytes] = import_packages()
    assert process.stdout is not None
    if process.stdout.readline().strip() != b"imported":
        raise RuntimeError("the packages could not be imported")
    found = cpu_of(process.pid), memory_of(process.pid)
    process.communicate()
    return found


def measure_start(world: World, *, rounds: int) -> tuple[list[Row], int]:
    """P10 and the idle half of P11; also the resident bytes of the packages alone."""
    starts, floors, idle, floor_memory = [], [], 0, 0
    for _ in range(rounds):
        seconds, floor_memory = packages_alone()
        floors.append(seconds)
        with world.portal() as served:
            starts.append(served.cpu())
            idle = served.memory()
    return [
        Row("P10", "cold start to first page, processor seconds", min(starts), "s", min(floors), 1.35),
        Row("P11", "memory after the first page", idle / MIB, "MiB", floor_memory / MIB, 1.2),
    ], floor_memory


def memory_after(served: Served, floor: int, *, pause: float) -> Row:
    """P11 after everything else was measured on the same process, and its timed duties had their turn."""
    time.sleep(pause)
    return Row("P11", "memory after the whole mix", served.memory() / MIB, "MiB", floor / MIB, 1.6)
