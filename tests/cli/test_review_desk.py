"""The demonstration's reviews: every state, both languages, both bodies, nothing late, and no letter waits."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cli.review_seeds import seed_reviews
from portal.decision_review.rules import State
from portal.notifications.models import OutboxLetter
from tests.demonstrated import Demonstrated

PASSING = {State.SUBMITTED, State.CLASSIFIED}
"""States in which a review of the demonstration stands for a moment only."""


def test_the_demonstration_has_reviews_in_every_state_and_the_sweep_goes_on_with_them(
    demonstrated: Demonstrated,
) -> None:
    with demonstrated.database.reading() as session:
        letters = session.scalar(select(func.count()).select_from(OutboxLetter))
    seed_reviews(demonstrated.database, demonstrated.settings)
    today = demonstrated.settings.clock.today()
    with demonstrated.database.reading() as session:
        held = session.scalars(select(Case).where(Case.kind == CaseKind.REVIEW)).all()
        assert {case.state for case in held} | {State.CLOSED} == {state.value for state in State} - PASSING
        assert 25 <= len(held) <= 35
        assert {case.locale for case in held} == {"cy", "en"}
        assert len({case.body_id for case in held}) == 2
        assert all(case.due_on >= today for case in held if case.is_open)
        assert min(case.due_on for case in held if case.is_open) <= today + timedelta(days=7)
        assert session.scalar(select(func.count()).select_from(OutboxLetter)) == letters
