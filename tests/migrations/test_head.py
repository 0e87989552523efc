"""The end of the migrations is the schema of the models."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from portal.cli.schema import MIGRATIONS, alembic_config
from portal.core.db import Database
from portal.core.errors import SettingsError
from portal.migrations.newest import NEWEST, require_newest
from portal.migrations.tables import METADATA
from portal.settings.models import Settings


def differences(url: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    engine.dispose()
    return found


@pytest.fixture
def migrated(end_of_migrations: Path, settings: Settings) -> str:
    """The address of a test's own copy of it."""
    shutil.copy(end_of_migrations, settings.data_folder / "porth.sqlite3")
    return settings.database


def test_migrations_end_where_the_models_are_on_sqlite(migrated: str) -> None:
    assert differences(migrated) == []


@pytest.mark.postgres
def test_migrations_end_where_the_models_are_on_postgresql(postgres_url: str) -> None:
    command.upgrade(alembic_config(postgres_url), "head")
    assert differences(postgres_url) == []


def test_every_condition_of_a_table_is_that_of_its_model(migrated: str, empty_file: Path) -> None:
    """The comparison above does not see them, and an event of a new kind would be refused by a migrated database."""
    fresh = create_engine(f"sqlite:///{empty_file}")
    end = create_engine(migrated)
    assert conditions(end) == conditions(fresh)
    fresh.dispose()
    end.dispose()


def conditions(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    """The named conditions of each table, as the database keeps them."""
    asked = inspect(engine)
    return {
        name: {(one["name"], " ".join(one["sqltext"].split())) for one in asked.get_check_constraints(name)}
        for name in METADATA.tables
    }


def test_a_server_asks_for_the_last_revision(settings: Settings, end_of_migrations: Path) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST
    database = Database(settings.database)
    with pytest.raises(SettingsError, match="porth migrate"):
        require_newest(database)
    database.close()
    shutil.copy(end_of_migrations, settings.data_folder / "porth.sqlite3")
    database = Database(settings.database)
    require_newest(database)
    database.close()


def test_an_empty_database_is_different_so_the_comparison_bites(settings: Settings) -> None:
    assert len(differences(settings.database)) > 20


def test_migrating_back_leaves_no_table(migrated: str) -> None:
    command.downgrade(alembic_config(migrated), "base")
    engine = create_engine(migrated)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_a_finding_that_the_revision_before_does_not_know_still_keeps_its_copy_back(migrated: str) -> None:
    engine = create_engine(migrated)
    with engine.begin() as connection:
        columns = "id, copy_id, code, place, number, can_fix"
        connection.execute(text(f"INSERT INTO scan_findings ({columns}) VALUES ('a', 'b', 'tiny_text', '', 1, 0)"))
    command.downgrade(alembic_config(migrated), "0003")
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT code FROM scan_findings")).all() == ["unreadable"]
    assert not any("tiny_text" in one["sqltext"] for one in inspect(engine).get_check_constraints("scan_findings"))
    engine.dispose()
    command.upgrade(alembic_config(migrated), "head")
    assert differences(migrated) == []
