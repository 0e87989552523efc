"""One request on the desk: the one next step, who else is at it, notes, and a missed day that is explained."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from portal.cases.models import Case
from portal.subject_access.officer import duties
from portal.subject_access.officer.standing import Next, Standing, next_of
from portal.subject_access.rules import State
from tests.subject_access.browsing import act, open_case
from tests.subject_access.conftest import MONDAY, World
from tests.subject_access.officer.test_queue import searching_case
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"
ME, OTHER = "m" * 26, "o" * 26


def standing(**changes: int) -> Standing:
    numbers = {"tasks": 3, "undone": 0, "late_tasks": 0, "items": 2, "undecided": 0} | changes
    return Standing(**numbers, proposals=())


@pytest.mark.parametrize(
    ("state", "found", "said", "part"),
    [
        (State.RECEIVED, standing(), "Start work", "start"),
        (State.SCOPING, standing(), "Send the search tasks", "search"),
        (State.SEARCHING, standing(undone=2, late_tasks=1), "Chase {n} search that is late", "search"),
        (State.SEARCHING, standing(undone=2), "Wait for {n} search", "search"),
        (State.SEARCHING, standing(), "Every search is answered: go on to the material", "search"),
        (State.REDACTING, standing(items=0), "Add what was found, or answer that nothing is held", "material"),
        (State.REDACTING, standing(undecided=1), "Decide on {n} item", "material"),
        (State.REDACTING, standing(), "Every item is decided: prepare the answer", "answer"),
        (State.CLOSED, standing(), "Nothing more to do", None),
    ],
)
def test_there_is_one_next_step_and_where_it_is_done(state: State, found: Standing, said: str, part: str) -> None:
    step = next_of(Case(state=state.value), found, ME)
    assert (step.said.msgid, step.part) == (said, part)
    assert isinstance(step, Next)


def test_every_state_has_a_next_step() -> None:
    for state in State:
        assert next_of(Case(state=state.value), standing(), ME).said.msgid


def test_a_colleague_who_opened_it_in_the_last_minutes_is_named_and_oneself_is_not(
    world: World, officer: Visitor, rooms: FastAPI
) -> None:
    reference = open_case(world)
    first = officer.get(f"{DESK}/{reference}").text
    assert "Opened" not in first
    with visiting(rooms) as other:
        other.get("/en/my/sign-in")
        assert other.sign_in("bethan@taran.example").status_code == 303
        world.set_time(MONDAY + timedelta(minutes=2))
        page = other.get(f"{DESK}/{reference}").text
        assert "Opened 2 minutes ago by: " in page
        world.set_time(MONDAY + timedelta(minutes=13))
        assert "Opened" not in other.get(f"{DESK}/{reference}").text


def test_the_page_sums_up_searches_and_leads_to_them(world: World, officer: Visitor) -> None:
    reference = searching_case(world)
    page = officer.get(f"{DESK}/{reference}").text
    assert "Wait for 1 search" in page
    assert f'href="{DESK}/{reference}/search"' in page
    world.set_time(MONDAY + timedelta(days=9))
    officer.get("/en/my/sign-in")
    officer.sign_in("rhodri@taran.example")
    assert "Chase 1 search that is late" in officer.get(f"{DESK}/{reference}").text


def test_a_note_is_for_colleagues_alone(world: World, officer: Visitor, visitor: Visitor) -> None:
    reference = open_case(world)
    assert act(officer, reference, "note", words="").status_code == 422
    assert act(officer, reference, "note", words="Phone first <i>").status_code == 303
    assert "Phone first &lt;i&gt;" in officer.get(f"{DESK}/{reference}").text


def test_a_missed_day_stands_on_the_desk_until_somebody_writes_why(world: World, officer: Visitor) -> None:
    reference = open_case(world)
    assert "missed" not in officer.get(f"{DESK}/{reference}").text
    late = datetime(2026, 12, 24, 9, tzinfo=UTC)
    world.set_time(late)
    duties.open_missed_days(world.database, world.settings, late)
    officer.get("/en/my/sign-in")
    officer.sign_in("rhodri@taran.example")
    assert "1 day for answering was missed" in officer.get(DESK).text
    assert "was not answered by 23 December 2026" in officer.get(f"{DESK}/{reference}").text
    assert act(officer, reference, "missed", words="").status_code == 422
    assert act(officer, reference, "missed", words="Two of us were ill").status_code == 303
    assert "day for answering was missed" not in officer.get(DESK).text
    assert "Two of us were ill" in officer.get(f"{DESK}/{reference}").text
