"""Reviews that were decided, for tests of what comes after: the steps are taken, the reviewer's own work is not."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Duty
from portal.cases.service import assign, take_step
from portal.core import ids
from portal.core.text import Locale, Words
from portal.decision_review.outcome.composing import NewRemedy, Telling
from portal.decision_review.outcome.rules import RemedyKind
from portal.decision_review.outcome.service import tell_outcome
from portal.decision_review.rules import Outcome, State
from portal.decision_review.steps import STEPS
from portal.directory.models import Person
from tests.decision_review.conftest import EMYR, MAIR, MELERI, Reviews
from tests.decision_review.walking import walk_to

REASONS = {Locale.CY: Words("Mae’r map yn hen.")}


def person(session: Session, email: str) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


def ready(reviews: Reviews, session: Session, **asked: Any) -> Case:
    """Decided, with no letter yet."""
    case = reviews.asked(session, **asked)
    decide_now(reviews, session, case)
    return case


def decide_now(reviews: Reviews, session: Session, case: Case) -> None:
    """From where it stands to a decision."""
    walk_to(session, reviews[MAIR], case, State.REPRESENTATIONS_OPEN, desk=reviews.desk)
    assign(
        session, reviews[MAIR], case, person(session, MELERI), Duty.REVIEWER, desk=reviews.desk, step=STEPS["assign"]
    )
    for name in ("open", "decide"):
        take_step(session, reviews[MELERI], case, STEPS[name], desk=reviews.desk)


def remedy(reviews: Reviews, owner: str = EMYR, due_on: date | None = None) -> NewRemedy:
    return NewRemedy(
        ids.new_id(),
        RemedyKind.DELETE_FLAG,
        Words("Dileu’r sgôr."),
        Locale.CY,
        reviews.world.person(owner),
        due_on or reviews.desk.today + timedelta(days=5),
    )


def told(reviews: Reviews, session: Session, *remedies: NewRemedy, outcome: Outcome = Outcome.OVERTURNED) -> Case:
    """Decided, and the worker has the letter."""
    case = ready(reviews, session)
    tell_outcome(session, reviews[MELERI], case, Telling(outcome, REASONS, remedies), desk=reviews.desk)
    return case
