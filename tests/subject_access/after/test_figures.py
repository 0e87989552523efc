"""Figures are frozen once, counted by quarter, and stay when nothing else does."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from portal.cases.periods import Quarter
from portal.core import ids
from portal.subject_access import service
from portal.subject_access.after.duties import close_requests, freeze_figures
from portal.subject_access.after.figures import count_year, first_day
from portal.subject_access.after.models import AccessFigure
from portal.subject_access.after.tables import Column
from tests.subject_access.after.conftest import Refuse
from tests.subject_access.conftest import World


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_an_answer_is_frozen_at_once_and_only_once(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        refuse(session)
        refuse(session, days=40)
        world.request(session)
    assert freeze_figures(world.database, world.settings, noon(date(2027, 1, 5))) == 2
    assert freeze_figures(world.database, world.settings, noon(date(2027, 1, 5))) == 0
    with world.database.reading() as session:
        frozen = session.scalars(select(AccessFigure).order_by(AccessFigure.days)).all()
        assert [(one.days, one.in_time) for one in frozen] == [(5, True), (40, False)]
        assert {one.outcome for one in frozen} == {"refused"}


def test_a_withdrawal_is_frozen_when_it_can_no_longer_be_undone(world: World) -> None:
    with world.database.writing() as session:
        service.withdraw(session, world["sian"], world.request(session), desk=world.desk)
    assert freeze_figures(world.database, world.settings, noon(date(2026, 11, 30))) == 0
    assert freeze_figures(world.database, world.settings, noon(date(2026, 12, 1))) == 1


def test_what_ended_without_proof_is_frozen_when_it_is_closed(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        case.state, case.finished_on, case.is_open = "not_verified", date(2026, 12, 30), False
    assert freeze_figures(world.database, world.settings, noon(date(2027, 12, 30))) == 0
    assert close_requests(world.database, world.settings, noon(date(2027, 12, 31))) == 1
    with world.database.reading() as session:
        assert session.scalars(select(AccessFigure.outcome)).one() == "not_verified"


def test_a_year_counts_what_came_by_its_day_and_what_ended_by_its_end(world: World, refuse: Refuse) -> None:
    """Three came in the quarter to December; two of them ended in it, one in the next; one is open."""
    with world.database.writing() as session:
        for days in (5, 10, 60):
            refuse(session, days=days, at=noon(date(2026, 11, 10)))
        service.submit(session, world["sian"], world.new(case_id=ids.new_id()), desk=world.desk)
    freeze_figures(world.database, world.settings, noon(date(2027, 2, 1)))
    with world.database.reading() as session:
        body = world.bodies["taran"].id
        found = count_year(session, body, 2026)
        third, fourth = found[Quarter(2026, 3)], found[Quarter(2026, 4)]
        assert (third.numbers[Column.RECEIVED], third.numbers[Column.REFUSED], sorted(third.days)) == (4, 2, [5, 10])
        assert (fourth.numbers[Column.RECEIVED], fourth.numbers[Column.LATE]) == (0, 1)
        assert first_day(session, body) == date(2026, 11, 10)
        assert first_day(session, world.bodies["mynach"].id) is None
