"""What happens to requests that wait for proof because time passed, and to authorities whose last day is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import service as cases
from portal.cases.hearing import has_news, hears
from portal.cases.locking import each_alone
from portal.cases.models import Case, CaseEvent
from portal.cases.rules import CaseKind, Relation
from portal.cases.turn import Desk, take_turn
from portal.cases.waiting import REMIND_AFTER, Waiting, due_for
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Locale, msg
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.subject_access.asking.models import Authority
from portal.subject_access.asking.queries import open_speaker
from portal.subject_access.queries import get_request
from portal.subject_access.rules import State
from portal.subject_access.service import tell
from portal.subject_access.steps import STEPS
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200
ABOUT_SPEAKERS = ("authority_given", "authority_revoked", "authority_seen")
"""What concerns who else may speak is for the person alone."""


def wait_for_proof(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders, and after as long again the request ends; one press takes it up again."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    waiting = (
        select(Case.id)
        .where(
            Case.kind == CaseKind.ACCESS,
            Case.is_open,
            Case.state == State.IDENTITY_WAIT,
            Case.waiting_on <= desk.today - REMIND_AFTER,
        )
        .order_by(Case.waiting_on, Case.id)
        .limit(MOST_AT_ONCE)
    )
    with database.reading() as session:
        found = session.scalars(waiting).all()
    return each_alone(database, found, lambda session, case: _one(session, case, desk))


def _one(session: Session, case: Case, desk: Desk) -> bool:
    if not case.is_open or case.state != State.IDENTITY_WAIT or case.waiting_on is None:
        return False
    request = get_request(session, case)
    due = due_for(case.waiting_on, request.proof_reminders, request.proof_reminded_on, desk.today)
    if due is Waiting.REMIND:
        request.proof_reminders, request.proof_reminded_on = request.proof_reminders + 1, desk.today
        turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
        turn.tell("proof_reminder", msg("A reminder was sent that proof is still needed"))
    elif due is Waiting.GIVE_UP:
        cases.take_step(session, Relation.PORTAL, case, STEPS["give_up_proof"], desk=desk)
    if due is not None:
        tell(session, case, desk, "case_news")
    return due is not None


def tell_representatives(database: Database, settings: Settings, now: datetime) -> int:
    """Whom a worker named to speak for them hears that there is news, and no more, while their authority stands.

    Whatever the worker can read on the timeline is news, but not what the representative did themselves.
    """
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        named = session.scalars(select(Authority.case_id).where(*_waits(desk)).limit(MOST_AT_ONCE))
        found = list(dict.fromkeys(named))
    return each_alone(database, found, lambda session, case: _tell_speakers(session, case, desk))


def _tell_speakers(session: Session, case: Case, desk: Desk) -> bool:
    told = session.scalars(select(Authority).where(Authority.case_id == case.id, *_waits(desk))).all()
    newest = session.scalar(select(func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id))
    for one in told:
        address = open_speaker(one, "email", desk.vault).reveal()
        to = Addressee(address, Locale(one.lang) if one.lang else None)
        queue(session, vault=desk.vault, to=to, template="representative_news", values={}, now=desk.now)
        one.told_at = newest  # not now: what is being written this moment is news of the next pass
        record(session, actor=None, event="access.representative_told", subject=case.id, now=desk.now)
    return bool(told)


def _waits(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    return (~Authority.is_asker, *hears(Authority, desk), has_news(Authority, ABOUT_SPEAKERS))


def end_authorities(database: Database, _settings: Settings, now: datetime) -> int:
    """Who asked for somebody else gets no more letters once their authority is over."""
    over = (
        select(Case.id)
        .join(Authority, Authority.case_id == Case.id)
        .where(Authority.is_asker, Authority.until_on < london_day(now), Case.contact_email.is_not(None))
        .order_by(Case.id)
        .limit(MOST_AT_ONCE)
    )
    with database.reading() as session:
        found = session.scalars(over).all()
    return each_alone(database, found, _forget_address)


def _forget_address(_session: Session, case: Case) -> bool:
    had_one, case.contact_email = case.contact_email is not None, None
    return had_one
