"""A case's clock: adding events, and writing the days that follow from them. Nothing else writes ``due_on``."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import rules
from portal.cases.models import Case, ClockEvent
from portal.core import ids
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import TimeLimit


def list_clock_events(session: Session, case: Case) -> list[Event]:
    """What happened to the clock, as the pure rules take it."""
    found = session.execute(
        select(ClockEvent.kind, ClockEvent.on_day, ClockEvent.question_id, ClockEvent.working_days).where(
            ClockEvent.case_id == case.id
        )
    )
    return [Event(kind, on_day, question, days) for kind, on_day, question, days in found]


def get_time_limit(session: Session, case: Case, calendar: WorkingDays, *, as_at: date | None = None) -> TimeLimit:
    """The clock with its reasons, computed from its events. ``as_at`` counts an open question up to that day."""
    return rules.time_limit(case.kind, list_clock_events(session, case), calendar, as_at=as_at)


def add_clock_event(
    session: Session,
    case: Case,
    kind: EventKind,
    *,
    on: date,
    calendar: WorkingDays,
    now: datetime,
    account_id: str | None,
    question_id: str = "",
    working_days: int = 0,
) -> TimeLimit:
    """Add one event and write the days anew."""
    session.add(
        ClockEvent(
            id=ids.new_id(),
            case_id=case.id,
            kind=kind,
            on_day=on,
            question_id=question_id,
            working_days=working_days,
            recorded_at=now,
            actor_account_id=account_id,
        )
    )
    session.flush()
    return write_days(session, case, calendar)


def write_days(session: Session, case: Case, calendar: WorkingDays) -> TimeLimit:
    """Replay the clock into the cached columns."""
    limit = get_time_limit(session, case, calendar)
    set_days(case, limit)
    return limit


def set_days(case: Case, limit: TimeLimit) -> None:
    """Copy a computed time limit into the cached columns."""
    case.received_on, case.due_on, case.target_on = limit.received_on, limit.due_on, limit.target_on
    case.notice_by, case.paused_on, case.waiting_on = limit.notice_by, limit.paused_since, limit.waiting_since
    case.extended, case.finished_on = limit.is_extended, limit.finished_on
    case.is_open = limit.finished_on is None


def renew_days(session: Session, calendar: WorkingDays, *, after: str = "", most: int = 500) -> str | None:
    """Replay the clocks of the next open cases, for the sweep: a one-off bank holiday may have become known.

    Returns the id to go on after, or None when there are no more.
    """
    open_ones = select(Case).where(Case.is_open, Case.id > after).order_by(Case.id).limit(most)
    cases = session.scalars(open_ones.with_for_update(key_share=True)).all()
    for case in cases:
        write_days(session, case, calendar)
    return cases[-1].id if len(cases) == most else None
