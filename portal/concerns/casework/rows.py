"""The two rows of a thread while a verb has them: held, compared with what the page showed, and as they can be undone.

The order in which a transaction takes them: the thread's row, then its sides by name, several threads by their ids; the
clock after them, and the end of the audit last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rules import NextStep, Severity, Side, Theme, ToldState, Waiting
from portal.concerns.casework.told import Told
from portal.core.db import NO_KEY
from portal.core.text import Locale

Read = Callable[[Any], Any]
_day: Read = date.fromisoformat
THREAD_FIELDS: Mapping[str, Read] = {
    "theme": Theme,
    "system_id": str,
    "severity": Severity,
    "lang": Locale,
    "state": ToldState,
    "state_since": _day,
    "is_open": bool,
    "told_on": _day,
}
SIDE_FIELDS: Mapping[str, Read] = {
    "assignee_id": str,
    "next_on": _day,
    "next_step": NextStep,
    "waiting": Waiting,
    "waiting_since": _day,
    "agreed_on": _day,
    "mandate_until": _day,
}
Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What a verb did to one thread, as its own side can undo it while nobody changed it since."""

    case_id: bytes
    before: Snapshot
    after: Snapshot

    @property
    def is_one(self) -> bool:
        """Whether anything is different."""
        return self.before != self.after


def snapshot(thread: ToldThread | None, side: ToldSide | None) -> Snapshot:
    """How both rows stand, as JSON holds it. A claim is nothing that is undone."""
    return {"thread": _written(thread, THREAD_FIELDS), "side": _written(side, SIDE_FIELDS)}


def read_back(row: ToldThread | ToldSide, values: Mapping[str, Any], fields: Mapping[str, Read]) -> None:
    """Put a row back to what a snapshot says."""
    for name, kind in fields.items():
        value = values.get(name)
        setattr(row, name, kind(value) if value is not None else None)


def seen_of(told: Told) -> str:
    """What a form says it was made from: the version of each row."""
    thread = told.thread.version if told.thread is not None else 0
    return f"{thread}.{told.side.version if told.side is not None else 0}"


def hold_thread(session: Session, case_id: bytes) -> ToldThread | None:
    """The thread's row, held until the transaction ends and read anew."""
    return session.get(ToldThread, case_id, with_for_update=NO_KEY, populate_existing=True)


def hold_side(session: Session, case_id: bytes, side: Side) -> ToldSide | None:
    """One side's row, in the same way."""
    return session.get(ToldSide, (case_id, side), with_for_update=NO_KEY, populate_existing=True)


def make_thread(session: Session, told: Told, *, today: date) -> ToldThread:
    """The thread's row, made if there is none. Of two who make it at once, one makes it and the other finds it."""
    values = {
        "case_id": told.case_id,
        "body_id": told.body_id,
        "told_on": today,
        "state": ToldState.NEW,
        "state_since": today,
        "is_open": True,
        "version": 0,
    }
    _insert_once(session, ToldThread, values)
    return session.get_one(ToldThread, told.case_id, with_for_update=NO_KEY, populate_existing=True)


def make_side(session: Session, case_id: bytes, side: Side, home_id: str) -> ToldSide:
    """One side's row, made if there is none."""
    values = {"case_id": case_id, "side": side, "home_id": home_id, "waiting": Waiting.US, "version": 0}
    _insert_once(session, ToldSide, values)
    return session.get_one(ToldSide, (case_id, side), with_for_update=NO_KEY, populate_existing=True)


def _insert_once(session: Session, model: type[Any], values: Mapping[str, Any]) -> None:
    session.flush()
    insert = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
    session.execute(insert(model).values(**values).on_conflict_do_nothing())


def _written(row: ToldThread | ToldSide | None, fields: Mapping[str, Read]) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: _plain(getattr(row, name)) for name in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
