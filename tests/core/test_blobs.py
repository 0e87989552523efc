"""Files at rest: never in clear, never half there, never under another id."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.blobs import BlobStore
from portal.core.errors import NotFound
from portal.core.vault import CHUNK, Vault, VaultError

SENTINEL = "tŷ’r ŵyn yn y cwm".encode()
HERE = "disclosures.blob:abc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(folder: Path) -> BlobStore:
    return BlobStore(folder, Vault({"k1": bytes(range(32))}))


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_back_and_is_never_on_the_disk_in_clear(store: BlobStore, folder: Path) -> None:
    seen = []

    def arriving() -> Iterator[bytes]:
        for _ in range(6):
            yield SENTINEL * 2000
            seen.append(everything_in(folder))

    blob_id = store.put(arriving(), context=HERE)
    assert b"".join(store.read(blob_id, context=HERE)) == SENTINEL * 12_000
    assert len(seen[-1]) > CHUNK
    assert all(SENTINEL not in content for content in [*seen, everything_in(folder)])


def test_a_failure_on_the_way_leaves_nothing_behind(store: BlobStore, folder: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield SENTINEL * 9000
        raise OSError("the connection broke")

    with pytest.raises(OSError, match="the connection broke"):
        store.put(breaking(), context=HERE)
    assert list(folder.iterdir()) == []


def test_a_file_that_is_thrown_away_half_way_leaves_nothing(store: BlobStore, folder: Path) -> None:
    incoming = store.begin(context=HERE)
    incoming.add(SENTINEL * 9000)
    incoming.drop()
    assert list(folder.iterdir()) == []


def test_only_the_owner_of_the_process_may_look(store: BlobStore, folder: Path) -> None:
    blob_id = store.put([b"x"], context=HERE)
    assert (folder / blob_id).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_under_the_name_of_another_does_not_open(store: BlobStore, folder: Path) -> None:
    one, two = store.put([b"one"], context=HERE), store.put([b"two"], context=HERE)
    (folder / one).write_bytes((folder / two).read_bytes())
    with pytest.raises(VaultError):
        list(store.read(one, context=HERE))


def test_a_file_does_not_open_for_another_row(store: BlobStore) -> None:
    with pytest.raises(VaultError):
        list(store.read(store.put([b"one"], context=HERE), context="disclosures.blob:other"))


@pytest.mark.parametrize(
    "nonsense", ["", "a" * 26, "../../../../../etc/passwd", "..", "a" * 25 + "/", "a" * 22 + ".part"]
)
def test_ids_that_are_none_are_not_found(store: BlobStore, nonsense: str) -> None:
    with pytest.raises(NotFound):
        list(store.read(nonsense, context=HERE))


def test_deleting_twice_is_quiet_and_the_file_is_gone(store: BlobStore, folder: Path) -> None:
    blob_id = store.put([b"one"], context=HERE)
    store.delete(blob_id)
    store.delete(blob_id)
    assert list(folder.iterdir()) == []


def test_what_a_killed_process_left_half_written_goes_and_a_file_on_its_way_stays(
    store: BlobStore, folder: Path
) -> None:
    coming = store.begin(context=HERE)
    coming.add(SENTINEL * CHUNK)
    (folder / "dead.part").write_bytes(b"sealed and of no use")
    assert store.drop_broken() == 1
    kept = coming.end()
    assert b"".join(store.read(kept, context=HERE)) == SENTINEL * CHUNK
    assert [path.name for path in folder.iterdir()] == [kept]
    assert store.drop_broken() == 0
