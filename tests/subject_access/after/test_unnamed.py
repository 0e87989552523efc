"""Files that no row names: looked for in every table, and never where the database is not that of the folder."""

import os

from sqlalchemy import String

from portal.migrations.tables import METADATA
from portal.subject_access.after.unnamed import naming_columns, remove_unnamed_files
from tests.subject_access.answering.answers import prepared
from tests.subject_access.conftest import World

BESIDE = {"access_packs.holder"}
"""A builder's name, which becomes that of its file."""


def test_every_column_that_names_a_file_is_asked() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith("blob_id") and isinstance(column.type, String)
    }
    assert {str(one) for one in naming_columns()} == columns | BESIDE
    assert {"complaint_files.blob_id", "materials.blob_id"} < columns


def grown_old(world: World) -> str:
    blob_id = world.blobs.put([b"nobody's"], context="materials.blob_id:1")
    os.utime(world.settings.blob_folder / blob_id, (1.0, 1.0))
    return blob_id


def test_nothing_is_removed_where_the_database_names_no_file(world: World) -> None:
    blob_id = grown_old(world)
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 0
    assert (world.settings.blob_folder / blob_id).exists()


def test_it_is_looked_for_a_few_times_a_day_and_not_at_every_sweep(world: World) -> None:
    with world.database.writing() as session:
        prepared(world, session)
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 0
    blob_id = grown_old(world)
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 0
    os.utime(world.settings.blob_folder.with_suffix(".looked"), (1.0, 1.0))
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 1
    assert not (world.settings.blob_folder / blob_id).exists()
