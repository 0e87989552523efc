"""Reads for the list of items: which are shown, and which comes before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.subject_access.material.models import Material, MaterialCopy, ScanFinding
from portal.subject_access.material.queries import still_open
from portal.subject_access.material.rules import Decision, ReporterAnswer, Show

PAGE_LENGTH = 100


def list_shown(session: Session, case: Case, show: Show, *, after: int = 0) -> Sequence[Material]:
    """One page of the items that are asked for, and one more if there are more."""
    found = select(Material).where(Material.case_id == case.id, Material.number > after, *_shown(show))
    return session.scalars(found.order_by(Material.number).limit(PAGE_LENGTH + 1)).all()


def count_shown(session: Session, case: Case, show: Show) -> int:
    return session.scalar(select(func.count(Material.id)).where(Material.case_id == case.id, *_shown(show))) or 0


def _shown(show: Show) -> list[ColumnElement[bool]]:
    if show is Show.UNDECIDED:
        return [Material.decision.is_(None)]
    if show is Show.WITHHELD:
        return [Material.decision.in_((Decision.WITHHOLD, Decision.PART))]
    if show is Show.REPORTER:
        return [Material.reporter == ReporterAnswer.YES]
    return [Material.id.in_(_with_open_findings())] if show is Show.FINDINGS else []


def _with_open_findings() -> Any:
    newest = (
        select(MaterialCopy.material_id, func.max(MaterialCopy.number).label("number"))
        .group_by(MaterialCopy.material_id)
        .subquery()
    )
    return (
        select(MaterialCopy.material_id)
        .join(newest, (newest.c.material_id == MaterialCopy.material_id) & (newest.c.number == MaterialCopy.number))
        .join(ScanFinding, ScanFinding.copy_id == MaterialCopy.id)
        .where(still_open())
    )


def list_twins(session: Session, case: Case) -> Mapping[int, list[int]]:
    """For each item whose bytes another item of the case has, too: the numbers of those."""
    by_bytes: dict[bytes, list[int]] = {}
    found = select(Material.sha256, Material.number).where(Material.case_id == case.id).order_by(Material.number)
    for sha256, number in session.execute(found):
        by_bytes.setdefault(sha256, []).append(number)
    return {
        number: [other for other in same if other != number]
        for same in by_bytes.values()
        if len(same) > 1
        for number in same
    }


def find_neighbours(session: Session, item: Material) -> tuple[int | None, int | None]:
    """The numbers of the items before and after."""
    same = Material.case_id == item.case_id
    before = session.scalar(select(func.max(Material.number)).where(same, Material.number < item.number))
    after = session.scalar(select(func.min(Material.number)).where(same, Material.number > item.number))
    return before, after


def find_next_undecided(session: Session, item: Material) -> int | None:
    """The next item without a decision, going round to the first."""
    waiting = select(Material.number).where(
        Material.case_id == item.case_id, Material.decision.is_(None), Material.id != item.id
    )
    return session.scalar(waiting.order_by(Material.number < item.number, Material.number).limit(1))
