"""What happens to corrections because time passed."""

from datetime import datetime

from portal.core.clock import london_day
from portal.core.db import Database
from portal.register.corrections.service import tell_editors
from portal.settings.models import Settings


def tell_editors_of_corrections(database: Database, settings: Settings, now: datetime) -> int:
    """Letters about what came before today."""
    address = settings.public_url.rstrip("/")
    with database.writing() as session:
        return tell_editors(session, vault=settings.vault, address=address, today=london_day(now), now=now)
