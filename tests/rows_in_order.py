"""Every transaction that a route or a duty opens in a test takes its rows in the order of ``portal.cases.locking``.

On PostgreSQL two that take them in different orders can wait for each other; SQLite has one writer and never shows it.
So the order itself is watched, on any database. What a test does in a transaction of its own is not.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, object_session

from portal.cases.models import Case
from portal.core.db import Base, Database

TAKEN = "rows taken by a test's watch"


class OutOfOrder(AssertionError):
    """A row was taken, or changed, out of its turn."""


@dataclass
class Taken:
    """What one transaction holds."""

    held: set[str] = field(default_factory=set)
    last: str = ""
    has_audit: bool = False

    def take(self, case_id: str) -> None:
        if case_id in self.held:
            return
        if self.has_audit:
            raise OutOfOrder("a case was taken after the end of the audit: hold it first")
        if case_id < self.last:
            raise OutOfOrder("several cases were not taken in the order of their ids")
        self.held.add(case_id)
        self.last = case_id


def watch_rows() -> None:
    """From now on, for the whole process."""
    plain = Database.writing

    def writing(database: Database) -> AbstractContextManager[Session]:
        asked_by = str(sys._getframe(1).f_globals["__name__"])
        opened = plain(database)
        return watched(opened) if asked_by.startswith("portal.") and not asked_by.startswith("portal.cli.") else opened

    Database.writing = writing  # type: ignore[method-assign,assignment]
    event.listen(Session, "do_orm_execute", _on_statement)
    event.listen(Case, "load", _on_load)
    event.listen(Case, "refresh", _on_load)
    event.listen(Case, "after_insert", _on_new_case)
    event.listen(Case, "before_update", _on_change)
    event.listen(Base, "before_insert", _on_new_row, propagate=True)


@contextmanager
def watched(opened: AbstractContextManager[Session]) -> Iterator[Session]:
    """The same transaction, with its rows in view."""
    with opened as session:
        session.info[TAKEN] = Taken()
        yield session


def _of(target: Any) -> Taken | None:
    session = object_session(target)
    return None if session is None else session.info.get(TAKEN)


def _on_statement(asked: ORMExecuteState) -> None:
    taken: Taken | None = asked.session.info.get(TAKEN)
    if taken is None or asked.bind_mapper is None:
        return
    table = asked.bind_mapper.class_.__tablename__
    if asked.is_update:
        _on_update(taken, table)
    elif asked.is_select and getattr(asked.statement, "_for_update_arg", None) is not None:
        if table == "systems" and not taken.has_audit:
            raise OutOfOrder("a system was taken before the end of the audit")
        taken.has_audit = taken.has_audit or table == "audit_head"
        for case_id in _ids_in(asked) if table == "cases" else ():
            taken.take(case_id)


def _on_update(taken: Taken, table: str) -> None:
    if table == "cases":
        raise OutOfOrder("cases were changed in a statement of its own: hold them and change them")
    if table == "case_counts" and not taken.has_audit:
        raise OutOfOrder("the number of cases was changed before the end of the audit was taken")


def _ids_in(asked: ORMExecuteState) -> Iterator[str]:
    """The ids that a statement names: of rows that a listing holds, ``_on_load`` hears."""
    given = asked.parameters if isinstance(asked.parameters, dict) else {}
    named = asked.statement.compile().params | given  # type: ignore[attr-defined]
    yield from (value for value in named.values() if isinstance(value, str) and len(value) == 26)


def _on_load(case: Case, context: Any, *_attributes: object) -> None:
    taken = _of(case)
    if taken is not None and getattr(context.query, "_for_update_arg", None) is not None:
        taken.take(case.id)


def _on_new_case(_mapper: object, _connection: object, case: Case) -> None:
    taken = _of(case)
    if taken is not None:
        taken.held.add(case.id)


def _on_change(_mapper: object, _connection: object, case: Case) -> None:
    taken, session = _of(case), object_session(case)
    if taken is not None and session is not None and session.is_modified(case) and case.id not in taken.held:
        raise OutOfOrder("a case was changed that was not held")


def _on_new_row(_mapper: object, _connection: object, row: Any) -> None:
    case_id, taken = getattr(row, "case_id", None), _of(row)
    if taken is not None and taken.has_audit and isinstance(case_id, str) and case_id not in taken.held:
        raise OutOfOrder(f"a row was added to {row.__tablename__} of a case that is not held, after the audit")
