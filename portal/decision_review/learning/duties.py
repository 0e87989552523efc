"""What time does for learning: figures are frozen, and the names of old searches are deleted."""

from datetime import UTC, datetime, time

from sqlalchemy import and_, delete, or_, select

from portal.cases.holding import is_held
from portal.core.clock import london_day
from portal.core.db import Database
from portal.decision_review.learning.figures import freeze, list_to_freeze
from portal.decision_review.learning.models import LookBack, LookBackPerson
from portal.decision_review.rules import YEARS_KEPT
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays, months_later

MOST_AT_ONCE = 200


def freeze_review_figures(database: Database, settings: Settings, now: datetime) -> int:
    """The figures of reviews that have ended."""
    calendar = WorkingDays(settings.extra_holidays)
    with database.writing() as session:
        ended = list_to_freeze(session, today=london_day(now), most=MOST_AT_ONCE)
        for case in ended:
            freeze(session, case, calendar, today=london_day(now))
    return len(ended)


def forget_looked_for(database: Database, _settings: Settings, now: datetime) -> int:
    """The names of a search, when a review of the day on which it was closed would be deleted too; of one that nobody
    closed, when its own review is gone. Not while a hold keeps its review."""
    before = datetime.combine(months_later(london_day(now), -12 * YEARS_KEPT), time(), UTC)
    without = and_(LookBack.case_id.is_(None), LookBack.opened_at < before)
    with database.writing() as session:
        over = select(LookBack.id).where(or_(LookBack.closed_at < before, without), ~is_held(LookBack.case_id))
        gone = session.execute(delete(LookBackPerson).where(LookBackPerson.look_back_id.in_(over)))
        return int(gone.rowcount)  # type: ignore[attr-defined]
