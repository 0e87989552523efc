"""What happens to search tasks because time passed: deputies take over, and who searches is reminded."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.officers import write_to
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty, Relation
from portal.cases.turn import Desk, Turn
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import msg
from portal.directory.models import Absence
from portal.directory.queries import get_person
from portal.settings.models import Settings
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.planning import barred_from
from portal.subject_access.searching.rules import TaskState, chases_due
from portal.subject_access.searching.service import hand_over_in, list_to_hand_over
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def hand_over_searches(database: Database, settings: Settings, now: datetime) -> int:
    """Tasks of people whose absence has begun go to deputies."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        away = frozenset(
            session.scalars(
                select(Absence.person_id)
                .join(SearchTask, SearchTask.person_id == Absence.person_id)
                .where(
                    Absence.from_on <= desk.today, Absence.until_on >= desk.today, SearchTask.state == TaskState.SENT
                )
                .distinct()
            )
        )
        found = {task.case_id: None for task, _to in list_to_hand_over(session, away, desk=desk)}
    handed: list[int] = []

    def hand_over(session: Session, case: Case) -> bool:
        handed.append(hand_over_in(session, case, away, desk=desk))
        return handed[-1] > 0

    each_alone(database, found, hand_over)
    return sum(handed)


def chase_searches(database: Database, settings: Settings, now: datetime) -> int:
    """Reminders after 5, 7 and 9 days: to who searches, then to the deputy too, then to the officer too."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        found = {task.case_id: None for task, _place in _unchased(session, desk)}
    sent: list[int] = []

    def chase(session: Session, case: Case) -> bool:
        sent.append(sum(_chase(session, case, task, place, desk) for task, place in _unchased(session, desk, case.id)))
        return sent[-1] > 0

    each_alone(database, found, chase)
    return sum(sent)


def _unchased(session: Session, desk: Desk, case_id: str | None = None) -> list[tuple[SearchTask, SearchPlace]]:
    """Tasks of which a reminder is due: those sent longest ago first."""
    waiting = (
        select(SearchTask, SearchPlace)
        .join(SearchPlace, SearchPlace.id == SearchTask.place_id)
        .join(Case, Case.id == SearchTask.case_id)
        .where(SearchTask.state == TaskState.SENT, SearchTask.chased < 3, Case.is_open)
        .order_by(SearchTask.sent_at, SearchTask.id)
    )
    wanted = waiting if case_id is None else waiting.where(Case.id == case_id)
    found = [(task, place) for task, place in session.execute(wanted) if _wanted(task, desk) > task.chased]
    return found[:MOST_AT_ONCE]


def _wanted(task: SearchTask, desk: Desk) -> int:
    return chases_due(london_day(task.sent_at), desk.today) if task.sent_at else 0


def _chase(session: Session, case: Case, task: SearchTask, place: SearchPlace, desk: Desk) -> int:
    """One reminder of one task; how many letters that was."""
    task.chased = _wanted(task, desk)
    deputy = place.deputy_person_id if task.chased >= 2 else None
    handler = find_assigned(session, case, Duty.HANDLER) if task.chased >= 3 else None
    may_hear = {task.person_id, deputy, handler.id if handler else None} - barred_from(session, case)
    people = sorted(filter(None, may_hear))
    for person_id in people:
        write_to(session, get_person(session, person_id), "search_reminder", desk)
    turn = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
    turn.tell("chase_search", msg("A reminder of a search was sent"), visible=False)
    return len(people)
