"""Reading: the WHERE clause says what the rule says, in random worlds; queues are in order, whole, and quick."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.queries import (
    QueueFilter,
    QueueRow,
    count_queue,
    facts_of,
    find_assigned,
    find_by_code,
    get_case,
    list_own,
    list_queue,
    readable,
    workable,
)
from portal.cases.rules import CaseKind, Duty, ExclusionSource, Relation, may_read, relations
from portal.cases.service import assign, exclude, take_step
from portal.cases.turn import count
from portal.core import ids
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.directory.models import Person
from portal.directory.rules import RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind
from tests.cases.conftest import MONDAY, STEPS, World, build

NAMES = ("sian", "gwen", "rhodri", "mair", "owen", "helen", "dafydd", "carys")
WORKING_ROLES = (
    RoleName.REVIEWER,
    RoleName.DATA_PROTECTION_OFFICER,
    RoleName.REQUEST_HANDLER,
    RoleName.ADMINISTRATOR,
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[World]:
    """One database for all random worlds; each is rolled back."""
    file = shutil.copy(empty_file, tmp_path_factory.mktemp("worlds") / "cases.sqlite3")
    database = Database(f"sqlite:///{file}")
    yield build(database)
    database.close()


def holdings(world: World) -> list[Holding]:
    """Every holding that could matter, the one for a system that the register does not know among them."""
    bodies, systems = (*world.bodies.values(), None), tuple(world.systems.values())
    managing = [
        Holding(RoleName.RESPONSIBLE_MANAGER, body, None, system, False, slug)
        for body in bodies
        for system, slug in ((None, None), (None, "not known yet"), *((system, "rota") for system in systems))
    ]
    return managing + [Holding(role, body) for role in WORKING_ROLES for body in bodies]


@st.composite
def actors(draw: st.DrawFn, world: World) -> Actor:
    known = world[draw(st.sampled_from(NAMES))]
    kind = draw(st.sampled_from(list(AccountKind)))
    held = draw(st.frozensets(st.sampled_from(holdings(world)), max_size=3))
    return Actor(known.account_id, known.person_id, kind, known.body_id, held, known.locale)


def random_case(draw: st.DrawFn, session: Session, world: World) -> None:
    people = st.sampled_from([world[name].person_id for name in NAMES])
    due = date(2026, 12, 1) + timedelta(days=draw(st.integers(0, 3)))
    case = Case(
        id=ids.new_id(),
        body_id=draw(st.sampled_from(list(world.bodies.values()))),
        kind=draw(st.sampled_from(list(CaseKind))),
        reference=ids.new_reference("AC"),
        state="received",
        opened_at=MONDAY,
        received_on=date(2026, 11, 1),
        due_on=due,
        target_on=due,
        locale="cy",
        requester_person_id=draw(st.none() | people),
        system_id=draw(st.sampled_from([None, *world.systems.values()])),
        is_open=True,
    )
    session.add(case)
    count(session, case, 1)
    for person_id in draw(st.sets(people, max_size=2)):
        session.add(
            Exclusion(case_id=case.id, person_id=person_id, source=ExclusionSource.REQUESTER, declared_at=MONDAY)
        )
    for person_id, duty, ended in draw(
        st.lists(st.tuples(people, st.sampled_from(list(Duty)), st.booleans()), max_size=3)
    ):
        session.add(
            Assignment(
                id=ids.new_id(),
                case_id=case.id,
                person_id=person_id,
                duty=duty,
                assigned_at=MONDAY,
                ended_at=MONDAY if ended else None,
            )
        )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_in_random_worlds_the_clause_finds_what_the_rule_permits(small: World, data: st.DataObject) -> None:
    with small.database.reading() as session:
        for _ in range(data.draw(st.integers(4, 8))):
            random_case(data.draw, session, small)
        actor = data.draw(actors(small))
        everything = session.scalars(select(Case)).all()
        facts = {case.id: facts_of(session, case) for case in everything}
        by_rule = {case.id for case in everything if may_read(actor, facts[case.id])}
        assert set(session.scalars(select(Case.id).where(readable(actor)))) == by_rule
        works = {one for one in by_rule if relations(actor, facts[one]) != {Relation.REQUESTER}}
        assert set(session.scalars(select(Case.id).where(workable(actor)))) == works
        for kind in CaseKind:
            queue = list_queue(session, actor, kind, size=50).items
            assert {row.id for row in queue} == {one for one in works if facts[one].kind is kind}
            assert count_queue(session, actor, kind) == len(queue)
            assert [(row.due_on, row.id) for row in queue] == sorted((row.due_on, row.id) for row in queue)


def test_a_stranger_an_excluded_officer_and_a_typing_error_meet_the_same_not_found(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, exclusions=(world["mair"].person_id,))
        assert get_case(session, world["sian"], case.reference) is case
        assert get_case(session, world["rhodri"], case.reference) is case
        for name, reference in (("gwen", case.reference), ("mair", case.reference), ("rhodri", "AC-0000-0000")):
            with pytest.raises(NotFound):
                get_case(session, world[name], reference)


def test_an_officer_left_out_meets_no_row_and_no_count(world: World) -> None:
    with world.database.writing() as session:
        for _ in range(3):
            world.request(session)
        hidden = world.request(session, exclusions=(world["mair"].person_id,))
        for name, expected in (("rhodri", 4), ("mair", 3), ("dafydd", 0), ("sian", 0)):
            rows = list_queue(session, world[name], CaseKind.ACCESS).items
            assert len(rows) == expected
            assert count_queue(session, world[name], CaseKind.ACCESS) == expected
        exclude(
            session, world["sian"], hidden, world["rhodri"].person_id, source=ExclusionSource.REQUESTER, desk=world.desk
        )
        assert count_queue(session, world["rhodri"], CaseKind.ACCESS) == 3


def test_an_officers_own_request_is_not_in_their_queue_nor_in_its_count(world: World) -> None:
    with world.database.writing() as session:
        world.request(session, by=world["rhodri"], requester_person_id=world["rhodri"].person_id)
        assert list_queue(session, world["rhodri"], CaseKind.ACCESS).items == []
        assert count_queue(session, world["rhodri"], CaseKind.ACCESS) == 0
        assert len(list_own(session, world["rhodri"]).items) == 1
        assert count_queue(session, world["mair"], CaseKind.ACCESS) == 1


def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    with world.database.writing() as session:
        for number in range(7):
            world.request(session, received_on=date(2026, 11, 1) + timedelta(days=number % 3))
        seen: list[QueueRow] = []
        cursor = None
        while True:
            cut = list_queue(session, world["rhodri"], CaseKind.ACCESS, cursor=cursor, size=3)
            seen.extend(cut.items)
            if cut.next_cursor is None:
                break
            cursor = cut.next_cursor
        assert len(seen) == len({row.id for row in seen}) == 7
        assert [row.due_on for row in seen] == sorted(row.due_on for row in seen)
        own = list_own(session, world["sian"], size=4)
        rest = list_own(session, world["sian"], size=4, cursor=own.next_cursor)
        assert [row.id for row in (*own.items, *rest.items)] == [row.id for row in reversed(seen)]


@pytest.mark.parametrize("cursor", ["", "nonsense", "WzEsMl0", "WyJ4IiwieSJd", "A" * 500])
def test_a_broken_cursor_shows_the_first_page(world: World, cursor: str) -> None:
    with world.database.writing() as session:
        world.request(session)
        assert len(list_queue(session, world["rhodri"], CaseKind.ACCESS, cursor=cursor).items) == 1


def test_a_queue_is_filtered_by_state_by_day_and_by_who_works_on_it(world: World) -> None:
    with world.database.writing() as session:
        first = world.request(session)
        second = world.request(session, received_on=date(2026, 11, 2))
        done = world.request(session)
        take_step(session, world["rhodri"], first, STEPS["start"], desk=world.desk)
        take_step(session, world["sian"], done, STEPS["withdraw"], desk=world.desk)
        mair = session.get_one(Person, world["mair"].person_id)
        assign(session, world["rhodri"], second, mair, Duty.HANDLER, desk=world.desk)
        for filters, expected in (
            (QueueFilter(), {second.id, first.id}),
            (QueueFilter(is_open=False), {done.id}),
            (QueueFilter(state="scoping"), {first.id}),
            (QueueFilter(due_by=date(2026, 12, 2)), {second.id}),
            (QueueFilter(assigned_to=world["mair"].person_id), {second.id}),
        ):
            rows = list_queue(session, world["rhodri"], CaseKind.ACCESS, filters=filters).items
            assert {row.id for row in rows} == expected
            assert count_queue(session, world["rhodri"], CaseKind.ACCESS, filters) == len(expected)
        assert find_assigned(session, second, Duty.HANDLER) is mair
        assert find_assigned(session, first, Duty.HANDLER) is None


def test_reviewers_managers_and_representatives_have_queues_of_their_own(world: World) -> None:
    with world.database.writing() as session:
        review, other = world.review(session), world.review(session, system_id=None)
        owen = session.get_one(Person, world["owen"].person_id)
        carys = session.get_one(Person, world["carys"].person_id)
        assign(session, world["rhodri"], other, owen, Duty.REVIEWER, desk=world.desk)
        assign(session, world["sian"], review, carys, Duty.REPRESENTATIVE, desk=world.desk)
        for name, expected in (("owen", [other.id]), ("helen", [review.id]), ("carys", [review.id]), ("gwen", [])):
            assert [row.id for row in list_queue(session, world[name], CaseKind.REVIEW).items] == expected
            assert count_queue(session, world[name], CaseKind.REVIEW) == len(expected)
        assert count_queue(session, world["rhodri"], CaseKind.REVIEW) == 2


def test_the_ten_words_find_their_case_and_nothing_else(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        assert find_by_code(session, bytes(32)) is case
        assert find_by_code(session, bytes([1] * 32)) is None


def test_a_row_says_how_many_days_are_left_and_whether_it_is_late(world: World) -> None:
    with world.database.writing() as session:
        world.request(session)
        row = list_queue(session, world["rhodri"], CaseKind.ACCESS).items[0]
    assert row.days_left(date(2026, 12, 20)) == 3
    assert not row.is_late(date(2026, 12, 23))
    assert row.is_late(date(2026, 12, 24))


@pytest.mark.parametrize("filters", [QueueFilter(), QueueFilter(state="received")])
def test_a_deep_page_of_a_queue_is_read_from_an_index_in_order(world: World, filters: QueueFilter) -> None:
    with world.database.reading() as session:
        statements: list[str] = []

        def remember(_c: object, _cur: object, statement: str, parameters: object, *_rest: object) -> None:
            statements.append(statement.replace("?", "'x'") if parameters else statement)

        event.listen(world.database.engine, "before_cursor_execute", remember)
        list_queue(session, world["rhodri"], CaseKind.ACCESS, cursor="WyIyMDI2LTEyLTIzIiwiYSJd", filters=filters)
        event.remove(world.database.engine, "before_cursor_execute", remember)
        plan = " ".join(str(row) for row in session.execute(text("EXPLAIN QUERY PLAN " + statements[-1])))
    assert "USING INDEX ix_cases_" in plan
    assert "(due_on,id)>" in plan
    assert "TEMP B-TREE" not in plan
