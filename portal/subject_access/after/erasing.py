"""Deleting for good when a period is over, files first. What stays is a tombstone, the figures and the audit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.holding import was_ever_held
from portal.cases.models import Case, CaseEvent, ClockEvent
from portal.cases.queries import facts_of
from portal.cases.rules import CaseKind
from portal.cases.turn import count
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Base
from portal.subject_access.after.keeping import each_with_its_own, read_all
from portal.subject_access.after.models import Tombstone
from portal.subject_access.after.rules import (
    DEFAULT_KEEPING,
    Availability,
    Rule,
    What,
    material_goes_on,
    request_goes_on,
    rule_of_files,
)
from portal.subject_access.answering.models import Pack
from portal.subject_access.answering.rules import PackState
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.models import Disclosure, LegalHold
from portal.subject_access.queries import is_held
from portal.subject_access.rules import USUAL, State
from portal.subject_access.terms import ended_before, terms_of
from portal.subject_access.terms import read_all as read_terms
from portal.timelimits.calendar import months_later
from portal.timelimits.events import EventKind

MOST_AT_ONCE = 500
OWNED: tuple[tuple[str, str, str], ...] = (
    ("scan_findings", "copy_id", "material_copies"),
    ("material_copies", "material_id", "materials"),
    ("material_works", "material_id", "materials"),
    ("redaction_entries", "material_id", "materials"),
    ("reporter_lines", "material_id", "materials"),
    ("materials", "case_id", "cases"),
    ("access_downloads", "case_id", "cases"),
    ("access_packs", "case_id", "cases"),
    ("access_sign_offs", "case_id", "cases"),
    ("disclosures", "case_id", "cases"),
    ("search_tasks", "case_id", "cases"),
    ("access_left_out_for", "case_id", "cases"),
    ("access_wishes", "case_id", "cases"),
    ("access_left_out", "case_id", "cases"),
    ("access_authorities", "case_id", "cases"),
    ("access_enclosures", "case_id", "cases"),
    ("access_asked_systems", "case_id", "cases"),
    ("access_readings", "case_id", "cases"),
    ("access_desk_visits", "case_id", "cases"),
    ("access_warnings", "case_id", "cases"),
    ("access_nobody_left", "case_id", "cases"),
    ("access_missed_days", "case_id", "cases"),
    ("access_legal_holds", "case_id", "cases"),
    ("case_holds", "case_id", "cases"),
    ("case_shares", "representative_id", "case_representatives"),
    ("representative_uses", "representative_id", "case_representatives"),
    ("representative_authorities", "representative_id", "case_representatives"),
    ("representative_endings", "representative_id", "case_representatives"),
    ("representative_works", "representative_id", "case_representatives"),
    ("case_representatives", "case_id", "cases"),
    ("linked_requests", "case_id", "cases"),
    ("subject_access_requests", "case_id", "cases"),
    ("assignments", "case_id", "cases"),
    ("exclusion_lifts", "case_id", "cases"),
    ("exclusions", "case_id", "cases"),
    ("clock_events", "case_id", "cases"),
    ("case_events", "case_id", "cases"),
    ("case_messages", "case_id", "cases"),
)
"""What belongs to a request, in the order in which it is deleted: table, column, and the table that the column names.

They are named, not imported: the desk's tables are among them, and the desk stands above this."""


@dataclass(frozen=True, slots=True)
class Going:
    """Something whose time is over, or will be: what, of which request, when, by which rule, whether a hold stands."""

    what: What
    case_id: str
    reference: str
    body_id: str
    on: date
    rule: Rule
    is_held: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deletions are asked for: up to a day, among some cases or of one, with what a hold keeps or not."""

    by: date
    among: ColumnElement[bool] | None = None
    case_id: str | None = None
    with_held: bool = False
    most: int = MOST_AT_ONCE

    def narrow(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        if self.among is not None:
            query = query.where(self.among)
        if self.case_id is not None:
            query = query.where(Case.id == self.case_id)
        if not self.with_held:
            query = query.where(~is_held(Case.id))
        return query.order_by(Case.finished_on, Case.id).limit(self.most)


def list_going(session: Session, asked: Asked) -> list[Going]:
    """What is deleted up to a day, soonest first."""
    found = [*_files(session, asked), *_materials(session, asked), *_requests(session, asked)]
    return sorted(found, key=lambda one: (one.on, one.reference, one.what))


def _files(session: Session, asked: Asked) -> Iterator[Going]:
    due = (
        select(Case, Disclosure.remove_on, is_held(Case.id))
        .join(Disclosure, Disclosure.case_id == Case.id)
        .where(Disclosure.blob_id.is_not(None), Disclosure.remove_on <= asked.by)
    )
    own = read_terms(session)
    for case, on, held in session.execute(asked.narrow(due)):
        yield _going(case, What.FILE, on, rule_of_files(own.get(case.body_id, USUAL)), held)


def _materials(session: Session, asked: Asked) -> Iterator[Going]:
    """Only of requests that have ended: while one is open nothing of it goes, as section 173 wants it."""
    files = (
        exists().where(Material.case_id == Case.id, Material.blob_id.is_not(None)),
        exists().where(Pack.case_id == Case.id, Pack.blob_id.is_not(None)),
        exists().where(
            Material.case_id == Case.id, MaterialCopy.material_id == Material.id, MaterialCopy.blob_id.is_not(None)
        ),
    )
    own = read_terms(session)
    was_held = or_(exists().where(LegalHold.case_id == Case.id), was_ever_held(Case.id))
    due = select(Case, is_held(Case.id)).where(
        Case.kind == CaseKind.ACCESS,
        ~Case.is_open,
        ended_before(own, Case.body_id, Case.finished_on, by=asked.by),
        or_(Case.state != State.CLOSED, was_held),
        or_(*files),
    )
    for case, held in session.execute(asked.narrow(due)):
        terms = own.get(case.body_id, USUAL)
        on = material_goes_on(case.finished_on, _answers(session, case), terms.files_kept)
        if on <= asked.by:
            yield _going(case, What.MATERIAL, on, rule_of_files(terms), held)


def _answers(session: Session, case: Case) -> list[Availability]:
    given = session.scalars(select(Disclosure).where(Disclosure.case_id == case.id))
    return [
        Availability(one.remove_on, london_day(one.collected_at) if one.collected_at is not None else None)
        for one in given
    ]


def _requests(session: Session, asked: Asked) -> Iterator[Going]:
    closed_at = (
        select(func.max(CaseEvent.at))
        .where(CaseEvent.case_id == Case.id, CaseEvent.step == "close")
        .correlate(Case)
        .scalar_subquery()
    )
    reopened = exists().where(ClockEvent.case_id == Case.id, ClockEvent.kind == EventKind.REOPENED)
    own = read_all(session)
    over = [
        place
        & (Case.finished_on <= months_later(asked.by, -12 * keeping.closed))
        & or_(~reopened, Case.finished_on <= months_later(asked.by, -12 * keeping.reopened))
        for place, keeping in each_with_its_own(own)
    ]
    due = select(Case, closed_at, reopened, is_held(Case.id)).where(
        Case.kind == CaseKind.ACCESS, Case.state == State.CLOSED, or_(*over)
    )
    for case, at, again, held in session.execute(asked.narrow(due)):
        keeping = own.get(case.body_id, DEFAULT_KEEPING)
        on, rule = request_goes_on(london_day(at), was_reopened=again, keeping=keeping)
        if on <= asked.by:
            yield _going(case, What.REQUEST, on, rule, held)


def _going(case: Case, what: What, on: date, rule: Rule, held: bool) -> Going:
    return Going(what, case.id, case.reference, case.body_id, on, rule, held)


def list_tombstones(
    session: Session, bodies: Collection[str], *, reader: str | None = None, most: int = 100
) -> Sequence[Tombstone]:
    """The requests of these bodies that were deleted, newest first; not those that the reader was left out of."""
    found = select(Tombstone).where(Tombstone.body_id.in_(sorted(bodies)))
    newest = session.scalars(
        found.order_by(Tombstone.deleted_at.desc(), Tombstone.reference).execution_options(yield_per=most)
    )
    return list(islice((one for one in newest if reader not in (one.hidden_from or ())), most))


def remove_material(session: Session, case: Case, blobs: BlobStore, *, now: datetime) -> int:
    """Delete what was found, its copies and its packs. The lines that say what was decided on it stay; the files go.

    A file goes before its row says so, and so a failure only tries again. Gives the number of files.
    """
    materials = session.scalars(select(Material).where(Material.case_id == case.id)).all()
    copies = session.scalars(
        select(MaterialCopy).join(Material, Material.id == MaterialCopy.material_id).where(Material.case_id == case.id)
    ).all()
    given = set(session.scalars(select(Disclosure.blob_id).where(Disclosure.case_id == case.id)))
    packs = [
        pack
        for pack in session.scalars(select(Pack).where(Pack.case_id == case.id))
        if pack.blob_id is not None and pack.blob_id not in given
    ]
    removed = 0
    holders: list[Material | MaterialCopy | Pack] = [*materials, *copies, *packs]
    for holder in holders:
        if holder.blob_id is not None:
            blobs.delete(holder.blob_id)
            removed += 1
        if isinstance(holder, Pack):
            holder.state, holder.holder, holder.held_until = PackState.REMOVED, None, None
        holder.blob_id = None
    record(
        session,
        actor=None,
        event="access.material_removed",
        subject=case.id,
        now=now,
        body_id=case.body_id,
        facts={"files": removed, "rule": rule_of_files(terms_of(session, case.body_id)).value},
    )
    return removed


def erase(session: Session, case: Case, rule: Rule, blobs: BlobStore, *, now: datetime) -> Tombstone:
    """Delete a request and all that belongs to it. Its tombstone, figures and audit prove that it was there."""
    files = 0
    for blob_id in list_files(session, case.id):
        blobs.delete(blob_id)
        files += 1
    stone = Tombstone(
        reference=case.reference,
        body_id=case.body_id,
        received_on=case.received_on,
        finished_on=case.finished_on,
        deleted_at=now,
        rule=rule.value,
        hidden_from=sorted(facts_of(session, case).excluded) or None,
    )
    session.add(stone)
    facts: dict[str, str | int] = {"reference": case.reference, "rule": rule.value, "files": files}
    record(session, actor=None, event="access.erased", subject=case.id, now=now, body_id=case.body_id, facts=facts)
    count(session, case, -1)
    case_id = case.id
    session.flush()
    for name, _column, _owner in OWNED:
        session.execute(delete(_table(name)).where(_belongs(name, case_id)))
    session.execute(delete(Case).where(Case.id == case_id))
    session.expire_all()
    return stone


def list_files(session: Session, case_id: str) -> list[str]:
    """Every file of a request, whatever row names it."""
    found: list[str] = []
    for name, _column, _owner in OWNED:
        table = _table(name)
        if "blob_id" in table.c:
            named = select(table.c.blob_id).where(_belongs(name, case_id), table.c.blob_id.is_not(None))
            found.extend(session.scalars(named))
    return sorted(set(found))


def _belongs(name: str, case_id: str) -> Any:
    """The rows of a table that belong to a request, by way of the tables between."""
    column, owner = next((column, owner) for table, column, owner in OWNED if table == name)
    if owner == "cases":
        return _table(name).c[column] == case_id
    return _table(name).c[column].in_(select(_table(owner).c.id).where(_belongs(owner, case_id)))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
