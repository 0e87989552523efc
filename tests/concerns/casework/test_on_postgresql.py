"""What readers press once more, on PostgreSQL: two at once as well, and the desk's questions by their indexes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.concerns.casework import claims, service
from portal.concerns.casework.lanes import Asked
from portal.concerns.casework.models import ToldEvent
from portal.concerns.casework.queries import list_desk
from portal.concerns.casework.rules import Shown, Side, Sort, Theme, ToldState
from portal.concerns.casework.service import Telling
from portal.concerns.timing.duties import begin_clocks_of_concerns
from portal.concerns.timing.service import note_answered
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.directory import helping
from tests.concerns.casework.conftest import Told
from tests.concerns.casework.test_plans import fill, questions
from tests.concerns.casework.test_verbs import *  # noqa: F403 - the same tests, on another database
from tests.concerns.timing.conftest import CAME
from tests.core.test_db import together
from tests.postgres import empty

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_database: Database) -> Iterator[Database]:
    """The same desk, in the other database."""
    yield postgres_database
    empty(postgres_database)


def test_of_both_sides_who_take_a_thread_at_once_one_does_and_nobody_waits_for_ever(told: Told) -> None:
    cases = [told.came("head", "rep") for _ in range(5)]
    people = iter(("head", "rep") * len(cases))
    turn = iter([case for case in cases for _ in range(2)])
    for case in cases:
        failures = together(lambda: told.press(next(people), service.take, next(turn), Telling()), 2)
        assert [type(failure) for failure in failures] == [Conflict]
        assert told.thread(case).state is ToldState.TRIAGE
        with told.desk.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(ToldEvent).where(ToldEvent.case_id == case)) == 1


def test_of_two_who_claim_a_thread_at_once_one_has_it(told: Told) -> None:
    case = told.came("head", "deputy")
    people = iter(("head", "deputy"))
    failures = together(lambda: told.press(next(people), claims.claim, case), 2)
    assert [type(failure) for failure in failures] == [Refused]
    assert told.side(case, Side.EMPLOYER).claimed_by in {told.desk.people["head"], told.desk.people["deputy"]}


def test_two_answers_that_begin_one_clock_at_once_both_count(told: Told) -> None:
    desk, today, calendar = told.desk, told.today, told.moment.calendar
    cases = [told.came("head", "rep", on=CAME - timedelta(days=1)) for _ in range(10)]
    turn = iter([case for case in cases for _ in range(2)] * 2)

    def answer() -> None:
        note_answered(desk.database, next(turn), today=today, calendar=calendar)

    for case in cases:
        assert together(answer, 2) == [], "the answer stands already: it is not refused for its clock"
        assert told.clock(case).acknowledged_on == told.clock(case).replied_on == CAME
    assert begin_clocks_of_concerns(desk.database, desk.settings, told.at) == 0


def test_of_one_who_approves_a_line_of_help_and_one_who_drops_it_at_once_one_does(told: Told) -> None:
    desk, today = told.desk, told.today
    writer, second, third = (helping.Writer(desk.people[one], today) for one in ("head", "deputy", "outside"))
    with desk.database.writing() as session:
        lines = helping.take_over(session, desk.body_id, today=today)
        changes = [helping.propose_removal(session, one, writer).id for one in lines]
    verbs = iter(
        [(verb, who, one) for one in changes for verb, who in ((helping.approve, second), (helping.drop, third))]
    )

    def press() -> None:
        verb, who, entry_id = next(verbs)
        with desk.database.writing() as session:
            verb(session, helping.get_entry(session, entry_id, body_id=desk.body_id), who)

    for _change in changes:
        assert [type(one) for one in together(press, 2)] == [NotFound]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(), "ix_desk_places_due"),
        (Asked(lane=Shown.NEW), "ix_desk_places_lane"),
        (Asked(lane=Shown.DUE), "ix_desk_places_due"),
        (Asked(sort=Sort.NEXT), "ix_desk_places_next"),
        (Asked(theme=Theme.PACE), "ix_desk_places_theme"),
    ],
)
def test_a_page_walks_its_index(told: Told, asked: Asked, index: str) -> None:
    fill(told)
    actor, engine = told.actor("rep"), told.desk.database.engine
    with questions(engine) as said, told.desk.database.reading() as session:
        list_desk(session, actor, asked, today=CAME, cursor=None)
    ((statement, parameters),) = said
    with told.desk.database.reading() as session:
        session.execute(text("SET LOCAL enable_sort = off"))
        rows = session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
        plan = [str(row[0]) for row in rows]
    assert any(index in line for line in plan), plan
    assert not [line for line in plan if "Seq Scan on desk_places" in line or "Seq Scan on sealed_" in line], plan
    assert not [line for line in plan if "ix_sealed_grants_key" in line], "it does not begin with all that a key holds"
