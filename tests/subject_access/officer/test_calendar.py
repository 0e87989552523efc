"""Days as a file and at a secret address; the board's addresses."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from portal.cases.board import BoardAddress
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.subject_access.officer.models import CalendarLink
from tests.subject_access.browsing import open_case, sign_in
from tests.subject_access.conftest import World
from tests.subject_access.officer.test_queue import searching_case
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"


@pytest.fixture
def helen(world: World, rooms: FastAPI) -> Iterator[Visitor]:
    """She searches, and administers the council."""
    with world.database.writing() as session:
        session.add(
            RoleHolding(
                id="h" * 26, person_id=world["helen"].person_id, role=RoleName.ADMINISTRATOR,
                body_id=world.bodies["taran"].id, started_on=world.desk.today,
            )
        )  # fmt: skip
    with visiting(rooms) as one:
        sign_in(one, "helen")
        yield one


def secret_address(visitor: Visitor, locale: str = "en") -> str:
    visitor.get(f"/{locale}/my/calendar")
    page = visitor.post(f"/{locale}/my/calendar/link")
    found = re.search(r'<code id="address">https?://[^/]+([^<]+)</code>', page.text)
    assert found is not None
    return found[1]


def test_the_calendar_has_reference_and_day_and_not_a_name(world: World, officer: Visitor, helen: Visitor) -> None:
    reference, other = searching_case(world), open_case(world)
    made = officer.get("/en/my/calendar.ics")
    assert made.headers["content-type"].startswith("text/calendar")
    text = made.text.replace("\r\n ", "")
    assert f"SUMMARY;LANGUAGE=en:Access request due: {reference}" in text
    assert "DTSTART;VALUE=DATE:20261223" in text
    assert other not in text, "nobody works on it yet"
    assert "sian" not in text.lower()
    tasks = helen.get("/en/my/calendar.ics").text
    assert f"Search due: {reference}" in tasks.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261130" in tasks


def test_a_secret_address_is_kept_as_its_hash_replaced_and_switched_off(
    world: World, officer: Visitor, visitor: Visitor
) -> None:
    reference = searching_case(world)
    first = secret_address(officer)
    assert reference in visitor.get(first).text
    assert "set-cookie" not in visitor.page.headers
    second = secret_address(officer)
    assert visitor.get(first).status_code == 404
    assert reference in visitor.get(second).text
    with world.database.reading() as session:
        (kept,) = session.scalars(select(CalendarLink)).all()
        assert kept.token_hash.hex() not in second
        assert len(kept.token_hash) == 32
    officer.get("/en/my/calendar")
    assert officer.post("/en/my/calendar/revoke").status_code == 303
    assert visitor.get(second).status_code == 404
    assert visitor.get("/en/calendar/nonsense.ics").status_code == 404


def test_an_administrator_names_who_at_the_top_hears(world: World, helen: Visitor, officer: Visitor) -> None:
    taran, mynach = (world.bodies[slug].id for slug in ("taran", "mynach"))
    board = f"{DESK}/board"
    assert officer.get(board).status_code == 404
    helen.get(board)
    assert helen.post(board, {"body": taran, "email": "nonsense"}).status_code == 422
    assert helen.post(board, {"body": taran, "email": "Board@Taran.example"}).status_code == 303
    helen.get(board)
    assert helen.post(board, {"body": taran, "email": "board@taran.example"}).status_code == 422
    assert helen.post(board, {"body": mynach, "email": "x@mynach.example"}).status_code == 404
    page = helen.get(board).text
    assert "board@taran.example" in page
    found = re.search(r"/board/([a-z2-7]{26})/remove", page)
    assert found is not None
    assert helen.post(f"{board}/{found[1]}/remove").status_code == 303
    with world.database.reading() as session:
        assert session.scalars(select(BoardAddress)).all() == []
