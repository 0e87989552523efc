"""An exclusion is lifted by two officers and the person whose case it is, and by nothing less."""

import pytest
from sqlalchemy.orm import Session

from portal.cases import lifting
from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import CaseKind, ExclusionSource, Relation
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from tests.cases.conftest import World
from tests.cases.test_excluding import firm

WHY = Words("Hi yn unig sy’n deall y system")


def left_out(world: World, session: Session, case: Case) -> bool:
    return world["helen"].person_id in facts_of(session, case).excluded


def proposed(world: World, session: Session, case: Case, by: str = "rhodri") -> str:
    whom = world["helen"].person_id
    row = lifting.propose(session, world[by], case, whom, WHY, ids.new_id(), lang=Locale.CY, desk=world.desk)
    return row.id


@pytest.mark.parametrize("order", [("agree", "approve"), ("approve", "agree")])
def test_two_officers_and_the_person_lift_it_in_either_order(world: World, order: tuple[str, ...]) -> None:
    with world.database.writing() as session:
        case = world.review(session, exclusions=(world["helen"].person_id,))
        lift = proposed(world, session, case)
        with pytest.raises(Refused):
            lifting.approve(session, world["rhodri"], case, lift, desk=world.desk)
        with pytest.raises(Refused):
            proposed(world, session, case, by="mair")
        for step in order:
            assert left_out(world, session, case)
            if step == "agree":
                lifting.answer(session, world["sian"], case, lift, agrees=True, desk=world.desk)
            else:
                lifting.approve(session, world["mair"], case, lift, desk=world.desk)
        assert not left_out(world, session, case)
        with pytest.raises(NotFound):
            lifting.end(session, world["mair"], case, lift, desk=world.desk)


def test_what_was_lifted_is_not_lifted_for_whom_the_person_leaves_out_later(world: World) -> None:
    with world.database.writing() as session:
        helen, owen = world["helen"].person_id, world["owen"].person_id
        firm(world, session).answers_to(owen, helen)
        case = world.review(session, exclusions=(helen,))
        lift = proposed(world, session, case)
        lifting.approve(session, world["mair"], case, lift, desk=world.desk)
        lifting.answer(session, world["sian"], case, lift, agrees=True, desk=world.desk)
        assert not left_out(world, session, case)
        later = world.later(minutes=1)
        cases.exclude(session, world["sian"], case, owen, source=ExclusionSource.REQUESTER, desk=later)
        assert left_out(world, session, case), "she is over somebody who must not see it"


def test_a_no_ends_it_and_nobody_else_answers_for_the_person(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session, exclusions=(world["helen"].person_id,))
        lift = proposed(world, session, case)
        for other, error in (("rhodri", NotAllowed), ("gwen", NotFound), ("helen", NotFound), ("dafydd", NotFound)):
            with pytest.raises(error):
                lifting.answer(session, world[other], case, lift, agrees=True, desk=world.desk)
        with pytest.raises(NotAllowed):
            lifting.answer(session, Relation.REPRESENTATIVE, case, lift, agrees=True, desk=world.desk)
        lifting.answer(session, world["sian"], case, lift, agrees=False, desk=world.desk)
        assert left_out(world, session, case)
        with pytest.raises(NotFound):
            lifting.approve(session, world["mair"], case, lift, desk=world.desk)
        assert lifting.list_open(session, case) == []
        assert proposed(world, session, case) != lift


def test_only_what_a_person_said_is_lifted_and_requests_for_a_copy_have_their_own_way(world: World) -> None:
    with world.database.writing() as session:
        review = world.review(session)
        with pytest.raises(NotFound):
            proposed(world, session, review)
        access = world.request(session, kind=CaseKind.ACCESS, exclusions=(world["helen"].person_id,))
        with pytest.raises(NotFound):
            proposed(world, session, access)
        review = world.review(session, exclusions=(world["helen"].person_id,))
        [one] = lifting.list_left_out(session, review)
        assert (one.person.id, one.lift) == (world["helen"].person_id, None)
        for nobody in ("helen", "gwen", "carys"):
            with pytest.raises((NotFound, NotAllowed)):
                proposed(world, session, review, by=nobody)
