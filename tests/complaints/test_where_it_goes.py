"""To whom it goes, before it is sent; why it came to somebody, in two voices; how an exclusion is lifted."""

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from portal.account.routes import router as account_router
from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.rules import Duty
from portal.complaints.routes import router
from portal.core import ids
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.home import lifting, passing
from portal.home.case_pages import router as case_router
from tests.complaints.conftest import World
from tests.complaints.test_pages import carried, sign_in, sign_in_again, walk
from tests.visitors import Visitor, make_rooms, visiting

AWAY = "rhodri@taran.example"


@pytest.fixture
def whole(world: World) -> FastAPI:
    return make_rooms(
        world.settings, world.database, account_router, case_router, router, lifting.router, passing.router
    )  # fmt: skip


@pytest.fixture
def person(whole: FastAPI) -> Iterator[Visitor]:
    with visiting(whole) as one:
        yield one


def complain(visitor: Visitor, away: str = "") -> str:
    """Siân complains; her reference."""
    sign_in(visitor, "sian")
    walk(visitor, "/en/my/complaint", about={"away": away})
    answer = visitor.post("/en/my/complaint", {**carried(visitor), "go": "send"})
    return str(answer.headers["location"]).split("/")[-2]


def officer(world: World, name: str) -> None:
    """One more who works on requests."""
    with world.database.writing() as session:
        row = RoleHolding(
            id=ids.new_id(), person_id=world[name].person_id, role=RoleName.REQUEST_HANDLER,
            body_id=world.bodies["taran"].id, started_on=date(2026, 11, 1),
        )  # fmt: skip
        session.add(row)


def test_the_check_page_says_to_whom_it_goes_and_to_whom_not_by_their_posts(person: Visitor) -> None:
    sign_in(person, "sian")
    page = walk(person, "/en/my/complaint").text
    for post in ("Data Protection Officer", "Request handler"):
        assert f"It goes to: {post}. They work on such requests." in page
    assert "It will not go to" not in page
    left_out = walk(person, "/en/my/complaint", about={"away": AWAY}).text
    assert "It will not go to: Data Protection Officer. You left them out." in left_out
    assert "It goes to: Request handler." in left_out and "It goes to: Data Protection Officer" not in left_out
    assert "leaves out whoever else you mean" in left_out


def test_whether_anybody_else_works_there_the_page_does_not_tell(person: Visitor) -> None:
    sign_in(person, "sian")
    known = walk(person, "/en/my/complaint", about={"away": "gwen@taran.example"}).text
    unknown = walk(person, "/en/my/complaint", about={"away": "enid@taran.example"}).text
    parts = [page.partition("To whom it goes")[2].partition("</main>")[0] for page in (known, unknown)]
    assert parts[0].partition('<div class="buttons">')[0] == parts[1].partition('<div class="buttons">')[0]


def test_about_the_team_itself_it_goes_to_nobody_of_it_and_says_that_it_waits(person: Visitor) -> None:
    sign_in(person, "sian")
    page = walk(person, "/en/my/complaint", about={"office": "team"}).text
    assert "Nobody at this employer may receive it now" in page
    assert "It is about them" in page or "It will not go to" not in page


def test_why_it_came_is_kept_in_two_voices(world: World, person: Visitor) -> None:
    reference = complain(person, AWAY)
    mine = person.get(f"/en/my/cases/{reference}").text
    assert "Who has it, and why?" in mine and "They work on such requests" in mine
    sign_in_again(person, "bethan")
    theirs = person.get(f"/en/my/desk/complaints/{reference}").text
    assert "It comes to you because you work on such requests" in theirs
    assert "You left" not in theirs
    with world.database.reading() as session:
        row = session.scalars(select(Assignment).where(Assignment.duty == Duty.HANDLER)).one()
        assert row.why is not None and set(row.why) == {"receiver", "sender"}


def test_an_exclusion_is_lifted_on_its_pages_by_three_people(world: World, person: Visitor) -> None:
    officer(world, "owain")
    reference = complain(person, AWAY)
    at = f"/en/my/left-out/{reference}"
    sign_in_again(person, "rhodri")
    assert person.get(at).status_code == 404
    sign_in_again(person, "bethan")
    assert "rhodri" in person.get(at).text
    with world.database.reading() as session:
        who = session.scalars(select(Person.id).where(Person.email == AWAY)).one()
    assert person.post(at, {**carried(person), "act": "propose", "person": who, "because": ""}).status_code == 422
    asked = {**carried(person), "act": "propose", "person": who, "because": "Only he knows the system 61616"}
    assert person.post(at, asked).status_code == 303
    page = person.get(at).text
    assert "61616" in page and "The person has not answered yet." in page
    lift = carried(person)["lift"]
    assert person.post(at, {**carried(person), "act": "approve", "lift": lift}).status_code == 422
    sign_in_again(person, "owain")
    person.get(at)
    assert person.post(at, {**carried(person), "act": "approve", "lift": lift}).status_code == 303
    sign_in_again(person, "sian")
    own = f"/en/my/cases/{reference}"
    assert "61616" in person.get(own).text
    assert person.post(f"{own}/again", {**carried(person), "lift": lift, "agrees": "yes"}).status_code == 303
    assert "61616" not in person.get(own).text
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        assert session.get(Exclusion, (case.id, who)) is None
    sign_in_again(person, "rhodri")
    assert person.get(f"/en/my/desk/complaints/{reference}").status_code == 200


def test_what_went_to_a_colleague_is_taken_back_by_nobody_else(world: World, person: Visitor) -> None:
    reference = complain(person, AWAY)
    with world.database.writing() as session:
        session.execute(update(Assignment).values(in_place_of=world["rhodri"].person_id))
        session.execute(update(Exclusion).values(person_id=world["gwen"].person_id))
        case_id = session.scalars(select(Case.id).where(Case.reference == reference)).one()
    sign_in_again(person, "bethan")
    person.get("/en/my/back")
    assert person.post("/en/my/back", {**carried(person), "case": case_id}).status_code == 404
    sign_in_again(person, "rhodri")
    assert reference in person.get("/en/my/back").text
    assert person.post("/en/my/back", {**carried(person), "case": case_id}).status_code == 303
    assert "Nothing waits for you here" in person.get("/en/my/back").text
    assert "because you took it on" in person.get(f"/en/my/desk/complaints/{reference}").text
