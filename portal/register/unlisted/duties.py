"""What happens to questions about tools because time passed."""

from datetime import datetime

from portal.core.db import Database
from portal.register.unlisted.telling import Post, tell_office
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays


def tell_of_questions(database: Database, settings: Settings, now: datetime) -> int:
    """Letters about what is new, due soon or late."""
    post = Post(settings.public_url.rstrip("/"), now)
    with database.writing() as session:
        return tell_office(session, vault=settings.vault, calendar=WorkingDays(settings.extra_holidays), post=post)
