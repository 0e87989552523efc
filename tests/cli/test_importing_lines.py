"""``porth import register`` of JSON Lines: a fault costs its own line, an end in the middle costs nothing."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.cli.register_lines import PARTLY, import_file
from portal.core.db import Database
from portal.core.errors import ImportRefused
from portal.directory.intake import import_directory, read_directory
from portal.migrations.tables import METADATA
from portal.register.importing import import_register
from portal.register.intake import read_entry
from portal.register.lines import AT_ONCE, HEADER
from portal.register.models import System, SystemVersion
from portal.settings.models import Settings
from tests.prepared import ROOT
from tests.prepared import START_OF_TESTS as NOW

DEMO = ROOT / "portal" / "cli" / "demo"


@pytest.fixture
def entry() -> dict[str, Any]:
    """The shortest entry of the demonstration."""
    entries = json.loads((DEMO / "register.json").read_bytes())["entries"]
    found: dict[str, Any] = min(entries, key=lambda one: len(json.dumps(one)))
    return found


def many(entry: dict[str, Any], count: int) -> list[bytes]:
    """So many systems, each on its line."""
    rows = [{**entry, "slug": f"system-{number}", "short_code": None} for number in range(count)]
    return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]


@pytest.fixture
def base(either_database: Database) -> Database:
    """A database that knows the directory of the demonstration."""
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=NOW)
    return either_database


def count(database: Database) -> tuple[int, int]:
    """Systems and versions."""
    with database.reading() as session:
        systems, versions = (session.scalar(select(func.count()).select_from(one)) for one in (System, SystemVersion))
        return systems or 0, versions or 0


def written(path: Path, rows: list[bytes]) -> Path:
    path.write_bytes(HEADER.encode() + b"".join(rows))
    return path


def test_a_fault_is_told_with_its_line_kept_and_can_be_mended(
    base: Database, settings: Settings, entry: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, spoilt, alone = (json.loads(row) for row in many(entry, 3))
    spoilt["record"]["one_sentence"]["en"] = ""
    alone["body"] = "nobody"
    rows = [json.dumps(one).encode() + b"\n" for one in (good, spoilt, alone)]
    file, refused = written(tmp_path / "register.jsonl", rows), tmp_path / "refused.jsonl"
    assert import_file(settings, base, file, check_only=True) == PARTLY
    assert count(base) == (0, 0) and not refused.exists()
    capsys.readouterr()
    assert import_file(settings, base, file, refused=refused) == PARTLY
    out, err = capsys.readouterr()
    assert "line 3 (system-1), record.one_sentence.en: is missing" in err
    assert "line 4 (system-2), body: is not in the directory; import the directory first" in err
    assert "added 1, refused 2" in out and count(base) == (1, 1)
    assert refused.stat().st_mode & 0o077 == 0
    mended = refused.read_bytes().replace(b'"en": ""', b'"en": "It tells."').replace(b"nobody", entry["body"].encode())
    assert import_file(settings, base, written(refused, mended.splitlines(keepends=True)[1:])) == 0
    assert count(base) == (3, 3)


def test_the_refused_lines_cannot_take_the_place_of_the_file(
    base: Database, settings: Settings, entry: dict[str, Any], tmp_path: Path
) -> None:
    file = written(tmp_path / "register.jsonl", many(entry, 1))
    with pytest.raises(ImportRefused):
        import_file(settings, base, file, refused=tmp_path / "." / file.name)
    assert count(base) == (0, 0)


def test_what_came_in_before_the_end_stays_and_the_same_command_goes_on(
    base: Database, settings: Settings, entry: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A packed file that breaks off after the first transaction; then the whole of it."""
    rows = many(entry, AT_ONCE + 3)
    file = tmp_path / "register.jsonl.gz"
    packed = gzip.compress(HEADER.encode() + b"".join(rows[: AT_ONCE + 1]))
    file.write_bytes(packed[:-12])
    assert import_file(settings, base, file) == 1
    out, err = capsys.readouterr()
    assert "What is imported stays" in err and f"added {AT_ONCE}" in out
    assert count(base) == (AT_ONCE, AT_ONCE)
    file.write_bytes(gzip.compress(HEADER.encode() + b"".join(rows)))
    assert import_file(settings, base, file) == 0
    assert f"added 3, unchanged {AT_ONCE}." in capsys.readouterr().out
    assert count(base) == (AT_ONCE + 3, AT_ONCE + 3)


@pytest.fixture
def own_postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database of this test's own, with every table."""
    opened = Database(postgres_url)
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.mark.postgres
def test_where_somebody_else_is_quicker_only_their_line_waits(
    own_postgres: Database, entry: dict[str, Any], settings: Settings, tmp_path: Path
) -> None:
    """Another import of one of these systems has begun and ends while ours waits for it."""
    rows = many(entry, 3)
    with own_postgres.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=NOW)
    has_written = threading.Event()

    def other() -> None:
        with own_postgres.writing() as session:
            import_register(session, [read_entry(1, json.loads(rows[1]))], now=NOW)
            has_written.set()
            time.sleep(0.3)

    thread = threading.Thread(target=other)
    thread.start()
    assert has_written.wait(10)
    assert import_file(settings, own_postgres, written(tmp_path / "register.jsonl", rows)) == 0
    thread.join()
    assert count(own_postgres) == (3, 3)
