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
    AnswerFormat,
    Channel,
    ExtensionGround,
    Given,
    IdentityCheck,
    RefusalGround,
    State,
)
from portal.subject_access.steps import STEPS, steps_for
from portal.timelimits.events import EventKind

ENDING = {"propose_nothing", "propose_refusal"}
OFFICER = {
    State.RECEIVED: {"start", "doubt", "extend"},
    State.IDENTITY_WAIT: {"identity", "no_doubt", "give_up_proof", "extend"},
    State.SCOPING: {"clarify", "doubt", "send_tasks", "extend"} | ENDING,
    State.CLARIFICATION_WAIT: {"answer", "go_on", "take_back", "extend"},
    State.SEARCHING: {"clarify", "doubt", "search_done", "extend"} | ENDING,
    State.REDACTING: {"search_more", "finish", "extend"} | ENDING,
    State.SIGN_OFF: {"send_back", "approve", "approve_nothing", "approve_refusal", "extend"},
    State.READY_TO_COLLECT: {"collect"},
    State.NOT_VERIFIED: {"revive"},
    State.REOPENED: {"send_tasks"} | ENDING,
}
ASKING = {
    State.RECEIVED: {"withdraw"},
    State.IDENTITY_WAIT: {"withdraw"},
    State.SCOPING: {"withdraw"},
    State.CLARIFICATION_WAIT: {"withdraw", "answer"},
    State.SEARCHING: {"withdraw"},
    State.WITHDRAWN: {"undo_withdrawal"},
    State.NOT_VERIFIED: {"revive"},
    State.READY_TO_COLLECT: {"collect", "reopen"},
    State.DISCLOSED: {"reopen"},
    State.NOTHING_HELD: {"reopen"},
    State.REFUSED: {"reopen"},
}
PORTAL = {
    State.RECEIVED: {"await_authority"},
    State.IDENTITY_WAIT: {"give_up_proof"},
    State.SEARCHING: {"search_done"},
    State.READY_TO_COLLECT: {"lapse"},
    State.DISCLOSED: {"close"},
    State.NOTHING_HELD: {"close"},
    State.REFUSED: {"close"},
    State.WITHDRAWN: {"close"},
    State.NOT_VERIFIED: {"close"},
}


@pytest.mark.parametrize("state", list(State))
def test_everybody_has_exactly_these_steps(state: State) -> None:
    wanted = {
        Relation.OFFICER: OFFICER,
        Relation.REQUESTER: ASKING,
        Relation.REPRESENTATIVE: ASKING,
        Relation.PORTAL: PORTAL,
    }
    for relation in Relation:
        steps = {step.name for step in allowed(steps_for(state), state, {relation})}
        assert steps == wanted.get(relation, {}).get(state, set())


def test_the_clock_stops_exactly_where_a_request_ends() -> None:
    """Made available and told is the end for the clock; collecting comes after it."""
    ends = {State.READY_TO_COLLECT, State.NOTHING_HELD, State.REFUSED, State.WITHDRAWN, State.NOT_VERIFIED}
    assert {step.to for step in STEPS.values() if step.finishes} == ends
    resumed = {step.name for step in STEPS.values() if step.clock is EventKind.RESUMED}
    reopened = {step.name for step in STEPS.values() if step.clock is EventKind.REOPENED}
    assert (resumed, reopened) == ({"revive", "undo_withdrawal"}, {"reopen"})


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
