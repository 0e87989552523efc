"""What happens in systems' lives because time passed: what has ended is switched off, what is due is told, once."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import wait_turn
from portal.core.clock import london_day
from portal.core.db import NO_KEY, Database
from portal.directory.models import RoleHolding
from portal.directory.queries import holding_is_current
from portal.directory.rules import RoleName
from portal.register.lifecycle.falling_due import Due, Watched, confirm_due_on, due, review_by
from portal.register.lifecycle.models import LifecycleReminder, LifecycleWatch, StaffNotice
from portal.register.lifecycle.rules import CONFIRM_MONTHS, Cause
from portal.register.lifecycle.stepping import move_by_itself
from portal.register.lifecycle.telling import Post, queue_next_letters, tell_managers, tell_unions
from portal.register.models import System
from portal.register.rules import IN_USE, SystemState
from portal.settings.models import Settings
from portal.timelimits.calendar import months_later

WATCHED = sorted(IN_USE | {SystemState.SUSPENDED})
AT_A_STRETCH = 10
"""How many systems are looked after one behind the other before somebody else may write."""
ENDING = (SystemState.PILOT, SystemState.EMERGENCY, SystemState.UNDER_REVIEW)
"""States that end on a day, even where a file did not name it."""


def tell_affected_staff(database: Database, settings: Settings, now: datetime) -> int:
    """Queue the letters of notices to staff, two hundred in one transaction."""
    queued = 0
    while True:
        with database.writing() as session:
            asked = select(StaffNotice).where(StaffNotice.finished_at.is_(None)).order_by(StaffNotice.id).limit(1)
            notice = session.scalar(asked.with_for_update())
            if notice is None:
                return queued
            queued += queue_next_letters(session, notice, Post(settings.vault, settings.public_url, now))


def watch_systems(database: Database, settings: Settings, now: datetime) -> int:
    """Once a day, since everything here is counted in days: move and remind where a day has passed."""
    post, today = Post(settings.vault, settings.public_url, now), london_day(now)
    with database.reading() as session:
        if session.get(LifecycleWatch, today) is not None:
            return 0
        wanted = list(session.scalars(_in_question(today)))
    done = 0
    for place, system_id in enumerate(wanted):
        if place % AT_A_STRETCH == AT_A_STRETCH - 1:
            database.let_others_in()
        with database.writing() as session:
            done += _act(session, system_id, post)
    with database.writing() as session:
        session.merge(LifecycleWatch(on=today))
    return done


def _in_question(today: date) -> Select[str]:
    """The systems that can have something due, found in one statement; most on the register have nothing."""
    manages = exists(RoleHolding.id).where(_answers_for(System.id, System.body_id), holding_is_current(today))
    quarter_ago = months_later(today, -CONFIRM_MONTHS)
    return (
        select(System.id)
        .where(
            System.state.in_(WATCHED),
            or_(
                System.state == SystemState.SUSPENDED,
                System.state_until < today,
                and_(System.state_until.is_(None), System.state.in_(ENDING)),
                System.review_due_on < today,
                func.coalesce(System.confirmed_on, System.state_since) <= quarter_ago,
                ~manages,
            ),
        )
        .order_by(System.id)
    )


def _answers_for(system_id: Any, body_id: Any) -> ColumnElement[bool]:
    return and_(
        RoleHolding.role == RoleName.RESPONSIBLE_MANAGER,
        RoleHolding.body_id == body_id,
        or_(RoleHolding.system_id == system_id, RoleHolding.system_slug.is_(None)),
    )


def _due(session: Session, system: System, today: date) -> tuple[tuple[Due, Cause | None], ...]:
    return due(watched(session, system, today=today), today=today)


def watched(session: Session, system: System, *, today: date) -> Watched:
    """What the sweep looks at in one system."""
    return Watched(
        system.state,
        system.state_since,
        system.state_until,
        system.review_due_on,
        system.confirmed_on,
        _unmanaged_since(session, system, today),
        _asked_on(session, system),
    )


def _unmanaged_since(session: Session, system: System, today: date) -> date | None:
    """The day the last responsible manager or deputy was gone; None while there is one."""
    for_it = _answers_for(system.id, system.body_id)
    if session.scalar(select(RoleHolding.id).where(for_it, holding_is_current(today)).limit(1)) is not None:
        return None
    ended = select(RoleHolding.ended_on).where(for_it, RoleHolding.ended_on <= today)
    return max([day for day in session.scalars(ended) if day is not None], default=system.state_since)


def _asked_on(session: Session, system: System) -> date | None:
    """The day its manager was first asked for the last day of the trial that is under way."""
    asked = select(func.min(LifecycleReminder.about)).where(
        LifecycleReminder.system_id == system.id,
        LifecycleReminder.matter == Due.LAST_DAY.value,
        LifecycleReminder.about >= system.state_since,
    )
    return session.scalar(asked)


def _act(session: Session, system_id: str, post: Post) -> int:
    wait_turn(session)
    system = session.get_one(System, system_id, with_for_update=NO_KEY)
    acted = 0
    for what, cause in _due(session, system, post.today):
        if not _was_told(session, system, what, post.today):
            _do(session, system, what, cause, post)
            acted += 1
    return acted


def _do(session: Session, system: System, what: Due, cause: Cause | None, post: Post) -> None:
    if what in {Due.SUSPEND, Due.REVIEW} and cause is not None:
        step = "suspend" if what is Due.SUSPEND else "open_review"
        move_by_itself(session, system, step, cause, post=post)
        return
    about = _about(system, what, post.today)
    session.add(LifecycleReminder(system_id=system.id, matter=what.value, about=about))
    tell_managers(session, system, post)
    if what in {Due.UNMANAGED, Due.REVIEW_LATE}:
        tell_unions(session, system, post)


def _was_told(session: Session, system: System, what: Due, today: date) -> bool:
    """Whether the reminder went out; a move is never told before, since it changes what is due."""
    if what in {Due.SUSPEND, Due.REVIEW}:
        return False
    if what is Due.LAST_DAY:
        weekly = LifecycleReminder.about > today - timedelta(days=7)
        mine = LifecycleReminder.system_id == system.id, LifecycleReminder.matter == what.value
        return session.scalar(select(LifecycleReminder.about).where(*mine, weekly).limit(1)) is not None
    return session.get(LifecycleReminder, (system.id, what.value, _about(system, what, today))) is not None


def _about(system: System, what: Due, today: date) -> date:
    """The day a reminder is about: the day itself while it goes on, else once for each thing that is due."""
    if what in {Due.SUSPENDED_STILL, Due.LAST_DAY}:
        return today
    if what is Due.REVIEW_LATE:
        return review_by(system.state_since, system.state_until)
    if what is Due.CONFIRM:
        return confirm_due_on(system.confirmed_on, system.state_since)
    return system.state_since
