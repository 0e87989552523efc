"""Who looked: written once a day for each part, and every page of one request at the desk writes it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from portal.account.routes import router as account_router
from portal.audit.models import AuditEvent
from portal.core import ids
from portal.core.text import Bilingual, Words
from portal.directory.models import RoleHolding
from portal.home.case_pages import router as home_router
from portal.subject_access.asking.models import Reading
from portal.subject_access.asking.queries import list_looks
from portal.subject_access.asking.rules import LOOKED, Looked
from portal.subject_access.routes import router
from portal.subject_access.seen import note_request, note_search
from tests.subject_access.browsing import carried, case_of, open_case, sign_in
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


OFFICERS = ("/my/desk/access", "/my/tasks")
SHOW_NO_CASE = {
    "/my/desk/access": "the list: references, days and states",
    "/my/desk/access/print": "the list on paper: references, days and states",
    "/my/desk/access/views": "a name for what the list shows",
    "/my/desk/access/views/{view_id}/delete": "the same",
    "/my/desk/access/workload": "numbers of each handler",
    "/my/desk/access/keys": "the shortcuts",
    "/my/desk/access/several": "references of the list, and who handles or searches",
    "/my/desk/access/several/remind": "how many letters went",
    "/my/desk/access/several/hand-over": "references, and to whom they went",
    "/my/desk/access/board": "addresses that hear of late days",
    "/my/desk/access/board/{address_id}/remove": "the same",
    "/my/desk/access/log": "a form; the case is made, not read",
    "/my/desk/access/figures": "figures with small numbers withheld",
    "/my/desk/access/figures.csv": "the same as a file",
    "/my/desk/access/keeping": "how many years a body keeps requests",
    "/my/desk/access/keeping/days": "days of a body: it shows no request",
    "/my/desk/access/retention": "references and days of deletions",
    "/my/desk/access/places": "where the body searches",
    "/my/desk/access/places/new": "the same",
    "/my/desk/access/places/{place_id}": "the same",
    "/my/desk/access/places/{place_id}/end": "the same",
    "/my/tasks": "the places that wait for me",
    "/my/tasks/away": "one's own days away",
    "/my/tasks/away/{absence_id}/end": "the same",
}
"""Addresses of the officers' rooms that load no request, or of one only its reference, its days and its state."""


def test_every_address_that_shows_a_request_or_a_search_notes_who_looked() -> None:
    noted: set[str] = set()
    others: set[str] = set()
    for route in router.routes:
        assert isinstance(route, APIRoute)
        if route.path.startswith(OFFICERS):
            calls = [dependency.call for dependency in route.dependant.dependencies]
            is_noted = note_request in calls or note_search in calls
            assert not is_noted or calls.index(note_request if note_request in calls else note_search) > 0
            (noted if is_noted else others).add(route.path)
    assert len(noted) > 30
    assert others - set(SHOW_NO_CASE) == set(), "an address that notes nobody: name the request in it, or say why not"
    assert set(SHOW_NO_CASE) - others == set()
    assert not [path for path in others if "{reference}" in path or "{task_id}" in path]


@pytest.mark.parametrize("address", ["", "/print", "/retention", "/several"])
def test_what_notes_nobody_shows_nothing_of_a_request_but_its_reference(
    world: World, officer: Visitor, address: str
) -> None:
    with world.database.writing() as session:
        case = world.request(session, wanted=Words("Unusual words of a request"), name=Words("Siân Elliw"))
        reference, case_id = case.reference, case.id
    if address == "/several":
        officer.get(f"{DESK}/{reference}/hand-over")
        shown = officer.post(f"{DESK}{address}", {**carried(officer), "case": case_id, "act": "hand_over"})
    else:
        shown = officer.get(f"{DESK}{address}")
    assert shown.status_code == 200
    person = world.members["sian"].person.display_name
    assert not [words for words in ("Unusual words", "Elliw", person) if words in shown.text]


def test_a_form_that_is_shown_again_notes_who_read_it_and_a_wrong_token_does_not(
    world: World, officer: Visitor
) -> None:
    reference = open_case(world)
    officer.get(DESK)
    assert officer.post(f"{DESK}/{reference}/note", {"csrf": "wrong"}).status_code == 403
    case = case_of(world, reference)
    with world.database.reading() as session:
        assert list_looks(session, case) == []
    officer.get(DESK)
    again = officer.post(f"{DESK}/{reference}/note", {"form_id": ids.new_id(), "version": "1", "words": ""})
    assert again.status_code == 422
    with world.database.reading() as session:
        assert [look.parts for look in list_looks(session, case)] == [(LOOKED[Looked.REQUEST],)]


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
