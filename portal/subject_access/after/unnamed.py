"""Sealed files that no row names: their row was never written, because somebody's process died first."""

from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, String, select
from sqlalchemy.orm import Session

from portal.core.blobs import BlobStore
from portal.core.db import Base, Database
from portal.settings.models import Settings
from portal.subject_access.answering.models import Pack

UNTOUCHED_DAYS = 1
"""A file is finished moments before its row is written: what nobody named for a day, nobody will."""
AT_A_TIME = 500


@cache
def naming_columns() -> tuple[ColumnElement[str], ...]:
    """Every column of every room that names a file, as the tables themselves say; and who makes a pack, for its file
    is named before its row is."""
    found = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("blob_id") and isinstance(column.type, String)
    ]
    return (*found, Base.metadata.tables[Pack.__tablename__].c.holder)


def remove_unnamed_files(database: Database, settings: Settings, _now: datetime) -> int:
    """Delete finished files that no row names. Not one where the database names no file at all: then it is the wrong
    database, or one that is still to be restored."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    old = blobs.list_untouched(of_days=UNTOUCHED_DAYS)
    removed = 0
    with database.reading() as session:
        if not any(session.scalar(select(column).where(column.is_not(None)).limit(1)) for column in naming_columns()):
            return 0
        for start in range(0, len(old), AT_A_TIME):
            some = old[start : start + AT_A_TIME]
            for blob_id in sorted(set(some) - _named(session, some)):
                blobs.delete(blob_id)
                removed += 1
    return removed


def _named(session: Session, blob_ids: list[str]) -> set[str | None]:
    asked = (select(column).where(column.in_(blob_ids)) for column in naming_columns())
    return {found for one in asked for found in session.scalars(one)}
