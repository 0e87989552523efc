"""Who stands how to a case, and every state times every step."""

from itertools import product

import pytest

from portal.cases.rules import (
    CaseFacts,
    CaseKind,
    Duty,
    Relation,
    Step,
    allowed,
    may_read,
    relations,
    steps_of,
)
from portal.core.text import Locale, msg
from portal.directory.rules import RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind
from tests.cases.conftest import STEPS

STATES = ("received", "scoping", "clarification_wait", "disclosed", "withdrawn")


def actor(person: str, *holdings: Holding, kind: AccountKind = AccountKind.STAFF) -> Actor:
    return Actor(f"account of {person}", person, kind, "body", frozenset(holdings), Locale.EN)


def facts(kind: CaseKind = CaseKind.ACCESS, **changes: object) -> CaseFacts:
    return CaseFacts(**{"kind": kind, "body_id": "body", "system_id": "rota", "requester_person_id": "sian", **changes})  # type: ignore[arg-type]


OFFICER = Holding(RoleName.DATA_PROTECTION_OFFICER, "body")
REVIEWER = Holding(RoleName.REVIEWER, "body")


@pytest.mark.parametrize(("state", "name"), list(product(STATES, STEPS)))
@pytest.mark.parametrize("relation", list(Relation))
def test_every_state_times_every_step_times_every_relation(state: str, name: str, relation: Relation) -> None:
    step = STEPS[name]
    offered = step in allowed(STEPS, state, {relation})
    assert offered == (state in step.froms and relation in step.who)


def test_two_steps_of_one_name_are_a_mistake() -> None:
    step = Step("go", frozenset({"a"}), "b", frozenset({Relation.OFFICER}), msg("Gone"))
    with pytest.raises(ValueError, match="same name"):
        steps_of(step, step)


def test_the_requester_is_nothing_but_the_requester_whatever_roles_they_hold() -> None:
    assert relations(actor("sian", OFFICER, REVIEWER), facts()) == {Relation.REQUESTER}


def test_an_officer_works_on_the_requests_of_the_own_body_only() -> None:
    assert relations(actor("rhodri", OFFICER), facts()) == {Relation.OFFICER}
    assert relations(actor("rhodri", OFFICER), facts(body_id="other")) == frozenset()


def test_a_reviewer_sees_a_review_only_when_assigned() -> None:
    owen = actor("owen", REVIEWER)
    assert not may_read(owen, facts(CaseKind.REVIEW))
    assigned = facts(CaseKind.REVIEW, assigned=frozenset({("owen", Duty.REVIEWER)}))
    assert relations(owen, assigned) == {Relation.REVIEWER}
    assert not may_read(actor("owen"), assigned)  # no longer a reviewer


def test_a_responsible_manager_sees_reviews_of_the_own_system_and_no_access_requests() -> None:
    helen = actor("helen", Holding(RoleName.RESPONSIBLE_MANAGER, "body", system_id="rota"))
    assert relations(helen, facts(CaseKind.REVIEW)) == {Relation.RESPONSIBLE_MANAGER}
    assert not may_read(helen, facts(CaseKind.REVIEW, system_id="other"))
    assert not may_read(helen, facts(CaseKind.REVIEW, system_id=None))
    assert not may_read(helen, facts(CaseKind.ACCESS))


def test_a_representative_sees_what_they_were_asked_into_and_only_with_the_unions_account() -> None:
    asked = facts(assigned=frozenset({("carys", Duty.REPRESENTATIVE)}))
    assert relations(actor("carys", kind=AccountKind.REPRESENTATIVE), asked) == {Relation.REPRESENTATIVE}
    assert not may_read(actor("carys", kind=AccountKind.REPRESENTATIVE), facts())
    assert not may_read(actor("carys"), asked)


def test_an_exclusion_removes_the_case_from_everybody() -> None:
    for person in (actor("rhodri", OFFICER), actor("helen", Holding(RoleName.RESPONSIBLE_MANAGER, "body"))):
        for kind in CaseKind:
            assert not may_read(person, facts(kind, excluded=frozenset({person.person_id})))


def test_who_shows_the_ten_words_is_the_requester() -> None:
    assert relations(Relation.REQUESTER, facts(requester_person_id=None)) == {Relation.REQUESTER}
