"""The verbs of the register: write a draft, publish a version. What is published stays as it is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.errors import Conflict, Refused
from portal.core.ids import new_code, new_id
from portal.core.text import Locale, msg
from portal.directory.models import Body, StaffGroup, Workplace
from portal.directory.service import link_system
from portal.i18n.sorting import sort_key
from portal.identity.actor import Actor
from portal.register.models import AffectedGroup, DataItem, DecisionPoint, System, SystemDraft, SystemVersion
from portal.register.record import Affected, Record
from portal.register.rules import kinds_written


@dataclass(frozen=True, slots=True)
class Placed:
    """An affected group whose names were looked up in the directory."""

    body_id: str
    workplace_id: str | None
    staff_group_id: str | None


def add_system(session: Session, *, body_id: str, slug: str, short_code: str | None, now: datetime) -> System:
    """A new system under its lasting names; the roles that already name its slug are tied to it."""
    system = System(
        id=new_id(), body_id=body_id, slug=slug, short_code=short_code or _free_code(session), created_at=now
    )
    session.add(system)
    session.flush()
    link_system(session, body_id=body_id, slug=slug, system_id=system.id)
    return system


def save_draft(session: Session, system: System, record: Record, *, now: datetime) -> SystemDraft:
    """Keep what is being written. One language may still be missing."""
    draft = session.get(SystemDraft, system.id) or SystemDraft(system_id=system.id)
    draft.record, draft.updated_at = record.canonical(), now
    session.add(draft)
    session.flush()
    return draft


def publish(
    session: Session, actor: Actor | None, system: System, record: Record, *, published_on: date, now: datetime
) -> SystemVersion:
    """Make the next version, for good. Refused while a language or a part is missing, or the day is out of order."""
    gaps = record.gaps()
    if gaps:
        raise Refused(msg("This cannot be published yet. These parts are missing: {gaps}", gaps=", ".join(gaps)))
    before = _current(session, system)
    if before is not None and published_on < before.published_on:
        raise Conflict(msg("A newer version has been published already, on {date}", date=before.published_on))
    version = _version(system, record, (before.number if before else 0) + 1, published_on, actor, now)
    session.add(version)
    session.flush()
    _add_parts(session, version, record)
    system.current_number = version.number
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
