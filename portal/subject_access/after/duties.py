"""What happens to requests after their answer because time passed: frozen, closed, deleted."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import service as cases
from portal.cases.holding import was_ever_held
from portal.cases.locking import each_alone, hold_to_delete
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.turn import Desk
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.subject_access.after.erasing import Asked, Going, erase, list_going, remove_material
from portal.subject_access.after.figures import freeze, list_to_freeze
from portal.subject_access.after.holds import list_hold_listeners
from portal.subject_access.after.rules import CLOSED_AFTER_MONTHS, HOLD_TOLD_BEFORE, What
from portal.subject_access.material.models import Material
from portal.subject_access.models import LegalHold
from portal.subject_access.steps import CLOSABLE, STEPS
from portal.timelimits.calendar import WorkingDays, months_later

MOST_AT_ONCE = 200


def freeze_figures(database: Database, settings: Settings, now: datetime) -> int:
    """The figures of requests that have ended."""
    calendar = WorkingDays(settings.extra_holidays)
    with database.reading() as session:
        ended = [case.id for case in list_to_freeze(session, today=london_day(now), most=MOST_AT_ONCE)]
    return each_alone(database, ended, lambda session, case: freeze(session, case, calendar) is not None)


def close_requests(database: Database, settings: Settings, now: datetime) -> int:
    """Close what nobody can reopen any more. Its figures are final by then.

    Not while its answer can still be made of what was found: closed, that would wait for the end of the request. What a
    hold kept is found when it is closed, too.
    """
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    over = _over(desk).order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE)
    with database.reading() as session:
        ended = session.scalars(over).all()
    return each_alone(database, ended, lambda session, case: _close(session, case, desk))


def _over(desk: Desk) -> Select[str]:
    has_files = exists().where(Material.case_id == Case.id, Material.blob_id.is_not(None))
    was_held = or_(exists().where(LegalHold.case_id == Case.id), was_ever_held(Case.id))
    return select(Case.id).where(
        Case.kind == CaseKind.ACCESS,
        Case.state.in_(sorted(CLOSABLE)),
        Case.finished_on < months_later(desk.today, -CLOSED_AFTER_MONTHS),
        or_(~has_files, was_held),
    )


def _close(session: Session, case: Case, desk: Desk) -> bool:
    if session.scalar(_over(desk).where(Case.id == case.id)) is None:
        return False
    freeze(session, case, desk.calendar)
    cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
    return True


def delete_what_is_due(database: Database, settings: Settings, now: datetime) -> int:
    """Delete material, and requests as a whole, whose time is over; each in a transaction of its own.

    Released files are deleted by ``answering.duties.remove_old_disclosures``, which tells who had not taken theirs.
    """
    blobs = BlobStore(settings.blob_folder, settings.vault)
    today, done = london_day(now), 0
    with database.reading() as session:
        due = [one for one in list_going(session, Asked(today)) if one.what is not What.FILE]
    for one in due:
        with database.writing() as session:
            done += _delete(session, one, blobs, now)
        database.let_others_in()
    return done


def _delete(session: Session, one: Going, blobs: BlobStore, now: datetime) -> bool:
    """Asked again with the row held: a hold may have been set meanwhile, or the request reopened."""
    case = hold_to_delete(session, one.case_id)
    if case is None or one not in list_going(session, Asked(london_day(now), case_id=case.id)):
        return False
    if one.what is What.REQUEST:
        erase(session, case, one.rule, blobs, now=now)
    else:
        remove_material(session, case, blobs, now=now)
    return True


def remind_of_holds(database: Database, settings: Settings, now: datetime) -> int:
    """Who set a hold, and the deputies, hear 14 days before its day and on it, each once; a hold itself ends by nobody.

    After a gap there is one letter, not two.
    """
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    near = select(LegalHold.case_id).where(*_to_review(desk)).order_by(LegalHold.review_on).limit(MOST_AT_ONCE)
    with database.reading() as session:
        found = list(dict.fromkeys(session.scalars(near)))
    return each_alone(database, found, lambda session, case: _remind_of_holds(session, case, desk))


def _to_review(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    soon, today = desk.today + HOLD_TOLD_BEFORE, desk.today
    is_due = or_(
        (LegalHold.review_on <= soon) & (LegalHold.review_told < 1),
        (LegalHold.review_on <= today) & (LegalHold.review_told < 2),
    )
    return LegalHold.lifted_at.is_(None), is_due


def _remind_of_holds(session: Session, case: Case, desk: Desk) -> bool:
    holds = session.scalars(select(LegalHold).where(LegalHold.case_id == case.id, *_to_review(desk))).all()
    for hold in holds:
        hold.review_told = 2 if hold.review_on <= desk.today else 1
        for person in list_hold_listeners(session, case, hold, today=desk.today):
            to = to_person(person)
            queue(session, vault=desk.vault, to=to, template="access_hold_review", values={}, now=desk.now)
        facts: dict[str, str | int] = {"hold": hold.id, "days_left": max((hold.review_on - desk.today).days, 0)}
        record(session, actor=None, event="access.hold_review", subject=case.id, now=desk.now, facts=facts)
    return bool(holds)
