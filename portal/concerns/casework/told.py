"""Who sees what was told of a thread: whoever holds a live grant in its current epoch, and nobody else.

``tellable`` is the only place that says so, and every reading of a told row asks it in SQL (the sister of
``cases.queries.readable``). A place on a desk is no right: where a grant has gone, nothing stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from portal.concerns.casework.homes import side_and_homes
from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rules import Side, ToldState, Waiting
from portal.concerns.models import RecipientKey
from portal.concerns.queries import LIVE_READERS
from portal.core.errors import NotFound
from portal.directory.models import BranchRecognition
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase, SealedGrant
from portal.mailbox.rules import NOTES


def tellable(actor: Actor, case_id: ColumnElement[bytes] | Any) -> ColumnElement[bool]:
    """True for the threads of which the actor may know: their live key holds the current epoch, they read for the
    thread's body today, and it is a reporter's thread. ``case_id`` is the column of the row that is read.

    A value and no EXISTS: PostgreSQL would turn that one round and begin with all grants of the key, taking fifty
    thousand of them for three.
    """
    case, grant = aliased(SealedCase), aliased(SealedGrant)
    own_key = (
        select(RecipientKey.key_id)
        .where(RecipientKey.person_id == actor.person_id, RecipientKey.ended_on.is_(None))
        .scalar_subquery()
    )
    held = (
        select(grant.epoch)
        .join(case, and_(case.case_id == grant.case_id, case.epoch == grant.epoch))
        .where(grant.case_id == case_id, grant.key_id == own_key, case.state != NOTES, _reads(actor, case.body_id))
        .limit(1)
    )
    return held.correlate_except(grant, case).scalar_subquery().is_not(None)


def _reads(actor: Actor, body_id: Any) -> ColumnElement[bool]:
    """The bodies whose concerns somebody reads today, as ``desk.duty.bodies_read_by`` has them."""
    bodies, branches = actor.bodies_where(*BODY_READERS), actor.branches_where(*BRANCH_READERS)
    recognised = select(BranchRecognition.body_id).where(BranchRecognition.branch_id.in_(sorted(branches)))
    read = [body_id.in_(sorted(bodies))] if bodies else []
    return or_(false(), *read, *([body_id.in_(recognised)] if branches else []))


@dataclass(frozen=True, slots=True)
class Told:
    """A thread as one of its readers may know it: what both sides know, and what their own side keeps."""

    case_id: bytes
    body_id: str
    opened_day: date
    side_name: Side
    thread: ToldThread | None
    side: ToldSide | None

    @property
    def state(self) -> ToldState:
        return self.thread.state if self.thread is not None else ToldState.NEW

    @property
    def is_told(self) -> bool:
        return self.thread is not None

    @property
    def waiting(self) -> Waiting:
        return self.side.waiting if self.side is not None else Waiting.US


def get_told(session: Session, actor: Actor, case_id: bytes) -> Told:
    """A thread that the actor holds; NotFound for every other one, as for nonsense."""
    found = list_told(session, actor, [case_id])
    if not found:
        raise NotFound
    return found[0]


def list_told(session: Session, actor: Actor, case_ids: Sequence[bytes]) -> list[Told]:
    """Those of these threads that the actor holds, in the order in which they were named; others are as if they did
    not exist."""
    side, homes = side_and_homes(actor)
    own = ToldSide.case_id == SealedCase.case_id, ToldSide.side == side, ToldSide.home_id.in_(homes)
    rows = session.execute(
        select(SealedCase.case_id, SealedCase.body_id, SealedCase.opened_day, ToldThread, ToldSide)
        .outerjoin(ToldThread, ToldThread.case_id == SealedCase.case_id)
        .outerjoin(ToldSide, and_(*own))
        .where(SealedCase.case_id.in_(case_ids), tellable(actor, SealedCase.case_id))
    )
    found = {row.case_id: Told(*row[:3], side, *row[3:]) for row in rows}
    return [found[case_id] for case_id in dict.fromkeys(case_ids) if case_id in found]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can open a thread today, by one of their duties. ``home_id`` is their branch, else the body."""

    person_id: str
    side: Side
    home_id: str
    duty: Any


def list_holders(session: Session, case_id: bytes, body_id: str, *, today: date) -> list[Holder]:
    """Everybody who can open a thread today: a live key with its current epoch, and a duty that reads for its body.
    One line for each duty, holders of an office before its deputies."""
    held = (
        select(SealedGrant.key_id)
        .join(SealedCase, and_(SealedCase.case_id == SealedGrant.case_id, SealedCase.epoch == SealedGrant.epoch))
        .where(SealedGrant.case_id == case_id)
    )
    asked = LIVE_READERS.where(RecipientKey.key_id.in_(held))
    return [_holder(row, body_id) for row in session.execute(asked, {"body_id": body_id, "today": today})]


def sides_of_holders(holders: Sequence[Holder]) -> frozenset[Side]:
    """Which sides read a thread."""
    return frozenset(one.side for one in holders)


def _holder(row: Any, body_id: str) -> Holder:
    side = Side.EMPLOYER if row.branch_id is None else Side.UNION
    return Holder(row.person_id, side, row.branch_id or body_id, row)
