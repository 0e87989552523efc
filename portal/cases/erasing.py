"""Deleting a case for good with everything that belongs to it, whichever room's table that is. Nothing can be
forgotten: what belongs to a case is read from the foreign keys of the tables themselves."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, delete, select, update
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.turn import count
from portal.core.blobs import BlobStore
from portal.core.db import Base

CASES = Case.__tablename__


class Stone(Protocol):
    """What stays as the proof that a case was deleted."""

    @property
    def hidden_from(self) -> list[str] | None: ...


S = TypeVar("S", bound=Stone)


def kept_from(session: Session, case: Case) -> list[str] | None:
    """The ids of those who learn nothing of a case after it was deleted either: who was left out, and who asked."""
    facts = facts_of(session, case)
    return sorted(facts.excluded | {one for one in (facts.requester_person_id,) if one}) or None


def told_to(stones: Iterable[S], reader: str, most: int) -> list[S]:
    """The first of these that the reader may know of."""
    return list(islice((one for one in stones if reader not in (one.hidden_from or ())), most))


@cache
def owned_tables() -> tuple[Table, ...]:
    """The tables whose rows belong to a case, those that others point to first. A row that may do without its case
    (a lesson, a link of a complaint) is not among them: it only loses it."""
    found: list[Table] = []
    names = {CASES}
    for table in Base.metadata.sorted_tables:
        if table.name != CASES and any(_binds(table, key, names) for key in table.foreign_key_constraints):
            names.add(table.name)
            found.append(table)
    return tuple(found)


def list_files(session: Session, case_id: str) -> list[str]:
    """Every file of a case, whatever row names it."""
    found: set[str] = set()
    for table in owned_tables():
        for column in table.columns:
            if column.name.endswith("blob_id"):
                found.update(session.scalars(select(column).where(belongs(table, case_id), column.is_not(None))))
    return sorted(found)


def belongs(table: Table, case_id: str) -> ColumnElement[bool]:
    """The rows of a table that belong to a case, by way of the tables between."""
    names = {CASES} | {one.name for one in owned_tables()}
    key = next(one for one in sorted(table.foreign_key_constraints, key=_nearest) if _binds(table, one, names))
    own, parent = key.columns[0], key.referred_table
    if parent.name == CASES:
        return own == case_id
    return own.in_(select(key.elements[0].column).where(belongs(parent, case_id)))


def erase_case(session: Session, case: Case, blobs: BlobStore) -> int:
    """Delete it all, files first: a failure only tries again. Gives the number of files."""
    files = list_files(session, case.id)
    for blob_id in files:
        blobs.delete(blob_id)
    count(session, case, -1)
    case_id = case.id
    session.flush()
    for table, column in _loose():
        session.execute(update(table).where(column == case_id).values({column.name: None}))
    for table in reversed(owned_tables()):
        session.execute(delete(table).where(belongs(table, case_id)))
    session.execute(delete(Case).where(Case.id == case_id))
    session.expire_all()
    return len(files)


def _binds(table: Table, key: ForeignKeyConstraint, names: set[str]) -> bool:
    """Whether a row cannot be without the row that this key names."""
    is_other = key.referred_table.name in names and key.referred_table is not table
    return is_other and not any(column.nullable for column in key.columns)


def _nearest(key: ForeignKeyConstraint) -> tuple[bool, str]:
    return key.referred_table.name != CASES, key.columns[0].name


def _loose() -> Iterator[tuple[Table, ColumnElement[str]]]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            column = key.columns[0]
            if key.referred_table.name == CASES and column.nullable:
                yield table, column
