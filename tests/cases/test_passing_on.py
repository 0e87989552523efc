"""Nobody waits for somebody who is not here: absences that are inferred, leavers, what is passed on and taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Assignment, Case
from portal.cases.passing_on import IN_PLACE, infer_absences, list_to_take_back
from portal.cases.queries import find_assigned
from portal.cases.reasons import read_to_receiver, read_to_sender
from portal.cases.rules import CaseKind, Duty, ExclusionSource, Relation
from portal.core import ids
from portal.directory.models import Absence, Person, RoleHolding
from portal.directory.rules import AwaySource
from portal.directory.service import end_inferred_absence
from portal.home.passing import pass_on_what_waits
from portal.identity.models import Account
from portal.settings.models import Settings
from tests.cases.conftest import World, seat_everybody

MONDAY = date(2026, 11, 23)


def held(world: World, session: Session, who: str, kind: CaseKind = CaseKind.ACCESS) -> Case:
    """A case of today that somebody works on, and that is due soon."""
    if not session.scalars(select(RoleHolding)).all():
        seat_everybody(world, session)
    system = {"system_id": world.systems["health"]} if kind is CaseKind.REVIEW else {}
    case = world.request(session, kind=kind, received_on=MONDAY - timedelta(days=24), **system)
    person = session.get_one(Person, world[who].person_id)
    cases.assign(session, world[who], case, person, Duty.HANDLER, desk=world.desk)
    return case


def seen(session: Session, world: World, who: str, on: date | None) -> None:
    session.execute(update(Account).where(Account.person_id == world[who].person_id).values(last_seen_on=on))


def away(session: Session, world: World, who: str, until: date) -> None:
    session.add(
        Absence(id=ids.new_id(), person_id=world[who].person_id, from_on=MONDAY, until_on=until)
    )  # fmt: skip


def handler(world: World, case_id: str) -> str | None:
    names = {actor.person_id: name for name, actor in world.actors.items()}
    with world.database.reading() as session:
        person = find_assigned(session, session.get_one(Case, case_id), Duty.HANDLER)
        return names[person.id] if person is not None else None


@pytest.mark.parametrize(
    ("seen_on", "today", "is_away"),
    [
        (MONDAY, date(2026, 11, 26), False),  # three whole days are not over
        (MONDAY, date(2026, 11, 27), True),
        (date(2026, 11, 26), date(2026, 11, 27), False),
        (None, date(2026, 12, 24), False),  # nobody knows when they were here last
    ],
)
def test_whoever_has_work_and_does_not_sign_in_for_three_working_days_is_away_until_they_do(
    world: World, settings: Settings, seen_on: date | None, today: date, is_away: bool
) -> None:
    with world.database.writing() as session:
        held(world, session, "rhodri")
        seen(session, world, "rhodri", seen_on)
        seen(session, world, "mair", seen_on)  # has nothing to do
    assert infer_absences(world.database, settings, world.on(today).now) == int(is_away)
    assert infer_absences(world.database, settings, world.on(today).now) == 0
    with world.database.writing() as session:
        rows = [(row.source, row.until_on) for row in session.scalars(select(Absence))]
        assert rows == [(AwaySource.INFERRED, today)] * is_away
        end_inferred_absence(session, world["rhodri"].person_id, today=today)
        assert session.scalars(select(Absence)).all() == []


def test_an_absence_that_goes_on_is_one_row_that_grows(world: World, settings: Settings) -> None:
    with world.database.writing() as session:
        held(world, session, "rhodri")
        seen(session, world, "rhodri", MONDAY)
    for day in (27, 28, 30):
        infer_absences(world.database, settings, world.on(date(2026, 11, day)).now)
    with world.database.reading() as session:
        [row] = session.scalars(select(Absence))
        assert (row.from_on, row.until_on) == (date(2026, 11, 26), date(2026, 11, 30))


@pytest.mark.parametrize("kind", [CaseKind.ACCESS, CaseKind.REVIEW])
def test_what_is_due_soon_goes_on_while_somebody_is_away_and_is_offered_back(
    world: World, settings: Settings, kind: CaseKind
) -> None:
    with world.database.writing() as session:
        case_id = held(world, session, "rhodri", kind).id
    assert pass_on_what_waits(world.database, settings, world.desk.now) == 0
    with world.database.writing() as session:
        away(session, world, "rhodri", MONDAY + timedelta(days=7))
    assert pass_on_what_waits(world.database, settings, world.desk.now) == 1
    assert handler(world, case_id) == "mair"
    with world.database.writing() as session:
        assert [case.id for case, _who in list_to_take_back(session, world["rhodri"])] == [case_id]
        row = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).one()
        assert read_to_receiver(row.why) == IN_PLACE.to_receiver and len(read_to_sender(row.why)) == 1
        case = session.get_one(Case, case_id)
        cases.exclude(session, Relation.REQUESTER, case, world["rhodri"].person_id,
                      source=ExclusionSource.REQUESTER, desk=world.desk)  # fmt: skip
        assert list_to_take_back(session, world["rhodri"]) == []


def test_where_both_are_away_or_the_day_is_far_nothing_is_moved(world: World, settings: Settings) -> None:
    with world.database.writing() as session:
        near = held(world, session, "rhodri").id
        far = world.request(session)
        cases.assign(session, world["mair"], far, session.get_one(Person, world["mair"].person_id),
                     Duty.HANDLER, desk=world.desk)  # fmt: skip
        away(session, world, "mair", MONDAY)
        away(session, world, "rhodri", MONDAY)
    assert pass_on_what_waits(world.database, settings, world.desk.now) == 0
    assert (handler(world, near), handler(world, far.id)) == ("rhodri", "mair")


def test_what_a_leaver_had_goes_to_somebody_else_at_once_and_never_to_somebody_left_out(
    world: World, settings: Settings
) -> None:
    with world.database.writing() as session:
        one = held(world, session, "rhodri").id
        two = held(world, session, "rhodri")
        cases.exclude(session, Relation.REQUESTER, two, world["mair"].person_id,
                      source=ExclusionSource.REQUESTER, desk=world.desk)  # fmt: skip
        session.execute(
            text("UPDATE accounts SET closed_at = :at WHERE person_id = :who"),
            {"at": world.desk.now.isoformat(sep=" "), "who": world["rhodri"].person_id},
        )
    assert pass_on_what_waits(world.database, settings, world.desk.now) == 2
    assert (handler(world, one), handler(world, two.id)) == ("mair", None)
    assert pass_on_what_waits(world.database, settings, world.desk.now) == 0
