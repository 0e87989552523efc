"""Whoever was left out comes in again by the word of who wished it, or of two officers; nobody else, and no sooner."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, Exclusion
from portal.cases.queries import find_assigned, get_case
from portal.cases.rules import Duty, Relation
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.subject_access.asking.leaving import Said, add_wish, list_left_out, list_wishes, take_back_wish
from portal.subject_access.asking.letting_in import let_in_again
from portal.subject_access.asking.models import Wish
from portal.subject_access.asking.rules import Ground
from portal.subject_access.officer import duties, leaving
from portal.subject_access.officer.letting_in import answer_return, propose_return
from tests.subject_access.conftest import World
from tests.subject_access.officer.test_leaving import leave, letters
from tests.subject_access.searching.test_service import started


def wish_for(world: World, session: Session, case: Case, words: str) -> Wish:
    return add_wish(session, world["sian"], case, Said(ids.new_id(), Words(words), Locale.CY), desk=world.desk)


def left(session: Session, case: Case) -> list[str]:
    return [person.display_name.split()[0].casefold() for _one, person in list_left_out(session, case)]


def propose(world: World, session: Session, case: Case, name: str, by: str) -> None:
    because = Words("Camgymeriad oedd hyn")
    propose_return(session, world[by], case, world[name].person_id, because, desk=world.desk)


def answer(world: World, session: Session, case: Case, name: str, by: str, *, is_yes: bool = True) -> None:
    answer_return(session, world[by], case, world[name].person_id, is_yes=is_yes, desk=world.desk)


def test_the_requester_lets_in_whom_their_words_left_out_and_the_officers_hear(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        wish = wish_for(world, session, case, "bethan@taran.example")
        assert left(session, case) == ["bethan"]
        with pytest.raises(NotFound):
            get_case(session, world["bethan"], case.reference)
        let_in_again(session, world["sian"], case, wish, desk=world.desk)
        let_in_again(session, world["sian"], case, wish, desk=world.desk)
        assert left(session, case) == []
        assert list(session.scalars(select(Exclusion))) == []
        assert get_case(session, world["bethan"], case.reference) is case
    assert duties.pass_on_left_out(world.database, world.settings, world.desk.now) == 1
    with world.database.reading() as session:
        assert ("rhodri@taran.example", "access_let_in") in letters(world, session)
        assert ("bethan@taran.example", "access_let_in") not in letters(world, session)


def test_a_request_that_nobody_has_goes_to_an_officer_who_may_have_it_now(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        wish = wish_for(world, session, case, "rhodri@taran.example bethan@taran.example carys@taran.example")
        case_id = case.id
    duties.pass_on_left_out(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        assert find_assigned(session, case, Duty.HANDLER) is None
        let_in_again(session, world["sian"], case, session.get_one(Wish, wish.id), desk=world.desk)
    duties.pass_on_left_out(world.database, world.settings, world.desk.now)
    with world.database.reading() as session:
        assert find_assigned(session, session.get_one(Case, case_id), Duty.HANDLER) is not None


def test_two_wishes_keep_somebody_away_until_both_are_over(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        first = wish_for(world, session, case, "bethan@taran.example")
        second = wish_for(world, session, case, "Eto: bethan@taran.example")
        let_in_again(session, world["sian"], case, first, desk=world.desk)
        assert left(session, case) == ["bethan"]
        let_in_again(session, world["sian"], case, second, desk=world.desk)
        assert left(session, case) == []


def test_a_reason_of_the_body_outlasts_the_wish_and_a_wish_outlasts_two_officers(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        wish = wish_for(world, session, case, "carys@taran.example")
        leave(world, session, case, "carys")
        with pytest.raises(Refused, match="wants it so"):
            propose(world, session, case, "carys", "rhodri")
        let_in_again(session, world["sian"], case, wish, desk=world.desk)
        ((row, _person),) = list_left_out(session, case)
        assert row.ground is not Ground.ASKED
        propose(world, session, case, "carys", "rhodri")
        wish_for(world, session, case, "carys@taran.example")
        with pytest.raises(Refused, match="wants it so"):
            answer(world, session, case, "carys", "bethan")


def test_officers_let_in_again_as_two_and_never_as_one(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        leaving.step_back(session, world["carys"], case, Ground.CLOSE, Words(""), desk=world.desk)
        propose(world, session, case, "carys", "rhodri")
        propose(world, session, case, "carys", "rhodri")
        assert ("bethan@taran.example", "access_second") in letters(world, session)
        assert ("rhodri@taran.example", "access_second") not in letters(world, session)
        assert ("carys@taran.example", "access_second") not in letters(world, session)
        with pytest.raises(Refused, match="Another officer"):
            answer(world, session, case, "carys", "rhodri")
        with pytest.raises(NotFound):
            answer(world, session, case, "carys", "carys")
        with pytest.raises(Conflict):
            propose(world, session, case, "carys", "bethan")
        answer(world, session, case, "carys", "bethan", is_yes=False)
        with pytest.raises(Conflict):
            answer(world, session, case, "carys", "bethan")
        assert left(session, case) == ["carys"]
        propose(world, session, case, "carys", "bethan")
        answer(world, session, case, "carys", "rhodri")
        assert left(session, case) == []
        assert get_case(session, world["carys"], case.reference) is case


def test_whoever_proposed_it_and_was_left_out_since_lets_nobody_in(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        leave(world, session, case, "helen")
        propose(world, session, case, "helen", "bethan")
        leave(world, session, case, "bethan")
        with pytest.raises(Refused, match="left out of the request since"):
            answer(world, session, case, "helen", "rhodri")


def test_words_that_left_nobody_out_let_nobody_in_and_a_taken_back_wish_is_no_door(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        wish = wish_for(world, session, case, "Fy rheolwr")
        with pytest.raises(NotFound):
            let_in_again(session, world["sian"], case, wish, desk=world.desk)
        take_back_wish(session, Relation.REQUESTER, case, wish, desk=world.desk)
        leave(world, session, case, "helen")
        with pytest.raises(NotFound):
            let_in_again(session, world["sian"], case, list_wishes(session, case)[0], desk=world.desk)
        assert left(session, case) == ["helen"]
