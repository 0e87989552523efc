"""Asking somebody to look at a thread: only somebody who can open it, in the lane in which it is asked.

The server is told which thread and whom, never what was written. The letter names nothing, and comes once a day. Who
cannot open the lane is refused in the words in which nonsense is: nobody is let in by being named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from anonymity.receipt import Lane
from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.models import ToldMention
from portal.concerns.casework.rules import Side
from portal.concerns.casework.told import Holder, Told, list_holders, tellable
from portal.concerns.desk.holding import subject_of
from portal.concerns.desk.service import own_key_ids
from portal.core.errors import Refused
from portal.core.text import Message, pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import find_notes, list_present
from portal.notifications.letters import to_person
from portal.notifications.service import queue

LETTER = "concern_mention"
MOST_SHOWN = 50
NOT_IN_IT = pmsg("error", "Choose somebody who can open this")


class Where(StrEnum):
    """In which lane somebody is asked to look."""

    THREAD = "thread"
    NOTES = "notes"


WHERES: Mapping[Where, Message] = {
    Where.THREAD: pmsg("lane of a concern", "In the thread with the worker"),
    Where.NOTES: pmsg("lane of a concern", "In the notes of your side"),
}
NOTES_OF = {Side.EMPLOYER: Lane.EMPLOYER_NOTES, Side.UNION: Lane.UNION_NOTES}


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody asked me to look. ``by_id`` is known where they are of my own side."""

    case_id: bytes
    where: Where
    on_day: date
    by_id: str | None


def list_within(session: Session, actor: Actor, told: Told, where: Where, *, today: date) -> list[Holder]:
    """Everybody but the actor who can open a lane of a thread that the actor holds: each once."""
    holders = {one.person_id: one for one in reversed(list_holders(session, told.case_id, told.body_id, today=today))}
    holders.pop(actor.person_id, None)
    if where is Where.THREAD:
        return list(reversed(holders.values()))
    keys = _keys_in_notes(session, actor, told)
    return [one for one in reversed(holders.values()) if one.side is told.side_name and one.duty.key_id in keys]


def mention(
    session: Session, actor: Actor, told: Told, person_id: str, where: Where, *, desk: Desk, address: str
) -> None:
    """Ask somebody to look. Asked again, it is new again; the letter comes once a day, whatever it is for."""
    if person_id not in {one.person_id for one in list_within(session, actor, told, where, today=desk.today)}:
        raise Refused(NOT_IN_IT)
    subject, body_id = subject_of(told.case_id), told.body_id if told.side_name is Side.EMPLOYER else None
    record(session, actor=actor, event="concern.mentioned", subject=subject, now=desk.now, body_id=body_id)
    was_told = select(ToldMention.case_id).where(
        ToldMention.person_id == person_id, ToldMention.on_day == desk.today
    )  # whoever records waits for their turn, so two at once write one letter
    is_first = session.execute(was_told.limit(1)).first() is None
    _keep(session, actor, told, person_id, where, desk.today)
    if is_first:
        to = to_person(session.get_one(Person, person_id))
        queue(session, vault=desk.vault, to=to, template=LETTER, values={"address": address}, now=desk.now)


def list_mentions(session: Session, actor: Actor, case_id: bytes | None = None) -> list[Mention]:
    """Where somebody asked the actor to look and they have not looked yet, only in threads that they hold: in one of
    them, or in all."""
    asked = select(ToldMention).where(ToldMention.person_id == actor.person_id, ToldMention.seen_on.is_(None))
    if case_id is not None:
        asked = asked.where(ToldMention.case_id == case_id)
    held = asked.where(tellable(actor, ToldMention.case_id)).order_by(ToldMention.on_day, ToldMention.case_id)
    rows = session.scalars(held.limit(MOST_SHOWN)).all()
    return [_mention(row) for row in rows]


def has_seen(session: Session, actor: Actor, case_ids: Sequence[bytes], *, today: date) -> None:
    """The actor has opened these threads."""
    own = update(ToldMention).where(ToldMention.person_id == actor.person_id, ToldMention.seen_on.is_(None))
    session.connection().execute(own.where(ToldMention.case_id.in_(case_ids)).values(seen_on=today))


def _mention(row: ToldMention) -> Mention:
    is_notes = row.lane != Where.THREAD
    return Mention(row.case_id, Where.NOTES if is_notes else Where.THREAD, row.on_day, row.by_id if is_notes else None)


def _keys_in_notes(session: Session, actor: Actor, told: Told) -> set[bytes]:
    """The keys that hold the notes of the actor's side beside a thread, as far as the actor holds them too."""
    case = session.get_one(SealedCase, told.case_id)
    notes = find_notes(session, NOTES_OF[told.side_name].value, case.locator_hash, own_key_ids(session, actor))
    return {key for one in notes for key in list_present(session, one)}


def _keep(session: Session, actor: Actor, told: Told, person_id: str, where: Where, today: date) -> None:
    lane = Where.THREAD.value if where is Where.THREAD else NOTES_OF[told.side_name].value
    changed: dict[str, Any] = {"by_id": actor.person_id, "on_day": today, "seen_on": None}
    insert = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
    made = insert(ToldMention).values(case_id=told.case_id, person_id=person_id, lane=lane, **changed)
    session.execute(made.on_conflict_do_update(index_elements=["case_id", "person_id", "lane"], set_=changed))
