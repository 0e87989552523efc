"""Migrations by alembic, with the settings of this process and no file of alembic's own."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.core.db import Database
from portal.core.errors import SettingsError
from portal.settings.models import Settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(settings: Settings) -> int:
    """Bring the database to the newest schema; safe to run again."""
    if settings.database.startswith("sqlite"):
        settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command.upgrade(alembic_config(settings.database), "head")
    print("The database is up to date.")
    return 0


def require_newest(database: Database) -> None:
    """Raise SettingsError when the schema is not the one that this version needs."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present != newest:
        raise SettingsError("the database's tables are missing or of another version; run: porth migrate")
