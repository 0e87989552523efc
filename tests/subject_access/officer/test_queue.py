"""The queue: what its address asks, rows by true due day, saved choices, many at once, who has how much."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from portal.cases import printing
from portal.cases.asked import Asked, Clock
from portal.cases.models import Case
from portal.cases.queries import QueueFilter, list_queue
from portal.cases.rules import CaseKind
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from portal.subject_access import service as access
from portal.subject_access.officer.asked import read_asked, read_query
from portal.subject_access.queries import get_request
from portal.subject_access.searching import service as searching
from portal.subject_access.searching.rules import PlaceKind
from portal.subject_access.searching.service import PlaceForm
from portal.web.forms import Problems
from tests.subject_access.browsing import open_case, sign_in
from tests.subject_access.conftest import World, sent
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"


@pytest.fixture
def nurse(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "gwen")
        yield one


def references(page: str) -> list[str]:
    return re.findall(r'<a href="[^"]+/access/(AC-[^"/]+)">', page)


def ids_of(world: World, *refs: str) -> list[str]:
    with world.database.reading() as session:
        return [session.scalars(select(Case.id).where(Case.reference == ref)).one() for ref in refs]


def letters(world: World, template: str) -> int:
    with world.database.reading() as session:
        return len(session.scalars(select(OutboxLetter).where(OutboxLetter.template == template)).all())


def several(officer: Visitor, act: str, cases: list[str], query: str = "") -> str:
    officer.get(DESK + query)
    fields: dict[str, Any] = {"act": act, "query": query, "case": cases}
    page = officer.post(f"{DESK}/several", fields)
    return str(page.text)


def searching_case(world: World) -> str:
    """A request whose search is out at Helen's."""
    with world.database.writing() as session:
        helen = world.members["helen"].person
        form = PlaceForm(PlaceKind.MAIL, "E-bost", "Email", helen, None, False)
        searching.save_place(session, world["rhodri"], world.bodies["taran"].id, None, form, desk=world.desk)
        case = world.request(session)
        access.start(session, world["rhodri"], case, sent(), desk=world.desk)
        searching.plan(session, world["rhodri"], case, get_request(session, case), desk=world.desk)
        searching.send_tasks(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        return case.reference


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(show="second", handler="nobody"),
        Asked(show="clarification_wait", within=14, handler="me", clock=Clock.STOPPED),
        Asked(show="reopened", system="a" * 26, received_from=date(2026, 1, 2), received_to=date(2026, 11, 30)),
    ],
)
def test_what_is_asked_comes_back_from_its_address(asked: Asked) -> None:
    assert read_query(asked.address()) == asked


def test_nonsense_in_an_address_asks_nothing_and_a_day_that_does_not_exist_says_so() -> None:
    assert read_query("?show=x&within=9&handler=<b>&clock=&system=%27&after=!") == Asked()
    problems = Problems()
    read_asked([("from-day", "31"), ("from-month", "2"), ("from-year", "2026")], problems)
    assert list(problems) == ["from"]


def test_rows_stand_by_their_due_day_and_each_filter_leaves_the_right_ones(world: World, officer: Visitor) -> None:
    last = open_case(world)
    first = open_case(
        world, received_on=date(2026, 11, 2), channel="letter", late_reason=Words("Post"), by=world["rhodri"]
    )
    assert references(officer.get(DESK).text) == [first, last]
    assert references(officer.get(f"{DESK}?within=14").text) == [first]
    assert references(officer.get(f"{DESK}?handler=nobody").text) == [first, last]
    assert references(officer.get(f"{DESK}?handler=me").text) == []
    assert references(officer.get(f"{DESK}?clock=stopped").text) == []
    day = "from-day=20&from-month=11&from-year=2026"
    assert references(officer.get(f"{DESK}?{day}").text) == [last]
    assert officer.get(f"{DESK}?from-day=31&from-month=2&from-year=2026").status_code == 422
    officer.post(f"{DESK}/{last}/take-on")
    assert references(officer.get(f"{DESK}?handler=me").text) == [last]
    assert references(officer.get(f"{DESK}?handler=nobody").text) == [first]


def test_late_stopped_and_second_look_are_asked_of_the_rows(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        paused = world.request(session)
        access.start(session, world["rhodri"], paused, sent(), desk=world.desk)
        words = Words("Pa rai?")
        access.clarify(session, world["rhodri"], paused, words, words, sent(), lang=Locale.CY, desk=world.desk)

        def found(**asked: object) -> set[str]:
            filters = QueueFilter(**asked)  # type: ignore[arg-type]
            return {row.id for row in list_queue(session, world["rhodri"], CaseKind.ACCESS, filters=filters).items}

        assert found(late_on=date(2027, 2, 1)) == {case.id}
        assert found(is_stopped=True) == {paused.id}
        assert found(is_second_look=True) == set()
        assert found(among=(case.id,)) == {case.id}
        assert found(unassigned=True) == {case.id}
        assert found(assigned_to=world["rhodri"].person_id) == {paused.id}


def test_a_part_has_the_rows_and_says_how_many_aloud(world: World, officer: Visitor) -> None:
    open_case(world)
    whole = officer.get(DESK).text
    part = officer.get(DESK, headers={"HX-Request": "true"}).text
    assert "data-hx-swap-oob" in part
    assert "<h1" not in part
    assert "data-hx-swap-oob" not in whole
    assert "1 request" in part


def test_pressing_a_date_tells_why_in_the_list(world: World, officer: Visitor) -> None:
    reference = open_case(world)
    assert "One month later" not in officer.get(DESK).text
    page = officer.get(f"{DESK}?why={reference}").text
    assert "One month later is 23 December 2026" in page
    with world.database.writing() as session:
        mynach = world.bodies["mynach"].id
        other = access.submit(
            session, world["dafydd"], world.new(body_id=mynach, requester_person_id=world["dafydd"].person_id),
            desk=world.desk,
        ).reference  # fmt: skip
    assert "One month later" not in officer.get(f"{DESK}?why={other}").text


def test_a_choice_is_saved_under_a_name_opened_and_deleted_by_its_owner_alone(
    world: World, officer: Visitor, rooms: FastAPI
) -> None:
    officer.get(DESK)
    assert officer.post(f"{DESK}/views", {"query": "?within=7", "name": ""}).status_code == 422
    kept = officer.post(f"{DESK}/views", {"query": "?within=7&nonsense=1", "name": "Soon <b>"})
    assert kept.headers["location"] == f"{DESK}?within=7"
    page = officer.get(DESK).text
    assert "Soon &lt;b&gt;" in page
    view = re.search(r"/views/([a-z2-7]{26})/delete", page)
    assert view is not None
    with visiting(rooms) as other:
        other.get("/en/my/sign-in")
        assert other.sign_in("dafydd@mynach.example").status_code == 303
        assert "Soon" not in other.get(DESK).text
        assert other.post(f"{DESK}/views/{view[1]}/delete").status_code == 404
    officer.get(DESK)
    assert officer.post(f"{DESK}/views/{view[1]}/delete").status_code == 303
    assert "Soon" not in officer.get(DESK).text


def test_reminders_are_shown_first_and_the_same_form_sends_once(world: World, officer: Visitor) -> None:
    out, quiet = searching_case(world), open_case(world)
    page = several(officer, "remind", ids_of(world, out, quiet))
    assert "helen" in page.lower()
    assert quiet in page
    assert letters(world, "search_reminder") == 0
    form: dict[str, Any] = {**officer.hidden(), "case": ids_of(world, out, quiet)}
    done = officer.post(f"{DESK}/several/remind", form)
    assert "1 letter was sent" in done.text
    officer.get(DESK)
    officer.post(f"{DESK}/several/remind", form)
    assert letters(world, "search_reminder") == 1


def test_nothing_selected_says_so(officer: Visitor, world: World) -> None:
    open_case(world)
    assert "Select at least one request" in several(officer, "remind", [])


def test_requests_are_handed_over_and_what_cannot_be_given_says_why(world: World, officer: Visitor) -> None:
    one, other = open_case(world), open_case(world)
    page = several(officer, "hand_over", ids_of(world, one, other))
    assert one in page
    form: dict[str, Any] = {**officer.hidden(), "case": ids_of(world, one, other)}
    assert officer.post(f"{DESK}/several/hand-over", form).status_code == 422
    nobody = {**form, "to": world["helen"].person_id}
    assert officer.post(f"{DESK}/several/hand-over", nobody).status_code == 422
    done = officer.post(f"{DESK}/several/hand-over", {**form, "to": world["rhodri"].person_id})
    assert done.status_code == 200
    assert references(officer.get(f"{DESK}?handler=me").text) != []
    assert letters(world, "access_handed_over") == 0, "nobody is written to about what they did themselves"


def test_another_bodys_requests_are_not_among_what_was_selected(world: World, officer: Visitor) -> None:
    with world.database.writing() as session:
        mine = world.new(body_id=world.bodies["mynach"].id, requester_person_id=world["dafydd"].person_id)
        other = access.submit(session, world["dafydd"], mine, desk=world.desk)
        other_id = other.id
    assert "Select at least one request" in several(officer, "hand_over", [other_id])


def test_the_list_is_printed_whole_and_the_load_counts_without_timing(world: World, officer: Visitor) -> None:
    for _ in range(27):
        open_case(world)
    officer.get(DESK)
    assert officer.post(f"{DESK}/{open_case(world)}/take-on").status_code == 303
    printed = officer.get(f"{DESK}/print").text
    assert printed.count("AC-") == 28
    load = officer.get(f"{DESK}/workload").text
    assert "Nobody yet" in load
    assert ">27<" in load


def test_a_list_longer_than_a_page_is_printed_whole_on_several(
    world: World, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 2)
    references = {open_case(world) for _ in range(5)}
    found: list[str] = []
    address = f"{DESK}/print"
    for is_last in (False, False, True):
        page = officer.get(address).text
        found += re.findall(r"AC-[A-Z0-9]{4}-[A-Z0-9]{4}", page)
        more = re.search(rf'href="({DESK}/print[^"]*after=[^"]+)"', page)  # not the same page in the other language
        assert (more is None) is is_last
        address = unescape(more.group(1)) if more else ""
    assert sorted(found) == sorted(references)


def test_a_stranger_finds_none_of_the_desk(nurse: Visitor) -> None:
    for address in ("", "/workload", "/print", "/keys", "/board"):
        assert nurse.get(DESK + address).status_code == 404
