"""A hold is looked at again: who set it and their deputies hear 14 days before its day and on it, each once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from portal.cases.models import Case
from portal.core import ids
from portal.core.text import Words
from portal.directory.models import RoleHolding
from portal.notifications.models import OutboxLetter
from portal.subject_access.after.duties import remind_of_holds
from portal.subject_access.after.holds import keep_hold, lift_hold, list_hold_listeners, set_hold
from portal.subject_access.asking.rules import Ground
from portal.subject_access.models import LegalHold
from portal.subject_access.officer import leaving
from tests.subject_access.conftest import World

AGAIN = date(2027, 2, 1)


def held(world: World) -> LegalHold:
    with world.database.writing() as session:
        case = world.request(session)
        hold = set_hold(session, world["rhodri"], case, Words("Tribiwnlys"), AGAIN, ids.new_id(), desk=world.desk)
        session.expunge(hold)
        return hold


def letters(world: World, day: date) -> int:
    with world.database.writing() as session:
        session.execute(delete(OutboxLetter))
    remind_of_holds(world.database, world.settings, world.on(day).now)
    with world.database.reading() as session:
        return len(session.scalars(select(OutboxLetter).where(OutboxLetter.template == "access_hold_review")).all())


def test_a_letter_goes_fourteen_days_before_and_one_on_the_day(world: World) -> None:
    held(world)
    told = [letters(world, AGAIN + timedelta(days=days)) for days in (-15, -14, -13, -1, 0, 1, 30)]
    assert told == [0, 1, 0, 0, 1, 0, 0]


def test_after_a_gap_there_is_one_letter_and_of_a_lifted_hold_none(world: World) -> None:
    held(world)
    assert [letters(world, AGAIN), letters(world, AGAIN)] == [1, 0]
    lifted = held(world)
    with world.database.writing() as session:
        lift_hold(session, world["rhodri"], session.get_one(Case, lifted.case_id), lifted.id, desk=world.desk)
    assert letters(world, AGAIN) == 0


def test_a_colleagues_hold_is_lifted_by_two_officers_and_stays_when_one_says_no(world: World) -> None:
    hold_id = held(world).id
    with world.database.writing() as session:
        hold = session.get_one(LegalHold, hold_id)
        case = session.get_one(Case, hold.case_id)
        for _again in range(2):
            lift_hold(session, world["bethan"], case, hold_id, desk=world.desk)
        assert (hold.lifted_at, hold.lift_by) == (None, world["bethan"].account_id)
        told = [one.template for one in session.scalars(select(OutboxLetter)) if one.template == "access_second"]
        assert len(told) == 2, "rhodri and carys hear of it"
        keep_hold(session, world["carys"], case, hold_id, desk=world.desk)
        lift_hold(session, world["carys"], case, hold_id, desk=world.desk)
        assert (hold.lifted_at, hold.lift_by) == (None, world["carys"].account_id)
        leaving.step_back(session, world["carys"], case, Ground.CLOSE, Words(""), desk=world.desk)
        lift_hold(session, world["bethan"], case, hold_id, desk=world.desk)
        assert (hold.lifted_at, hold.lift_by) == (None, world["bethan"].account_id)
        lift_hold(session, world["rhodri"], case, hold_id, desk=world.desk)
        assert hold.lifted_by == world["rhodri"].account_id


@pytest.mark.parametrize(
    ("deputies", "is_left", "heard"),
    [((), False, {"rhodri"}), (("carys",), False, {"rhodri", "carys"}), ((), True, {"bethan", "carys"})],
)
def test_who_set_it_hears_with_the_deputies_and_the_team_where_nobody_of_them_is_left(
    world: World, deputies: tuple[str, ...], is_left: bool, heard: set[str]
) -> None:
    hold = held(world)
    with world.database.writing() as session:
        for holding in session.scalars(select(RoleHolding)):
            holding.is_deputy = holding.person_id in {world[name].person_id for name in deputies}
            if is_left and holding.person_id == world["rhodri"].person_id:
                holding.ended_on = world.desk.today - timedelta(days=1)
        session.flush()
        case = session.get_one(Case, hold.case_id)
        listeners = list_hold_listeners(session, case, hold, today=world.desk.today)
    assert {person.id for person in listeners} == {world[name].person_id for name in heard}
