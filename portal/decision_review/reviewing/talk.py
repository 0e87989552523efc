"""What was asked of the worker and answered, as far as a reviewer may read it before their own view."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.correspondence import list_open_questions
from portal.cases.models import Case, CaseMessage
from portal.cases.rules import MessageKind
from portal.cases.view import TimelineEntry
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.reviewing.models import Reveal, ReviewSeat
from portal.decision_review.reviewing.queries import sees_output

TALK = (MessageKind.QUESTION, MessageKind.REPLY)
"""Questions and answers; notes and letters of others are not among it."""


def readable_talk(
    session: Session, case: Case, seat: ReviewSeat, account_id: str, timeline: Iterable[TimelineEntry]
) -> list[TimelineEntry]:
    """The questions and answers that this seat may read. Before the output is shown, no question of somebody who could
    have read it, and no answer to a reviewer who had: they could tell it. One's own questions are there, and what the
    worker says after them.
    """
    talk = [one for one in timeline if one.kind in TALK and one.words is not None]
    if sees_output(session, seat):
        return talk
    others = ReviewSeat.case_id == case.id, ReviewSeat.id != seat.id
    shown = select(func.min(Reveal.shown_at)).join(ReviewSeat, ReviewSeat.id == Reveal.seat_id).where(*others)
    own = select(CaseMessage.sent_at).where(
        CaseMessage.case_id == case.id,
        CaseMessage.kind == MessageKind.QUESTION,
        CaseMessage.actor_account_id == account_id,
    )
    known, revealed, mine = _known_since(session, case), session.scalar(shown), set(session.scalars(own))
    return [one for one in talk if _may_read(one, known, revealed, mine)]


def readable_questions(session: Session, case: Case, seat: ReviewSeat, account_id: str) -> list[CaseMessage]:
    """The questions that wait for the worker, by the same rule."""
    waiting = list_open_questions(session, case)
    if sees_output(session, seat):
        return waiting
    known = _known_since(session, case)
    return [one for one in waiting if one.actor_account_id == account_id or known is None or one.sent_at < known]


def _known_since(session: Session, case: Case) -> datetime | None:
    """Since when somebody could have read what the system gave out."""
    return session.scalar(select(func.min(EvidencePack.asked_at)).where(EvidencePack.case_id == case.id))


def _may_read(one: TimelineEntry, known: datetime | None, revealed: datetime | None, mine: set[datetime]) -> bool:
    if one.kind is MessageKind.QUESTION:
        return one.at in mine or known is None or one.at < known
    return revealed is None or one.at < revealed or any(asked <= one.at for asked in mine)
