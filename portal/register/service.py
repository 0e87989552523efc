"""The verbs of the register: write a draft, publish a version. What is published stays as it is."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.ids import new_code, new_id
from portal.identity.actor import Actor
from portal.register.finding.service import restate
from portal.register.languages import Side, follow
from portal.register.models import System, SystemDraft, SystemStep, SystemVersion
from portal.register.parts import Both
from portal.register.record import Record, read_record
from portal.register.releasing import Release, add_systems, new_system
from portal.register.rules import SystemState
from portal.register.terms import Origin


def add_system(session: Session, *, body_id: str, slug: str, short_code: str | None, now: datetime) -> System:
    """A new system under its lasting names; the roles that already name its slug are tied to it."""
    system = new_system(body_id, slug, short_code or free_code(session), now)
    add_systems(session, [system])
    return system


def save_draft(
    session: Session,
    system: System,
    record: Record,
    *,
    now: datetime,
    actor: Actor | None = None,
    machine: Collection[Side] = (),
    origin: Origin = Origin.PERSON,
) -> SystemDraft:
    """Keep what is being written. One language may still be missing; every text keeps its own state (``languages``).

    ``machine`` names the sides of texts that a machine has put in, ``origin`` what the others were taken from.
    """
    draft = session.get(SystemDraft, system.id) or SystemDraft(system_id=system.id, languages={}, authors=[])
    version = _current(session, system)
    draft.languages = follow(
        draft.languages,
        old=read_record(draft.record) if draft.record is not None else None,
        new=record,
        published=read_record(version.record) if version else None,
        by=actor.account_id if actor else None,
        machine=machine,
        origin=origin,
    )
    if actor is not None:
        draft.authors = sorted({*draft.authors, actor.account_id})
    draft.record, draft.updated_at = record.canonical(), now
    session.add(draft)
    session.flush()
    return draft


def publish(
    session: Session, actor: Actor | None, system: System, record: Record, *, published_on: date, now: datetime
) -> SystemVersion:
    """Make the next version, for good, or refuse it (``releasing``)."""
    release = Release(session, now=now)
    shelf = release.look_up([system])[system.id]
    version = release.add(shelf, actor, record, published_on)
    release.keep(shelf)
    release.write()
    return version


def add_step(
    session: Session,
    system: System,
    *,
    step: str,
    to: SystemState,
    role: str,
    now: datetime,
    on: date | None = None,
    actor: Actor | None = None,
    reason: Both | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> SystemStep:
    """The next line of a system's life; the state on the system follows it. ``facts`` hold no words of people."""
    last = session.scalar(select(func.max(SystemStep.number)).where(SystemStep.system_id == system.id))
    told = reason or Both()
    line = SystemStep(
        id=new_id(),
        system_id=system.id,
        number=(last or 0) + 1,
        step=step,
        from_state=system.state if last else None,
        to_state=to,
        at=now,
        on=on or london_day(now),
        account_id=actor.account_id if actor else None,
        role=role,
        reason_cy=told.cy,
        reason_en=told.en,
        facts=dict(facts or {}),
    )
    session.add(line)
    if to is not system.state or not last:
        system.state, system.state_since, system.state_until = to, line.on, None
        restate(session, system)
    session.flush()
    return line


def _current(session: Session, system: System) -> SystemVersion | None:
    asked = select(SystemVersion).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    return session.scalar(asked)


def free_code(session: Session) -> str:
    """A short code that no system has."""
    while True:
        code = new_code(6)
        if session.scalar(select(System.id).where(System.short_code == code)) is None:
            return code
