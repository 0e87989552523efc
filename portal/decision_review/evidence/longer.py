"""A worker takes longer for their side than was offered: the portal's own target waits with them, no day of the law."""

from datetime import date

from sqlalchemy import select

from portal.cases.models import ClockEvent
from portal.cases.turn import Turn
from portal.core import ids
from portal.decision_review.evidence.models import Representation
from portal.timelimits.events import EventKind


def wait_until(turn: Turn, side: Representation, until: date | None) -> None:
    """From now on the target waits up to that day, and no longer up to any other; None for not at all."""
    for own_id in _standing(turn):
        turn.clock(EventKind.LONGER_ENDED, question_id=own_id)
    days = turn.desk.calendar.between(side.until_on, until) if until is not None else 0
    if days:
        turn.clock(EventKind.LONGER, question_id=ids.new_id(), working_days=days)


def _standing(turn: Turn) -> list[str]:
    """The ids of what was said and not ended."""
    rows = turn.session.execute(
        select(ClockEvent.kind, ClockEvent.question_id).where(
            ClockEvent.case_id == turn.case.id, ClockEvent.kind.in_([EventKind.LONGER, EventKind.LONGER_ENDED])
        )
    ).all()
    ended = {own_id for kind, own_id in rows if kind is EventKind.LONGER_ENDED}
    return sorted(own_id for kind, own_id in rows if kind is EventKind.LONGER and own_id not in ended)
