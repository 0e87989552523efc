"""Sealed files that no row names: their row was never written, because somebody's process died first."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.settings.models import Settings
from portal.subject_access.answering.models import Pack
from portal.subject_access.asking.models import Enclosure
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.models import Disclosure

NAMED: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Material.blob_id,
    MaterialCopy.blob_id,
    Enclosure.blob_id,
    Disclosure.blob_id,
    Pack.blob_id,
    Pack.holder,
)
"""Every column of every room that names a file; a test compares them with the tables."""
UNTOUCHED_DAYS = 1
"""A file is finished moments before its row is written: what nobody named for a day, nobody will."""
AT_A_TIME = 500


def remove_unnamed_files(database: Database, settings: Settings, _now: datetime) -> int:
    """Delete finished files that no row names. Not one where the database names no file at all: then it is the wrong
    database, or one that is still to be restored."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    old = blobs.list_untouched(of_days=UNTOUCHED_DAYS)
    removed = 0
    with database.reading() as session:
        if not any(session.scalar(select(column).where(column.is_not(None)).limit(1)) for column in NAMED):
            return 0
        for start in range(0, len(old), AT_A_TIME):
            some = old[start : start + AT_A_TIME]
            for blob_id in sorted(set(some) - _named(session, some)):
                blobs.delete(blob_id)
                removed += 1
    return removed


def _named(session: Session, blob_ids: list[str]) -> set[str | None]:
    return {found for column in NAMED for found in session.scalars(select(column).where(column.in_(blob_ids)))}
