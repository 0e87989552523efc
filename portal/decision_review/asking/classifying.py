"""Saying what kind of review it is, and settling what the worker said against it. The clock runs on through it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk, Turn, take_turn
from portal.core import ids
from portal.core.errors import Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.asking.queries import list_agreed
from portal.decision_review.holding.service import consider
from portal.decision_review.models import Classification
from portal.decision_review.queries import class_context, find_class
from portal.decision_review.rules import ReviewClass
from portal.decision_review.steps import STEPS, UNFINISHED
from portal.register.voices.models import BodyRight
from portal.timelimits.events import EventKind

CHOOSE_RIGHT = pmsg("error", "Choose the right that was agreed")
ANOTHER = pmsg("error", "You said what kind of review it is. Another officer has to look at what the worker says")
NOTHING_TO_SETTLE = pmsg("error", "Nobody contests what kind of review this is")
OVER = pmsg("error", "The review is over")
KEPT = msg("Another officer kept the kind of review")
CHANGED = msg("Another officer changed the kind of review")


@dataclass(frozen=True, slots=True)
class Classed:
    """A class with its reasons as typed; ``right_id`` for class C alone."""

    review_class: ReviewClass
    reasons: Words
    lang: Locale
    right_id: str | None = None


def classify(
    session: Session, by: By, case: Case, classed: Classed, sent: Sent, *, desk: Desk
) -> Classification | None:
    """Say what kind of review it is, with reasons. Where that asks for it, the manager is asked about the effect."""
    if not was_sent(session, case, sent):
        right = _right(session, case, classed, desk)
        turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
        cases.take_step(session, by, case, STEPS["classify"], desk=desk, form_id=sent.form_id)
        _add(turn, classed, right, sent.form_id)
        consider(session, case, desk=desk)
        tell(session, case, desk, "case_news")
    return find_class(session, case)


def settle(session: Session, by: By, case: Case, classed: Classed, sent: Sent, *, desk: Desk) -> Classification | None:
    """Another officer keeps the class or changes it, and says why. Refused to who said it first."""
    if was_sent(session, case, sent):
        return find_class(session, case)
    right = _right(session, case, classed, desk)
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    standing = find_class(session, case)
    if standing is None or standing.contested_at is None or standing.settled_at is not None:
        raise Refused(NOTHING_TO_SETTLE)
    if case.state not in UNFINISHED:
        raise Refused(OVER)
    if turn.account_id is None or turn.account_id == standing.decided_by:
        raise Refused(ANOTHER)
    standing.settlement = desk.vault.seal(classed.reasons, context=class_context("settlement", standing.id))
    standing.settled_by, standing.settled_at = turn.account_id, desk.now
    is_kept = (standing.review_class, standing.right_id) == (classed.review_class, classed.right_id)
    if not is_kept:
        standing.ended_at = desk.now
        session.flush()
        if standing.review_class is ReviewClass.AGREED:
            turn.clock(EventKind.AGREED_ENDED, question_id=standing.id)
        _add(turn, classed, right, ids.new_id())
    session.flush()
    turn.tell("class_settled", KEPT if is_kept else CHANGED, event_id=sent.form_id)
    consider(session, case, desk=desk)
    tell(session, case, desk, "case_news")
    return find_class(session, case)


def _right(session: Session, case: Case, classed: Classed, desk: Desk) -> BodyRight | None:
    """The agreed right of this body that stands today; Refused where class C names none."""
    if classed.review_class is not ReviewClass.AGREED:
        return None
    agreed = list_agreed(session, case, today=desk.today)
    right = next((one for one in agreed if one.id == classed.right_id), None)
    if right is None:
        raise Refused(CHOOSE_RIGHT)
    return right


def _add(turn: Turn, classed: Classed, right: BodyRight | None, own_id: str) -> None:
    """The row, and the promise of the right for the clock."""
    turn.session.add(
        Classification(
            id=own_id,
            case_id=turn.case.id,
            review_class=classed.review_class,
            right_id=right.id if right else None,
            reasons=turn.desk.vault.seal(classed.reasons, context=class_context("reasons", own_id)),
            lang=classed.lang.value,
            decided_by=turn.account_id or "",
            decided_at=turn.desk.now,
        )
    )
    turn.session.flush()
    if right is not None and right.review_working_days:
        turn.clock(EventKind.AGREED, question_id=own_id, working_days=right.review_working_days)
