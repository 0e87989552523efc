"""What time does after a decision: late remedies are chased, the worker is asked after thirty days, silence closes."""

from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn
from portal.core.db import Database
from portal.core.text import Message, msg
from portal.decision_review.outcome.chairs import list_with_gone, tell_gone
from portal.decision_review.outcome.models import RemedyTask
from portal.decision_review.rules import REMEDY_CHECK, SILENCE, State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to, write_to_officers
from portal.directory.models import Person
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def chase_remedies(database: Database, settings: Settings, now: datetime) -> int:
    """What was to be put right and is late: its owner and the officers hear of it once, and the worker reads it."""
    desk = _desk(settings, now)
    return each_alone(database, _list(database, _has(_is_late(desk))), partial(_chase, desk=desk))


def ask_whether_it_happened(database: Database, settings: Settings, now: datetime) -> int:
    """Thirty days after something was put right, the worker is asked whether it really was."""
    desk = _desk(settings, now)
    return each_alone(database, _list(database, _has(_is_old(desk))), partial(_ask, desk=desk))


def close_reviews(database: Database, settings: Settings, now: datetime) -> int:
    """Close what nobody objects to: everything was put right and the worker said so, or nothing for fourteen days."""
    desk = _desk(settings, now)
    return each_alone(database, _list(database, _is_quiet(desk)), partial(_close, desk=desk))


def tell_of_gone_chairs(database: Database, settings: Settings, now: datetime) -> int:
    """Who was to decide a second stage was left out, has left, or has no mandate any more: the officers hear of it."""
    desk = _desk(settings, now)
    with database.reading() as session:
        found = list_with_gone(session, today=desk.today)
    return each_alone(database, found, partial(tell_gone, desk=desk))


def _chase(session: Session, case: Case, *, desk: Desk) -> bool:
    rows = _rows(session, case, _is_late(desk))
    for row in rows:
        row.chased_on = desk.today
        session.flush()
        write_to(session, session.get_one(Person, row.owner_id), "review_remedy", desk=desk)
    if rows:
        _say(session, case, "remedy_late", msg("Something that was to be put right is late"), desk)
        write_to_officers(session, case, desk=desk)
    return bool(rows)


def _ask(session: Session, case: Case, *, desk: Desk) -> bool:
    rows = _rows(session, case, _is_old(desk))
    for row in rows:
        row.checked_on = desk.today
        session.flush()
    if rows:
        _say(session, case, "remedy_checked", msg("We asked whether it really happened"), desk)
        tell(session, case, desk, "review_happened")
    return bool(rows)


def _close(session: Session, case: Case, *, desk: Desk) -> bool:
    if session.scalar(select(Case.id).where(Case.id == case.id, _is_quiet(desk))) is None:
        return False
    cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
    return True


def _is_late(desk: Desk) -> ColumnElement[bool]:
    return and_(RemedyTask.done_at.is_(None), RemedyTask.due_on < desk.today, RemedyTask.chased_on.is_(None))


def _is_old(desk: Desk) -> ColumnElement[bool]:
    unsaid = and_(RemedyTask.worker_says.is_(None), RemedyTask.checked_on.is_(None))
    return and_(RemedyTask.done_at <= desk.now - REMEDY_CHECK, unsaid)


def _is_quiet(desk: Desk) -> ColumnElement[bool]:
    asked_lately = or_(RemedyTask.checked_on.is_(None), RemedyTask.checked_on > desk.today - SILENCE)
    waits = or_(RemedyTask.done_at.is_(None), and_(RemedyTask.worker_says.is_(None), asked_lately))
    return and_(
        Case.kind == CaseKind.REVIEW,
        Case.state.in_([State.DECIDED.value, State.IMPLEMENTING.value, State.REFERRED.value]),
        Case.finished_on < desk.today - SILENCE,
        ~_has(waits),
    )


def _has(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RemedyTask.case_id == Case.id, which)


def _list(database: Database, where: ColumnElement[bool]) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Case.id).where(where).order_by(Case.id).limit(MOST_AT_ONCE)))


def _rows(session: Session, case: Case, where: ColumnElement[bool]) -> list[RemedyTask]:
    """Asked again with the case held."""
    found = select(RemedyTask).where(RemedyTask.case_id == case.id, where)
    return list(session.scalars(found.order_by(RemedyTask.id)))


def _say(session: Session, case: Case, name: str, said: Message, desk: Desk) -> None:
    Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell(name, said)


def _desk(settings: Settings, now: datetime) -> Desk:
    return Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
