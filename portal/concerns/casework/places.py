"""Where threads stand on the desks of those who hold them: an index, made anew from what it is an index of.

Nobody sees anything by a place (``told.tellable``). One that is missing is made within a minute by the sweep, and when
its reader looks at their desk; one that is too many shows nothing, and goes with the next look through all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.concerns.casework.models import TOLD, DeskKept, DeskPlace, ToldSide, ToldThread
from portal.concerns.casework.rules import ENDED, FAR, QUIET, Lane, Side, ToldState, Waiting, lane_of
from portal.concerns.models import RecipientKey
from portal.concerns.queries import LIVE_READERS
from portal.concerns.timing.models import ConcernClock
from portal.concerns.timing.service import find_promises
from portal.core.db import Database
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem
from portal.mailbox.rules import NOTES
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.promises import Answered, Promises, first_owed

AT_A_TIME = 300
MANY = 5_000
"""Grants that take longer to count than a page should wait. Such a desk is kept by the sweep alone, within a minute."""
LONG_AGO = date(2000, 1, 1)
NAMES = ("side", "is_open", "lane", "due_on", "next_on", "theme", "severity", "lang", "system_id", "assignee_id")
"""What a place says; the last five are what was told, to filter by."""
Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a live key, and the branches for which they read, if any."""

    person_id: str
    branches: frozenset[str]

    @property
    def side(self) -> Side:
        return Side.UNION if self.branches else Side.EMPLOYER

    def keeps(self, side: Any) -> bool:
        """Whether a side's row is of their own home."""
        return side is not None and (side.home_id in self.branches or side.side is Side.EMPLOYER)


@dataclass
class Keeping:
    """What several batches of one look have in common: a day, its calendar, and who reads for each body."""

    today: date
    calendar: WorkingDays
    readers: dict[str, Mapping[bytes, Reader]] = field(default_factory=dict)
    promises: dict[str, Promises] = field(default_factory=dict)

    def readers_of(self, session: Session, body_id: str) -> Mapping[bytes, Reader]:
        """Who stands behind each key that reads for a body today. With a duty at a branch somebody reads for the
        union."""
        if body_id not in self.readers:
            found: dict[bytes, Reader] = {}
            for row in session.execute(LIVE_READERS, {"body_id": body_id, "today": self.today}):
                known = found.get(row.key_id) or Reader(row.person_id, frozenset())
                found[row.key_id] = Reader(row.person_id, known.branches | ({row.branch_id} - {None}))
            self.readers[body_id] = found
        return self.readers[body_id]

    def promised(self, session: Session, body_id: str) -> Promises:
        """What a body promises."""
        if body_id not in self.promises:
            self.promises[body_id] = find_promises(session, body_id)
        return self.promises[body_id]


def keep_places(session: Session, case_ids: Sequence[bytes], keeping: Keeping) -> int:
    """Make the places of some threads as they should be; how many were changed."""
    wanted = _wanted(session, case_ids, keeping)
    rows = session.execute(select(DeskPlace.__table__).where(DeskPlace.case_id.in_(case_ids)))
    there = {(row.person_id, row.case_id): tuple(getattr(row, name) for name in NAMES) for row in rows}
    in_turn = sorted({*there, *wanted}, key=lambda key: (key[1], key[0]))  # as everybody takes them
    gone = [key for key in in_turn if key not in wanted]
    changed = {key: wanted[key] for key in in_turn if key in wanted and there.get(key) != wanted[key]}
    if gone:
        one = DeskPlace.person_id == bindparam("who"), DeskPlace.case_id == bindparam("which")
        session.connection().execute(
            delete(DeskPlace).where(*one), [{"who": person_id, "which": case_id} for person_id, case_id in gone]
        )
    if changed:
        _put(session, changed)
    return len(gone) + len(changed)


def keep_own_desk(database: Database, person_id: str, keeping: Keeping) -> None:
    """Before somebody looks at their desk: what was granted to them since the last time has its place.

    The number of a key's grants says whether there is anything to look for. What they lost shows nothing anyway.
    """
    with database.reading() as session:
        kept = session.get(DeskKept, person_id)
        known = kept.grants if kept is not None else 0
        if known > MANY or (grants := _grants_of(session, person_id)) == known:
            return
        missing = session.scalars(_missing(person_id)).all()
    for some in _handfuls(missing):
        with database.writing() as session:
            keep_places(session, some, keeping)
    with database.writing() as session:
        note_kept(session, person_id, grants, keeping.today)


def note_kept(session: Session, whose: str, grants: int, today: date) -> None:
    """Remember up to where somebody's places were looked through."""
    values = {"person_id": whose, "grants": grants, "kept_on": today}
    made = _insert(session)(DeskKept).values(values)
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_={**values}))


def forget_told(session: Session) -> int:
    """What was told of threads that are gone, and their places."""
    there = select(SealedCase.case_id)
    removed = 0
    for table in TOLD:
        gone = delete(table).where(~exists(there.where(SealedCase.case_id == table.case_id)))
        removed += session.connection().execute(gone).rowcount
    return removed


def _grants_of(session: Session, person_id: str) -> int:
    asked = select(func.count()).where(SealedGrant.key_id == _own_key(person_id))
    return session.scalar(asked.select_from(SealedGrant)) or 0


def _own_key(person_id: str) -> Any:
    live = RecipientKey.person_id == person_id, RecipientKey.ended_on.is_(None)
    return select(RecipientKey.key_id).where(*live).scalar_subquery()


def _missing(person_id: str) -> Any:
    """Reporters' threads whose current epoch somebody's key holds, and that have no place on their desk."""
    has_place = exists().where(DeskPlace.person_id == person_id, DeskPlace.case_id == SealedCase.case_id)
    return (
        select(SealedCase.case_id)
        .join(SealedGrant, and_(SealedGrant.case_id == SealedCase.case_id, SealedGrant.epoch == SealedCase.epoch))
        .where(SealedGrant.key_id == _own_key(person_id), SealedCase.state != NOTES, ~has_place)
    )


def _wanted(session: Session, case_ids: Sequence[bytes], keeping: Keeping) -> dict[tuple[str, bytes], Place]:
    cases = session.execute(
        select(SealedCase.case_id, SealedCase.body_id, SealedCase.opened_day, SealedCase.state).where(
            SealedCase.case_id.in_(case_ids), SealedCase.state != NOTES
        )
    ).all()
    present = _present(session, case_ids)
    known = _Known(session, case_ids)
    wanted: dict[tuple[str, bytes], Place] = {}
    for case in cases:
        due_on = _due_on(session, case, known, keeping)
        readers = keeping.readers_of(session, case.body_id)
        for key_id in present[case.case_id] & readers.keys():
            reader = readers[key_id]
            wanted[reader.person_id, case.case_id] = known.place(case.case_id, reader, due_on)
    return wanted


class _Known:
    """What is told of some threads, and on which days something came."""

    def __init__(self, session: Session, case_ids: Sequence[bytes]) -> None:
        self.threads = {one.case_id: one for one in session.execute(_of(ToldThread, case_ids))}
        self.sides = {(one.case_id, one.side): one for one in session.execute(_of(ToldSide, case_ids))}
        self.clocks = {one.case_id: one for one in session.execute(_of(ConcernClock, case_ids))}
        days: dict[bytes, tuple[date, int]] = {}
        asked = select(SealedItem.case_id, SealedItem.day, func.count()).where(SealedItem.case_id.in_(case_ids))
        for case_id, day, number in session.execute(asked.group_by(SealedItem.case_id, SealedItem.day)):
            days[case_id] = max(days.get(case_id, (LONG_AGO, 0)), (day, number))
        self.came = days

    def state(self, case_id: bytes) -> ToldState:
        thread = self.threads.get(case_id)
        return thread.state if thread is not None else ToldState.NEW

    def place(self, case_id: bytes, reader: Reader, due_on: date) -> Place:
        thread, side = self.threads.get(case_id), self.sides.get((case_id, reader.side))
        side = side if reader.keeps(side) else None
        state = self.state(case_id)
        lane = lane_of(
            state,
            thread.state_since if thread is not None else None,
            side.waiting if side is not None else Waiting.US,
            side.waiting_since if side is not None else None,
            self.came.get(case_id, (LONG_AGO, 0)),
        )
        next_on = side.next_on if side is not None and side.next_on is not None else FAR
        told = (thread.theme, thread.severity, thread.lang, thread.system_id) if thread is not None else (None,) * 4
        assignee_id = side.assignee_id if side is not None else None
        return reader.side, lane is not Lane.ENDED, lane, due_on, next_on, *told, assignee_id


def _due_on(session: Session, case: Any, known: _Known, keeping: Keeping) -> date:
    """What the body promised first. Before its clock begins, on the day after it came, the same counting."""
    state, clock = known.state(case.case_id), known.clocks.get(case.case_id)
    if state in ENDED | QUIET:
        return FAR
    if clock is not None:
        return clock.due_on or FAR
    if case.state != "new":
        return FAR
    found = first_owed(Answered(case.opened_day), keeping.calendar, keeping.promised(session, case.body_id))
    return found.due_on if found is not None else FAR


def _present(session: Session, case_ids: Sequence[bytes]) -> defaultdict[bytes, set[bytes]]:
    """The keys that hold the current epoch of each thread."""
    asked = (
        select(SealedGrant.case_id, SealedGrant.key_id)
        .join(SealedCase, and_(SealedCase.case_id == SealedGrant.case_id, SealedCase.epoch == SealedGrant.epoch))
        .where(SealedGrant.case_id.in_(case_ids))
    )
    present: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for case_id, key_id in session.execute(asked):
        present[case_id].add(key_id)
    return present


def _of(model: type[Any], case_ids: Sequence[bytes]) -> Any:
    return select(model.__table__).where(model.case_id.in_(case_ids))


def _put(session: Session, places: Mapping[tuple[str, bytes], Place]) -> None:
    names = ("person_id", "case_id", *NAMES)
    rows = [dict(zip(names, (*key, *place), strict=True)) for key, place in places.items()]
    made = _insert(session)(DeskPlace)
    fresh = {name: made.excluded[name] for name in NAMES}
    session.connection().execute(made.on_conflict_do_update(index_elements=["person_id", "case_id"], set_=fresh), rows)


def _insert(session: Session) -> Any:
    return insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql


def _handfuls(case_ids: Iterable[bytes]) -> Iterable[list[bytes]]:
    every = list(case_ids)
    return (every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME))
