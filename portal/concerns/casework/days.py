"""The days that a reader has to keep in the threads that were given to them: promises, next steps, ends of mandates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rules import Side
from portal.concerns.casework.told import tellable
from portal.concerns.desk.duty import side_of
from portal.concerns.timing.models import ConcernClock
from portal.identity.actor import Actor

MOST_DAYS, AT_A_TIME = 500, 500


def list_owners(session: Session, case_ids: Sequence[bytes]) -> dict[bytes, set[str]]:
    """To whom these threads were given, on both sides: for the portal alone, which shows it to neither."""
    found: dict[bytes, set[str]] = defaultdict(set)
    for begin in range(0, len(case_ids), AT_A_TIME):
        some = ToldSide.case_id.in_(case_ids[begin : begin + AT_A_TIME])
        rows = session.execute(select(ToldSide.case_id, ToldSide.assignee_id).where(some))
        for case_id, person_id in rows:
            if person_id is not None:
                found[case_id].add(person_id)
    return found


def list_own_days(session: Session, actor: Actor) -> list[date]:
    """Every day of the open threads that somebody was given and can still open, each as often as something is due."""
    side = Side(side_of(actor))
    rows = session.execute(
        select(ToldSide.next_on, ToldSide.mandate_until, ConcernClock.due_on)
        .join(ToldThread, ToldThread.case_id == ToldSide.case_id)
        .outerjoin(ConcernClock, ConcernClock.case_id == ToldSide.case_id)
        .where(ToldSide.assignee_id == actor.person_id, ToldSide.side == side, ToldThread.is_open)
        .where(tellable(actor, ToldSide.case_id))
        .order_by(ToldSide.case_id)
        .limit(MOST_DAYS)
    )
    return sorted(day for row in rows for day in row if day is not None)
