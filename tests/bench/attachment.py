"""P15: a long attachment sealed to the disk, in a process of its own, so that what it needs can be seen."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from anonymity.keys import Identity
from anonymity.plaintext import Secret
from anonymity.sealedfile import LARGEST_FILE, FileSealer, seal_file
from portal.core.blobs import BlobStore
from portal.core.vault import Vault, read_keys
from portal.mailbox.shelf import Shelf
from tests.bench.table import Row
from tests.prepared import ROOT, START_OF_TESTS, TEST_KEY

MB = 1_000_000
PIECE = bytes(range(256)) * 256
LENGTHS = {"vault": 100 * MB, "channel": LARGEST_FILE}


def arriving(length: int) -> Iterator[bytes]:
    """So many bytes as an upload brings them, never held together."""
    for _ in range(length // len(PIECE)):
        yield PIECE
    if length % len(PIECE):
        yield PIECE[: length % len(PIECE)]


def through_the_vault(folder: Path) -> None:
    """As a disclosure is stored."""
    BlobStore(folder, Vault(read_keys(TEST_KEY))).put(arriving(LENGTHS["vault"]), context="bench")


def through_the_channel(folder: Path) -> None:
    """As the largest file of a concern is stored when the server seals it."""
    sealer, arrived = FileSealer(Identity(Secret(bytes(32))).recipient), Shelf(folder).begin()
    for piece in seal_file(arriving(LENGTHS["channel"]), sealer):
        arrived.add(piece)
    arrived.end(today=START_OF_TESTS.date())


WAYS: dict[str, Callable[[Path], None]] = {"vault": through_the_vault, "channel": through_the_channel}


def run(way: str) -> dict[str, float]:
    """Seconds, and how many bytes the process grew by. A short run first, so that nothing is loaded meanwhile."""
    with TemporaryDirectory(prefix="porth-bench-") as folder:
        whole, LENGTHS[way] = LENGTHS[way], 1 * MB
        WAYS[way](Path(folder))
        LENGTHS[way] = whole
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        WAYS[way](Path(folder))
        seconds = time.perf_counter() - begun
        return {"seconds": seconds, "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024}


def measure_attachment() -> list[Row]:
    """Seconds for 60 MB, so that the target of 60 MB a second is one second; and the growth."""
    rows = []
    for way in WAYS:
        command = [sys.executable, "-m", "tests.bench.attachment", way]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
        )
        found = json.loads(done.stdout)
        rows += [
            Row(
                "P15",
                f"attachment by the {way}: time for 60 MB",
                found["seconds"] * 60 * MB / LENGTHS[way],
                "s",
                most=1,
            ),
            Row("P15", f"attachment by the {way}: memory grown", found["grown"] / (1024 * 1024), "MiB", most=16),
        ]
    return rows


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))
