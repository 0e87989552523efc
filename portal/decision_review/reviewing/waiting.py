"""What a review waits for: answers to a reviewer's questions, and a second reviewer or a panel that nobody was given.

The days are the portal's own promise, and no law: they are counted from what happened, never kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.correspondence import list_open_questions
from portal.cases.models import Case, CaseMessage
from portal.cases.rules import CaseKind, MessageKind
from portal.core.clock import london_day
from portal.decision_review.reviewing.models import Conclusion, ReviewChase, ReviewerQuestion, ReviewSeat
from portal.decision_review.reviewing.queries import find_draw, list_questions, seat_wanted
from portal.decision_review.reviewing.rules import (
    ANSWER_WORKING_DAYS,
    FURTHER_WORKING_DAYS,
    SEAT_WORKING_DAYS,
    Chased,
    Seat,
)
from portal.decision_review.rules import State
from portal.decision_review.steps import WITH_REVIEWER
from portal.timelimits.calendar import WorkingDays

CHOSEN = frozenset({Seat.SECOND, Seat.PANEL})
"""The seats that officers are chased for; a first reviewer is the next act of the review itself."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, with its last day and the day after which it goes further up. What it is, ``of`` says: the
    worker's question, another's, or a seat."""

    about: str
    due_on: date
    further_on: date
    of: CaseMessage | ReviewerQuestion | Seat

    def stage(self, today: date) -> Chased | None:
        """How far it has to be chased today."""
        if today > self.further_on:
            return Chased.ESCALATED
        return Chased.REMINDED if today > self.due_on else None

    def is_late(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.due_on


def list_waiting(session: Session, case: Case, calendar: WorkingDays, *, today: date) -> list[Waiting]:
    """Everything that a review in the hands of reviewers waits for; nothing where they have it no more."""
    if case.state not in WITH_REVIEWER:
        return []
    found: list[Waiting] = [
        _waiting(one.id, one.sent_at, ANSWER_WORKING_DAYS, one, calendar) for one in list_open_questions(session, case)
    ]
    found += [
        _waiting(one.id, one.asked_at, ANSWER_WORKING_DAYS, one, calendar)
        for one in list_questions(session, case)
        if one.answer is None and one.ended_at is None and _sits(session, one.seat_id)
    ]
    seat = seat_wanted(session, case, today=today)
    if seat in CHOSEN and seat is not None:
        since = _free_since(session, case)
        about = f"{seat.value}:{london_day(since).isoformat()}"
        found.append(_waiting(about, since, SEAT_WORKING_DAYS, seat, calendar))
    return found


def answer_by(at: datetime, calendar: WorkingDays) -> date:
    """The last day for the answer to a question of that instant."""
    return calendar.later(london_day(at), ANSWER_WORKING_DAYS)


def list_stages(session: Session, case: Case, about: str) -> Sequence[Chased]:
    """How far it was chased already."""
    return session.scalars(
        select(ReviewChase.stage).where(ReviewChase.case_id == case.id, ReviewChase.about == about)
    ).all()


def may_wait() -> ColumnElement[bool]:
    """The reviews in which something can wait that was not chased to its end; those of which nothing is left to chase
    take no room."""
    asked = exists().where(
        CaseMessage.case_id == Case.id,
        CaseMessage.kind == MessageKind.QUESTION,
        CaseMessage.settled_at.is_(None),
        ~_is_chased(CaseMessage.id),
    )
    asked_others = exists().where(
        ReviewerQuestion.case_id == Case.id,
        ReviewerQuestion.answer.is_(None),
        ReviewerQuestion.ended_at.is_(None),
        ~_is_chased(ReviewerQuestion.id),
    )
    at_work = exists().where(
        ReviewSeat.case_id == Case.id,
        ReviewSeat.seat == Seat.SECOND,
        ReviewSeat.ended_at.is_(None),
        ReviewSeat.id.not_in(select(Conclusion.seat_id)),
    )
    free = and_(Case.state == State.SECOND_LOOK.value, ~at_work)
    return and_(Case.kind == CaseKind.REVIEW, Case.state.in_(sorted(WITH_REVIEWER)), or_(asked, asked_others, free))


def _is_chased(own_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(
        ReviewChase.case_id == Case.id, ReviewChase.about == own_id, ReviewChase.stage == Chased.ESCALATED
    )


def _waiting(
    about: str, at: datetime, days: int, of: CaseMessage | ReviewerQuestion | Seat, calendar: WorkingDays
) -> Waiting:
    due_on = calendar.later(london_day(at), days)
    return Waiting(about, due_on, calendar.later(due_on, FURTHER_WORKING_DAYS), of)


def _sits(session: Session, seat_id: str) -> bool:
    seat = session.get(ReviewSeat, seat_id)
    return seat is not None and seat.ended_at is None


def _free_since(session: Session, case: Case) -> datetime:
    """The instant from which the seat was to be given: the draw, two who differ, or the end of who had it."""
    draw = find_draw(session, case)
    instants = [draw.drawn_at] if draw is not None else []
    concluded = (
        select(Conclusion.concluded_at)
        .join(ReviewSeat, ReviewSeat.id == Conclusion.seat_id)
        .where(Conclusion.case_id == case.id, ReviewSeat.seat.in_([Seat.FIRST, Seat.SECOND]))
    )
    instants += session.scalars(concluded).all()
    ended = select(ReviewSeat.ended_at).where(ReviewSeat.case_id == case.id, ReviewSeat.ended_at.is_not(None))
    instants += [one for one in session.scalars(ended) if one is not None]
    return max(instants)
