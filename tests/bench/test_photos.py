"""A set of photos of twenty megabytes, without script: in bounded memory, and nowhere on the disk in clear."""

from pathlib import Path

import pytest

from tests.bench.photos import MIB, MOST_EXTRA_MIB, make_photos, send_photos
from tests.bench.world import copy_world


def test_twenty_megabytes_of_photos_pass_in_bounded_memory_and_never_lie_on_the_disk_in_clear(
    measured_portal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = copy_world(measured_portal, tmp_path)
    photos = make_photos()
    before = set((world.folder / "sealed").iterdir())
    with world.portal() as portal:
        sent = send_photos(world, portal, photos)
    with capsys.disabled():
        print(f"\n{sent.octets / 1e6:.1f} MB of photos: {sent.extra / MIB:.1f} MiB extra memory")
    assert sent.status == 200
    assert sent.octets > 18_000_000
    assert sent.in_clear == []
    assert sent.extra < MOST_EXTRA_MIB * MIB
    sealed = set((world.folder / "sealed").iterdir()) - before
    assert len(sealed) == len(photos)
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in sealed)
