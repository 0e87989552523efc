"""What happens to released files because time passed."""

from datetime import datetime

from portal.audit.service import record
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.settings.models import Settings
from portal.subject_access.queries import list_expired


def remove_old_disclosures(database: Database, settings: Settings, now: datetime) -> int:
    """Remove the files whose ninety days are over. The file goes first, so that a failure only tries again."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    removed = 0
    with database.writing() as session:
        for disclosure in list_expired(session, today=london_day(now)):
            if disclosure.blob_id is not None:
                blobs.delete(disclosure.blob_id)
            disclosure.blob_id, disclosure.removed_at, disclosure.code_hash = None, now, None
            record(session, actor=None, event="access.file_removed", subject=disclosure.case_id, now=now)
            removed += 1
    return removed
