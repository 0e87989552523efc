"""What the desk costs: so many questions, each answered by its index, and a page of 25 the same at any size."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from portal.concerns.casework import places
from portal.concerns.casework.duties import keep_desks
from portal.concerns.casework.lanes import ME, NOBODY, Asked
from portal.concerns.casework.models import DeskPlace
from portal.concerns.casework.places import Keeping
from portal.concerns.casework.queries import MOST_COUNTED, count_lanes, list_desk
from portal.concerns.casework.rules import Lane, Severity, Shown, Side, Sort, Theme
from portal.core.db import Database
from portal.core.text import Locale
from portal.mailbox.models import SealedCase, SealedGrant
from portal.timelimits.calendar import WorkingDays
from tests.concerns.casework.conftest import Told
from tests.concerns.timing.conftest import CAME
from tests.demonstrated import ELIN, Demonstrated

MANY = 2_000
HERE = "/en/my/concerns"


@contextmanager
def questions(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Everything that is asked of the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(session: Session, statement: str, parameters: Any) -> list[str]:
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [str(row[3]) for row in rows]


def scanned(plan: list[str]) -> list[str]:
    """Tables of threads that are read from one end to the other."""
    return [line for line in plan if re.match(r"SCAN (sealed|told|desk)_", line)]


def fill(told: Told) -> None:
    """A desk with many threads, each granted; told rows of none."""
    with told.desk.database.writing() as session:
        key, person = told.desk.keys["rep"], told.desk.people["rep"]
        ids = [number.to_bytes(16, "big") for number in range(1, MANY + 1)]
        cases = [
            {"case_id": one, "body_id": told.desk.body_id, "locator_hash": one * 2, "recipient": "age1pq1…", "epoch": 0,
             "opened_day": CAME, "expires_week": CAME, "state": "new", "held": False}
            for one in ids
        ]  # fmt: skip
        session.connection().execute(insert(SealedCase), cases)
        grants = [{"case_id": one, "epoch": 0, "key_id": key, "file": b"grant"} for one in ids]
        session.connection().execute(insert(SealedGrant), grants)
        put = [
            {"person_id": person, "case_id": one, "side": Side.UNION, "is_open": True, "lane": list(Lane)[at % 3],
             "due_on": CAME + timedelta(days=at % 50), "next_on": CAME + timedelta(days=at % 70),
             "theme": list(Theme)[at % 5], "severity": list(Severity)[at % len(Severity)], "lang": list(Locale)[at % 2],
             "system_id": f"{at:026d}", "assignee_id": f"{at % 9:026d}"}
            for at, one in enumerate(ids)
        ]  # fmt: skip
        session.connection().execute(insert(DeskPlace), put)
        session.execute(text("ANALYZE"))


@pytest.fixture
def full(told: Told) -> Told:
    fill(told)
    return told


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(), "ix_desk_places_due"),
        (Asked(lane=Shown.NEW), "ix_desk_places_lane"),
        (Asked(lane=Shown.DUE), "ix_desk_places_due"),
        (Asked(lane=Shown.WORKER, lang=Locale.CY), "ix_desk_places_lane"),
        (Asked(theme=Theme.PACE), "ix_desk_places_theme"),
        (Asked(severity=Severity.HARM), "ix_desk_places_severity"),
        (Asked(system="s" * 26), "ix_desk_places_system"),
        (Asked(mine=ME), "ix_desk_places_assignee"),
        (Asked(mine=NOBODY), "ix_desk_places_assignee"),
        (Asked(sort=Sort.NEXT), "ix_desk_places_next"),
        (Asked(lane=Shown.ENDED), "ix_desk_places_due"),
    ],
)
def test_a_page_walks_its_index_and_looks_up_the_rest_by_key(full: Told, asked: Asked, index: str) -> None:
    database = full.desk.database
    actor = full.actor("rep")
    with questions(database.engine) as said, database.reading() as session:
        list_desk(session, actor, asked, today=CAME, cursor=None)
    ((statement, parameters),) = said
    with database.reading() as session:
        plan = plan_of(session, statement, parameters)
    assert any(index in line for line in plan), plan
    assert not scanned(plan), plan
    assert not [line for line in plan if "TEMP B-TREE" in line], plan


def test_the_numbers_and_what_is_given_to_me_walk_an_index_too(full: Told) -> None:
    database = full.desk.database
    actor = full.actor("rep")
    with questions(database.engine) as said, database.reading() as session:
        count_lanes(session, actor, Asked(lane=Shown.US, mine=ME), today=CAME)
        list_desk(session, actor, Asked(mine=ME), today=CAME, cursor=None)
    assert len(said) == 2
    with database.reading() as session:
        for statement, parameters in said:
            plan = plan_of(session, statement, parameters)
            assert not scanned(plan), plan


def steps_of(database: Database, act: Any) -> int:
    """How many steps SQLite takes: what it costs, whatever the machine does beside."""
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        raw = session.connection().connection.driver_connection
        assert raw is not None
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        raw.set_progress_handler(count, 10)
        try:
            act(session)
        finally:
            raw.set_progress_handler(None, 10)
        return taken * 10


def test_a_page_of_a_full_desk_costs_what_one_of_an_empty_one_does(full: Told) -> None:
    database, actor = full.desk.database, full.actor("rep")

    def first(session: Session) -> None:
        cut = list_desk(session, actor, Asked(), today=CAME, cursor=None)
        assert len(cut.items) == 25

    def deep(session: Session) -> None:
        cut = list_desk(session, actor, Asked(), today=CAME, cursor=last.next_cursor)
        assert len(cut.items) == 25

    with database.reading() as session:
        last = list_desk(session, actor, Asked(), today=CAME, cursor=None, most=MANY - 100)
    of_many, of_deep = steps_of(database, first), steps_of(database, deep)
    with database.writing() as session:
        session.execute(text("DELETE FROM desk_places WHERE due_on > :day"), {"day": CAME.isoformat()})
    of_few = steps_of(database, first)
    assert max(of_many, of_deep) <= 1.2 * of_few
    with database.reading() as session:
        assert len(list_desk(session, actor, Asked(), today=CAME, cursor=None).items) == 25


def test_a_word_that_nothing_carries_costs_no_walk_through_the_desk(full: Told) -> None:
    database, actor = full.desk.database, full.actor("rep")

    def page(session: Session) -> None:
        assert len(list_desk(session, actor, Asked(), today=CAME, cursor=None).items) == 25

    def none(session: Session) -> None:
        asked = Asked(mine=NOBODY)
        assert list_desk(session, actor, asked, today=CAME, cursor=None).items == []
        assert count_lanes(session, actor, asked, today=CAME)[1] == 0

    numbers = steps_of(database, lambda session: count_lanes(session, actor, Asked(), today=CAME))
    assert steps_of(database, none) <= steps_of(database, page) + numbers


def test_numbers_stop_at_a_hundred(full: Told) -> None:
    with full.desk.database.reading() as session:
        counts, shown = count_lanes(session, full.actor("rep"), Asked(), today=CAME)
    assert shown == MOST_COUNTED
    assert counts[Shown.NEW] == MOST_COUNTED
    assert counts[Shown.DUE] == min(MOST_COUNTED, sum(at % 50 <= 5 for at in range(MANY)))


def test_the_desk_asks_no_more_for_more_threads(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(ELIN) as elin:
        elin.get(HERE)
        with questions(demonstrated.app.state.database.engine) as said:
            page = elin.get(HERE).text
        case = page.split('data-case="')[1][:22]
        with questions(demonstrated.app.state.database.engine) as of_case:
            elin.get(f"{HERE}/{case}")
    assert len(said) <= 18
    assert len(of_case) <= 22


def test_a_desk_that_nothing_was_granted_to_since_is_only_counted(told: Told) -> None:
    told.came("rep")
    keeping = Keeping(CAME, WorkingDays())
    places.keep_own_desk(told.desk.database, told.desk.people["rep"], keeping)
    with questions(told.desk.database.engine) as said:
        places.keep_own_desk(told.desk.database, told.desk.people["rep"], keeping)
    assert len(said) == 2
    assert all(statement.startswith("SELECT") for statement, _parameters in said)
    told.came("rep")
    places.keep_own_desk(told.desk.database, told.desk.people["rep"], keeping)
    assert len(told.look("rep", list_desk, Asked(), today=CAME, cursor=None).items) == 2


def test_a_very_long_desk_is_kept_by_the_sweep_alone(told: Told) -> None:
    person, keeping = told.desk.people["rep"], Keeping(CAME, WorkingDays())
    with told.desk.database.writing() as session:
        places.note_kept(session, person, places.MANY + 1, CAME)
    told.came("rep")
    with questions(told.desk.database.engine) as said:
        places.keep_own_desk(told.desk.database, person, keeping)
    assert len(said) == 1
    assert told.look("rep", list_desk, Asked(), today=CAME, cursor=None).items == []
    assert told.sweep() == 1
    assert len(told.look("rep", list_desk, Asked(), today=CAME, cursor=None).items) == 1


def test_the_sweep_looks_once_a_day_at_everything_and_then_at_what_came(told: Told) -> None:
    first = told.came("head", "rep")
    assert told.sweep() == 2
    assert told.sweep() == 0
    told.came("rep")
    told.begins_anew(first, "rep")
    assert told.sweep() == 2, "a place more, and one less"
    told.later(days=1)
    assert keep_desks(told.desk.database, told.desk.settings, told.at) == 0
