"""Leaving somebody out, stepping back, and what they see afterwards: the page that nonsense has."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.core import ids
from portal.core.text import Locale, Words
from portal.home.case_pages import router as home_router
from portal.subject_access.asking.leaving import Said, add_wish, list_wishes
from portal.subject_access.officer.models import MissedDay
from portal.subject_access.routes import router
from tests.subject_access.browsing import ANSWERS, NAMELESS, answer, carried, case_of, sign_in, walk
from tests.subject_access.conftest import World
from tests.subject_access.searching.test_pages import add_place, begin, first_task, press
from tests.visitors import Visitor, make_rooms, visiting

DESK = "/en/my/desk/access"


@pytest.fixture
def rooms(world: World) -> FastAPI:
    return make_rooms(world.settings, world.database, account_router, home_router, router)


@pytest.fixture
def bethan(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "bethan")
        yield one


@pytest.fixture
def helen(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "helen")
        yield one


@pytest.fixture
def sian(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "sian")
        yield one


def post(visitor: Visitor, address: str, **typed: str) -> int:
    assert visitor.get(address).status_code == 200
    return int(visitor.post(address, {**visitor.hidden(), **typed}).status_code)


def sent(world: World, officer: Visitor) -> str:
    """A request whose search is with Helen."""
    add_place(officer, deputy="gwen@taran.example")
    reference = begin(officer, world)
    assert press(officer, reference, "send") == 303
    return reference


def test_an_officer_who_steps_back_meets_the_page_of_nonsense_everywhere(
    world: World, officer: Visitor, bethan: Visitor
) -> None:
    reference = sent(world, officer)
    case = case_of(world, reference)
    with world.database.writing() as session:
        missed = MissedDay(
            case_id=case.id, due_on=world.desk.today, body_id=case.body_id, opened_at=world.desk.now
        )  # fmt: skip
        session.add(missed)
    assert reference in officer.get(DESK).text
    assert post(officer, f"{DESK}/{reference}/conflict") == 422
    assert post(officer, f"{DESK}/{reference}/conflict", ground="decided", because="Fi a benderfynodd") == 200
    assert "Works on it from now on: bethan" in officer.page.text
    nonsense = officer.get(f"{DESK}/AC-7K2M-93QX").text.replace("AC-7K2M-93QX", "")
    pages = [
        route.path
        for route in router.routes
        if isinstance(route, APIRoute) and "{reference}" in route.path and "/my/desk/" in route.path
    ]
    assert len(pages) > 40
    for path in pages:
        address = "/en" + re.sub(r"\{(?!reference)[^}]*\}", "1", path).replace("{reference}", reference)
        page = officer.get(address)
        assert page.status_code in (404, 405), path
    for act in ("start", "note", "take-on", "left-out", "conflict", "search/send", "hold", "answer/release"):
        officer.get(DESK)
        assert officer.post(f"{DESK}/{reference}/{act}", {"form_id": ids.new_id(), "version": "1"}).status_code == 404
    assert officer.get(f"{DESK}/{reference}").text.replace(reference, "") == nonsense
    around = ("", "?show=searching", f"?why={reference}", "/print", "/workload", "/retention", "/figures")
    for address in (*(f"{DESK}{one}" for one in around), "/en/my"):
        assert reference not in officer.get(address).text.replace(f"why={reference}", ""), address
    assert "BEGIN:VEVENT" not in officer.get("/en/my/calendar.ics").text
    assert bethan.get(f"{DESK}/{reference}").status_code == 200
    officer.get(DESK)
    assert reference not in officer.post(f"{DESK}/several", {**officer.hidden(), "case": case.id, "act": "remind"}).text
    assert bethan.get(f"{DESK}/{reference}/left-out").text.count("Fi a benderfynodd") == 1


def test_a_searcher_steps_back_and_the_deputy_has_the_search(world: World, officer: Visitor, helen: Visitor) -> None:
    sent(world, officer)
    task = first_task(helen)
    assert "I must not search here" in helen.get(f"/en/my/tasks/{task}").text
    assert post(helen, f"/en/my/tasks/{task}/conflict", ground="named") == 200
    assert "went to somebody else" in helen.page.text
    for address in ("", "/material", "/conflict"):
        assert helen.get(f"/en/my/tasks/{task}{address}").status_code == 404
    assert task not in helen.get("/en/my/tasks").text
    assert "BEGIN:VEVENT" not in helen.get("/en/my/calendar.ics").text


def test_a_reason_and_somebody_are_needed_and_what_was_typed_stays(world: World, officer: Visitor) -> None:
    reference = sent(world, officer)
    page = f"{DESK}/{reference}/left-out"
    assert post(officer, page, email="dafydd@mynach.example", because="Ei <b>rheolwr</b>") == 422
    for said in ("Choose why", "Nobody at this employer", "Ei &lt;b&gt;rheolwr", "dafydd@mynach.example"):
        assert said in officer.page.text
    helen = world["helen"].person_id
    assert f'<option value="{helen}">' in officer.page.text
    assert post(officer, page, person=helen, ground="named", because="Ei rheolwr") == 303
    shown = officer.get(page).text
    assert "Ei rheolwr" in shown
    assert f'<option value="{helen}">' not in shown
    assert "gwen" in officer.get(f"{DESK}/{reference}/search").text


def test_words_that_may_mean_an_officer_are_not_shown_to_them(world: World, officer: Visitor, bethan: Visitor) -> None:
    reference = sent(world, officer)
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        said = Said(ids.new_id(), Words("Rhodri a’i ffrindiau"), Locale.CY)
        wish = add_wish(session, world["sian"], case, said, desk=world.desk).id
    for address in ("", "/left-out"):
        page = officer.get(f"{DESK}/{reference}{address}").text
        assert "ffrindiau" not in page
        assert "Answer it before you send" not in page
    assert officer.get(f"{DESK}/{reference}/left-out/{wish}").status_code == 404
    assert "Answer it before you send" in bethan.get(f"{DESK}/{reference}").text
    answering = f"{DESK}/{reference}/left-out/{wish}"
    assert post(bethan, answering, outcome="nobody") == 422
    assert post(bethan, answering, outcome="left_out", answer="Diolch") == 422
    assert "Diolch" in bethan.page.text
    chosen = {"outcome": "left_out", "person": world["rhodri"].person_id, "answer": "Diolch, mae wedi’i wneud"}
    assert post(bethan, answering, **chosen) == 303
    assert officer.get(f"{DESK}/{reference}").status_code == 404
    assert "Diolch, mae" in bethan.get(answering).text


def test_a_worker_says_more_later_takes_it_back_and_reads_the_answer(
    world: World, officer: Visitor, sian: Visitor
) -> None:
    reference = sent(world, officer)
    page = f"/en/my/access/{reference}/left-out"
    assert "/left-out" in sian.get(f"/en/my/cases/{reference}").text
    assert post(sian, page, left_out="") == 422
    assert post(sian, page, left_out="<i>fy rheolwr") == 303
    assert "&lt;i&gt;fy rheolwr" in sian.get(page).text
    with world.database.reading() as session:
        (one,) = list_wishes(session, session.scalars(select(Case).where(Case.reference == reference)).one())
        wish = one.id
    assert sian.post(page, {"wish": wish}).status_code == 303
    assert "Taken back" in sian.get(page).text
    assert post(sian, page, left_out="x" * 1001) == 422
    assert "x" * 1001 in sian.page.text


def test_with_ten_words_somebody_says_who_is_left_out_and_an_officer_writes_it_down(
    world: World, visitor: Visitor, officer: Visitor
) -> None:
    walk(visitor, "/en/access", (*ANSWERS[:4], ("left_out", {"left_out": "Bethan <b>"}), *NAMELESS))
    assert "Bethan &lt;b&gt;" in visitor.page.text
    done = answer(visitor, "/en/access", {"go": "send"})
    words = " ".join(re.findall(r"<span>([^<]+)</span>", done.text.split('class="words"')[1])[:10])
    opened = visitor.post("/en/case", {"words": words})
    assert "/en/access/left-out" in opened.text
    listed = visitor.post("/en/access/left-out", {"words": words})
    assert "Bethan &lt;b&gt;" in listed.text
    again = visitor.post("/en/access/left-out/send", {**carried(visitor), "wish": "", "left_out": "a Carys"})
    assert again.text.count("Waits for the data protection team") == 2
    assert visitor.post("/en/access/left-out", {"words": "nonsense"}).status_code == 404
    reference = re.search(r"AC-[A-Z0-9]{4}-[A-Z0-9]{4}", done.text)
    assert reference is not None
    assert "a Carys" in officer.get(f"{DESK}/{reference[0]}/left-out").text


def test_a_signed_in_form_that_carries_words_it_should_not_is_shown_again(world: World, sian: Visitor) -> None:
    with world.database.writing() as session:
        reference = world.request(session).reference
    page = f"/en/my/access/{reference}/left-out"
    assert post(sian, page, left_out="", words="nonsense") == 422
    assert f'action="{page}"' in sian.page.text


def test_the_only_officer_who_asks_is_not_told_that_anybody_was_left_out(world: World, rooms: FastAPI) -> None:
    said = "was left out of yours"
    dafydd, mynach = world["dafydd"], world.bodies["mynach"].id
    with world.database.writing() as session:
        own = world.request(session, dafydd, body_id=mynach, requester_person_id=dafydd.person_id).reference
        case = world.request(session)
        for name in ("rhodri", "bethan", "carys"):
            add_wish(session, world["sian"], case, Said(ids.new_id(), Words(f"{name}@taran.example"), Locale.CY),
                     desk=world.desk)  # fmt: skip
        closed_to_all = case.reference
    for name, reference, is_said in (("dafydd@mynach", own, False), ("sian@taran", closed_to_all, True)):
        with visiting(rooms) as one:
            one.get("/en/my/sign-in")
            assert one.sign_in(f"{name}.example").status_code == 303
            assert (said in one.get(f"/en/my/cases/{reference}").text) is is_said
