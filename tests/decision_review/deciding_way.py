"""A reviewer's way for tests: given, declared, own view, shown, one issue decided, concluded."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Locale, Words
from portal.decision_review.reviewing import blind, concluding, deciding, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.deciding import NewDisposition
from portal.decision_review.reviewing.models import Conclusion, ReviewSeat
from portal.decision_review.reviewing.queries import list_issues
from portal.decision_review.reviewing.seating import Declared
from portal.decision_review.rules import Outcome
from portal.directory.models import Person
from portal.identity.actor import Actor

URL = "https://porth.example"


def given(session: Session, officer: Actor, reviewer: Actor, case: Case, *, desk: Desk) -> ReviewSeat:
    return seating.give(session, officer, case, session.get_one(Person, reviewer.person_id), desk=desk)


def begun(session: Session, reviewer: Actor, case: Case, *, desk: Desk) -> None:
    seating.begin(session, reviewer, case, Declared(date(2026, 1, 15), Words("Pennaeth adran")), desk=desk)


def shown(session: Session, reviewer: Actor, case: Case, *, desk: Desk, leaning: Outcome = Outcome.CHANGED) -> None:
    blind.write_view(session, reviewer, case, leaning, Words("Fy marn gyntaf"), Locale.CY, desk=desk)
    blind.reveal(session, reviewer, case, desk=desk)


def disposed(session: Session, reviewer: Actor, case: Case, outcome: Outcome, *, desk: Desk, **more: Any) -> None:
    """One issue, named by the first reviewer and decided by whoever acts; and a source ticked."""
    if not list_issues(session, case):
        deciding.add_issue(session, reviewer, case, ids.new_id(), Words("Y map"), Locale.CY, desk=desk)
    new = NewDisposition(outcome, {Locale.CY: Words(f"Rheswm {outcome.value}")}, **more)
    for issue in list_issues(session, case):
        deciding.dispose(session, reviewer, case, issue, new, desk=desk)
    deciding.consider(session, reviewer, case, ["worker"], desk=desk)


def concluded(
    session: Session, officer: Actor, reviewer: Actor, case: Case, outcome: Outcome, *, desk: Desk
) -> Conclusion:
    """The whole way of one reviewer."""
    given(session, officer, reviewer, case, desk=desk)
    begun(session, reviewer, case, desk=desk)
    shown(session, reviewer, case, desk=desk)
    disposed(session, reviewer, case, outcome, desk=desk)
    return concluding.conclude(session, reviewer, case, Ending(URL), desk=desk)
