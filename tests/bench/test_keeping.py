"""A backup as README describes it is whole; one from which something is missing is noticed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.keeping import DATABASE, back_up, verify
from tests.bench.world import World, copy_world


@pytest.fixture
def world(tmp_path: Path, measured_portal: Path) -> World:
    return copy_world(measured_portal, tmp_path / "portal")


def test_a_backup_has_every_row_and_every_file(world: World, tmp_path: Path) -> None:
    back_up(world.folder, tmp_path / "copy")
    verify(world, tmp_path / "copy")


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM desk_places WHERE case_id = (SELECT min(case_id) FROM desk_places)",
        "UPDATE audit_events SET subject = 'another' WHERE number = 3",
        "DELETE FROM bodies",
    ],
)
def test_a_backup_from_which_something_is_missing_is_no_backup(world: World, tmp_path: Path, harm: str) -> None:
    back_up(world.folder, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / DATABASE)) as copy, copy:
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{name}"')
        copy.execute(harm)
    with pytest.raises(AssertionError):
        verify(world, tmp_path / "copy")


def test_a_sealed_file_that_was_not_taken_along_is_missed(world: World, tmp_path: Path) -> None:
    back_up(world.folder, tmp_path / "copy")
    next(one for one in (tmp_path / "copy" / "sealed").rglob("*") if one.is_file()).unlink()
    with pytest.raises(AssertionError):
        verify(world, tmp_path / "copy")
