"""Migrations by alembic, with the settings of this process and no file of alembic's own."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from portal.cli.intake import tell
from portal.core.db import Database
from portal.register.finding.service import is_behind, rebuild
from portal.settings.models import Settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def _catch_up(settings: Settings) -> None:
    """Work out what newer versions keep beside what was published before them."""
    database = Database(settings.database)
    try:
        with database.writing() as session:
            if is_behind(session):
                rebuild(session, progress=tell)
    finally:
        database.close()


def migrate(settings: Settings) -> int:
    """Bring the database to the newest schema; safe to run again."""
    if settings.database.startswith("sqlite"):
        settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command.upgrade(alembic_config(settings.database), "head")
    _catch_up(settings)
    print("The database is up to date.")
    return 0
