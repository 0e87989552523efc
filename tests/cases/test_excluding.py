"""Whoever is near to somebody left out is left out as well, in every list; and comes in again with the cause."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.affairs import affair_of, world_about
from portal.cases.models import Case, Exclusion
from portal.cases.queries import list_queue
from portal.cases.renewing import renew_exclusions
from portal.cases.routing.destinations import candidates, in_charge
from portal.cases.routing.exclusions import Ban, bans
from portal.cases.rules import CaseKind, Duty, ExclusionSource
from portal.core import ids
from portal.core.errors import NotFound
from portal.directory.models import Absence, Engagement, Person, RepresentativeTie, StaffGroup, Workplace
from portal.directory.rules import EngagementKind
from portal.settings.models import Settings
from tests.cases.conftest import World, seat_everybody

STAFF = ("gwen", "rhodri", "mair", "owen", "helen")


@dataclass
class Firm:
    """Who answers to whom, in one team."""

    session: Session
    body_id: str
    workplace_id: str
    group_id: str

    def answers_to(self, person_id: str, manager_id: str | None) -> Engagement:
        row = Engagement(
            id=ids.new_id(), person_id=person_id, body_id=self.body_id, workplace_id=self.workplace_id,
            staff_group_id=self.group_id, kind=EngagementKind.EMPLOYEE, started_on=date(2020, 1, 1),
            manager_person_id=manager_id,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row


def firm(world: World, session: Session) -> Firm:
    body_id = world.bodies["health"]
    workplace = Workplace(id=ids.new_id(), body_id=body_id, slug="ward", name_cy="Ward", name_en="Ward")
    group = StaffGroup(id=ids.new_id(), body_id=body_id, code="office", name_cy="Swyddfa", name_en="Office")
    session.add_all([workplace, group])
    session.flush()
    return Firm(session, body_id, workplace.id, group.id)


def left_out(session: Session, case: Case) -> dict[str, bool]:
    rows = session.scalars(select(Exclusion).where(Exclusion.case_id == case.id))
    return {row.person_id: row.is_derived for row in rows}


def test_the_manager_of_whom_somebody_named_and_who_answers_to_them_have_no_row(world: World) -> None:
    with world.database.writing() as session:
        at = firm(world, session)
        at.answers_to(world["mair"].person_id, world["rhodri"].person_id)
        at.answers_to(world["gwen"].person_id, world["mair"].person_id)
        case = world.request(session, exclusions=(world["mair"].person_id,))
        assert left_out(session, case) == {
            world["mair"].person_id: False,
            world["rhodri"].person_id: True,
            world["gwen"].person_id: True,
        }
        assert list_queue(session, world["rhodri"], CaseKind.ACCESS).items == []
        with pytest.raises(NotFound):
            cases.assign(session, world["rhodri"], case, session.get_one(Person, world["mair"].person_id),
                         Duty.HANDLER, desk=world.desk)  # fmt: skip


def test_a_conflict_of_ones_own_spreads_to_nobody(world: World) -> None:
    with world.database.writing() as session:
        firm(world, session).answers_to(world["mair"].person_id, world["rhodri"].person_id)
        case = world.request(session)
        cases.exclude(
            session, world["mair"], case, world["mair"].person_id, source=ExclusionSource.SELF, desk=world.desk
        )
        assert left_out(session, case) == {world["mair"].person_id: False}


def test_whoever_comes_near_later_is_left_out_by_the_next_pass_and_comes_in_again_with_the_cause(
    world: World, settings: Settings
) -> None:
    with world.database.writing() as session:
        case = world.request(session, exclusions=(world["mair"].person_id,))
        at = firm(world, session)
    assert renew_exclusions(world.database, settings, world.desk.now) == 0
    with world.database.writing() as session:
        at = Firm(session, at.body_id, at.workplace_id, at.group_id)
        work = at.answers_to(world["mair"].person_id, world["rhodri"].person_id)
    assert renew_exclusions(world.database, settings, world.desk.now) == 1
    assert renew_exclusions(world.database, settings, world.desk.now) == 0
    with world.database.writing() as session:
        assert left_out(session, session.get_one(Case, case.id))[world["rhodri"].person_id]
        session.get_one(Engagement, work.id).ended_on = world.desk.today
    assert renew_exclusions(world.database, settings, world.desk.now) == 1
    with world.database.reading() as session:
        assert list(left_out(session, session.get_one(Case, case.id))) == [world["mair"].person_id]
        assert list_queue(session, world["rhodri"], CaseKind.ACCESS).items != []


def test_the_line_manager_of_a_representative_is_left_out_of_what_they_do(world: World, settings: Settings) -> None:
    with world.database.writing() as session:
        firm(world, session).answers_to(world["carys"].person_id, world["rhodri"].person_id)
        case = world.request(session)
        assert left_out(session, case) == {}
        carys = session.get_one(Person, world["carys"].person_id)
        cases.assign(session, world["sian"], case, carys, Duty.REPRESENTATIVE, desk=world.desk)
        assert left_out(session, case) == {world["rhodri"].person_id: True}
    assert renew_exclusions(world.database, settings, world.desk.now) == 0


def test_nobody_left_out_is_reached_by_any_chain_nor_reads_a_row_in_drawn_worlds(world: World) -> None:
    """Random lines, ties, absences and exclusions in a real database: the book, the rows and the lists say the same."""
    somebody = 0
    for number in range(30):
        dice = Random(number)
        with world.database.writing() as session:
            _draw(world, session, dice)
            named = [world[one].person_id for one in STAFF if dice.randrange(6) == 0]
            kind = dice.choice([CaseKind.ACCESS, CaseKind.REVIEW])
            system = {"system_id": world.systems["health"]} if kind is CaseKind.REVIEW else {}
            case = world.request(session, kind=kind, exclusions=tuple(named), **system)
            affair = affair_of(session, case)
            place = world_about(session, affair, today=world.desk.today)
            barred = bans(place, affair)
            near = {one for one, why in barred.items() if why & {Ban.NAMED, Ban.LINE, Ban.TIED}}
            rows = set(left_out(session, case))
            assert near - {case.requester_person_id} <= rows, number
            reached = {one.person_id for one in (*candidates(place, affair), *in_charge(place, affair))}
            assert not reached & (rows | set(barred)), number
            somebody += bool(reached) and bool(rows - set(named))
            for name, actor in world.actors.items():
                shown = [row.id for row in list_queue(session, actor, kind).items]
                assert not (actor.person_id in rows and case.id in shown), (number, name)
            session.rollback()
    assert somebody >= 5, "the draw has worlds in which somebody is left and somebody is near"


def _draw(world: World, session: Session, dice: Random) -> None:
    seat_everybody(world, session)
    at = firm(world, session)
    people = [world[one].person_id for one in (*STAFF, "sian")]
    for one in people:
        at.answers_to(one, dice.choice([None, *[other for other in people if other != one]]))
    for one, other in product(people, people):
        if one != other and dice.randrange(20) == 0:
            session.add(RepresentativeTie(person_id=one, tied_person_id=other, declared_on=world.desk.today))
    for one in people:
        if dice.randrange(3) == 0:
            until = world.desk.today + timedelta(days=dice.randrange(3))
            session.add(Absence(id=ids.new_id(), person_id=one, from_on=world.desk.today, until_on=until))
    session.flush()
