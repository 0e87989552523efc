"""Whoever goes on leave hands complaints over, to people who stand apart from each; saved choices; who has how many."""

from html import unescape
from typing import Any

from sqlalchemy import select

from portal.cases.models import Case
from portal.complaints.models import Complaint
from portal.notifications.models import OutboxLetter
from tests.complaints.conftest import World, handler_of
from tests.complaints.test_pages import sign_in, sign_in_again
from tests.visitors import Visitor

DESK = "/en/my/desk/complaints"


def handed(visitor: Visitor, to: str, *ids: str) -> Any:
    visitor.get(DESK)
    chosen: Any = {"act": "hand_over", "query": "?due=week&x=1", "case": list(ids)}
    page = visitor.post(f"{DESK}/several", chosen)
    form: Any = {name: unescape(value) for name, value in visitor.hidden().items()} | {"case": list(ids)}
    return page, visitor.post(f"{DESK}/several/hand-over", {**form, "to": to})


def test_several_go_to_a_colleague_who_gets_one_letter_but_not_what_they_had_a_hand_in(
    world: World, visitor: Visitor
) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri")
        apart = world.complain(session, about=(about.id,)).id  # Bethan has it, and Rhodri never can
        free = [world.complain(session, excluded=()).id for _ in range(4)]
        bethans = [one for one in free if handler_of(session, session.get_one(Case, one)) == "bethan"]
        before = session.scalars(select(OutboxLetter.id)).all()
    rhodri = world["rhodri"].person_id
    sign_in(visitor, "bethan")
    visitor.get(DESK)
    assert "Select at least one complaint" in visitor.post(f"{DESK}/several", {"act": "hand_over", "query": ""}).text
    page, done = handed(visitor, "", apart, *bethans)
    assert page.status_code == 200 and done.status_code == 422 and f"{len(bethans) + 1} complaints" in page.text
    _page, done = handed(visitor, rhodri, apart, *bethans)
    assert done.status_code == 200 and "had a hand in the matter" in done.text and "due=week" in done.text
    assert done.text.count("Works on it:") == len(bethans) > 0
    with world.database.reading() as session:
        assert handler_of(session, session.get_one(Case, apart)) == "bethan"
        for one in bethans:
            assert handler_of(session, session.get_one(Case, one)) == "rhodri"
            assert session.get_one(Complaint, one).introduced_on is None
        told = select(OutboxLetter.template).where(OutboxLetter.id.not_in(before))
        assert session.scalars(told).all() == ["complaint_handed_over"]
    load = visitor.get(f"{DESK}/workload").text
    assert f"handler={rhodri}" in load and "how quick" in load


def test_what_is_about_the_office_is_counted_and_handed_over_by_none_of_it(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "dafydd", "nia")
        hidden = world.complain(session, is_about_office=True)
        own_id, reference = hidden.id, hidden.reference
    sign_in(visitor, "rhodri")
    load = visitor.get(f"{DESK}/workload")
    assert load.status_code == 200 and "dafydd" not in load.text and reference not in load.text
    visitor.get(DESK)
    assert "Select at least one complaint" in visitor.post(f"{DESK}/several", {"case": own_id, "query": ""}).text
    sign_in_again(visitor, "dafydd", "mynach")
    _page, done = handed(visitor, world["nia"].person_id, own_id)
    assert "Works on it: nia" in done.text
    with world.database.reading() as session:
        assert handler_of(session, session.get_one(Case, own_id)) == "nia"


def test_a_choice_is_saved_and_forgotten_and_is_nobody_elses(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        world.complain(session)
    sign_in(visitor, "rhodri")
    visitor.get(DESK)
    assert visitor.post(f"{DESK}/views", {"query": "?due=late", "name": ""}).status_code == 422
    assert visitor.post(f"{DESK}/views", {"query": "?due=late&x=1", "name": "Late"}).status_code == 303
    page = visitor.get(DESK).text
    assert 'href="/en/my/desk/complaints?due=late">Late' in page
    view = page.partition("/views/")[2][:26]
    sign_in_again(visitor, "bethan")
    assert ">Late<" not in visitor.get(DESK).text
    assert visitor.post(f"{DESK}/views/{view}/delete", {}).status_code == 404
    sign_in_again(visitor, "rhodri")
    visitor.get(DESK)
    assert visitor.post(f"{DESK}/views/{view}/delete", {}).status_code == 303
    assert ">Late<" not in visitor.get(DESK).text
