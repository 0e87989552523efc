"""Several threads at once: first what would happen to each, then what came of each, and for ten minutes a way back.

What was chosen and is not the actor's is counted and not named, whether it is hidden from them or never was: «2 not
yours». Each thread is taken in a transaction of its own, as every other verb takes it; the look ahead does the very
same and takes it back, so that it cannot say anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.casework.acts import Snapshot, Wanted, perform, take_back
from portal.concerns.casework.models import BulkAct, BulkItem
from portal.concerns.casework.told import list_told
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, msg
from portal.identity.actor import Actor
from portal.settings.models import Settings

UNDO_WITHIN = timedelta(minutes=10)
ACT_KEPT = timedelta(days=1)
"""So long a form that is sent again shows what it did; which threads they were is gone with the time to undo it."""
AT_A_STRETCH = 10
GONE = msg("Not yours")
OVER = msg(
    "Ten minutes have passed, so this can no longer be undone for all of them together. Change each concern by itself"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thread of several. ``is_same``: nothing would be, or was, different. ``is_undone`` is None until somebody
    asked for it."""

    case_id: bytes
    why_not: Message | None = None
    is_same: bool = False
    is_undone: bool | None = None

    @property
    def is_done(self) -> bool:
        return self.why_not is None and not self.is_same


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would come of it, or came of it. ``not_yours`` is the number of those that the actor does not hold."""

    wanted: Wanted
    items: tuple[Item, ...]
    not_yours: int

    @property
    def done(self) -> list[Item]:
        return [item for item in self.items if item.is_done]


@dataclass(frozen=True, slots=True)
class Done(Outcome):
    """What was done, and how long it can be undone."""

    act_id: str
    until: datetime
    is_undone: bool
    is_over: bool


def look_ahead(database: Database, actor: Actor, case_ids: Sequence[bytes], wanted: Wanted, *, desk: Desk) -> Outcome:
    """What would happen to each. Nothing has happened."""
    chosen = _chosen(database, actor, case_ids)
    items = []
    for place, case_id in enumerate(chosen, start=1):
        with database.writing() as session:
            items.append(_item(case_id, *_try(session, actor, case_id, wanted, desk)))
            session.rollback()
        _pause(database, place)
    return Outcome(wanted, tuple(items), len(dict.fromkeys(case_ids)) - len(chosen))


def do(database: Database, actor: Actor, case_ids: Sequence[bytes], wanted: Wanted, *, act_id: str, desk: Desk) -> None:
    """Do it to each. The form's id is the key: sent again, it does nothing to a thread that it was done to."""
    chosen = _chosen(database, actor, case_ids)
    with database.writing() as session:
        if not _begin(session, actor, act_id, wanted, len(dict.fromkeys(case_ids)) - len(chosen), desk):
            return
    for place, case_id in enumerate(sorted(chosen), start=1):
        with database.writing() as session:
            row = _begin_one(session, act_id, case_id)
            if row is not None:
                row.before, row.after, why_not = _try(session, actor, case_id, wanted, desk)
                if why_not is not None:
                    row.is_refused, row.after = True, {"why_not": why_not.to_json()}
        _pause(database, place)


def get_done(session: Session, actor: Actor, act_id: str, *, now: datetime) -> Done:
    """What came of it, for whoever did it: of threads that they still hold. NotFound for anybody else."""
    act = _own(session, actor, act_id)
    rows = {row.case_id: row for row in session.scalars(select(BulkItem).where(BulkItem.act_id == act_id))}
    held = [told.case_id for told in list_told(session, actor, sorted(rows))]
    return Done(
        Wanted.of(act.act, act.facts),
        tuple(_kept(rows[case_id]) for case_id in held),
        act.facts["not_yours"] + len(rows) - len(held),
        act_id,
        act.made_at + UNDO_WITHIN,
        act.undone_at is not None,
        act.made_at + UNDO_WITHIN <= now,
    )


def undo(database: Database, actor: Actor, act_id: str, *, desk: Desk) -> None:
    """Put back what nobody changed since, within ten minutes. Pressed again, it goes on where it stopped."""
    with database.writing() as session:
        act = _own(session, actor, act_id)
        if act.made_at + UNDO_WITHIN <= desk.now:
            raise Refused(OVER)
        act.undone_at = act.undone_at or desk.now
        asked = select(BulkItem.case_id).where(
            BulkItem.act_id == act_id, BulkItem.is_refused.is_(False), BulkItem.is_undone.is_(None)
        )
        case_ids = session.scalars(asked.order_by(BulkItem.case_id)).all()
    for place, case_id in enumerate(case_ids, start=1):
        with database.writing() as session:
            row = session.get_one(BulkItem, (act_id, case_id))
            if row.before != row.after:
                row.is_undone = _undo_one(session, actor, row, desk)
        _pause(database, place)


def end_undo(database: Database, _settings: Settings, now: datetime) -> int:
    """Once nothing can be undone any more, nobody keeps what was done to which thread."""
    with database.writing() as session:
        over = select(BulkAct.id).where(BulkAct.made_at <= now - UNDO_WITHIN)
        items = session.connection().execute(delete(BulkItem).where(BulkItem.act_id.in_(over))).rowcount
        acts = session.connection().execute(delete(BulkAct).where(BulkAct.made_at <= now - ACT_KEPT)).rowcount
        return items + acts


def _chosen(database: Database, actor: Actor, case_ids: Sequence[bytes]) -> list[bytes]:
    with database.reading() as session:
        return [told.case_id for told in list_told(session, actor, list(dict.fromkeys(case_ids)))]


def _begin(session: Session, actor: Actor, act_id: str, wanted: Wanted, not_yours: int, desk: Desk) -> bool:
    """Whether there is something to do: the form is new, or it stopped on its way."""
    facts = {**wanted.facts(), "not_yours": not_yours}
    made = _insert(session)(BulkAct).values(
        id=act_id, account_id=actor.account_id, act=wanted.act.value, facts=facts, made_at=desk.now
    )
    session.execute(made.on_conflict_do_nothing())
    act = _own(session, actor, act_id)
    is_over = act.made_at + UNDO_WITHIN <= desk.now or act.undone_at is not None
    return Wanted.of(act.act, act.facts) == wanted and not is_over


def _begin_one(session: Session, act_id: str, case_id: bytes) -> BulkItem | None:
    """The row of one thread, for whoever came to it first; of two presses at once one waits, and finds it done."""
    made = _insert(session)(BulkItem).values(act_id=act_id, case_id=case_id, is_refused=False)
    first = session.execute(made.on_conflict_do_nothing().returning(BulkItem.case_id)).first()
    return session.get_one(BulkItem, (act_id, case_id)) if first is not None else None


def _try(
    session: Session, actor: Actor, case_id: bytes, wanted: Wanted, desk: Desk
) -> tuple[Snapshot | None, Snapshot | None, Message | None]:
    """Before and after, or why not. Whatever a refused verb had written is taken back."""
    try:
        with session.begin_nested():
            before, after = perform(session, actor, case_id, wanted, desk=desk)
    except (Refused, Conflict) as refusal:
        return None, None, refusal.message
    except NotFound:  # taken from the actor this very moment
        return None, None, GONE
    return before, after, None


def _undo_one(session: Session, actor: Actor, row: BulkItem, desk: Desk) -> bool:
    try:
        with session.begin_nested():
            take_back(session, actor, row.case_id, row.before or {}, row.after or {}, desk=desk)
    except (Refused, Conflict, NotFound):
        return False
    return True


def _item(case_id: bytes, before: Snapshot | None, after: Snapshot | None, why_not: Message | None) -> Item:
    return Item(case_id, why_not, is_same=why_not is None and before == after)


def _kept(row: BulkItem) -> Item:
    if row.is_refused:
        return Item(row.case_id, Message.from_json((row.after or {})["why_not"]))
    return Item(row.case_id, is_same=row.before == row.after, is_undone=row.is_undone)


def _own(session: Session, actor: Actor, act_id: str) -> BulkAct:
    act = session.get(BulkAct, act_id)
    if act is None or act.account_id != actor.account_id:
        raise NotFound
    return act


def _insert(session: Session) -> Any:
    return insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql


def _pause(database: Database, place: int) -> None:
    if place % AT_A_STRETCH == 0:
        database.let_others_in()
