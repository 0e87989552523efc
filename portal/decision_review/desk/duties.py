"""What time does to the desk: warnings before a day, the day that was missed, closing and deleting."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import service as cases
from portal.cases.climbing import list_listeners
from portal.cases.holding import is_held
from portal.cases.locking import each_alone, hold_to_delete
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn
from portal.cases.warning import AFTER_THE_WORKER, STAGES, stage_of
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import msg
from portal.decision_review.desk.erasing import erase, list_going
from portal.decision_review.desk.models import ReviewMissedDay, ReviewWarning
from portal.decision_review.rules import SILENCE, UNDO_WITHDRAWAL, State
from portal.decision_review.steps import STEPS
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays, months_later

MOST_AT_ONCE = 200
REVIVED_WITHIN_MONTHS = 12
"""Staff hear of a missed day with the next round of letters: the worker's own letter has left by then."""
_RUNS = and_(Case.kind == CaseKind.REVIEW, Case.is_open, Case.paused_on.is_(None), Case.waiting_on.is_(None))


def warn_of_reviews(database: Database, settings: Settings, now: datetime) -> int:
    """Warnings 10, 5, 2 and 0 days before a day, each once. After a gap, only the last."""
    desk = _desk(settings, now)
    return each_alone(database, _list(database, and_(_RUNS, _is_unwarned(desk))), partial(_warn, desk=desk))


def open_missed_reviews(database: Database, settings: Settings, now: datetime) -> int:
    """A day that passed without an answer opens an incident, once. The worker is told first, then who works on it."""
    desk = _desk(settings, now)
    return each_alone(database, _list(database, _is_missed(desk)), partial(_open_missed, desk=desk))


def close_ended(database: Database, settings: Settings, now: datetime) -> int:
    """Close what was taken back, refused, or ended for want of proof, once the time to take it up again is over.

    What was decided, ``outcome.duties`` closes.
    """
    desk = _desk(settings, now)
    return each_alone(database, _list(database, _is_over(desk)), partial(_close, desk=desk))


def delete_reviews(database: Database, settings: Settings, now: datetime) -> int:
    """Delete reviews whose time is over; each in a transaction of its own, asked again with the row held."""
    blobs, today, done = BlobStore(settings.blob_folder, settings.vault), london_day(now), 0
    with database.reading() as session:
        due = list_going(session, today, among=~is_held(Case.id))
    for one in due:
        with database.writing() as session:
            case = hold_to_delete(session, one.case_id)
            if case is not None and one in list_going(session, today, case_id=case.id):
                erase(session, case, blobs, now=now)
                done += 1
        database.let_others_in()
    return done


def _list(database: Database, where: ColumnElement[bool]) -> list[str]:
    with database.reading() as session:
        found = select(Case.id).where(where).order_by(Case.due_on, Case.id).limit(MOST_AT_ONCE)
        return list(session.scalars(found))


def _still(session: Session, case: Case, where: ColumnElement[bool]) -> bool:
    """Asked again with the row held: something may have come between."""
    return session.scalar(select(Case.id).where(Case.id == case.id, where)) is not None


def _warn(session: Session, case: Case, *, desk: Desk) -> bool:
    stage = stage_of(case.due_on, desk.today)
    if stage is None or not _still(session, case, _RUNS) or _was_warned(session, case, stage):
        return False
    session.add(ReviewWarning(case_id=case.id, due_on=case.due_on, stage=stage, sent_at=desk.now))
    for to in list_listeners(session, case, stage, desk):
        queue(session, vault=desk.vault, to=to, template="review_due_soon", values={}, now=desk.now)
    record(
        session,
        actor=None,
        event="review.warned",
        subject=case.id,
        now=desk.now,
        body_id=case.body_id,
        facts={"days_left": (case.due_on - desk.today).days},
    )
    return True


def _open_missed(session: Session, case: Case, *, desk: Desk) -> bool:
    if not _still(session, case, _is_missed(desk)):
        return False
    session.add(ReviewMissedDay(case_id=case.id, due_on=case.due_on, body_id=case.body_id, opened_at=desk.now))
    tell(session, case, desk, "review_late")
    said = msg("The request was not answered by {date}, the day by which it had to be", date=case.due_on)
    Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell("missed_day", said)
    for to in list_listeners(session, case, STAGES[-1], desk):
        at = desk.now + AFTER_THE_WORKER
        queue(session, vault=desk.vault, to=to, template="review_missed", values={}, now=at)
    return True


def _close(session: Session, case: Case, *, desk: Desk) -> bool:
    if not _still(session, case, _is_over(desk)):
        return False
    cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
    return True


def _is_missed(desk: Desk) -> ColumnElement[bool]:
    known = exists().where(ReviewMissedDay.case_id == Case.id, ReviewMissedDay.due_on == Case.due_on)
    return and_(_RUNS, Case.due_on < desk.today, ~known)


def _is_over(desk: Desk) -> ColumnElement[bool]:
    today = desk.today
    return and_(
        Case.kind == CaseKind.REVIEW,
        ~Case.is_open,
        or_(
            and_(Case.state == State.WITHDRAWN, Case.finished_on < today - UNDO_WITHDRAWAL),
            and_(Case.state == State.REFUSED, Case.finished_on < today - SILENCE),
            and_(Case.state == State.NOT_VERIFIED, Case.finished_on < months_later(today, -REVIVED_WITHIN_MONTHS)),
        ),
    )


def _is_unwarned(desk: Desk) -> ColumnElement[bool]:
    """Within the days of a stage of which no warning went: who was warned takes no room in a pass."""
    firsts = [*(nearer + 1 for nearer in STAGES[1:]), 0]
    return or_(
        *(
            and_(
                Case.due_on.between(desk.today + timedelta(days=first), desk.today + timedelta(days=stage)),
                ~exists().where(
                    ReviewWarning.case_id == Case.id,
                    ReviewWarning.due_on == Case.due_on,
                    ReviewWarning.stage <= stage,
                ),
            )
            for stage, first in zip(STAGES, firsts, strict=True)
        )
    )


def _was_warned(session: Session, case: Case, stage: int) -> bool:
    """True if a warning of this stage, or of one nearer to the day, has gone."""
    sent = exists().where(
        ReviewWarning.case_id == case.id, ReviewWarning.due_on == case.due_on, ReviewWarning.stage <= stage
    )
    return bool(session.scalar(select(sent)))


def _desk(settings: Settings, now: datetime) -> Desk:
    return Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
