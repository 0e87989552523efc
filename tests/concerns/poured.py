"""A portal that was filled on SQLite, poured into PostgreSQL: to fill one there again takes some seconds."""

from sqlalchemy import insert, select, text

from portal.core.db import Database
from portal.migrations.newest import NEWEST
from portal.migrations.tables import METADATA


def pour(here: Database, there: Database) -> None:
    """Every table with its rows, and which version they are of."""
    METADATA.create_all(there.engine)
    with here.engine.connect() as source, there.engine.begin() as target:
        target.execute(text("SET session_replication_role = replica"))  # rows come in no order that keys ask for
        target.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        target.execute(text("INSERT INTO alembic_version VALUES (:number)"), {"number": NEWEST})
        for table in METADATA.sorted_tables:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            if rows:
                target.execute(insert(table), rows)
        target.execute(text("SET session_replication_role = origin"))
