"""Reading cases. ``readable(actor)`` is the one place where roles, assignments and exclusions become SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, CaseCount, Exclusion
from portal.cases.rules import (
    ON_A_COMPLAINT,
    CaseFacts,
    CaseKind,
    Duty,
    officer_bodies,
    reviews_as_reviewer,
)
from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.directory.models import Person
from portal.directory.rules import RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind

Where = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue shows. ``state`` names one state; without it, the open cases or the finished ones."""

    is_open: bool = True
    state: str | None = None
    due_by: date | None = None
    assigned_to: str | None = None  # a person's id
    unassigned: bool = False
    late_on: date | None = None  # its last day had passed on that day, while the clock was running
    is_stopped: bool = False  # by a question, or not begun
    system_id: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    is_second_look: bool = False  # reopened after an answer: the law's clock has ended, the portal's own runs
    among: tuple[str, ...] | None = None  # ids of cases

    @property
    def is_narrowed(self) -> bool:
        """True if more is asked than a state: only then rows are counted."""
        return self != QueueFilter(is_open=self.is_open, state=self.state)


EVERYTHING_OPEN = QueueFilter()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of a queue or a list, as plain values."""

    id: str
    reference: str
    kind: CaseKind
    body_id: str
    state: str
    received_on: date
    due_on: date
    target_on: date
    notice_by: date | None
    paused_on: date | None
    waiting_on: date | None
    extended: bool
    finished_on: date | None
    locale: str
    system_id: str | None

    def days_left(self, today: date) -> int:
        """Days until the last day; negative when it has passed."""
        return (self.due_on - today).days

    def is_late(self, today: date) -> bool:
        """True when the last day has passed while the clock was running."""
        stopped = self.paused_on is not None or self.waiting_on is not None
        return not stopped and (self.finished_on or today) > self.due_on


_ROW = (
    Case.id,
    Case.reference,
    Case.kind,
    Case.body_id,
    Case.state,
    Case.received_on,
    Case.due_on,
    Case.target_on,
    Case.notice_by,
    Case.paused_on,
    Case.waiting_on,
    Case.extended,
    Case.finished_on,
    Case.locale,
    Case.system_id,
)


_KEPT_OF_ALL = select(func.coalesce(func.sum(CaseCount.number), 0)).where(
    CaseCount.body_id.in_(bindparam("bodies", expanding=True)), CaseCount.kind == bindparam("kind")
)
_KEPT = _KEPT_OF_ALL.where(CaseCount.is_open == bindparam("is_open"))
_KEPT_IN_STATE = _KEPT_OF_ALL.where(CaseCount.state == bindparam("state"))

# No further condition here: with one, SQLite walks the whole queue's index instead of these few keys.
_HIDDEN = select(Case.body_id, Case.kind, Case.state, Case.is_open).where(
    Case.id.in_(
        select(Case.id)
        .where(Case.requester_person_id == bindparam("person"))
        .union(select(Exclusion.case_id).where(Exclusion.person_id == bindparam("person")))
    )
)


def readable(actor: Actor) -> Where:
    """The cases that somebody may read: ``cases.rules.may_read`` as a WHERE clause."""
    own = Case.requester_person_id == actor.person_id
    return and_(or_(own, workable(actor)), _not_excluded(actor))


def workable(actor: Actor) -> Where:
    """The cases that somebody works on: their own requests are never among them."""
    lanes = [lane for kind in CaseKind for lane in _lanes(actor, kind)]
    return and_(or_(*lanes) if lanes else false(), _not_own(actor), _not_excluded(actor))


def managed(actor: Actor) -> Where:
    """The reviews of the systems that somebody is responsible for; not their own, and none they were left out of."""
    lanes = _managing_lanes(actor)
    return and_(or_(*lanes) if lanes else false(), _not_own(actor), _not_excluded(actor))


def facts_of(session: Session, case: Case) -> CaseFacts:
    """What the rules ask about one case."""
    assigned = session.execute(
        select(Assignment.person_id, Assignment.duty).where(
            Assignment.case_id == case.id, Assignment.ended_at.is_(None)
        )
    )
    excluded = session.scalars(select(Exclusion.person_id).where(Exclusion.case_id == case.id))
    return CaseFacts(
        kind=case.kind,
        body_id=case.body_id,
        system_id=case.system_id,
        requester_person_id=case.requester_person_id,
        assigned=frozenset((person, duty) for person, duty in assigned),
        excluded=frozenset(excluded),
    )


def get_case(session: Session, actor: Actor, reference: str) -> Case:
    """The case of that reference, if the actor may read it. Raises NotFound alike for strangers and typing errors."""
    case = session.scalars(select(Case).where(Case.reference == reference, readable(actor))).one_or_none()
    if case is None:
        raise NotFound
    return case


def find_by_code(session: Session, locator_hash: bytes) -> Case | None:
    """The case whose ten words somebody showed: ``anonymity.receipt`` derives the locator, the caller hashes it."""
    return session.scalars(select(Case).where(Case.locator_hash == locator_hash)).one_or_none()


def list_own(session: Session, actor: Actor, *, cursor: str | None = None, size: int = PAGE) -> Cut[QueueRow]:
    """The actor's own requests, latest due day first."""
    query = select(*_ROW).where(Case.requester_person_id == actor.person_id, _not_excluded(actor))
    place = _place(cursor)
    if place is not None:
        query = query.where(tuple_(Case.due_on, Case.id) < place)
    return _cut(session, query.order_by(Case.due_on.desc(), Case.id.desc()).limit(size + 1), size)


def list_queue(
    session: Session,
    actor: Actor,
    kind: CaseKind,
    *,
    cursor: str | None = None,
    filters: QueueFilter = EVERYTHING_OPEN,
    size: int = PAGE,
) -> Cut[QueueRow]:
    """What somebody works on, soonest due day first, one keyset page as Core rows."""
    query = _listed(actor, kind, filters, size)
    place = _place(cursor)
    if place is not None:
        query = query.where(tuple_(Case.due_on, Case.id) > place)
    return _cut(session, query, size)


@lru_cache(maxsize=64)
def _listed(actor: Actor, kind: CaseKind, filters: QueueFilter, size: int) -> Select[*tuple[Any, ...]]:
    """The question of one queue. To put it together takes longer than to answer it, and people ask it again."""
    query = select(*_ROW).where(_queue(actor, kind), *_filtered(filters))
    return query.order_by(Case.due_on, Case.id).limit(size + 1)


def count_queue(session: Session, actor: Actor, kind: CaseKind, filters: QueueFilter = EVERYTHING_OPEN) -> int:
    """How many cases the queue holds. A whole body's queue is read from the kept counts, not from its rows."""
    bodies = officer_bodies(actor, kind)
    if filters.is_narrowed or not bodies or len(_lanes(actor, kind)) > 1:
        query = select(func.count()).select_from(Case).where(_queue(actor, kind), *_filtered(filters))
        return session.connection().scalar(query) or 0
    asked = {"bodies": sorted(bodies), "kind": kind, "state": filters.state, "is_open": filters.is_open}
    kept = session.connection().scalar(_KEPT_IN_STATE if filters.state else _KEPT, asked)
    return (kept or 0) - _count_hidden(session, actor, kind, bodies, filters)


def find_assigned(session: Session, case: Case, duty: Duty) -> Person | None:
    """Who is assigned in that duty now."""
    return session.scalars(
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.case_id == case.id, Assignment.duty == duty, Assignment.ended_at.is_(None))
        .order_by(Assignment.assigned_at.desc())
        .limit(1)
    ).one_or_none()


def _lanes(actor: Actor, kind: CaseKind) -> list[Where]:
    """One clause for each capacity in which somebody works on cases of that kind."""
    lanes = []
    bodies = sorted(officer_bodies(actor, kind))
    if bodies:
        lanes.append(
            and_(Case.kind == kind, Case.body_id == bodies[0] if len(bodies) == 1 else Case.body_id.in_(bodies))
        )
    if actor.kind is AccountKind.REPRESENTATIVE:
        lanes.append(and_(Case.kind == kind, _assigned(actor, Duty.REPRESENTATIVE)))
    if kind is CaseKind.REVIEW:
        lanes.extend(_review_lanes(actor))
    if kind is CaseKind.COMPLAINT and actor.kind is AccountKind.STAFF:
        lanes.append(and_(Case.kind == kind, or_(*(_assigned(actor, duty) for duty in ON_A_COMPLAINT))))
    return lanes


def _review_lanes(actor: Actor) -> list[Where]:
    lanes = []
    if reviews_as_reviewer(actor):
        lanes.append(and_(Case.kind == CaseKind.REVIEW, _assigned(actor, Duty.REVIEWER)))
    return lanes + _managing_lanes(actor)


def _managing_lanes(actor: Actor) -> list[Where]:
    return [
        and_(Case.kind == CaseKind.REVIEW, Case.body_id == held.body_id, _about(held))
        for held in actor.holdings
        if held.role is RoleName.RESPONSIBLE_MANAGER and held.body_id is not None
    ]


def _about(held: Holding) -> Where:
    """The systems of a holding: one, all of the body, or none while the register does not know the one it names."""
    if held.system_id is not None:
        return Case.system_id == held.system_id
    return Case.system_id.is_not(None) if held.system_slug is None else false()


def _assigned(actor: Actor, duty: Duty) -> Where:
    return Case.id.in_(
        select(Assignment.case_id).where(
            Assignment.person_id == actor.person_id, Assignment.duty == duty, Assignment.ended_at.is_(None)
        )
    )


def _not_own(actor: Actor) -> Where:
    return or_(Case.requester_person_id.is_(None), Case.requester_person_id != actor.person_id)


def _not_excluded(actor: Actor) -> Where:
    return ~exists().where(Exclusion.person_id == actor.person_id, Exclusion.case_id == Case.id)


def _queue(actor: Actor, kind: CaseKind) -> Where:
    lanes = _lanes(actor, kind)
    return and_(or_(*lanes) if lanes else false(), _not_own(actor), _not_excluded(actor))


def _filtered(filters: QueueFilter) -> list[Where]:
    return [
        Case.state == filters.state if filters.state else Case.is_open.is_(filters.is_open),
        *_of_days(filters),
        *_of_people(filters),
    ]


def _of_days(filters: QueueFilter) -> Iterator[Where]:
    stopped = or_(Case.paused_on.is_not(None), Case.waiting_on.is_not(None))
    if filters.due_by is not None:
        yield Case.due_on <= filters.due_by
    if filters.late_on is not None:
        yield and_(Case.due_on < filters.late_on, ~stopped)
    if filters.is_stopped:
        yield stopped
    if filters.received_from is not None:
        yield Case.received_on >= filters.received_from
    if filters.received_to is not None:
        yield Case.received_on <= filters.received_to
    if filters.is_second_look:
        yield Case.notice_by.is_(None)


def _of_people(filters: QueueFilter) -> Iterator[Where]:
    """Asked of each row in turn: whose name stands on many finished cases does not make the open ones slower.

    ``coalesce`` keeps a database from beginning with everything that the person ever worked on.
    """
    working = exists().where(Assignment.case_id == Case.id, Assignment.ended_at.is_(None))
    if filters.assigned_to is not None:
        yield working.where(func.coalesce(Assignment.person_id, "") == filters.assigned_to)
    if filters.unassigned:
        yield ~working.where(Assignment.duty == Duty.HANDLER)
    if filters.system_id is not None:
        yield Case.system_id == filters.system_id
    if filters.among is not None:
        yield Case.id.in_(filters.among)


def _count_hidden(session: Session, actor: Actor, kind: CaseKind, bodies: frozenset[str], filters: QueueFilter) -> int:
    """The few cases of these bodies that the actor must not count: their own, and those they are excluded from."""
    few = session.connection().execute(_HIDDEN, {"person": actor.person_id})
    wanted = filters.state or filters.is_open
    return sum(
        body_id in bodies and of_kind is kind and wanted == (state if filters.state else is_open)
        for body_id, of_kind, state, is_open in few
    )


def _place(cursor: str | None) -> tuple[date, str] | None:
    values = read_cursor(cursor, 2)
    if values is None or not isinstance(values[0], str) or not isinstance(values[1], str):
        return None
    try:
        return date.fromisoformat(values[0]), values[1]
    except ValueError:
        return None


def _cut(session: Session, query: Select[*tuple[Any, ...]], size: int) -> Cut[QueueRow]:
    rows = [QueueRow(*row) for row in session.connection().execute(query)]
    shown = rows[:size]
    more = write_cursor(shown[-1].due_on.isoformat(), shown[-1].id) if len(rows) > size else None
    return Cut(shown, more)
