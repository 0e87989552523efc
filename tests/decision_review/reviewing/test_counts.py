"""Nobody sees how often a reviewer overrides."""

import re

import pytest
from sqlalchemy import select, text

from portal.decision_review.models import ReviewDecision
from portal.decision_review.reviewing.queries import find_seat
from portal.decision_review.rules import Outcome, ReviewClass
from tests.decision_review.conftest import EMYR, MAIR, MELERI, Reviews
from tests.decision_review.deciding_way import concluded
from tests.decision_review.recording import shared
from tests.decision_review.reviewing.looking import DAVID, NO_CASE, PHILIP, crawl
from tests.demonstrated import OTHER_BODY


def decided_by(reviews: Reviews, outcomes: list[Outcome]) -> None:
    with reviews.world.database.writing() as session:
        for outcome in outcomes:
            case = reviews.asked(session)
            shared(session, reviews, case, ReviewClass.INFLUENCED)
            concluded(session, reviews[MAIR], reviews[MELERI], case, outcome, desk=reviews.desk)
            assert find_seat(session, case, reviews[MELERI].person_id) is not None


@pytest.mark.parametrize(("email", "is_named"), [(MAIR, True), (EMYR, False), (PHILIP, True), (DAVID, True)])
def test_nobody_sees_how_often_a_reviewer_overrides(reviews: Reviews, email: str, is_named: bool) -> None:
    """Two worlds that differ in nothing but how a reviewer decided: no page that names the reviewer differs.

    The page of a single review is left out: there one decision is read, by who works on it.
    """
    decided_by(reviews, [Outcome.UPHELD, Outcome.UPHELD, Outcome.CHANGED])
    before = outside_cases(reviews, email)
    with reviews.world.database.writing() as session:
        for table, column in (
            ("review_decisions", "outcome"),
            ("review_conclusions", "outcome"),
            ("review_dispositions", "disposition"),
        ):
            session.execute(text(f"UPDATE {table} SET {column} = 'overturned'"))
        assert set(session.scalars(select(ReviewDecision.outcome))) == {Outcome.OVERTURNED}
    after = outside_cases(reviews, email)
    assert before.keys() == after.keys()
    named = {path for world in (before, after) for path, page in world.items() if names(reviews, page)}
    assert bool(named) == is_named
    assert [path for path in sorted(named) if before[path] != after[path]] == []


def names(reviews: Reviews, page: str) -> bool:
    return "Meleri" in page or reviews[MELERI].person_id in page


def outside_cases(reviews: Reviews, email: str) -> dict[str, str]:
    """Every page of somebody that is not one review, without what differs at each visit."""
    starts = ["/en/my", "/en/my/desk/reviews?show=finished", f"/en/my/desk/reviews?who={reviews[MELERI].person_id}"]
    starts.append(f"/en/my/admin/bodies/{OTHER_BODY}/people/{reviews[MELERI].person_id}")
    with reviews.world.signed_in(email) as visitor:
        return {
            path: re.sub(r'(name="(?:csrf|form_id)" value|nonce)="[^"]*"', "", page)
            for path, page in crawl(visitor, *starts, follows=NO_CASE)
        }
