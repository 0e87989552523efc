"""What time does for learning: figures are frozen."""

from datetime import datetime

from portal.core.clock import london_day
from portal.core.db import Database
from portal.decision_review.learning.figures import freeze, list_to_freeze
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def freeze_review_figures(database: Database, settings: Settings, now: datetime) -> int:
    """The figures of reviews that have ended."""
    calendar = WorkingDays(settings.extra_holidays)
    with database.writing() as session:
        ended = list_to_freeze(session, today=london_day(now), most=MOST_AT_ONCE)
        for case in ended:
            freeze(session, case, calendar, today=london_day(now))
    return len(ended)
