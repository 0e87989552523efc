"""The verbs of the register: write a draft, publish a version. What is published stays as it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.clock import london_day
from portal.core.errors import Refused
from portal.core.ids import new_code, new_id
from portal.core.text import Locale, msg
from portal.directory.models import Body, StaffGroup, Workplace
from portal.directory.service import link_system
from portal.i18n.sorting import sort_key
from portal.identity.actor import Actor
from portal.register.finding.service import index, restate
from portal.register.languages import Side, follow
from portal.register.models import (
    AffectedGroup,
    DataItem,
    DecisionPoint,
    System,
    SystemDraft,
    SystemStep,
    SystemVersion,
)
from portal.register.parts import Both
from portal.register.publishing import refuse_out_of_order, refuse_unapproved, refuse_unready
from portal.register.record import Affected, Record, read_record
from portal.register.rules import SystemState, kinds_written


@dataclass(frozen=True, slots=True)
class Placed:
    """An affected group whose names were looked up in the directory."""

    body_id: str
    workplace_id: str | None
    staff_group_id: str | None


def add_system(session: Session, *, body_id: str, slug: str, short_code: str | None, now: datetime) -> System:
    """A new system under its lasting names; the roles that already name its slug are tied to it."""
    system = System(
        id=new_id(),
        body_id=body_id,
        slug=slug,
        short_code=short_code or _free_code(session),
        created_at=now,
        state=SystemState.PROPOSED,
        state_since=london_day(now),
    )
    session.add(system)
    session.flush()
    link_system(session, body_id=body_id, slug=slug, system_id=system.id)
    return system


def save_draft(
    session: Session,
    system: System,
    record: Record,
    *,
    now: datetime,
    actor: Actor | None = None,
    machine: Collection[Side] = (),
) -> SystemDraft:
    """Keep what is being written. One language may still be missing; every text keeps its own state (``languages``).

    ``machine`` names the sides of texts that a machine has put in.
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
    """Make the next version, for good. Refused while a language or a part is missing or unapproved, out of order, or
    without an account of a material change (``publishing``).

    Where a system stands in its life is not for a version to say: a version keeps how it stood that day. Only a file
    that the operator brings in (no actor) says it, and only until somebody has moved the system in the portal.
    """
    is_from_file = actor is None and not _was_moved(session, system)
    if not is_from_file:
        record = record.model_copy(update={"state": system.state})
    refuse_unready(record)
    if actor is not None:
        refuse_unapproved(session, actor, system, record)
    before = _current(session, system)
    if before is not None:
        refuse_out_of_order(before, record, published_on)
    version = _version(system, record, (before.number if before else 0) + 1, published_on, actor, now)
    session.add(version)
    session.flush()
    _add_parts(session, version, record)
    system.current_number = version.number
    if is_from_file:
        _stand_as_told(session, system, record, published_on, now)
    index(session, system, version.id, record)
    draft = session.get(SystemDraft, system.id)
    if draft is not None:
        session.delete(draft)
    session.flush()
    audit(
        session,
        actor=actor,
        event="register.published",
        subject=system.id,
        now=now,
        body_id=system.body_id,
        facts={"number": version.number},
    )
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


def place(session: Session, affected: Affected) -> Placed | str:
    """Where in the directory an affected group stands, or the name of the field that the directory does not know."""
    body_id = session.scalar(select(Body.id).where(Body.slug == affected.body))
    if body_id is None:
        return "body"
    workplace_id = staff_group_id = None
    if affected.workplace is not None:
        asked = select(Workplace.id).where(Workplace.body_id == body_id, Workplace.slug == affected.workplace)
        workplace_id = session.scalar(asked)
        if workplace_id is None:
            return "workplace"
    if affected.staff_group is not None:
        wanted = select(StaffGroup.id).where(StaffGroup.body_id == body_id, StaffGroup.code == affected.staff_group)
        staff_group_id = session.scalar(wanted)
        if staff_group_id is None:
            return "staff_group"
    return Placed(body_id, workplace_id, staff_group_id)


PUBLISHED = "published"
"""The step of a system whose state came from a file."""


def _was_moved(session: Session, system: System) -> bool:
    """Whether somebody, or time, has moved the system in the portal."""
    moved = select(SystemStep.id).where(SystemStep.system_id == system.id, SystemStep.step != PUBLISHED).limit(1)
    return session.scalar(moved) is not None


def _stand_as_told(session: Session, system: System, record: Record, published_on: date, now: datetime) -> None:
    """The state, and the days of confirmation and review, as a file told them."""
    if system.state is not record.state or system.current_number == 1:
        add_step(session, system, step=PUBLISHED, to=record.state, role="portal", now=now, on=published_on)
    system.confirmed_on, system.review_due_on = record.last_confirmed_on, record.next_review_on


def _current(session: Session, system: System) -> SystemVersion | None:
    asked = select(SystemVersion).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    return session.scalar(asked)


def _version(
    system: System, record: Record, number: int, published_on: date, actor: Actor | None, now: datetime
) -> SystemVersion:
    return SystemVersion(
        id=new_id(),
        system_id=system.id,
        number=number,
        published_on=published_on,
        recorded_at=now,
        published_by=actor.account_id if actor else None,
        state=record.state,
        name_cy=record.name.cy,
        name_en=record.name.en,
        one_sentence_cy=record.one_sentence.cy,
        one_sentence_en=record.one_sentence.en,
        responsible_cy=record.responsible.cy,
        responsible_en=record.responsible.en,
        sort_cy=sort_key(record.name.cy, Locale.CY),
        sort_en=sort_key(record.name.en, Locale.EN),
        record=record.canonical(),
        digest=record.digest(),
    )


def _add_parts(session: Session, version: SystemVersion, record: Record) -> None:
    """The rows that other rooms look for: whom it affects, what can be reviewed, what can be asked for."""
    session.add_all(_group(session, version, affected) for affected in record.affected)
    session.add_all(
        DecisionPoint(
            id=new_id(),
            version_id=version.id,
            key=point.key,
            position=position,
            title_cy=point.title.cy,
            title_en=point.title.en,
            automation=point.automation,
            effect=point.effect,
            is_decided=point.automation.decides,
            is_solely_automated=point.solely_automated,
            human_point_cy=point.human_point.cy,
            human_point_en=point.human_point.en,
        )
        for position, point in enumerate(record.decision_points)
    )
    session.add_all(
        DataItem(
            id=new_id(),
            version_id=version.id,
            key=item.key,
            position=position,
            label_cy=item.label.cy,
            label_en=item.label.en,
            category=item.category,
            is_special_category=item.special_category,
        )
        for position, item in enumerate(record.data_items)
    )
    session.flush()


def _group(session: Session, version: SystemVersion, affected: Affected) -> AffectedGroup:
    placed = place(session, affected)
    if isinstance(placed, str):
        raise Refused(msg("The directory does not know this part of an affected group: {field}", field=placed))
    return AffectedGroup(
        id=new_id(),
        version_id=version.id,
        body_id=placed.body_id,
        workplace_id=placed.workplace_id,
        staff_group_id=placed.staff_group_id,
        kinds=kinds_written(affected.kinds),
        strength=affected.strength,
        since=affected.since,
        until=affected.until,
    )


def _free_code(session: Session) -> str:
    while True:
        code = new_code(6)
        if session.scalar(select(System.id).where(System.short_code == code)) is None:
            return code
