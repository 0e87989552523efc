"""The steps of a review in every state, and who stands apart from a decision."""

from datetime import date

import pytest

from portal.cases.routing.independence import Candidate, Matter, independent, why_not_independent
from portal.cases.rules import Relation, allowed
from portal.decision_review.rules import (
    CLASSES,
    NEXT,
    OUTCOMES,
    STATES,
    WANTED,
    Outcome,
    ReviewClass,
    State,
    Wanted,
    is_under_old_rules,
)
from portal.decision_review.steps import STEPS, UNFINISHED, extend_step, stood_before

OFFICER, REVIEWER, REQUESTER, MANAGER = (
    Relation.OFFICER, Relation.REVIEWER, Relation.REQUESTER, Relation.RESPONSIBLE_MANAGER
)  # fmt: skip
OFFICER_STEPS = {
    State.SUBMITTED: {"classify", "doubt", "refuse"},
    State.ACKNOWLEDGED: {"classify", "doubt", "refuse"},
    State.IDENTITY_WAIT: {"identity", "no_doubt", "refuse"},
    State.CLASSIFIED: {"doubt", "ask_hold", "request_pack", "explain", "refuse"},
    State.INTERIM_RELIEF: {"doubt", "request_pack", "explain", "refuse"},
    State.EVIDENCE_WAIT: {"share_pack", "go_on", "explain", "refuse"},
    State.REPRESENTATIONS_OPEN: {"assign", "explain", "refuse"},
    State.ASSIGNED: {"assign", "refuse"},
    State.IN_REVIEW: {"assign", "refuse"},
    State.SECOND_LOOK: {"refuse"},
    State.DECIDED: {"start_remedy"},
}
REVIEWER_STEPS = {
    State.ASSIGNED: {"open", "decline"},
    State.IN_REVIEW: {"decide", "decline", "look_again"},
    State.SECOND_LOOK: {"settle"},
    State.DECIDED: {"start_remedy"},
}
REQUESTER_STEPS = {
    State.DECIDED: {"close", "stage_two", "refer"},
    State.IMPLEMENTING: {"close", "stage_two"},
    State.STAGE_TWO: {"refer_at_once"},
    State.REFERRED: {"close"},
    State.REFUSED: {"close", "refer"},
    State.WITHDRAWN: {"close", "undo_withdrawal"},
    State.NOT_VERIFIED: {"close", "revive"},
    State.CLOSED: {"stage_two", "refer"},
} | {State(one): {"withdraw"} for one in UNFINISHED}


@pytest.mark.parametrize("state", list(State))
def test_every_state_offers_exactly_its_steps(state: State) -> None:
    for relation, wanted in ((OFFICER, OFFICER_STEPS), (REVIEWER, REVIEWER_STEPS), (REQUESTER, REQUESTER_STEPS)):
        assert {step.name for step in allowed(STEPS, state, [relation])} == wanted.get(state, set()), relation


def test_a_manager_begins_to_put_right_and_decides_nothing() -> None:
    assert {step.name for state in State for step in allowed(STEPS, state, [MANAGER])} == {"start_remedy"}


def test_every_state_is_reached_and_no_step_leads_nowhere() -> None:
    assert {step.to for step in STEPS.values()} | {"submitted"} == set(State)
    for step in STEPS.values():
        assert step.froms
        assert step.froms <= set(State)


def test_the_clock_ends_exactly_where_an_answer_goes_out_or_the_worker_leaves() -> None:
    ends = {name for name, step in STEPS.items() if step.finishes}
    assert ends == {
        "decide", "settle", "explain", "refuse", "withdraw", "decide_again", "refer_at_once", "give_up_proof"
    }  # fmt: skip


def test_more_time_changes_no_state_and_is_for_unfinished_reviews_alone() -> None:
    for state in State:
        step = extend_step(state)
        assert (step.to, step.froms) == (state, frozenset({state}) & UNFINISHED)


@pytest.mark.parametrize(
    ("names", "step", "state"),
    [
        (("open", "acknowledge", "classify", "ask_hold", "doubt"), "doubt", State.INTERIM_RELIEF),
        (("open", "acknowledge", "doubt", "identity", "classify", "withdraw"), "withdraw", State.CLASSIFIED),
        (("open", "acknowledge", "doubt", "withdraw"), "withdraw", State.IDENTITY_WAIT),
        (("acknowledge", "withdraw", "undo_withdrawal", "classify", "reply", "withdraw"), "withdraw", State.CLASSIFIED),
        (("acknowledge", "doubt", "no_doubt", "doubt", "give_up_proof", "revive"), "doubt", State.ACKNOWLEDGED),
    ],
)
def test_where_a_review_stood_is_read_from_what_happened(names: tuple[str, ...], step: str, state: State) -> None:
    assert stood_before(names, step) == state


def test_nobody_without_a_relation_may_do_anything() -> None:
    assert all(not allowed(STEPS, state, []) for state in State)


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
    assert set(CLASSES) == set(ReviewClass)
    assert set(STATES) == set(NEXT) == set(State)
