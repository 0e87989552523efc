"""Days as a file and at a secret address; the board's addresses."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.cases.board import BoardAddress
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.identity.models import CalendarLink
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


def shown(text: str) -> dict[str, str]:
    """Day and title of each entry."""
    entries = text.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    found = [re.search(r"VALUE=DATE:(\d{8}).*SUMMARY;LANGUAGE=\w\w:(.*?)\r", entry, re.S) for entry in entries]
    return {one[1]: one[2] for one in found if one is not None}


def test_the_calendar_says_how_many_things_are_due_and_nothing_of_what_they_are(
    world: World, officer: Visitor, helen: Visitor
) -> None:
    reference, other = searching_case(world), open_case(world)
    made = officer.get("/en/my/calendar.ics")
    assert made.headers["content-type"].startswith("text/calendar")
    assert shown(made.text) == {"20261223": "Porth: 1 thing is due"}, "nobody works on the other one yet"
    assert shown(helen.get("/cy/my/calendar.ics").text) == {"20261130": "Porth: 1 peth i’w wneud"}
    for secret in (reference, other, reference.partition("-")[2], "sian", "Access", "Search"):
        assert secret.lower() not in made.text.lower()


def test_a_secret_address_is_kept_as_its_hash_replaced_and_switched_off(
    world: World, officer: Visitor, visitor: Visitor
) -> None:
    searching_case(world)
    first = secret_address(officer)
    assert "20261223" in shown(visitor.get(first).text)
    assert "set-cookie" not in visitor.page.headers
    second = secret_address(officer)
    assert visitor.get(first).status_code == 404
    assert "20261223" in shown(visitor.get(second).text)
    with world.database.reading() as session:
        (kept,) = session.scalars(select(CalendarLink)).all()
        assert kept.token_hash.hex() not in second
        assert len(kept.token_hash) == 32
        events = session.scalars(select(AuditEvent.event)).all()
    assert events.count("calendar.link_made") == 2
    officer.get("/en/my/calendar")
    assert officer.post("/en/my/calendar/revoke").status_code == 303
    assert visitor.get(second).status_code == 404
    assert visitor.get("/en/calendar/nonsense.ics").status_code == 404


def test_a_calendar_with_nothing_in_it_is_a_calendar(world: World, officer: Visitor) -> None:
    made = officer.get("/cy/my/calendar.ics")
    assert made.text.startswith("BEGIN:VCALENDAR\r\n")
    assert made.text.endswith("END:VCALENDAR\r\n")
    assert shown(made.text) == {}


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
