"""Who looked: written once a day for each part, and every page of one request at the desk writes it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from portal.account.routes import router as account_router
from portal.audit.models import AuditEvent
from portal.core.text import Bilingual
from portal.directory.models import RoleHolding
from portal.home.case_pages import router as home_router
from portal.subject_access.asking.looking import note_look
from portal.subject_access.asking.models import Reading
from portal.subject_access.asking.queries import list_looks
from portal.subject_access.asking.rules import LOOKED, Looked
from portal.subject_access.routes import router
from tests.subject_access.browsing import case_of, open_case, sign_in
from tests.subject_access.conftest import MONDAY, World
from tests.subject_access.searching.test_pages import add_place, begin, first_task, press
from tests.visitors import Visitor, make_rooms, visiting

DESK = "/en/my/desk/access"


@pytest.fixture
def whole(world: World) -> FastAPI:
    return make_rooms(world.settings, world.database, account_router, home_router, router)


@pytest.fixture
def sian(whole: FastAPI) -> Iterator[Visitor]:
    with visiting(whole) as one:
        sign_in(one, "sian")
        yield one


def test_every_page_of_one_request_at_the_desk_notes_who_opened_it() -> None:
    pages = [
        route
        for route in router.routes
        if isinstance(route, APIRoute)
        and route.path.startswith("/my/desk/access/{reference}")
        and "GET" in (route.methods or ())
    ]
    assert len(pages) > 5
    missing = [
        route.path
        for route in pages
        if note_look not in [dependency.call for dependency in route.dependant.dependencies]
    ]
    assert missing == []


def test_each_part_is_written_once_a_day_and_the_audit_has_one_line_a_day(world: World, officer: Visitor) -> None:
    reference = open_case(world)
    for address in ("", "", "/search", "/papers", "/search"):
        assert officer.get(f"{DESK}/{reference}{address}").status_code == 200
    case = case_of(world, reference)
    with world.database.reading() as session:
        parts = session.scalars(select(Reading.part).where(Reading.case_id == case.id)).all()
        read = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "access.read"))
    assert sorted(parts) == [Looked.REQUEST, Looked.SEARCH]
    assert read == 1
    world.set_time(MONDAY + timedelta(days=1))
    officer.get("/en/my/sign-in")
    officer.sign_in("rhodri@taran.example")
    officer.get(f"{DESK}/{reference}")
    with world.database.reading() as session:
        looks = list_looks(session, case)
    assert [look.on_day for look in looks] == [MONDAY.date() + timedelta(days=1), MONDAY.date()]
    assert looks[1].parts == (LOOKED[Looked.REQUEST], LOOKED[Looked.SEARCH])


def test_a_stranger_who_tries_is_not_written_down_and_meets_the_common_page(world: World, visitor: Visitor) -> None:
    reference = open_case(world)
    sign_in(visitor, "gwen")
    assert visitor.get(f"{DESK}/{reference}").status_code == 404
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reading)) == 0


@pytest.mark.parametrize("is_named", [True, False])
def test_the_worker_reads_the_post_and_a_name_only_where_the_post_is_shown_by_name(
    world: World, officer: Visitor, sian: Visitor, is_named: bool
) -> None:
    reference = open_case(world)
    assert "Nobody has opened it yet" in sian.get(f"/en/my/cases/{reference}").text
    with world.database.writing() as session:
        holding = session.scalars(
            select(RoleHolding).where(RoleHolding.person_id == world["rhodri"].person_id)
        ).one()  # fmt: skip
        post = Bilingual("Swyddog gwybodaeth", "Information officer")
        holding.post_cy, holding.post_en, holding.shown_by_name = post.cy, post.en, is_named
    officer.get(f"{DESK}/{reference}")
    page = sian.get(f"/en/my/cases/{reference}").text
    name = world.members["rhodri"].person.display_name
    assert "Information officer" in page
    assert (name in page) is is_named
    assert "Swyddog gwybodaeth" in sian.get(f"/cy/my/cases/{reference}").text


def test_who_opens_one_search_is_a_person_who_searches_without_a_name(
    world: World, officer: Visitor, sian: Visitor, visitor: Visitor
) -> None:
    add_place(officer)
    reference = begin(officer, world)
    assert press(officer, reference, "send") == 303
    sign_in(visitor, "helen")
    assert visitor.get(f"/en/my/tasks/{first_task(visitor)}").status_code == 200
    page = sian.get(f"/en/my/cases/{reference}").text
    assert "A person who searches" in page
    assert world.members["helen"].person.display_name not in page
