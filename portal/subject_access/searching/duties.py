"""What happens to search tasks because time passed: deputies take over, and who searches is reminded."""

from datetime import datetime

from sqlalchemy import select

from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty, Relation
from portal.cases.turn import Desk, Turn
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Locale, msg
from portal.directory.models import Absence, Person
from portal.directory.queries import get_person
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.rules import TaskState, chases_due
from portal.subject_access.searching.service import hand_over_from
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def hand_over_searches(database: Database, settings: Settings, now: datetime) -> int:
    """Tasks of people whose absence has begun go to deputies."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.writing() as session:
        away = session.scalars(
            select(Absence.person_id)
            .join(SearchTask, SearchTask.person_id == Absence.person_id)
            .where(Absence.from_on <= desk.today, Absence.until_on >= desk.today, SearchTask.state == TaskState.SENT)
            .distinct()
        ).all()
        return sum(hand_over_from(session, person_id, desk=desk) for person_id in away)


def chase_searches(database: Database, settings: Settings, now: datetime) -> int:
    """Reminders after 5, 7 and 9 days: to who searches, then to the deputy too, then to the officer too."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    sent = 0
    with database.writing() as session:
        waiting = session.execute(
            select(SearchTask, SearchPlace, Case)
            .join(SearchPlace, SearchPlace.id == SearchTask.place_id)
            .join(Case, Case.id == SearchTask.case_id)
            .where(SearchTask.state == TaskState.SENT, SearchTask.chased < 3, Case.is_open)
            .order_by(SearchTask.sent_at)
            .limit(MOST_AT_ONCE)
        ).all()
        for task, place, case in waiting:
            wanted = chases_due(london_day(task.sent_at), desk.today) if task.sent_at else 0
            if wanted <= task.chased:
                continue
            task.chased = wanted
            deputy = place.deputy_person_id if wanted >= 2 else None
            handler = find_assigned(session, case, Duty.HANDLER) if wanted >= 3 else None
            people = {task.person_id, deputy, handler.id if handler else None}
            for person_id in sorted(filter(None, people)):
                to = addressee_of(get_person(session, person_id))
                queue(session, vault=settings.vault, to=to, template="search_reminder", values={}, now=now)
                sent += 1
            turn = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
            turn.tell("chase_search", msg("A reminder of a search was sent"), visible=False)
    return sent


def addressee_of(person: Person) -> Addressee:
    """Where a letter to somebody of the directory goes."""
    return Addressee(person.email, Locale(person.locale) if person.locale else None)
