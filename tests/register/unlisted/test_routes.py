"""The pages: two doors, a form that keeps what was typed, what everybody reads, and the desk of the office."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.register.corrections.rules import MOST_AN_HOUR
from portal.register.unlisted.models import ToolQuestion
from tests.demonstrated import GWYNFOR, Demonstrated
from tests.visitors import Visitor

EDITOR, OFFICER = "non.elidir@dyffryn-cledwen.example", "mair.tudur@dyffryn-cledwen.example"
FORM, LIST, DESK = "/en/systems/unlisted/report", "/en/systems/questions", "/en/my/desk/register/questions"
CALLED, WHERE = "Mesurydd 58213", "Canolfan 77123"
OPEN = "Does a tool measure how long telephone calls take in customer services?"
ANSWERED = "Does a tool sort job applications before a person reads them?"


@pytest.fixture
def visitor(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made


def report(visitor: Visitor, **changes: str) -> object:
    visitor.get(FORM)
    fields = {"form_id": visitor.hidden()["form_id"], "employer": "dyffryn-cledwen", "called": CALLED, "where": WHERE}
    return visitor.post(FORM, {**fields, **changes})


def open_question(demonstrated: Demonstrated) -> str:
    with demonstrated.database.reading() as session:
        return session.scalars(select(ToolQuestion.id).where(ToolQuestion.answered_on.is_(None))).one()


@pytest.mark.parametrize(
    "path",
    [
        "/systems?employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=refuse&kind=employee",
        "/systems/all?q=zzzz",
        "/systems/all",
        "/systems/questions?employer=dyffryn-cledwen",
    ],
)
def test_who_finds_nothing_or_something_else_is_shown_the_way(visitor: Visitor, path: str) -> None:
    assert 'href="/cy/systems/unlisted' in visitor.get(f"/cy{path}").text


def test_the_sealed_door_carries_the_kind_and_nothing_else_in_no_address(visitor: Visitor) -> None:
    page = visitor.get("/en/systems/unlisted?employer=dyffryn-cledwen").text
    door = re.search(r'<form class="way" action="(/en/concern)" method="post">(.*?)</form>', page)
    assert door and re.findall(r'name="(\w+)" value="([^"]*)"', door[2]) == [("about", "matter:unlisted-system")]
    first = visitor.post("/en/concern", {"about": "matter:unlisted-system"})
    assert first.status_code == 200 and "There is a problem" not in first.text
    assert "A computer system at work that is not on the register" in first.text
    again = visitor.post("/en/concern/write", {"about": "matter:unlisted-system"})
    assert again.status_code == 422 and 'value="matter:unlisted-system"' in again.text
    for path in ("write", "form"):
        chosen = {"body": "dyffryn-cledwen", "about": "matter:unlisted-system"}
        page = visitor.post(f"/en/concern/{path}", chosen).text
        assert "What is it called, or what does it do?" in page
        assert "What is it called" not in visitor.post(f"/en/concern/{path}", chosen | {"about": "matter:safety"}).text


def test_a_form_with_a_mistake_keeps_what_was_typed_and_one_without_makes_a_question(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    for wrong, said in ({"called": ""}, "what the tool is called"), ({"employer": ""}, "Select your employer"):
        page = report(visitor, **wrong)
        assert page.status_code == 422 and WHERE in page.text and said in page.text  # type: ignore[attr-defined]
    assert "correct format" in report(visitor, contact="no address").text  # type: ignore[attr-defined]
    sent = report(visitor, contact="rhywun@cartref.example")
    assert sent.headers["location"] == "/en/systems/unlisted/sent?employer=dyffryn-cledwen"  # type: ignore[attr-defined]
    assert "4 December 2026" in visitor.get(sent.headers["location"]).text  # type: ignore[attr-defined]
    assert CALLED not in visitor.get(LIST).text
    with demonstrated.database.reading() as session:
        row = session.scalars(select(ToolQuestion).where(ToolQuestion.asked_cy.is_(None))).one()
        assert row.contact is not None and b"cartref" not in row.contact


def test_so_many_an_hour_are_taken_and_whoever_works_here_has_a_door_of_their_own(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    answers = [report(visitor).status_code for _ in range(MOST_AN_HOUR + 1)]  # type: ignore[attr-defined]
    assert answers == [303] * MOST_AN_HOUR + [429]
    assert visitor.page.headers["retry-after"] and CALLED in visitor.page.text
    own = "/en/my/tool-question"
    assert f'href="{own}"' in visitor.page.text
    with demonstrated.signed_in(EDITOR) as worker:
        assert "that is not kept with it either" in worker.get(own).text
        fields = {"form_id": worker.hidden()["form_id"], "employer": "dyffryn-cledwen", "called": CALLED}
        assert worker.post(own, {**fields, "called": ""}).status_code == 422
        assert worker.post(own, fields).status_code == 303


def test_everybody_reads_what_was_asked_in_the_words_of_the_office_and_what_became_of_it(visitor: Visitor) -> None:
    for employer in ("", "employer=dyffryn-cledwen&"):
        page = visitor.get(f"{LIST}?{employer}").text
        assert OPEN in page and ANSWERED not in page and "Something measures" not in page
        assert "November 2026" in page and "18 November" not in page, "no day on which it came"
        page = visitor.get(f"{LIST}?{employer}show=answered").text
        assert ANSWERED in page and 'href="/en/s/HG2M9R"' in page and OPEN not in page
    assert OPEN not in visitor.get(f"{LIST}?employer=glannau-ogwen").text
    assert visitor.get(f"{LIST}?employer=nobody").status_code == 404


def test_the_feed_of_an_employer_tells_of_answers_and_that_of_a_system_does_not(visitor: Visitor) -> None:
    for scope, is_told in ("", True), ("?employer=dyffryn-cledwen", True), ("?system=HG2M9R", False):
        feed = visitor.get(f"/en/feeds/systems.atom{scope}").text
        assert (ANSWERED in feed) is is_told
        assert OPEN not in feed


def test_the_desk_words_answers_and_lets_a_second_person_read(demonstrated: Demonstrated) -> None:
    here = f"{DESK}/{open_question(demonstrated)}"
    with demonstrated.signed_in(EDITOR) as editor, demonstrated.signed_in(OFFICER) as officer:
        assert OPEN in editor.get(DESK).text
        assert "Something measures" in editor.get(here).text
        assert editor.post(f"{here}/wording", {"asked_cy": "Cwestiwn?", "asked_en": ""}).status_code == 422
        assert "Cwestiwn?" in editor.page.text
        fields = {"finding": "entered", "answer_cy": "Atebwyd hwn.", "answer_en": "This was answered."}
        assert editor.post(here, fields).status_code == 422
        assert "Select the entry" in editor.page.text and "Atebwyd hwn." in editor.page.text
        assert "Select why" in editor.post(here, fields | {"finding": "cannot_say"}).text
        editor.get(here)
        assert editor.post(here, fields | {"finding": "cannot_say", "reason": "law"}).headers["location"] == here
        assert "data protection officer must read it" in editor.get(here).text
        waiting = officer.get(here)
        assert "Something measures" not in waiting.text and "Atebwyd hwn." in waiting.text
        assert officer.post(f"{here}/approval", {"seen": officer.hidden()["seen"]}).headers["location"] == DESK
        assert "Atebwyd hwn." in officer.get(f"{LIST}?show=answered".replace("/en/", "/cy/")).text


def test_a_stranger_meets_what_was_never_there(demonstrated: Demonstrated) -> None:
    here = f"{DESK}/{open_question(demonstrated)}"
    with demonstrated.signed_in(GWYNFOR) as stranger:
        for path in (DESK, here, "/en/my/concerns/ask-the-register"):
            assert stranger.get(path).status_code == 404
