"""Keeping the days of threads, and a body's promises."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.concerns.timing.models import ConcernClock, ConcernPromise
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import NOTES
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.promises import CHECK_INS, DEFAULT_PROMISES, Answered, Owed, Promises, check_ins, first_owed

ENDED = "closed"
_DAYS = tuple(one.name for one in fields(Answered))
_WRITTEN = ("case_id", "body_id", "due_on", *_DAYS)
"""What a clock has when it begins."""


def find_promises(session: Session, body_id: str) -> Promises:
    """What a body promises."""
    row = session.get(ConcernPromise, body_id)
    if row is None:
        return DEFAULT_PROMISES
    return Promises(row.acknowledge, row.triage, row.reply, row.update_every, row.outcome_months)


def set_promises(
    session: Session, actor: Actor, body_id: str, promises: Promises, *, calendar: WorkingDays, now: datetime
) -> None:
    """Promise something else from now on. What is open is counted anew; a day that comes sooner is told as late once
    it has passed, and nothing that was told is taken back."""
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=body_id)):
        raise NotFound
    row = session.get(ConcernPromise, body_id) or ConcernPromise(body_id=body_id)
    row.acknowledge, row.triage, row.reply = promises.acknowledge, promises.triage, promises.reply
    row.update_every, row.outcome_months = promises.update, promises.outcome_months
    row.set_by, row.set_at = actor.account_id, now
    session.add(row)
    session.flush()
    for clock in session.scalars(select(ConcernClock).where(ConcernClock.body_id == body_id)):
        _count_anew(clock, promises, calendar, keep_step=True)
    facts = {one.name: getattr(promises, one.name) for one in fields(Promises)}
    record(session, actor=actor, event="concern.promises_set", subject=body_id, now=now, body_id=body_id, facts=facts)


def answered_of(clock: ConcernClock) -> Answered:
    """The days of a thread as the counting takes them."""
    return Answered(**{name: getattr(clock, name) for name in _DAYS})


def begin_clocks(session: Session, *, today: date, calendar: WorkingDays, most: int) -> int:
    """Clocks of threads that came before today. Those of today wait: that nobody can tell the hour from them."""
    wanting = (
        select(SealedCase.case_id, SealedCase.body_id, SealedCase.opened_day, SealedCase.state)
        .where(SealedCase.opened_day < today, SealedCase.state.not_in((NOTES, ENDED)))
        .where(~exists().where(ConcernClock.case_id == SealedCase.case_id))
        .order_by(SealedCase.case_id)
        .limit(most)
    )
    rows = session.execute(wanting).all()
    promised = {body_id: find_promises(session, body_id) for body_id in {row.body_id for row in rows}}
    for row in rows:
        clock = ConcernClock(case_id=row.case_id, body_id=row.body_id, opened_on=row.opened_day)
        if row.state == "new":
            _count_anew(clock, promised[row.body_id], calendar)
        else:  # answered before there were clocks, nobody knows when: nothing is owed until the next answer
            clock.acknowledged_on = row.opened_day
        _insert_once(session, {name: getattr(clock, name) for name in _WRITTEN})
    return len(rows)


def note_answered(database: Database, case_id: bytes, *, today: date, calendar: WorkingDays) -> None:
    """A reader's answer stands in a thread. It is noted in a transaction of its own; readers' notes are no answers."""
    with database.writing() as session:
        case = session.get(SealedCase, case_id)
        if case is not None and case.state != NOTES:
            note_answer(session, case, today=today, calendar=calendar)


def note_answer(session: Session, case: SealedCase, *, today: date, calendar: WorkingDays) -> None:
    """A reader answered in a reporter's thread, in a transaction before this one. The first answer acknowledges, the
    second is the reply, and each one after it news. Nothing that was told about before counts as told any more."""
    clock = _hold(session, case)
    answered = answered_of(clock)
    if answered.since_beginning(clock.acknowledged_on) is None:
        clock.acknowledged_on = today
    elif answered.since_beginning(clock.replied_on) is None:
        clock.replied_on = today
    else:
        clock.updated_on = today
    _count_anew(clock, find_promises(session, case.body_id), calendar)


def note_triaged(session: Session, case: SealedCase, *, today: date, calendar: WorkingDays) -> None:
    """A reader took it on and knows what is to be done first."""
    clock = _hold(session, case)
    if answered_of(clock).since_beginning(clock.triaged_on) is None:
        clock.triaged_on = today
        _count_anew(clock, find_promises(session, case.body_id), calendar)


def untriage(session: Session, case: SealedCase, *, today: date, calendar: WorkingDays) -> None:
    """Whoever took it on today took that back: it is owed again."""
    clock = session.get(ConcernClock, case.case_id, with_for_update=True)
    if clock is not None and clock.triaged_on == today:
        clock.triaged_on = None
        _count_anew(clock, find_promises(session, case.body_id), calendar)


def note_outcome(session: Session, case: SealedCase, *, today: date) -> None:
    """The outcome was told: nothing more is owed, until the concern is taken up again."""
    clock = _hold(session, case)
    clock.outcome_on, clock.due_on, clock.step = today, None, None
    clock.after_on, clock.asked = check_ins(today)[0], None


def take_up_again(session: Session, case: SealedCase, *, today: date, calendar: WorkingDays) -> None:
    """A concern whose outcome was told is taken up again: everything is owed anew from today."""
    clock = session.get(ConcernClock, case.case_id, with_for_update=True)
    if clock is None or answered_of(clock).since_beginning(clock.outcome_on) is None:
        return
    clock.reopened_on, clock.outcome_on, clock.after_on, clock.asked = today, None, None, None
    _count_anew(clock, find_promises(session, case.body_id), calendar)


def forget_clocks(session: Session) -> int:
    """Clocks of threads that are gone."""
    gone = delete(ConcernClock).where(~exists().where(SealedCase.case_id == ConcernClock.case_id))
    return session.connection().execute(gone).rowcount


def list_late(session: Session, body_id: str, *, today: date) -> Sequence[ConcernClock]:
    """The threads of a body of which something was due before today."""
    late = select(ConcernClock).where(ConcernClock.body_id == body_id, ConcernClock.due_on < today)
    return session.scalars(late.order_by(ConcernClock.due_on, ConcernClock.case_id)).all()


def list_owed(session: Session, case_ids: Sequence[bytes], *, calendar: WorkingDays) -> dict[bytes, Owed]:
    """What is owed first in each of these threads, by when, and the counting in words; those in which nothing is owed
    are left out. Whether the reader may know of the threads is asked before."""
    clocks = session.scalars(select(ConcernClock).where(ConcernClock.case_id.in_(case_ids))).all()
    promised = {body_id: find_promises(session, body_id) for body_id in {clock.body_id for clock in clocks}}
    found = {
        clock.case_id: first_owed(answered_of(clock), calendar, promised[clock.body_id])
        for clock in clocks
        if clock.due_on is not None
    }
    return {case_id: owed for case_id, owed in found.items() if owed is not None}


def find_after(session: Session, case_id: bytes) -> tuple[date, bool] | None:
    """After the outcome: the next day on which something happens by itself, and whether the thread is then closed
    rather than its reporter asked. Whether the reader may know of the thread is asked before."""
    clock = session.get(ConcernClock, case_id)
    if clock is None or clock.after_on is None:
        return None
    return clock.after_on, clock.asked == CHECK_INS[-1]


def _hold(session: Session, case: SealedCase) -> ConcernClock:
    """The clock of a thread, made if there is none. Of two who make it at once, one makes it and the other finds it."""
    clock = session.get(ConcernClock, case.case_id, with_for_update=True)
    if clock is not None:
        return clock
    _insert_once(session, {"case_id": case.case_id, "body_id": case.body_id, "opened_on": case.opened_day})
    return session.get_one(ConcernClock, case.case_id, with_for_update=True)


def _insert_once(session: Session, values: Mapping[str, Any]) -> None:
    insert = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
    session.execute(insert(ConcernClock).values(**values).on_conflict_do_nothing())


def _count_anew(clock: ConcernClock, promises: Promises, calendar: WorkingDays, *, keep_step: bool = False) -> None:
    found = first_owed(answered_of(clock), calendar, promises)
    due_on = found.due_on if found is not None else None
    if not keep_step and due_on != clock.due_on:
        clock.step = None
    clock.due_on = due_on
