"""The step table: every state against every step and everybody who might take it."""

import pytest

from portal.cases.rules import Relation, allowed
from portal.subject_access.rules import (
    CHANNELS,
    EXTENSIONS,
    FORMATS,
    GIVEN,
    IDENTITY,
    NEXT,
    REFUSALS,
    STATES,
    STEPS,
    AnswerFormat,
    Channel,
    ExtensionGround,
    Given,
    IdentityCheck,
    RefusalGround,
    State,
    steps_for,
)

OFFICER = {
    State.RECEIVED: {"start", "doubt", "extend"},
    State.IDENTITY_WAIT: {"identity", "no_doubt", "extend"},
    State.SCOPING: {"clarify", "doubt", "disclose", "nothing_held", "refuse", "extend"},
    State.CLARIFICATION_WAIT: {"answer", "go_on", "take_back", "extend"},
    State.SEARCHING: {"clarify", "doubt", "disclose", "nothing_held", "refuse", "extend"},
}
REQUESTER = {
    State.RECEIVED: {"withdraw"},
    State.IDENTITY_WAIT: {"withdraw"},
    State.SCOPING: {"withdraw"},
    State.CLARIFICATION_WAIT: {"withdraw", "answer"},
    State.SEARCHING: {"withdraw"},
}


@pytest.mark.parametrize("state", list(State))
def test_everybody_has_exactly_these_steps(state: State) -> None:
    for relation in Relation:
        steps = {step.name for step in allowed(steps_for(state), state, {relation})}
        wanted = {Relation.OFFICER: OFFICER, Relation.REQUESTER: REQUESTER, Relation.REPRESENTATIVE: REQUESTER}
        assert steps == wanted.get(relation, {}).get(state, set())


def test_the_clock_stops_exactly_where_a_request_ends() -> None:
    ends = {State.DISCLOSED, State.NOTHING_HELD, State.REFUSED, State.WITHDRAWN}
    assert {step.to for step in STEPS.values() if step.finishes} == ends
    assert all(step.finishes == (step.to in ends) for step in STEPS.values())


def test_every_choice_has_words() -> None:
    for words, kind in (
        (CHANNELS, Channel),
        (FORMATS, AnswerFormat),
        (GIVEN, Given),
        (IDENTITY, IdentityCheck),
        (EXTENSIONS, ExtensionGround),
        (REFUSALS, RefusalGround),
        (STATES, State),
        (NEXT, State),
    ):
        assert set(words) == set(kind)
