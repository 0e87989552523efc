"""Publishing versions, one or very many, in the caller’s transaction: looked up together, checked one by one in their
order, written together. What is checked and what is written is the same for one as for a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.audit.service import Happened
from portal.audit.service import record_all as audit_all
from portal.core.clock import london_day
from portal.core.errors import Refused
from portal.core.ids import new_id
from portal.core.text import Locale, msg
from portal.directory.service import link_systems
from portal.i18n.sorting import sort_key
from portal.identity.actor import Actor
from portal.register.finding.kept_words import words_of_version
from portal.register.finding.service import index
from portal.register.models import (
    AffectedGroup,
    DataItem,
    DecisionPoint,
    System,
    SystemDraft,
    SystemStep,
    SystemVersion,
)
from portal.register.placing import Places
from portal.register.publishing import refuse_out_of_order, refuse_unapproved, refuse_unready
from portal.register.record import Affected, Record, digest_of, read_record
from portal.register.rules import SystemState, kinds_written

PUBLISHED = "published"
"""The step of a system whose state came from a file."""
Parts = dict[type[AffectedGroup | DecisionPoint | DataItem], list[dict[str, Any]]]
"""Rows by their table."""


@dataclass(frozen=True, slots=True)
class Last:
    """The version that stands before the next one."""

    number: int
    published_on: date
    record: Record


@dataclass(slots=True)
class Shelf:
    """One system, what the portal holds of it, and the versions that are about to be published."""

    system: System
    last: Last | None = None
    draft: SystemDraft | None = None
    was_moved: bool = False
    steps_taken: int = 0
    state: SystemState = SystemState.PROPOSED
    confirmed: tuple[date | None, date | None] | None = None
    versions: list[tuple[SystemVersion, Record]] = field(default_factory=list)
    parts: Parts = field(default_factory=dict)
    steps: list[SystemStep] = field(default_factory=list)
    told: list[Happened] = field(default_factory=list)


def new_system(body_id: str, slug: str, short_code: str, now: datetime) -> System:
    """A system under its lasting names, not yet written."""
    return System(
        id=new_id(),
        body_id=body_id,
        slug=slug,
        short_code=short_code,
        created_at=now,
        state=SystemState.PROPOSED,
        state_since=london_day(now),
    )


def add_systems(session: Session, systems: Sequence[System]) -> None:
    """Write new systems; the roles that already name their slugs are tied to them."""
    session.add_all(systems)
    session.flush()
    link_systems(session, {(system.body_id, system.slug): system.id for system in systems})


class Release:
    """Versions of several systems that are published at once. Nothing is written before ``write``."""

    def __init__(self, session: Session, *, now: datetime, places: Places | None = None) -> None:
        self._session = session
        self._now = now
        self._places = places or Places(session)
        self._shelves: list[Shelf] = []

    def look_up(self, systems: Sequence[System]) -> dict[str, Shelf]:
        """What the portal holds of systems that are written already, by their ids."""
        ids = [system.id for system in systems]
        last = {version.system_id: version for version in self._session.scalars(_current_of(ids))}
        drafts = self._session.scalars(select(SystemDraft).where(SystemDraft.system_id.in_(ids)))
        draft = {one.system_id: one for one in drafts}
        steps = {
            system_id: (count, moved > 0) for system_id, count, moved in self._session.execute(_steps_of(ids)).all()
        }
        shelves = {}
        for system in systems:
            taken, was_moved = steps.get(system.id, (0, False))
            shelves[system.id] = Shelf(
                system, _last(last.get(system.id)), draft.get(system.id), was_moved, taken, system.state
            )
        return shelves

    def add(
        self, shelf: Shelf, actor: Actor | None, record: Record, published_on: date, *, is_checked: bool = False
    ) -> SystemVersion:
        """The next version of a system. Refused while a language or a part is missing or unapproved, out of order, or
        without an account of a material change (``publishing``).

        Where a system stands in its life is not for a version to say: a version keeps how it stood that day. Only a
        file that the operator brings in (no actor) says it, and only until somebody has moved the system in the portal.
        ``is_checked`` says that the record was found to be complete as it is.
        """
        is_from_file = actor is None and not shelf.was_moved
        if not is_from_file and record.state is not shelf.state:
            record, is_checked = record.model_copy(update={"state": shelf.state}), False
        if not is_checked:
            refuse_unready(record)
        if actor is not None:
            refuse_unapproved(self._session, actor, shelf.system, record)
        if shelf.last is not None:
            refuse_out_of_order(shelf.last.published_on, shelf.last.record, record, published_on)
        number = (shelf.last.number if shelf.last else 0) + 1
        version = _version(shelf.system, record, number, published_on, actor, self._now)
        for table, rows in _parts(self._places, version, record).items():
            shelf.parts.setdefault(table, []).extend(rows)
        shelf.versions.append((version, record))
        shelf.last = Last(number, published_on, record)
        if is_from_file:
            self._stand_as_told(shelf, record, published_on)
        shelf.told.append(
            Happened("register.published", shelf.system.id, actor, shelf.system.body_id, {"number": number})
        )
        return version

    def keep(self, shelf: Shelf) -> None:
        """Write this system's versions with the others."""
        self._shelves.append(shelf)

    def write(self) -> None:
        """Everything that was kept, table by table."""
        session = self._session
        session.add_all(version for shelf in self._shelves for version, _record in shelf.versions)
        session.flush()
        for table in (AffectedGroup, DecisionPoint, DataItem):
            if rows := [row for shelf in self._shelves for row in shelf.parts.get(table, ())]:
                session.execute(insert(table), rows)
        session.add_all(step for shelf in self._shelves for step in shelf.steps)
        for shelf in self._shelves:
            _move(shelf)
            if shelf.draft is not None:
                session.delete(shelf.draft)
        session.flush()
        index(
            session,
            [
                (shelf.system, [(version.id, record) for version, record in shelf.versions])
                for shelf in self._shelves
                if shelf.versions
            ],
        )
        audit_all(session, [told for shelf in self._shelves for told in shelf.told], now=self._now)
        self._shelves = []

    def _stand_as_told(self, shelf: Shelf, record: Record, published_on: date) -> None:
        """The state, and the days of confirmation and review, as a file told them."""
        is_first = shelf.last is not None and shelf.last.number == 1
        if shelf.state is not record.state or is_first:
            shelf.steps.append(
                SystemStep(
                    id=new_id(),
                    system_id=shelf.system.id,
                    number=shelf.steps_taken + 1,
                    step=PUBLISHED,
                    from_state=shelf.state if shelf.steps_taken else None,
                    to_state=record.state,
                    at=self._now,
                    on=published_on,
                    role="portal",
                    facts={},
                )
            )
            shelf.steps_taken += 1
            shelf.state = record.state
        shelf.confirmed = record.last_confirmed_on, record.next_review_on


def _move(shelf: Shelf) -> None:
    """Let the system's own row follow what was published."""
    system = shelf.system
    if shelf.last is not None:
        system.current_number = shelf.last.number
    if shelf.steps:
        system.state, system.state_since, system.state_until = shelf.state, shelf.steps[-1].on, None
    if shelf.confirmed is not None:
        system.confirmed_on, system.review_due_on = shelf.confirmed


def _last(version: SystemVersion | None) -> Last | None:
    if version is None:
        return None
    return Last(version.number, version.published_on, read_record(version.record))


def _current_of(ids: Sequence[str]) -> Any:
    current = (SystemVersion.system_id == System.id) & (SystemVersion.number == System.current_number)
    return select(SystemVersion).join(System, current).where(System.id.in_(ids))


def _steps_of(ids: Sequence[str]) -> Any:
    """How many steps a system has taken, and whether somebody, or time, has moved it in the portal."""
    moved = func.count().filter(SystemStep.step != PUBLISHED)
    asked = select(SystemStep.system_id, func.max(SystemStep.number), moved)
    return asked.where(SystemStep.system_id.in_(ids)).group_by(SystemStep.system_id)


def _version(
    system: System, record: Record, number: int, published_on: date, actor: Actor | None, now: datetime
) -> SystemVersion:
    canonical = record.canonical()
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
        record=canonical,
        digest=digest_of(canonical),
        words=words_of_version(record),
    )


def _parts(places: Places, version: SystemVersion, record: Record) -> Parts:
    """The rows that other rooms look for: whom it affects, what can be reviewed, what can be asked for."""
    points = [
        {
            "id": new_id(),
            "version_id": version.id,
            "key": point.key,
            "position": position,
            "title_cy": point.title.cy,
            "title_en": point.title.en,
            "automation": point.automation,
            "effect": point.effect,
            "is_decided": point.automation.decides,
            "is_solely_automated": point.solely_automated,
            "human_point_cy": point.human_point.cy,
            "human_point_en": point.human_point.en,
        }
        for position, point in enumerate(record.decision_points)
    ]
    items = [
        {
            "id": new_id(),
            "version_id": version.id,
            "key": item.key,
            "position": position,
            "label_cy": item.label.cy,
            "label_en": item.label.en,
            "category": item.category,
            "is_special_category": item.special_category,
        }
        for position, item in enumerate(record.data_items)
    ]
    groups = [_group(places, version, affected) for affected in record.affected]
    return {AffectedGroup: groups, DecisionPoint: points, DataItem: items}


def _group(places: Places, version: SystemVersion, affected: Affected) -> dict[str, Any]:
    placed = places.find(affected)
    if isinstance(placed, str):
        raise Refused(msg("The directory does not know this part of an affected group: {field}", field=placed))
    return {
        "id": new_id(),
        "version_id": version.id,
        "body_id": placed.body_id,
        "workplace_id": placed.workplace_id,
        "staff_group_id": placed.staff_group_id,
        "kinds": kinds_written(affected.kinds),
        "strength": affected.strength,
        "since": affected.since,
        "until": affected.until,
    }
