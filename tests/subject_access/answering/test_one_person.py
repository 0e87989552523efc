"""Nobody is two people: not with two roles, not as a deputy, not by handing a request over, not with an old form."""

from dataclasses import replace

import pytest

from portal.cases.rules import By
from portal.core.errors import Conflict, Refused
from portal.directory.models import Person
from portal.directory.rules import RoleName
from portal.identity.actor import Holding
from portal.subject_access.answering.deciding import approve
from portal.subject_access.answering.proposing import propose
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.material.rules import Decision, Exemption
from portal.subject_access.officer import service as desk
from portal.subject_access.service import Sent
from portal.subject_access.steps import STEPS
from tests.subject_access.answering.answers import MORE_TIME, NOTHING, REFUSAL, add_item, approved, proposed, started
from tests.subject_access.conftest import World, sent

EVERY_ROLE = (RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER)


@pytest.mark.parametrize("is_deputy", [False, True])
@pytest.mark.parametrize("outcome", [NOTHING, REFUSAL, MORE_TIME])
def test_two_roles_of_one_person_are_one_person(world: World, outcome: object, is_deputy: bool) -> None:
    body = world["rhodri"].body_id
    held = frozenset(Holding(role, body, is_deputy=is_deputy) for role in EVERY_ROLE)
    rhodri: By = replace(world["rhodri"], holdings=held)
    with world.database.writing() as session:
        case = started(world, session)
        one = propose(session, rhodri, case, outcome, sent(), desk=world.desk)  # type: ignore[arg-type]
        for holding in held:
            with pytest.raises(Refused, match="Another officer"):
                actor = replace(world["rhodri"], holdings=frozenset({holding}))
                approve(session, actor, case, one, sent(), desk=world.desk)
        assert one.decided_by is None


def test_a_request_handed_over_and_back_is_still_proposed_by_who_proposed_it(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, NOTHING)
        for giver, taker in (("rhodri", "bethan"), ("bethan", "rhodri")):
            to = session.get_one(Person, world[taker].person_id)
            desk.hand_over(session, world[giver], [case], to, desk=world.desk)
        with pytest.raises(Refused, match="Another officer"):
            approved(world, session, case, one, by="rhodri")
        approved(world, session, case, one, by="bethan")


def test_an_old_form_approves_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, NOTHING)
        approve(session, world["bethan"], case, one, Sent(one.id), desk=world.desk)
        assert (one.decided_by, case.state) == (None, STEPS["propose_nothing"].to)
        with pytest.raises(Conflict):
            approve(session, world["bethan"], case, one, sent(case.version - 1), desk=world.desk)
        other = started(world, session, requester_person_id=world["gwen"].person_id, by=world["gwen"])
        with pytest.raises(Conflict):
            approve(session, world["bethan"], other, one, sent(), desk=world.desk)


def test_nothing_held_is_no_way_round_what_was_found(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        item = add_item(world, session, case, b"dydd,awr\n", decision=Decision.WITHHOLD, exemption=Exemption.PRIVILEGE)
        with pytest.raises(Refused, match="Something was found"):
            proposed(world, session, case, NOTHING)
        item.exemption = Exemption.NOT_ABOUT_THEM
        session.flush()
        one = proposed(world, session, case, NOTHING)
        assert approved(world, session, case, one).outcome is Outcome.NOTHING_HELD
