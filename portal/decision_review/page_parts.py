"""What a review adds to its requester's page."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By, OwnAct, Step
from portal.cases.turn import Desk
from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.decision_review.queries import view_review
from portal.decision_review.reviewing.queries import find_decision
from portal.decision_review.rules import OUTCOMES, WANTED, is_under_old_rules
from portal.decision_review.steps import STEPS
from portal.web.anonymous import Visit


def requester_part(
    session: Session, visit: Visit, case: Case, _by: By, _may_receive: bool
) -> tuple[str, dict[str, Any]] | None:
    """What was asked, and the outcome when there is one."""
    review = view_review(session, case, visit.vault)
    decision = find_decision(session, case, visit.vault, Locale(case.locale))
    return "decision_review/requester_part.html", {
        "review": review,
        "wanted": [WANTED[one] for one in review.wanted],
        "decision": decision,
        "outcome": OUTCOMES[decision.outcome] if decision else None,
        "old_rules": is_under_old_rules(review.decided_on),
    }


def reply_step(_case: Case) -> Step | None:
    """An answer does not move a review."""
    return None


def own_acts(_case: Case, _today: date) -> tuple[OwnAct, ...]:
    """Nothing more than to answer and to take it back."""
    return ()


def do_own_act(_session: Session, _by: By, _case: Case, _name: str, _desk: Desk) -> None:
    """Nothing is on offer."""
    raise NotFound


def withdraw_step(case: Case) -> Step | None:
    """A review can be taken back until it is decided."""
    step = STEPS["withdraw"]
    return step if case.state in step.froms else None
