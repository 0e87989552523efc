"""What time does to the desk: warnings before a day, the day that was missed, and visits that are forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Exists, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.climbing import list_listeners
from portal.cases.correspondence import find_addressee
from portal.cases.locking import each_alone
from portal.cases.models import Case, Exclusion
from portal.cases.officers import OFFICER_ROLES
from portal.cases.rules import CaseKind, Relation
from portal.cases.turn import Desk, Turn
from portal.cases.warning import AFTER_THE_WORKER, STAGES, stage_of
from portal.core.db import Database
from portal.core.text import msg
from portal.directory.models import RoleHolding
from portal.directory.queries import holding_is_current
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.subject_access.asking.leaving import list_left_out, list_wishes
from portal.subject_access.asking.models import LeftOut, Wish
from portal.subject_access.officer.leaving import list_left, settle, tell_nobody_left, tell_readers
from portal.subject_access.officer.letting_in import tell_let_in
from portal.subject_access.officer.models import AccessWarning, DeskVisit, MissedDay, NobodyLeft
from portal.subject_access.officer.rules import VISIT_KEPT
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def warn_of_days(database: Database, settings: Settings, now: datetime) -> int:
    """Warnings 10, 5, 2 and 0 days before a day, each once; none while the clock stands. After a gap, only the last."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    near = _RUNS, Case.due_on.between(desk.today, desk.today + timedelta(days=STAGES[0]))
    unwarned = [
        (Case.due_on <= desk.today + timedelta(days=stage)) & ~_warned(Case.id, Case.due_on, stage) for stage in STAGES
    ]
    with database.reading() as session:
        wanted = select(Case.id).where(*near, or_(*unwarned)).order_by(Case.due_on, Case.id).limit(MOST_AT_ONCE)
        found = session.scalars(wanted).all()
    return each_alone(database, found, lambda session, case: _warn(session, case, desk))


def _warn(session: Session, case: Case, desk: Desk) -> bool:
    stage = stage_of(case.due_on, desk.today)
    if not _runs(case) or stage is None or session.scalar(select(_warned(case.id, case.due_on, stage))):
        return False
    session.add(AccessWarning(case_id=case.id, due_on=case.due_on, stage=stage, sent_at=desk.now))
    for to in list_listeners(session, case, stage, desk):
        queue(session, vault=desk.vault, to=to, template="access_due_soon", values={}, now=desk.now)
    facts = {"days_left": (case.due_on - desk.today).days}
    record(session, actor=None, event="access.warned", subject=case.id, now=desk.now, body_id=case.body_id, facts=facts)
    return True


def open_missed_days(database: Database, settings: Settings, now: datetime) -> int:
    """A day that passed without an answer opens an incident, once. The worker is told first, then who works on it."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    known = exists().where(MissedDay.case_id == Case.id, MissedDay.due_on == Case.due_on)
    late = select(Case.id).where(_RUNS, Case.due_on < desk.today, ~known).order_by(Case.due_on, Case.id)
    with database.reading() as session:
        found = session.scalars(late.limit(MOST_AT_ONCE)).all()
    return each_alone(database, found, lambda session, case: _open_missed(session, case, desk))


def _open_missed(session: Session, case: Case, desk: Desk) -> bool:
    if not _runs(case) or case.due_on >= desk.today or session.get(MissedDay, (case.id, case.due_on)) is not None:
        return False
    session.add(MissedDay(case_id=case.id, due_on=case.due_on, body_id=case.body_id, opened_at=desk.now))
    requester = find_addressee(session, case, desk.vault)
    if requester is not None:
        queue(session, vault=desk.vault, to=requester, template="access_late", values={}, now=desk.now)
    said = msg("The request was not answered by {date}, the day by which it had to be", date=case.due_on)
    Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell("missed_day", said)
    session.flush()
    later = desk.now + AFTER_THE_WORKER
    for to in list_listeners(session, case, STAGES[-1], desk):
        queue(session, vault=desk.vault, to=to, template="access_missed", values={}, now=later)
    return True


def pass_on_left_out(database: Database, settings: Settings, now: datetime) -> int:
    """What people held whom the requester's own words left out goes on; who may read new words hears of them."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        held = session.scalars(select(LeftOut.case_id).where(LeftOut.passed_on_at.is_(None)).limit(MOST_AT_ONCE))
        found = dict.fromkeys(held)
        untold = select(Wish.case_id).where(Wish.told_at.is_(None)).limit(MOST_AT_ONCE)
        found |= dict.fromkeys(session.scalars(untold))
    return each_alone(database, found, lambda session, case: _pass_on(session, case, desk))


def _pass_on(session: Session, case: Case, desk: Desk) -> bool:
    turn = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
    held = [one for one, _person in list_left_out(session, case) if one.passed_on_at is None]
    for one in held:
        settle(turn, one)
    untold = [one for one in list_wishes(session, case) if one.told_at is None]
    for wish in untold:
        wish.told_at = desk.now
        if case.is_open and wish.let_in_at is not None:
            tell_let_in(session, case, wish, desk=desk)
        elif case.is_open and wish.outcome is None and wish.taken_back_at is None:
            tell_readers(session, case, wish, desk=desk)
    return bool(held or untold)


def tell_where_nobody_can(database: Database, settings: Settings, now: datetime) -> int:
    """Where no officer may work on an open request, those who can appoint one hear at once, and once: the only officer
    asked for their own data, all are left out, or there is none any more."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    can = _can_work(desk)
    told = exists().where(NobodyLeft.case_id == Case.id)
    open_ones = Case.kind == CaseKind.ACCESS, Case.is_open
    with database.reading() as session:
        found = session.scalars(select(Case.id).where(*open_ones, ~can, ~told).limit(MOST_AT_ONCE)).all()
        over = session.scalars(select(NobodyLeft.case_id).join(Case).where(or_(can, ~Case.is_open))).all()
    if over:
        with database.writing() as session:
            session.execute(delete(NobodyLeft).where(NobodyLeft.case_id.in_(over)))
    return each_alone(database, found, lambda session, case: _tell_nobody(session, case, desk))


def _tell_nobody(session: Session, case: Case, desk: Desk) -> bool:
    if not case.is_open or list_left(session, case, desk=desk) or session.get(NobodyLeft, case.id) is not None:
        return False
    if not tell_nobody_left(session, case, desk=desk):
        return False
    session.add(NobodyLeft(case_id=case.id, told_at=desk.now))
    record(session, actor=None, event="access.nobody_can", subject=case.id, now=desk.now, body_id=case.body_id)
    return True


def _can_work(desk: Desk) -> Exists:
    """Whether an officer may work on a case: not who asked, nor who was left out."""
    left_out = exists().where(Exclusion.case_id == Case.id, Exclusion.person_id == RoleHolding.person_id)
    return exists().where(
        RoleHolding.body_id == Case.body_id,
        RoleHolding.role.in_(OFFICER_ROLES),
        holding_is_current(desk.today),
        or_(Case.requester_person_id.is_(None), RoleHolding.person_id != Case.requester_person_id),
        ~left_out,
    )


def forget_visits(database: Database, _settings: Settings, now: datetime) -> int:
    """Who had which request open is known for an hour and no longer."""
    with database.writing() as session:
        old = session.execute(delete(DeskVisit).where(DeskVisit.at < now - VISIT_KEPT).returning(DeskVisit.case_id))
        return len(old.all())


_RUNS = and_(
    Case.kind == CaseKind.ACCESS, Case.is_open, Case.paused_on.is_(None), Case.waiting_on.is_(None)
)  # fmt: skip


def _runs(case: Case) -> bool:
    """The same of a case that is held."""
    return case.kind is CaseKind.ACCESS and case.is_open and case.paused_on is None and case.waiting_on is None


def _warned(case_id: Any, due_on: Any, stage: int) -> Exists:
    """True if a warning of this stage, or of one nearer to the day, has gone."""
    return exists().where(
        AccessWarning.case_id == case_id, AccessWarning.due_on == due_on, AccessWarning.stage <= stage
    )
