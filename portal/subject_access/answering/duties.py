"""What happens to answers because time passed: packs are built, people reminded, files removed."""

from datetime import datetime

from sqlalchemy import select

from portal.audit.service import record
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.settings.models import Settings
from portal.subject_access.answering.models import Pack
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.releasing import lapse, remove_file
from portal.subject_access.answering.rules import PackState, reminders_due
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import list_expired
from portal.subject_access.rules import State
from portal.subject_access.service import tell
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def build_packs(database: Database, settings: Settings, now: datetime) -> int:
    """Packs that wait, and those whose builder died."""
    return build_waiting(database, settings, now)


def remove_dropped_packs(database: Database, settings: Settings, now: datetime) -> int:
    """Packs of answers that were sent back. Their files go first, so that a failure only tries again."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    with database.writing() as session:
        dropped = select(Pack).where(Pack.state == PackState.REMOVED, Pack.blob_id.is_not(None)).limit(MOST_AT_ONCE)
        packs = session.scalars(dropped).all()
        for pack in packs:
            blobs.delete(pack.blob_id or "")
            pack.blob_id = None
            record(session, actor=None, event="access.pack_removed", subject=pack.case_id, now=now)
    return len(packs)


def remind_to_collect(database: Database, settings: Settings, now: datetime) -> int:
    """Two reminders to people whose answer waits for them; each goes once."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    reminded = 0
    with database.writing() as session:
        waiting = (
            select(Disclosure, Case)
            .join(Case, Case.id == Disclosure.case_id)
            .where(Case.state == State.READY_TO_COLLECT, Disclosure.blob_id.is_not(None), Disclosure.reminded < 2)
            .order_by(Disclosure.released_at)
        )
        for disclosure, case in session.execute(waiting):
            due = reminders_due(disclosure.remove_on, london_day(now))
            if due > disclosure.reminded:
                disclosure.reminded = due
                tell(session, case, desk, "answer_waits")
                record(session, actor=None, event="access.collection_reminded", subject=case.id, now=now)
                reminded += 1
    return reminded


def remove_old_disclosures(database: Database, settings: Settings, now: datetime) -> int:
    """Remove the files whose ninety days are over; who had not collected theirs is told that a new copy is free."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    removed = 0
    with database.writing() as session:
        for disclosure in list_expired(session, today=london_day(now)):
            remove_file(blobs, disclosure, desk=desk)
            pack = session.get(Pack, disclosure.id)
            if pack is not None and pack.state is PackState.READY:
                pack.state, pack.blob_id = PackState.REMOVED, None
            record(session, actor=None, event="access.file_removed", subject=disclosure.case_id, now=now)
            lapse(session, session.get_one(Case, disclosure.case_id), desk=desk)
            removed += 1
    return removed
