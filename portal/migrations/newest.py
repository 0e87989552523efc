"""Whether a database's tables are those of this version. Alembic is not needed to know it, so a server does without."""

from sqlalchemy import column, inspect, select, table

from portal.core.db import Database
from portal.core.errors import SettingsError

NEWEST = "0007"
"""The last revision in ``versions``; a test compares."""

_VERSIONS = table("alembic_version", column("version_num"))


def require_newest(database: Database) -> None:
    """Raise SettingsError when the schema is not the one that this version needs."""
    present = None
    with database.engine.connect() as connection:
        if inspect(connection).has_table(_VERSIONS.name):
            present = connection.execute(select(_VERSIONS.c.version_num)).scalar_one_or_none()
    if present != NEWEST:
        raise SettingsError("the database's tables are missing or of another version; run: porth migrate")
