"""A quarter of an hour in which colleagues see that somebody works on a thread. The other side never sees it.

A claim changes nothing about the thread and is in no record, or the record would say when each reader opened each
thread; only who takes one over from a colleague is in it. A claim stands on one thread alone. The device claims the
thread that was opened and none beside it: two claims of one reader at one moment would say which two threads are one
reporter's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.casework.models import ToldSide
from portal.concerns.casework.rules import CLAIM_LASTS
from portal.concerns.casework.turns import begin_turn, require_unclaimed
from portal.directory.models import Person
from portal.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on it now, and until when. ``had_it``: whose claim it was before, where somebody took it over."""

    name: str
    until: datetime
    is_mine: bool
    had_it: str | None = None


def claim(session: Session, actor: Actor, case_id: bytes, *, desk: Desk, take_over: bool = False) -> Claim:
    """Work on it for a quarter of an hour; again, for another one. Refused while a colleague does, unless one takes it
    over: then it says who had it."""
    turn = begin_turn(session, actor, case_id, desk=desk, is_claiming=True)
    side, had_it = turn.side, None
    before = claim_of(session, actor, side, now=desk.now)
    if before is not None and not before.is_mine:
        if not take_over:
            require_unclaimed(session, actor, side, desk)
        had_it = before.name
    side.claimed_by, side.claimed_until = actor.person_id, desk.now + CLAIM_LASTS
    if had_it is not None:
        turn.end("taken_over")
    return Claim(_name(session, actor.person_id), side.claimed_until, True, had_it)


def release(session: Session, actor: Actor, case_id: bytes, *, desk: Desk) -> None:
    """Work on it no more. A colleague's claim stays theirs."""
    turn = begin_turn(session, actor, case_id, desk=desk, is_claiming=True)
    if turn.side.claimed_by == actor.person_id:
        turn.side.claimed_by = turn.side.claimed_until = None


def claim_of(session: Session, actor: Actor, side: ToldSide | None, *, now: datetime) -> Claim | None:
    """The claim that stands for one's own side now."""
    if side is None or side.claimed_by is None or side.claimed_until is None or side.claimed_until <= now:
        return None
    return Claim(_name(session, side.claimed_by), side.claimed_until, side.claimed_by == actor.person_id)


def _name(session: Session, person_id: str) -> str:
    return session.scalar(select(Person.display_name).where(Person.id == person_id)) or ""
