"""What happens to sealed threads because time passed."""

from datetime import datetime

from portal.core.clock import london_day
from portal.core.db import Database, checkpoint
from portal.mailbox.service import forget_expired
from portal.settings.models import Settings


def forget_expired_concerns(database: Database, _settings: Settings, now: datetime) -> int:
    """Delete threads whose week has passed, and empty the write-ahead log of them."""
    with database.writing() as session:
        forgotten = forget_expired(session, today=london_day(now))
    if forgotten:
        checkpoint(database.engine)
    return forgotten
