"""What happens to answers because time passed: packs are built, people reminded, files removed."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.locking import each_alone
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.blobs import BlobStore
from portal.core.db import NO_KEY, Database
from portal.settings.models import Settings
from portal.subject_access.answering.models import Pack
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.releasing import lapse, remove_file
from portal.subject_access.answering.rules import REMIND_BEFORE_DAYS, PackState, reminders_due
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import find_disclosure, is_held, list_expired
from portal.subject_access.rules import State
from portal.subject_access.service import tell
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def build_packs(database: Database, settings: Settings, now: datetime) -> int:
    """Packs that wait, and those whose builder died."""
    return build_waiting(database, settings, now)


def remove_dropped_packs(database: Database, settings: Settings, now: datetime) -> int:
    """Packs of answers that were sent back, unless a hold keeps everything of the request. Their files go first, so
    that a failure only tries again."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    dropped = select(Pack.case_id).where(_DROPPED, ~is_held(Pack.case_id)).distinct().limit(MOST_AT_ONCE)
    with database.reading() as session:
        found = session.scalars(dropped.order_by(Pack.case_id)).all()
    return each_alone(database, found, lambda session, case: _remove_dropped(session, case, blobs, now))


_DROPPED = and_(Pack.state == PackState.REMOVED, Pack.blob_id.is_not(None))


def _remove_dropped(session: Session, case: Case, blobs: BlobStore, now: datetime) -> bool:
    dropped = select(Pack).where(_DROPPED, Pack.case_id == case.id, ~is_held(Pack.case_id))
    packs = session.scalars(dropped.order_by(Pack.id)).all()
    for pack in packs:
        blobs.delete(pack.blob_id or "")
        pack.blob_id = None
        record(session, actor=None, event="access.pack_removed", subject=case.id, now=now)
    return bool(packs)


def remind_to_collect(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders to people whose answer waits for them; each goes once."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    due = [
        and_(Disclosure.remove_on <= desk.today + timedelta(days=days), Disclosure.reminded < number)
        for number, days in enumerate(REMIND_BEFORE_DAYS, start=1)
    ]
    waiting = (
        select(Case.id)
        .join(Disclosure, Disclosure.case_id == Case.id)
        .where(Case.state == State.READY_TO_COLLECT, Disclosure.blob_id.is_not(None), or_(*due))
        .distinct()
        .order_by(Case.id)
        .limit(MOST_AT_ONCE)
    )
    with database.reading() as session:
        found = session.scalars(waiting).all()
    return each_alone(database, found, lambda session, case: _remind(session, case, desk))


def _remind(session: Session, case: Case, desk: Desk) -> bool:
    disclosure = find_disclosure(session, case)
    if case.state != State.READY_TO_COLLECT or disclosure is None or disclosure.blob_id is None:
        return False
    due = reminders_due(disclosure.remove_on, desk.today)
    if due <= disclosure.reminded:
        return False
    disclosure.reminded = due
    tell(session, case, desk, "answer_waits")
    record(session, actor=None, event="access.collection_reminded", subject=case.id, now=desk.now)
    return True


def remove_old_disclosures(database: Database, settings: Settings, now: datetime) -> int:
    """Remove the files whose ninety days are over; who had not collected theirs is told that a new copy is free."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        found = {one.case_id: None for one in list_expired(session, today=desk.today)}
    return each_alone(database, found, lambda session, case: _remove_old(session, case, blobs, desk))


def _remove_old(session: Session, case: Case, blobs: BlobStore, desk: Desk) -> bool:
    expired = list_expired(session, today=desk.today, case_id=case.id)
    for disclosure in expired:
        pack = session.get(Pack, disclosure.id, with_for_update=NO_KEY)
        remove_file(blobs, disclosure, desk=desk)
        if pack is not None and pack.state is PackState.READY:
            pack.state, pack.blob_id = PackState.REMOVED, None
        record(session, actor=None, event="access.file_removed", subject=case.id, now=desk.now)
    if expired:
        lapse(session, case, desk=desk)
    return bool(expired)
