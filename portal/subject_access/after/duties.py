"""What happens to requests after their answer because time passed: frozen, closed, deleted."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.holding import was_ever_held
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.turn import Desk
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.settings.models import Settings
from portal.subject_access.after.erasing import Asked, Going, erase, list_going, remove_material
from portal.subject_access.after.figures import freeze, list_to_freeze
from portal.subject_access.after.rules import CLOSED_AFTER_MONTHS, What
from portal.subject_access.material.models import Material
from portal.subject_access.models import LegalHold
from portal.subject_access.steps import CLOSABLE, STEPS
from portal.timelimits.calendar import WorkingDays, months_later

MOST_AT_ONCE = 200


def freeze_figures(database: Database, settings: Settings, now: datetime) -> int:
    """The figures of requests that have ended."""
    calendar = WorkingDays(settings.extra_holidays)
    with database.writing() as session:
        ended = list_to_freeze(session, today=london_day(now), most=MOST_AT_ONCE)
        for case in ended:
            freeze(session, case, calendar)
    return len(ended)


def close_requests(database: Database, settings: Settings, now: datetime) -> int:
    """Close what nobody can reopen any more. Its figures are final by then.

    Not while its answer can still be made of what was found: closed, that would wait for the end of the request. What a
    hold kept is found when it is closed, too.
    """
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.writing() as session:
        has_files = exists().where(Material.case_id == Case.id, Material.blob_id.is_not(None))
        was_held = or_(exists().where(LegalHold.case_id == Case.id), was_ever_held(Case.id))
        over = select(Case).where(
            Case.kind == CaseKind.ACCESS,
            Case.state.in_(sorted(CLOSABLE)),
            Case.finished_on < months_later(desk.today, -CLOSED_AFTER_MONTHS),
            or_(~has_files, was_held),
        )
        ended = session.scalars(over.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE)).all()
        for case in ended:
            freeze(session, case, desk.calendar)
            cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
    return len(ended)


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
    case = session.scalars(select(Case).where(Case.id == one.case_id).with_for_update()).one_or_none()
    if case is None or one not in list_going(session, Asked(london_day(now), case_id=case.id)):
        return False
    if one.what is What.REQUEST:
        erase(session, case, one.rule, blobs, now=now)
    else:
        remove_material(session, case, blobs, now=now)
    return True
