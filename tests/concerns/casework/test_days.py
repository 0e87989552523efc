"""The days of the threads that somebody was given: in their calendar, on the ladder of silence, and on the page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from portal.concerns.casework import service
from portal.concerns.casework.days import list_own_days, list_owners
from portal.concerns.casework.forms import read_planned
from portal.concerns.casework.rules import NextStep, Side, Waiting
from portal.concerns.casework.service import Planned
from portal.concerns.timing.duties import begin_clocks_of_concerns, climb_for_the_silent
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from tests.concerns.casework.conftest import Told

NEXT = date(2026, 12, 3)


def given(told: Told, who: str, *holders: str) -> bytes:
    """A thread that somebody took on, with a day to look at it again."""
    case_id = told.came(*holders)
    told.later(days=1)
    begin_clocks_of_concerns(told.desk.database, told.desk.settings, told.at)
    told.take(who, case_id)
    told.press(who, service.plan, case_id, Planned(NEXT, NextStep.ANSWER, Waiting.WORKER))
    return case_id


def days_of(told: Told, who: str) -> list[date]:
    actor = told.actor(who)
    with told.desk.database.reading() as session:
        return list_own_days(session, actor)


@pytest.mark.parametrize(("name", "year"), [("next_on", "9999"), ("mandate_until", "0027"), ("mandate_until", "9999")])
def test_a_year_that_no_calendar_has_is_no_date(name: str, year: str) -> None:
    problems = Problems()
    typed = FieldBag([(f"{name}-day", "1"), (f"{name}-month", "2"), (f"{name}-year", year)])
    planned = read_planned(typed, problems, Side.UNION, today=date(2026, 11, 23))
    assert (planned.next_on, planned.mandate_until) == (None, None)
    assert "real date" in problems[name].msgid


def test_whoever_was_given_a_thread_has_its_days_and_nobody_else(told: Told) -> None:
    case_id = given(told, "head", "head", "rep", "outside")
    due_on = told.clock(case_id).due_on
    assert due_on is not None
    assert days_of(told, "head") == sorted([due_on, NEXT])
    assert [days_of(told, who) for who in ("rep", "outside", "deputy")] == [[], [], []]


def test_the_days_go_with_the_key_to_the_thread(told: Told) -> None:
    case_id = given(told, "head", "head", "outside")
    told.begins_anew(case_id, "outside")
    assert days_of(told, "head") == []


def test_on_the_ladder_whoever_was_given_it_hears_first_and_the_others_after_them(told: Told) -> None:
    case_id = given(told, "deputy", "head", "deputy", "outside", "rep")
    due_on = told.clock(case_id).due_on
    assert due_on is not None
    with told.desk.database.reading() as session:
        assert list_owners(session, [case_id]) == {case_id: {told.desk.people["deputy"]}}
    late = [due_on + timedelta(days=days) for days in (1, 6)]
    heard = []
    for day in late:
        before = told.desk._letters()
        at = told.at.replace(year=day.year, month=day.month, day=day.day)
        climb_for_the_silent(told.desk.database, told.desk.settings, at, owners=list_owners)
        heard.append(sorted(said for letter, said in told.desk._letters().items() if letter not in before))
    assert heard == [["late deputy", "late rep"], ["late deputy", "late head", "late rep"]]


def test_own_days_are_found_by_who_works_on_it(told: Told) -> None:
    given(told, "head", "head", "outside")
    asked: list[str] = []
    actor = told.actor("head")
    event.listen(told.desk.database.engine, "before_cursor_execute", lambda _c, _k, sql, *_rest: asked.append(sql))
    with told.desk.database.reading() as session:
        list_own_days(session, actor)
        (sql,) = [one for one in asked if "told_sides" in one]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple("x" * sql.count("?"))).all()
    lines = [str(row[3]) for row in plan]
    assert any("ix_told_sides_assignee" in line for line in lines)
    assert not [line for line in lines if line.startswith(("SCAN told", "SCAN concern_clocks", "SCAN sealed"))]
