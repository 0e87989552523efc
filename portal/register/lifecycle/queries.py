"""Reads of systems' lives: the desk's list, what staff read on a system's page, who still has to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual
from portal.directory.models import Body
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.lifecycle.falling_due import confirm_due_on, overdue_since, review_by
from portal.register.lifecycle.models import StaffNotice, WorkMeasurement
from portal.register.lifecycle.rules import CONFIRM_MONTHS, REVIEW_DAYS, Cause, Letter
from portal.register.lifecycle.standing import readable
from portal.register.lifecycle.telling import words_of_step
from portal.register.models import System, SystemDraft, SystemStep, SystemVersion
from portal.register.record import read_record
from portal.register.rules import BEFORE_USE, IN_USE, SystemState
from portal.timelimits.calendar import months_later


class Show(StrEnum):
    """Which systems the desk's list shows; it stands in the address."""

    ALL = "all"
    PLANNED = "planned"
    IN_USE = "in_use"
    OFF = "off"
    OVERDUE = "overdue"


STATES = {
    Show.PLANNED: BEFORE_USE,
    Show.IN_USE: IN_USE,
    Show.OFF: frozenset({SystemState.SUSPENDED, SystemState.RETIRED}),
}


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One line of the desk's list. ``overdue_on``: the day since which the check of it is overdue."""

    id: str
    short_code: str
    name: Bilingual
    body: Bilingual
    state: SystemState
    state_since: date
    state_until: date | None
    overdue_on: date | None
    confirm_by: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a system's page tells staff about its life now."""

    notice: Bilingual | None = None
    begins_on: date | None = None
    told_on: date | None = None
    why: Bilingual | None = None
    is_off: bool = False
    is_emergency: bool = False
    is_endless: bool = False
    review_by: date | None = None
    until: date | None = None
    is_changing: bool = False  # because of how its decisions were reviewed


def list_desk(
    session: Session, actor: Actor, *, show: Show, body_id: str | None = None, cursor: str | None = None, today: date
) -> Cut[DeskLine]:
    """The systems that somebody may see, in the order of their lasting names."""
    asked = _desk().where(readable(actor)).order_by(System.slug, System.id).limit(PAGE + 1)
    asked = asked.where(*_shown(show, today))
    if body_id is not None:
        asked = asked.where(System.body_id == body_id)
    place = read_cursor(cursor, 2)
    if place is not None:
        asked = asked.where(tuple_(System.slug, System.id) > tuple_(str(place[0]), str(place[1])))
    rows = session.execute(asked).all()
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    lines = [_line(*row, today=today) for row in rows[:PAGE]]
    return Cut(lines, write_cursor(last.slug, last.id) if last else None)


def get_line(session: Session, system: System, *, today: date) -> DeskLine:
    """One system as the desk's list shows it."""
    return _line(*session.execute(_desk().where(System.id == system.id)).one(), today=today)


def list_to_confirm(session: Session, actor: Actor, *, today: date) -> Sequence[DeskLine]:
    """The systems whose entry this responsible manager, or deputy, has to say is still right: a quarter has passed."""
    held = [holding for holding in actor.holdings if holding.role is RoleName.RESPONSIBLE_MANAGER]
    own = [
        and_(System.body_id == holding.body_id, System.id == holding.system_id)
        if holding.system_slug
        else System.body_id == holding.body_id
        for holding in held
    ]
    if not own:
        return []
    asked = _desk().where(or_(*own), *_to_confirm(today)).order_by(System.slug, System.id)
    lines = [_line(*row, today=today) for row in session.execute(asked)]
    return [line for line in lines if line.confirm_by is not None and line.confirm_by < today]


def get_standing(session: Session, system_id: str) -> Standing:
    """Notice, reason and end, as far as the state has them. Public: nothing of who did what."""
    system = session.get_one(System, system_id)
    notice = _open_notice(session, system)
    line = _last_move(session, system) if system.state in _EXPLAINED else _last_lesson(session, system)
    told = words_of_step(line) if line is not None else None
    is_under_review = system.state is SystemState.UNDER_REVIEW
    has_end = system.state in {SystemState.PILOT, SystemState.EMERGENCY, SystemState.IN_CONSULTATION}
    return Standing(
        notice=Bilingual(notice.text_cy, notice.text_en) if notice else None,
        begins_on=notice.begins_on if notice else None,
        told_on=notice.told_on if notice else None,
        why=told.bilingual if told is not None and told.cy and told.en else None,
        is_off=system.state is SystemState.SUSPENDED,
        is_emergency=system.state is SystemState.EMERGENCY,
        is_endless=system.state is SystemState.PILOT and system.state_until is None,
        review_by=review_by(system.state_since, system.state_until) if is_under_review else None,
        until=system.state_until if has_end else None,
        is_changing=system.state is SystemState.CHANGE_PROPOSED and line is not None,
    )


def list_measurements(session: Session, system_id: str) -> Sequence[WorkMeasurement]:
    """What was measured about work, newest first."""
    asked = select(WorkMeasurement).where(WorkMeasurement.system_id == system_id)
    return session.scalars(asked.order_by(WorkMeasurement.measured_on.desc(), WorkMeasurement.id)).all()


def list_notices(session: Session, system_id: str) -> Sequence[StaffNotice]:
    """What staff were told, newest first."""
    asked = select(StaffNotice).where(StaffNotice.system_id == system_id)
    return session.scalars(asked.order_by(StaffNotice.queued_at.desc(), StaffNotice.id)).all()


_EXPLAINED = frozenset(
    {
        SystemState.REJECTED,
        SystemState.PILOT,
        SystemState.EMERGENCY,
        SystemState.UNDER_REVIEW,
        SystemState.SUSPENDED,
        SystemState.RETIRING,
        SystemState.RETIRED,
    }
)
"""The states whose reason staff read on the page."""


def _desk() -> Select[System, str, str, str, str, str]:
    return (
        select(System, SystemVersion.name_cy, SystemVersion.name_en, Body.name_cy, Body.name_en, SystemDraft.record)
        .join(Body, Body.id == System.body_id)
        .outerjoin(
            SystemVersion,
            and_(SystemVersion.system_id == System.id, SystemVersion.number == System.current_number),
        )
        .outerjoin(SystemDraft, and_(SystemDraft.system_id == System.id, System.current_number.is_(None)))
    )


def _shown(show: Show, today: date) -> list[ColumnElement[bool]]:
    if show is Show.ALL:
        return []
    if show is Show.OVERDUE:
        late = and_(System.review_due_on < today, System.state.in_(sorted(IN_USE | {SystemState.SUSPENDED})))
        since = today - timedelta(days=REVIEW_DAYS)
        ended = or_(System.state_until < today, and_(System.state_until.is_(None), System.state_since < since))
        in_review = and_(System.state == SystemState.UNDER_REVIEW, ended)
        return [or_(late, in_review, and_(*_to_confirm(today)))]
    return [System.state.in_(sorted(STATES[show]))]


def _to_confirm(today: date) -> list[ColumnElement[bool]]:
    """Coarser by a day or two than ``confirm_due_on``: the end of a month is counted exactly in Python."""
    said_on = func.coalesce(System.confirmed_on, System.state_since)
    return [System.state.in_(sorted(IN_USE)), said_on <= months_later(today, -CONFIRM_MONTHS)]


def _line(
    system: System,
    name_cy: str | None,
    name_en: str | None,
    body_cy: str,
    body_en: str,
    draft: str | None,
    *,
    today: date,
) -> DeskLine:
    due = confirm_due_on(system.confirmed_on, system.state_since)
    return DeskLine(
        id=system.id,
        short_code=system.short_code,
        name=_name(system, name_cy, name_en, draft),
        body=Bilingual(body_cy, body_en),
        state=system.state,
        state_since=system.state_since,
        state_until=system.state_until,
        overdue_on=overdue_since(system.state, system.review_due_on, today=today),
        confirm_by=due if system.state in IN_USE else None,
    )


def _name(system: System, name_cy: str | None, name_en: str | None, draft: str | None) -> Bilingual:
    """The published name; of a draft the side that there is; of nothing yet its lasting name."""
    if name_cy and name_en:
        return Bilingual(name_cy, name_en)
    told = read_record(draft).name if draft is not None else None
    if told is None or not (told.cy or told.en):
        return Bilingual(system.slug, system.slug)
    return Bilingual(told.cy or told.en, told.en or told.cy)


def _open_notice(session: Session, system: System) -> StaffNotice | None:
    """The notice that a system begins, as long as it has not begun."""
    if system.state not in BEFORE_USE | {SystemState.PILOT, SystemState.EMERGENCY}:
        return None
    asked = select(StaffNotice).where(StaffNotice.system_id == system.id, StaffNotice.letter == Letter.STARTS)
    notice = session.scalar(asked.order_by(StaffNotice.queued_at.desc(), StaffNotice.id).limit(1))
    is_over = notice is not None and system.state not in BEFORE_USE and notice.told_on < system.state_since
    return None if is_over else notice


def _last_move(session: Session, system: System) -> SystemStep | None:
    asked = select(SystemStep).where(
        SystemStep.system_id == system.id, SystemStep.to_state == system.state, SystemStep.from_state != system.state
    )
    return session.scalar(asked.order_by(SystemStep.number.desc()).limit(1))


def _last_lesson(session: Session, system: System) -> SystemStep | None:
    """The line with which the portal proposed the change that stands. Of one that a person proposed, none."""
    line = _last_move(session, system) if system.state is SystemState.CHANGE_PROPOSED else None
    return line if line is not None and "cause" in line.facts else None


def find_learned(session: Session, system: System) -> SystemStep | None:
    """What the portal did last because decisions of one kind were overturned, as long as it is under way: a change that
    is proposed, a review that goes on or is due."""
    asked = select(SystemStep).where(SystemStep.system_id == system.id).order_by(SystemStep.number.desc())
    for line in session.scalars(asked):
        if line.facts.get("cause") == Cause.OVERTURNED:
            is_owed = line.step == "review_owed" and system.review_due_on is not None
            return line if is_owed or line.to_state is system.state else None
        if line.step in {"open_review", "close_review", "adopt_change"}:
            return None
    return None
