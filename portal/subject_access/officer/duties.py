"""What time does to the desk: warnings before a day, the day that was missed, and visits that are forgotten."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, exists, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.board import list_addresses
from portal.cases.correspondence import find_addressee
from portal.cases.models import Case
from portal.cases.queries import facts_of, find_assigned
from portal.cases.rules import CaseKind, Duty, Relation
from portal.cases.turn import Desk, Turn
from portal.cases.warning import STAGES, Listener, listeners, stage_of
from portal.core.db import Database
from portal.core.text import msg
from portal.directory.models import Person
from portal.directory.queries import list_away
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.subject_access.officer.models import AccessWarning, DeskVisit, MissedDay
from portal.subject_access.officer.queries import list_officers
from portal.subject_access.officer.rules import VISIT_KEPT
from portal.subject_access.searching.duties import addressee_of
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200
AFTER_THE_WORKER = timedelta(seconds=1)
"""Staff hear of a missed day with the next round of letters: the worker's own letter has left by then."""


def warn_of_days(database: Database, settings: Settings, now: datetime) -> int:
    """Warnings 10, 5, 2 and 0 days before a day, each once; none while the clock stands. After a gap, only the last."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    sent = 0
    with database.writing() as session:
        for case in _near(session, desk.today):
            stage = stage_of(case.due_on, desk.today)
            if stage is None or _was_warned(session, case, stage):
                continue
            session.add(AccessWarning(case_id=case.id, due_on=case.due_on, stage=stage, sent_at=now))
            for to in _listeners(session, case, stage, desk):
                queue(session, vault=desk.vault, to=to, template="access_due_soon", values={}, now=now)
            facts = {"days_left": (case.due_on - desk.today).days}
            record(
                session, actor=None, event="access.warned", subject=case.id, now=now, body_id=case.body_id, facts=facts
            )
            sent += 1
    return sent


def open_missed_days(database: Database, settings: Settings, now: datetime) -> int:
    """A day that passed without an answer opens an incident, once. The worker is told first, then who works on it."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    opened = 0
    with database.writing() as session:
        for case in _missed(session, desk.today):
            session.add(MissedDay(case_id=case.id, due_on=case.due_on, body_id=case.body_id, opened_at=now))
            requester = find_addressee(session, case, desk.vault)
            if requester is not None:
                queue(session, vault=desk.vault, to=requester, template="access_late", values={}, now=now)
            said = msg("The request was not answered by {date}, the day by which it had to be", date=case.due_on)
            Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell("missed_day", said)
            session.flush()
            for to in _listeners(session, case, STAGES[-1], desk):
                queue(session, vault=desk.vault, to=to, template="access_missed", values={}, now=now + AFTER_THE_WORKER)
            opened += 1
    return opened


def forget_visits(database: Database, _settings: Settings, now: datetime) -> int:
    """Who had which request open is known for an hour and no longer."""
    with database.writing() as session:
        old = session.execute(delete(DeskVisit).where(DeskVisit.at < now - VISIT_KEPT).returning(DeskVisit.case_id))
        return len(old.all())


_RUNS = and_(
    Case.kind == CaseKind.ACCESS, Case.is_open, Case.paused_on.is_(None), Case.waiting_on.is_(None)
)  # fmt: skip


def _near(session: Session, today: date) -> Sequence[Case]:
    """Open requests whose day is at most ten days off, and whose clock runs."""
    near = Case.due_on.between(today, today + timedelta(days=STAGES[0]))
    return session.scalars(select(Case).where(_RUNS, near).order_by(Case.due_on, Case.id)).all()


def _missed(session: Session, today: date) -> Sequence[Case]:
    known = exists().where(MissedDay.case_id == Case.id, MissedDay.due_on == Case.due_on)
    late = select(Case).where(_RUNS, Case.due_on < today, ~known)
    return session.scalars(late.order_by(Case.due_on, Case.id).limit(MOST_AT_ONCE).with_for_update()).all()


def _was_warned(session: Session, case: Case, stage: int) -> bool:
    """True if a warning of this stage, or of one nearer to the day, has gone."""
    sent = exists().where(
        AccessWarning.case_id == case.id, AccessWarning.due_on == case.due_on, AccessWarning.stage <= stage
    )
    return bool(session.scalar(select(sent)))


def _listeners(session: Session, case: Case, stage: int, desk: Desk) -> list[Addressee]:
    """Each address once, owner first. Nobody who asked, or was left out of the case, hears of it."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    officers = [one for one in list_officers(session, {case.body_id}, today=desk.today) if one.id not in kept_away]
    owner = find_assigned(session, case, Duty.HANDLER)
    is_away = owner is not None and bool(list_away(session, {owner.id}, today=desk.today))
    heard = listeners(stage, owner_is_away=is_away)
    people = list(_people(owner, officers, heard))
    told = {person.email: addressee_of(person) for person in people}
    if Listener.BOARD in heard:
        for address in list_addresses(session, case.body_id):
            told.setdefault(address.email, Addressee(address.email, None))
    return list(told.values())


def _people(owner: Person | None, officers: list[Person], heard: frozenset[Listener]) -> Iterator[Person]:
    if owner is not None:
        yield owner
    if owner is None or Listener.DEPUTY in heard:
        yield from officers
