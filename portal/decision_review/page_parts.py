"""What a review adds to its requester's page."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.correspondence import list_open_questions
from portal.cases.models import Case
from portal.cases.rules import By, OwnAct, Step
from portal.cases.turn import Desk
from portal.core.errors import NotFound
from portal.core.text import Locale, msg, pmsg
from portal.decision_review.asking.service import may_undo, revive, undo_withdrawal
from portal.decision_review.desk.queries import list_looks
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.queries import list_questions, open_reasons
from portal.decision_review.holding.rules import ANSWERS
from portal.decision_review.outcome.queries import find_last_outcome
from portal.decision_review.outcome.worker import part as outcome_part
from portal.decision_review.queries import find_class, view_review
from portal.decision_review.reviewing.queries import SeatView, find_decision, list_views
from portal.decision_review.reviewing.rules import SEATS
from portal.decision_review.reviewing.waiting import answer_by
from portal.decision_review.rules import CLASSES, OUTCOMES, WANTED, State, is_under_old_rules
from portal.decision_review.steps import STEPS, UNFINISHED
from portal.identity.actor import Actor
from portal.web.anonymous import Visit

UNDO = OwnAct(
    "undo_withdrawal",
    msg("You took this request back. Until seven days have gone you can undo that, and nothing is lost."),
    pmsg("button", "Undo the withdrawal"),
)
REVIVE = OwnAct(
    "revive",
    msg("This request ended because no proof came. You can take it up again at any time, and show the proof then."),
    pmsg("button", "Take the request up again"),
)


def requester_part(
    session: Session, visit: Visit, case: Case, by: By, _may_receive: bool
) -> tuple[str, dict[str, Any]] | None:
    """What was asked, and the outcome when there is one."""
    standing = find_class(session, case)
    review = view_review(session, case, visit.vault)
    decision = find_decision(session, case, visit.vault, Locale(case.locale))
    last = find_last_outcome(session, case)
    return "decision_review/requester_part.html", {
        "review": review,
        "wanted": [WANTED[one] for one in review.wanted],
        "decision": decision,
        "outcome": OUTCOMES[decision.outcome] if decision else None,
        "second": OUTCOMES[last] if last else None,
        "old_rules": is_under_old_rules(review.decided_on),
        "answers_by": _answers_by(session, visit, case),
        "holds": [_hold(one, visit) for one in list_questions(session, case)],
        "views": [_view(one) for one in list_views(session, case, visit.vault)] if decision else [],
        "review_class": CLASSES[standing.review_class] if standing else None,
        "has_account": isinstance(by, Actor),
        "looks": list_looks(session, case),
        "after": outcome_part(session, case),
        "base": f"/my/review/{case.reference}",
    }


def reply_step(_case: Case) -> Step | None:
    """An answer does not move a review."""
    return None


def own_acts(case: Case, today: date) -> tuple[OwnAct, ...]:
    """One press undoes a withdrawal of the last days, or takes up again what ended for want of proof."""
    if may_undo(case, today):
        return (UNDO,)
    return (REVIVE,) if case.state == State.NOT_VERIFIED else ()


def do_own_act(session: Session, by: By, case: Case, name: str, desk: Desk) -> None:
    """Do what ``own_acts`` offers."""
    verbs = {UNDO.name: undo_withdrawal, REVIVE.name: revive}
    if name not in {act.name for act in own_acts(case, desk.today)}:
        raise NotFound
    verbs[name](session, by, case, desk=desk)


def _answers_by(session: Session, visit: Visit, case: Case) -> list[date]:
    """The last days for what the worker was asked; none once the review no longer waits for it."""
    if case.state not in UNFINISHED:
        return []
    return [answer_by(one.sent_at, visit.calendar) for one in list_open_questions(session, case)]


def _hold(question: HoldQuestion, visit: Visit) -> dict[str, Any]:
    """What the worker reads of one question whether the effect waits."""
    reasons = open_reasons(question, visit.vault)
    return {
        "said": ANSWERS[question.answer] if question.answer else None,
        "answer_by": question.answer_by,
        "reasons": reasons.reveal() if reasons else "",
        "lang": question.lang,
    }


def _view(view: SeatView) -> dict[str, Any]:
    """What a reviewer thought before they saw what the system gave out, and what they concluded."""
    return {
        "seat": SEATS[view.seat],
        "leaning": OUTCOMES[view.leaning],
        "words": view.words.reveal(),
        "lang": view.lang.value,
        "concluded": OUTCOMES[view.concluded] if view.concluded else None,
    }


def withdraw_step(case: Case) -> Step | None:
    """A review can be taken back until it is decided."""
    step = STEPS["withdraw"]
    return step if case.state in step.froms else None
