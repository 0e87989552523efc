"""Reading the desk: one page of a list, how many stand in each lane, and the names that stand beside. Keyset pages.

A list walks the reader's own places in the order of an index, and asks for a live grant beside each; a number stops at
a hundred. So a desk of fifty thousand costs about what one of sixty does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from portal.concerns.casework.homes import side_and_homes
from portal.concerns.casework.lanes import ME, NOBODY, Asked
from portal.concerns.casework.models import DeskPlace, SideLabel, ToldLabel, ToldSide, ToldThread
from portal.concerns.casework.rules import FAR, Lane, NextStep, Severity, Shown, Sort, Theme, ToldState
from portal.concerns.casework.told import tellable
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual, Locale
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import week_of
from portal.register.models import System, SystemVersion
from portal.register.queries import IS_CURRENT

MOST_COUNTED = 100
COUNTED = (Shown.NEW, Shown.DUE, Shown.WORKER, Shown.US)
"""The lanes whose numbers stand above the list."""
OF_LANE = {Shown.NEW: Lane.NEW, Shown.WORKER: Lane.WORKER, Shown.US: Lane.US, Shown.QUIET: Lane.QUIET}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the desk: what the index says, and what was told. Of an untold thread that is a week and nothing."""

    case_id: bytes
    body_id: str
    opened_day: date
    lane: Lane
    due_on: date
    next_on: date
    state: ToldState | None
    theme: Theme | None
    severity: Severity | None
    system_id: str | None
    lang: Locale | None
    assignee_id: str | None
    next_step: NextStep | None

    @property
    def week(self) -> date:
        return week_of(self.opened_day)

    @property
    def is_told(self) -> bool:
        return self.state is not None

    @property
    def due(self) -> date | None:
        return self.due_on if self.due_on != FAR else None

    @property
    def next(self) -> date | None:
        return self.next_on if self.next_on != FAR else None


_ROW = (
    DeskPlace.case_id,
    SealedCase.body_id,
    SealedCase.opened_day,
    DeskPlace.lane,
    DeskPlace.due_on,
    DeskPlace.next_on,
    ToldThread.state,
    ToldThread.theme,
    ToldThread.severity,
    ToldThread.system_id,
    ToldThread.lang,
    ToldSide.assignee_id,
    ToldSide.next_step,
)


def list_desk(
    session: Session, actor: Actor, asked: Asked, *, today: date, cursor: str | None, most: int = PAGE
) -> Cut[Row]:
    """One page of the threads that the actor holds, as asked for, soonest day first."""
    day = DeskPlace.due_on if asked.sort is Sort.DUE else DeskPlace.next_on
    wanted = (
        select(*_ROW)
        .select_from(DeskPlace)
        .outerjoin(ToldThread, ToldThread.case_id == DeskPlace.case_id)
        .outerjoin(ToldSide, _own_side(actor))
        .join(SealedCase, SealedCase.case_id == DeskPlace.case_id)
        .where(*_places(actor, asked, today), *_told(asked, actor), tellable(actor, DeskPlace.case_id))
        .order_by(day, DeskPlace.case_id)
        .limit(most + 1)
    )
    start = _start(cursor)
    if start is not None:
        on, case_id = start
        wanted = wanted.where(day >= on, (day > on) | (DeskPlace.case_id > case_id))
    found: Sequence[Any] = session.execute(wanted).all()
    rows = [Row(*row) for row in found]
    if len(rows) <= most:
        return Cut(rows, None)
    last = rows[most - 1]
    on = last.due_on if asked.sort is Sort.DUE else last.next_on
    return Cut(rows[:most], write_cursor(on.isoformat(), last.case_id.hex()))


def count_lanes(session: Session, actor: Actor, asked: Asked, *, today: date) -> tuple[dict[Shown, int], int]:
    """How many stand in each lane, and how many are shown; no number goes beyond MOST_COUNTED. One question."""
    lanes = [_number(_shown_in(actor, Asked(lane=lane, within=asked.within), today)) for lane in COUNTED]
    found = session.execute(select(*lanes, _number(_shown_in(actor, asked, today)))).one()
    return dict(zip(COUNTED, found[:-1], strict=True)), found[-1]


def name_people(session: Session, person_ids: Collection[str | None]) -> dict[str, str]:
    """The names of colleagues, by id."""
    wanted = sorted({one for one in person_ids if one is not None})
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.display_name).where(Person.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}


def name_systems(session: Session, system_ids: Collection[str | None]) -> dict[str, Bilingual]:
    """What systems are called now, by id."""
    wanted = sorted({one for one in system_ids if one})
    if not wanted:
        return {}
    return _systems(session, System.id.in_(wanted))


def list_systems_of(session: Session, body_ids: Collection[str]) -> dict[str, Bilingual]:
    """The published systems of some bodies, by id."""
    return _systems(session, System.body_id.in_(sorted(body_ids)))


def _systems(session: Session, which: ColumnElement[bool]) -> dict[str, Bilingual]:
    rows = session.execute(
        select(System.id, SystemVersion.name_cy, SystemVersion.name_en).join(SystemVersion, IS_CURRENT).where(which)
    )
    return {row.id: Bilingual(row.name_cy, row.name_en) for row in rows}


def _places(actor: Actor, asked: Asked, today: date) -> list[ColumnElement[bool]]:
    """Which of the reader's places: what the index answers."""
    wanted = [DeskPlace.person_id == actor.person_id, DeskPlace.is_open.is_(asked.lane is not Shown.ENDED)]
    if asked.lane is Shown.DUE:
        wanted.append(DeskPlace.due_on <= asked.due_by(today))
    elif asked.lane in OF_LANE:
        wanted.append(DeskPlace.lane == OF_LANE[asked.lane])
    return wanted


def _told(asked: Asked, actor: Actor) -> list[ColumnElement[bool]]:
    """Which of what was told, as the places have it."""
    wanted: list[Any] = [
        column == value
        for column, value in (
            (DeskPlace.theme, asked.theme),
            (DeskPlace.severity, asked.severity),
            (DeskPlace.lang, asked.lang),
            (DeskPlace.system_id, asked.system or None),
            (DeskPlace.assignee_id, actor.person_id if asked.mine == ME else None),
        )
        if value is not None
    ]
    if asked.mine == NOBODY:
        wanted.append(DeskPlace.assignee_id.is_(None))
    if asked.label:
        side, homes = side_and_homes(actor)
        own = select(SideLabel.id).where(SideLabel.id == asked.label, SideLabel.home_id.in_(homes))
        carries = ToldLabel.case_id == DeskPlace.case_id, ToldLabel.side == side
        wanted.append(exists().where(*carries, ToldLabel.label_id.in_(own)))
    return wanted


def _own_side(actor: Actor) -> ColumnElement[bool]:
    side, homes = side_and_homes(actor)
    return and_(ToldSide.case_id == DeskPlace.case_id, ToldSide.side == side, ToldSide.home_id.in_(homes))


def _shown_in(actor: Actor, asked: Asked, today: date) -> Any:
    wanted = *_places(actor, asked, today), *_told(asked, actor)
    return select(DeskPlace.case_id).where(*wanted, tellable(actor, DeskPlace.case_id))


def _number(wanted: Any) -> Any:
    return select(func.count()).select_from(wanted.limit(MOST_COUNTED).subquery()).scalar_subquery()


def _start(cursor: str | None) -> tuple[date, bytes] | None:
    values = read_cursor(cursor, 2)
    if values is None:
        return None
    try:
        return date.fromisoformat(str(values[0])), bytes.fromhex(str(values[1]))
    except ValueError:
        return None
