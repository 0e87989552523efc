"""The end of the migrations is the schema of the models."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

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


def test_migrations_end_where_the_models_are_on_sqlite(settings: Settings) -> None:
    command.upgrade(alembic_config(settings.database), "head")
    assert differences(settings.database) == []


@pytest.mark.postgres
def test_migrations_end_where_the_models_are_on_postgresql(postgres_url: str) -> None:
    command.upgrade(alembic_config(postgres_url), "head")
    assert differences(postgres_url) == []


def test_every_condition_of_a_table_is_that_of_its_model(settings: Settings, tmp_path: Path) -> None:
    """The comparison above does not see them, and an event of a new kind would be refused by a migrated database."""
    command.upgrade(alembic_config(settings.database), "head")
    fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    METADATA.create_all(fresh)
    migrated = create_engine(settings.database)
    assert conditions(migrated) == conditions(fresh)
    fresh.dispose()
    migrated.dispose()


def conditions(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    """The named conditions of each table, as the database keeps them."""
    asked = inspect(engine)
    return {
        name: {(one["name"], " ".join(one["sqltext"].split())) for one in asked.get_check_constraints(name)}
        for name in METADATA.tables
    }


def test_a_server_asks_for_the_last_revision(settings: Settings) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST
    database = Database(settings.database)
    with pytest.raises(SettingsError, match="porth migrate"):
        require_newest(database)
    command.upgrade(alembic_config(settings.database), "head")
    require_newest(database)
    database.close()


def test_an_empty_database_is_different_so_the_comparison_bites(settings: Settings) -> None:
    assert len(differences(settings.database)) > 20


def test_migrating_back_leaves_no_table(settings: Settings) -> None:
    config = alembic_config(settings.database)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert len(differences(settings.database)) > 20
