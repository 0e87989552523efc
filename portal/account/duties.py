"""What happens to accounts because time passed."""

from datetime import datetime

from portal.core.db import Database
from portal.identity.service import purge_expired
from portal.settings.models import Settings


def end_old_links_and_sessions(database: Database, _settings: Settings, now: datetime) -> int:
    """Delete ended sessions, links past their time, and failures that no longer count."""
    with database.writing() as session:
        return purge_expired(session, now=now)
