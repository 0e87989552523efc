"""The steps of a review in every state, and who stands apart from a decision."""

from datetime import date

import pytest

from portal.cases.routing import Candidate, Matter, independent, why_not_independent
from portal.cases.rules import Relation, allowed
from portal.decision_review.rules import OUTCOMES, STATES, STEPS, WANTED, Outcome, Wanted, is_under_old_rules

OFFICER, REVIEWER, REQUESTER = Relation.OFFICER, Relation.REVIEWER, Relation.REQUESTER
TABLE = {
    ("submitted", OFFICER): {"assign"}, ("assigned", OFFICER): {"assign"}, ("in_review", OFFICER): {"assign"},
    ("submitted", REVIEWER): set(), ("assigned", REVIEWER): {"open", "decline"},
    ("in_review", REVIEWER): {"decide", "decline"},
    ("submitted", REQUESTER): {"withdraw"}, ("assigned", REQUESTER): {"withdraw"},
    ("in_review", REQUESTER): {"withdraw"},
}  # fmt: skip


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("relation", [OFFICER, REVIEWER, REQUESTER])
def test_every_state_offers_exactly_its_steps(state: str, relation: Relation) -> None:
    assert {step.name for step in allowed(STEPS, state, [relation])} == TABLE.get((state, relation), set())


def test_nothing_leads_out_of_a_finished_review_and_no_step_leads_nowhere() -> None:
    for step in STEPS.values():
        assert not step.froms & {"decided", "withdrawn"}
        assert step.to in STATES
        assert step.froms <= set(STATES)


def test_nobody_without_a_relation_may_do_anything() -> None:
    assert all(not allowed(STEPS, state, []) for state in STATES)


MATTER = Matter("rota", "sian", frozenset({"ward"}), frozenset({"who-approved"}), frozenset({"left-out"}))


@pytest.mark.parametrize(
    ("candidate", "is_apart"),
    [
        (Candidate("owen"), True),
        (Candidate("owen", frozenset({"other"}), team_ids=frozenset({"estates"})), True),
        (Candidate("sian"), False),
        (Candidate("left-out"), False),
        (Candidate("who-approved"), False),
        (Candidate("owen", frozenset({"other", "rota"})), False),
        (Candidate("owen", has_all_systems=True), False),
        (Candidate("owen", team_ids=frozenset({"estates", "ward"})), False),
    ],
)
def test_independence(candidate: Candidate, is_apart: bool) -> None:
    assert (why_not_independent(candidate, MATTER) is None) is is_apart
    assert independent([candidate], MATTER) == ([candidate] if is_apart else [])


def test_a_review_of_no_known_system_can_be_given_to_who_is_responsible_for_one() -> None:
    assert why_not_independent(Candidate("owen", frozenset({"rota"})), Matter(None, "sian")) is None


def test_old_rules_end_the_day_before_the_new_begin() -> None:
    assert is_under_old_rules(date(2026, 2, 4))
    assert not is_under_old_rules(date(2026, 2, 5))


def test_every_outcome_and_wish_has_its_words() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(WANTED) == set(Wanted)
