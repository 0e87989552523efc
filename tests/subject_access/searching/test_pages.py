"""The pages of searching: the officer's plan and places, and the searcher's own tasks."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.subject_access.browsing import case_of, open_case, sign_in
from tests.subject_access.conftest import World
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"


@pytest.fixture
def searcher(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "helen")
        yield one


def add_place(officer: Visitor, **changes: str) -> None:
    officer.get(f"{DESK}/places/new")
    typed = {"kind": "mail", "name_cy": "E-bost", "name_en": "Email", "owner": "helen@taran.example"} | changes
    assert officer.post(f"{DESK}/places/new", {**officer.hidden(), **typed}).status_code == 303


def press(officer: Visitor, reference: str, act: str, **typed: str) -> int:
    officer.get(f"{DESK}/{reference}/search")
    case = officer.hidden()
    return officer.post(f"{DESK}/{reference}/search/{act}", {**case, **typed}).status_code


def begin(officer: Visitor, world: World) -> str:
    reference = open_case(world)
    officer.get(f"{DESK}/{reference}/start")
    assert officer.post(f"{DESK}/{reference}/start", officer.hidden()).status_code == 303
    return reference


def first_task(searcher: Visitor) -> str:
    """The id in the address of the first task listed; ids have 26 signs."""
    found = re.search(r'href="/en/my/tasks/([a-z2-7]{26})"', searcher.get("/en/my/tasks").text)
    assert found is not None
    return found[1]


def test_from_a_place_to_the_answer_of_its_searcher(world: World, officer: Visitor, searcher: Visitor) -> None:
    add_place(officer)
    reference = begin(officer, world)
    assert "helen" in officer.get(f"{DESK}/{reference}/search").text.lower()
    assert press(officer, reference, "send") == 303
    task = first_task(searcher)
    page = searcher.get(f"/en/my/tasks/{task}")
    assert "section 173" in page.text
    wrong = searcher.post(f"/en/my/tasks/{task}", {**searcher.hidden(), "result": "found", "searched": "My <b>words"})
    assert wrong.status_code == 422
    assert "My &lt;b&gt;words" in wrong.text
    right = {"result": "found", "number": "3", "minutes": "20", "searched": "Everywhere"}
    assert searcher.post(f"/en/my/tasks/{task}", {**searcher.hidden(), **right}).status_code == 303
    assert press(officer, reference, "done") == 303
    assert case_of(world, reference).state == "redacting"


def test_strangers_see_the_common_page(world: World, officer: Visitor, searcher: Visitor, visitor: Visitor) -> None:
    add_place(officer)
    reference = begin(officer, world)
    press(officer, reference, "send")
    task = first_task(searcher)
    sign_in(visitor, "gwen")
    nonsense = visitor.get("/en/my/tasks/nonsense")
    assert nonsense.status_code == 404
    assert visitor.get(f"/en/my/tasks/{task}").text.replace(task, "nonsense") == nonsense.text
    for address in (f"{DESK}/places", f"{DESK}/{reference}/search"):
        assert visitor.get(address).status_code in (403, 404)
        assert searcher.get(address).status_code in (403, 404)


def test_a_place_says_what_is_wrong_and_keeps_what_was_typed(officer: Visitor) -> None:
    officer.get(f"{DESK}/places/new")
    typed = {"kind": "mail", "name_cy": "Fy <i>lle", "owner": "nobody@taran.example", "deputy": "helen@taran.example"}
    page = officer.post(f"{DESK}/places/new", {**officer.hidden(), **typed})
    assert page.status_code == 422
    assert "Fy &lt;i&gt;lle" in page.text
    assert "Nobody at this employer has this email address" in page.text
    assert "Enter the name in English" in page.text


def test_an_absence_is_said_and_taken_back(searcher: Visitor) -> None:
    searcher.get("/en/my/tasks")
    days = {"from-day": "23", "from-month": "11", "from-year": "2026", "until-day": "1", "until-month": "12"}
    wrong = searcher.post("/en/my/tasks/away", {**searcher.hidden(), **days, "until-year": "2025"})
    assert wrong.status_code == 422
    assert searcher.post("/en/my/tasks/away", {**searcher.hidden(), **days, "until-year": "2026"}).status_code == 303
    page = searcher.get("/en/my/tasks").text
    assert "From 23 November 2026 to 1 December 2026" in page
    absence = page.partition("/en/my/tasks/away/")[2].partition("/")[0]
    assert searcher.post(f"/en/my/tasks/away/{absence}/end", searcher.hidden()).status_code == 303
    assert "23 November" not in searcher.get("/en/my/tasks").text
