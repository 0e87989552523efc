"""The pages of naming a representative, and of the representative; and no address shows anything after the end."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from fastapi.routing import APIRoute

from anonymity.receipt import Code, case_locator, draw_code, locator_hash
from portal.app import FEATURES
from portal.cases.rules import Relation
from tests.complaints.conftest import MONDAY, World
from tests.complaints.test_pages import opened, sign_in
from tests.visitors import Visitor

NAMED = {"rep_name": "Carys Bowen", "rep_reach": "01248 000000", "rep_scope": "speak", "share": "asked"}
SECRET = "Defnyddiodd y rota fy nata salwch"
WRITTEN = "Mae’r person ar wyliau tan ddydd Llun"


def name(visitor: Visitor, reference: str, locale: str = "en", **changes: Any) -> str:
    """Name somebody on one's own page; the ten words of the answer."""
    address = f"/{locale}/my/cases/{reference}/representative"
    visitor.get(address)
    page = visitor.post(address, {**carried_last(visitor), "go": "name", **NAMED, **changes})
    assert page.status_code == 200, page.text
    return words_on(page.text)


def carried_last(visitor: Visitor) -> dict[str, str]:
    """The hidden fields of the form that names somebody, the last one of the page."""
    form = visitor.page.text.rpartition("<form ")[2]
    return {key: unescape(value) for key, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}


def words_on(page: str) -> str:
    shown = page.partition('class="words"')[2].partition("</p>")[0]
    found = re.findall(r"<span>([^<]+)</span>", shown)
    assert len(found) == 10
    return " ".join(found)


@pytest.fixture
def reference(world: World, visitor: Visitor) -> str:
    own, _handler = opened(world)
    sign_in(visitor, "sian")
    return own


def test_named_on_ones_own_page_the_representative_sees_what_is_shared_and_nothing_else(
    visitor: Visitor, reference: str
) -> None:
    words = name(visitor, reference)
    page = visitor.client.post("/en/case", data={"words": words})
    assert page.status_code == 200
    assert reference in page.text
    assert SECRET in page.text
    assert "What was asked for, word for word" in page.text
    assert "What has happened</h2>" not in page.text
    assert "withdraw" not in page.text
    bare = visitor.client.post("/en/case", data={"words": name(visitor, reference, share="")}).text
    assert SECRET not in bare
    assert "Nothing but where it stands is shared with you" in bare


@pytest.mark.parametrize(
    ("parts", "line", "words"),
    [
        (["history"], True, False),
        (["letters"], False, False),
        ([], False, False),
        (["history", "letters"], True, False),
    ],
)
def test_the_timeline_is_as_much_as_is_shared(
    visitor: Visitor, reference: str, parts: list[str], *, line: bool, words: bool
) -> None:
    page = visitor.client.post("/en/case", data={"words": name(visitor, reference, share=parts)}).text
    assert ("The complaint came in" in page) is line
    assert (SECRET in page) is words


def test_who_speaks_writes_as_the_representative_and_who_follows_cannot(visitor: Visitor, reference: str) -> None:
    speaker, follower = name(visitor, reference), name(visitor, reference, rep_scope="follow")
    said = {"reply": WRITTEN, "form_id": ""}
    assert visitor.client.post("/en/case/speak", data={"words": follower, **said}).status_code == 404
    assert visitor.client.post("/en/case/speak", data={"words": speaker, "reply": ""}).status_code == 422
    assert visitor.client.post("/en/case/speak", data={"words": speaker, **said}).status_code == 200
    own = visitor.get(f"/en/my/cases/{reference}").text
    assert WRITTEN in own
    assert "Representative" in own
    assert "Carys Bowen</strong> – represents you" in own
    assert re.search(r"Carys Bowen – (opened it|wrote for you)", own)


def test_the_desk_reads_who_represents_the_person_until_when_and_never_where_letters_go(
    visitor: Visitor, reference: str
) -> None:
    name(visitor, reference, email="carys@example.org")
    handlers = {"rhodri": "taran", "bethan": "taran"}
    seen = ""
    for who, body in handlers.items():
        visitor.client.cookies.clear()
        sign_in(visitor, who, body)
        page = visitor.get(f"/en/my/desk/complaints/{reference}")
        seen += page.text if page.status_code == 200 else ""
    assert "Carys Bowen" in seen
    assert "01248 000000" in seen
    assert "carys@example.org" not in seen


@pytest.mark.parametrize("ends", ["taken back", "over"])
def test_after_the_end_no_address_shows_anything(world: World, visitor: Visitor, reference: str, ends: str) -> None:
    words = name(visitor, reference, share=["asked", "history", "letters", "outcome"])
    assert SECRET in visitor.client.post("/en/case", data={"words": words}).text
    if ends == "taken back":
        address = f"/en/my/cases/{reference}/representative"
        own = re.search(r'name="representative" value="([^"]+)"', visitor.get(address).text)
        assert own
        assert visitor.post(address, {"go": "end", "representative": own.group(1)}).status_code == 303
    else:
        world.set_time(MONDAY + timedelta(days=200))
    visitor.client.cookies.clear()
    tried = 0
    for path in sorted(taking_words()):
        answer = visitor.client.post(f"/en{path}", data={"words": words, "reply": WRITTEN, "go": "name", **NAMED})
        assert reference not in answer.text, path
        assert SECRET not in answer.text, path
        tried += 1
    assert tried >= 8
    assert visitor.client.post("/en/case", data={"words": words}).status_code == 422


def test_while_it_lasts_no_other_address_takes_a_representatives_words(visitor: Visitor, reference: str) -> None:
    words = name(visitor, reference, share="")
    visitor.client.cookies.clear()
    for path in sorted(taking_words() - {"/case", "/case/speak"}):
        answer = visitor.client.post(f"/en{path}", data={"words": words, "about_words": words, "reply": WRITTEN})
        assert reference not in answer.text, path
        assert SECRET not in answer.text, path


def taking_words() -> set[str]:
    """Every address outside the signed-in and the anonymous area to which somebody can post."""
    routes = [route for router in FEATURES for route in router.routes if isinstance(route, APIRoute)]
    posted = {route.path for route in routes if "POST" in (route.methods or ()) and "{" not in route.path}
    return {path for path in posted if path.startswith(("/case", "/complaint", "/review", "/access"))}


def test_with_ten_words_of_ones_own_the_same_can_be_done_and_ended(world: World, visitor: Visitor) -> None:
    code: Code = draw_code()
    own = " ".join(code.words("cy"))
    reference = nameless(world, code)
    visitor.post("/cy/case/representative", {"words": own})
    page = visitor.post("/cy/case/representative", {**carried_last(visitor), "go": "name", **NAMED})
    words = words_on(page.text)
    assert reference in visitor.client.post("/cy/case", data={"words": words}).text
    listed = visitor.post("/cy/case/representative", {"words": own}).text
    found = re.search(r'name="representative" value="([^"]+)"', listed)
    assert found
    ended = {"words": own, "go": "end", "representative": found.group(1)}
    assert visitor.post("/cy/case/representative", ended).status_code == 200
    assert visitor.client.post("/cy/case", data={"words": words}).status_code == 422
    assert visitor.client.post("/cy/case/representative", data={"words": words}).status_code == 404


def nameless(world: World, code: Code) -> str:
    with world.database.writing() as session:
        changes: dict[str, Any] = {"requester_person_id": None, "locator_hash": locator_hash(case_locator(code))}
        return world.complain(session, Relation.REQUESTER, **changes).reference


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rep_name": ""}, "rep_name"),
        ({"rep_scope": ""}, "rep_scope"),
        ({"email": "nowhere"}, "email"),
        ({"rep_until-day": "1", "rep_until-month": "1", "rep_until-year": "2020"}, "rep_until"),
        ({"rep_until-day": "1", "rep_until-month": "1", "rep_until-year": "2030"}, "rep_until"),
        ({"rep_from-day": "1", "rep_from-month": "1", "rep_from-year": "2030"}, "rep_from"),
        ({"rep_from-day": "31", "rep_from-month": "12", "rep_from-year": "9999"}, "rep_from"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    visitor: Visitor, reference: str, changes: dict[str, str], problem: str
) -> None:
    address = f"/cy/my/cases/{reference}/representative"
    visitor.get(address)
    page = visitor.post(address, {**carried_last(visitor), "go": "name", **NAMED, **changes})
    assert page.status_code == 422
    assert f'href="#{problem}"' in page.text
    assert "01248 000000" in page.text
    assert visitor.get(address).text.count("representative-1") == 0


def test_a_stranger_names_nobody_on_a_case_that_is_not_theirs(visitor: Visitor, reference: str) -> None:
    visitor.client.cookies.clear()
    sign_in(visitor, "gwen")
    assert visitor.get(f"/en/my/cases/{reference}/representative").status_code == 404
