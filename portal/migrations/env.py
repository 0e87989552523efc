"""How alembic reaches the database and the models."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import pool
from sqlalchemy.engine import create_engine

from portal.core.columns import UtcInstant
from portal.migrations.tables import METADATA

config = context.config


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Steps stand alone: our own column types are written as what the database keeps."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcInstant) else False


def run() -> None:
    """Run the steps in one transaction on the database of the caller."""
    engine = create_engine(config.attributes["url"], poolclass=pool.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
