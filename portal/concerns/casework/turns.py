"""A thread's told rows in the hands of one of its readers, while they do something with it.

It begins with a live grant and held rows; it ends with a line of the timeline, kept desks, and a record under a hash of
the thread. None of it shares a transaction with a row of the sealed channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of
from portal.concerns.casework.models import ToldEvent, ToldLabel, ToldSide, ToldThread
from portal.concerns.casework.places import Keeping, keep_places
from portal.concerns.casework.rows import (
    SIDE_FIELDS,
    Change,
    Snapshot,
    hold_side,
    hold_thread,
    make_side,
    make_thread,
    read_back,
    seen_of,
    snapshot,
)
from portal.concerns.casework.rules import Side, ToldState, Waiting
from portal.concerns.casework.told import Holder, Told, get_told, list_holders, sides_of_holders
from portal.concerns.desk.holding import subject_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import msg
from portal.directory.models import Person
from portal.i18n.formats import time_hm
from portal.identity.actor import Actor

MOVED_ON = msg("Somebody has changed this since you opened the page. Look at it again before you go on")
ANOTHER_BRANCH = msg("Another branch reads this too, and keeps what your side knows of it. Ask its representatives")
NOT_TAKEN = msg("Take it on first. Until then nothing is told about it")


@dataclass
class Turn:
    """A thread's rows in the hands of one of its readers."""

    session: Session
    actor: Actor
    told: Told
    thread: ToldThread | None
    side: ToldSide
    holders: list[Holder]
    desk: Desk
    before: Snapshot

    @property
    def side_name(self) -> Side:
        return self.told.side_name

    @property
    def within(self) -> frozenset[Side]:
        """The sides that read it."""
        return sides_of_holders(self.holders)

    @property
    def state(self) -> ToldState:
        return self.thread.state if self.thread is not None else ToldState.NEW

    def open_thread(self) -> ToldThread:
        """The thread's row; Refused while nobody has taken it on."""
        if self.thread is None:
            raise Refused(NOT_TAKEN)
        return self.thread

    def line(self, step: str, *, both: bool, said: Mapping[str, Any] | None = None) -> None:
        """One line of the timeline, for both sides or for one's own."""
        row = self.open_thread() if both else self.side
        row.version += 1
        event = ToldEvent(
            case_id=self.told.case_id,
            event_id=ids.random_bytes(16),
            on_day=self.desk.today,
            side=None if both else self.side_name,
            by_side=self.side_name,
            by_id=None if both else self.actor.person_id,
            number=row.version,
            step=step,
            said=dict(said or {}),
        )
        self.session.add(event)

    def line_of_other(self, side: ToldSide, step: str) -> None:
        """A line of the other side's own, of what happened to it without anybody's name."""
        side.version += 1
        event = ToldEvent(
            case_id=self.told.case_id,
            event_id=ids.random_bytes(16),
            on_day=self.desk.today,
            side=side.side,
            number=side.version,
            step=step,
            said={},
        )
        self.session.add(event)

    def unchanged(self) -> Change:
        """Nothing was different."""
        return Change(self.told.case_id, self.before, self.before)

    def end(self, event: str, **facts: str | int) -> Change:
        """Keep the desks, and the record. A representative's presses stand in no employer's audit."""
        self.session.flush()
        keep_places(self.session, [self.told.case_id], Keeping(self.desk.today, self.desk.calendar))
        body_id = self.told.body_id if self.side_name is Side.EMPLOYER else None
        record(
            self.session,
            actor=self.actor,
            event=f"concern.{event}",
            subject=subject_of(self.told.case_id),
            now=self.desk.now,
            body_id=body_id,
            facts=facts,
        )
        return Change(self.told.case_id, self.before, snapshot(self.thread, self.side))


def begin_turn(
    session: Session,
    actor: Actor,
    case_id: bytes,
    *,
    desk: Desk,
    seen: str | None = None,
    is_taking: bool = False,
    is_claiming: bool = False,
) -> Turn:
    """Hold the rows of a thread that the actor holds; who takes it on makes its row.

    NotFound for everybody else; Conflict when the page was made from other rows (``seen``); Refused while a colleague
    works on it.
    """
    told = get_told(session, actor, case_id)
    holders = list_holders(session, case_id, told.body_id, today=desk.today)
    home_id, homes = home_of(actor, holders), homes_of(actor)
    thread = make_thread(session, told, today=desk.today) if is_taking else hold_thread(session, case_id)
    is_new = thread is not None and thread.version == 0
    side = hold_side(session, case_id, told.side_name)
    own = side if side is not None and side.home_id in homes else None
    held = replace(told, thread=None if is_new else thread, side=own)
    if seen is not None and seen != seen_of(held):
        raise Conflict(MOVED_ON)
    before = snapshot(held.thread, own)
    if side is None:
        side = make_side(session, case_id, told.side_name, home_id)
    elif own is None:
        _hand_on(session, side, home_id, holders)
    if not is_claiming:
        require_unclaimed(session, actor, side, desk)
    return Turn(session, actor, held, thread, side, holders, desk, before)


def _hand_on(session: Session, side: ToldSide, home_id: str, holders: list[Holder]) -> None:
    """What one branch kept for itself goes when another one reads in its place; Refused as long as both do."""
    if side.home_id in {one.home_id for one in holders}:
        raise Refused(ANOTHER_BRANCH)
    for table in (ToldLabel, ToldEvent):
        session.execute(delete(table).where(table.case_id == side.case_id, table.side == side.side))
    read_back(side, {"waiting": Waiting.US}, SIDE_FIELDS)
    side.home_id, side.claimed_by, side.claimed_until = home_id, None, None
    session.flush()


def require_unclaimed(session: Session, actor: Actor, side: ToldSide, desk: Desk) -> None:
    """Refused while a colleague of the same side works on it."""
    until = side.claimed_until
    if until is None or until <= desk.now or side.claimed_by == actor.person_id:
        return
    name = session.scalar(select(Person.display_name).where(Person.id == side.claimed_by))
    raise Refused(
        msg(
            "{name} works on this now, until {time}. Take it over, or wait until then",
            name=name or "",
            time=time_hm(until),
        )
    )


def home_of(actor: Actor, holders: list[Holder]) -> str:
    """The home under which a side keeps its own: the reader's branch that reads here, else the body."""
    homes = homes_of(actor)
    found = [one.home_id for one in holders if one.person_id == actor.person_id and one.home_id in homes]
    if not found:
        raise NotFound
    return min(found)
