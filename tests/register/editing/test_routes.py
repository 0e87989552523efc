"""The form as a browser fills it in: nothing typed is lost, two people publish, strangers find nothing."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import select

from portal.notifications.models import OutboxLetter
from portal.register.editing.models import DraftComment
from portal.register.editing.shape import sections
from portal.register.models import SystemDraft
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

NON, SARAH = "non.elidir@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"
ELSEWHERE, WORKER = "iestyn.cadwaladr@glannau-ogwen.example", "gwynfor.hughes@dyffryn-cledwen.example"
EDIT = "/en/my/desk/register/K7RT3M/edit"
BOX = re.compile(r'<input id="[^"]*" name="([^"]+)" type="text"[^>]*? value="([^"]*)"')
AREA = re.compile(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n([^<]*)</textarea>')
TICKED = re.compile(r'name="([^"]+)" type="(?:radio|checkbox)" value="([^"]*)" checked')
CHOSEN = re.compile(r'<select id="[^"]*" name="([^"]+)".*?</select>', re.S)


def words(visitor: Visitor) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", visitor.page.text))


def boxes(visitor: Visitor) -> dict[str, Any]:
    """The form of the page as it would be sent untouched."""
    page = html.unescape(visitor.page.text)
    told: dict[str, Any] = {**visitor.hidden(), **dict(BOX.findall(page)), **dict(AREA.findall(page))}
    for name, value in TICKED.findall(page):
        told.setdefault(name, [])
        told[name] = [*told[name], value] if isinstance(told[name], list) else value
    for found in CHOSEN.finditer(page):
        chosen = re.search(r'value="([^"]*)" selected', found.group(0))
        told[found.group(1)] = chosen.group(1) if chosen else ""
    told.pop("csrf", None)
    told.pop("comment", None)
    return told


@pytest.fixture
def non(demonstrated: Demonstrated) -> Iterator[Visitor]:
    """The editor, with the next version of a published system begun."""
    with demonstrated.signed_in(NON) as visitor:
        visitor.get(EDIT)
        assert visitor.post(f"{EDIT}/begin").status_code == 303
        yield visitor


def stored(demonstrated: Demonstrated) -> str:
    with demonstrated.database.reading() as session:
        return session.scalars(select(SystemDraft.record)).one()


def test_every_section_sent_untouched_changes_nothing(non: Visitor, demonstrated: Demonstrated) -> None:
    before = stored(demonstrated)
    for key, section in sections().items():
        non.get(f"{EDIT}/{key}")
        if section.asks:
            assert non.post(f"{EDIT}/{key}", boxes(non)).status_code == 303, words(non)
    assert json.loads(stored(demonstrated)) == json.loads(before)


def test_a_save_keeps_half_an_answer_and_says_which_language_is_missing(non: Visitor) -> None:
    non.get(f"{EDIT}/summary")
    typed = {**boxes(non), "summary_cy": "", "summary_en": "Only in English."}
    assert non.post(f"{EDIT}/summary", typed).status_code == 303
    non.get(f"{EDIT}/summary")
    assert "Only in English." in non.page.text and "The Welsh is missing" in words(non)
    non.get(EDIT)
    assert "1 thing is missing before this can be published" in words(non)
    assert f"{EDIT}/summary#summary_cy" in non.page.text


def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(non: Visitor, demonstrated: Demonstrated) -> None:
    before = stored(demonstrated)
    non.get(f"{EDIT}/summary")
    typed = {**boxes(non), "one_sentence_en": "x" * 161, "mailbox": "nobody", "summary_en": "Kept in the box"}
    answer = non.post(f"{EDIT}/summary", typed)
    assert answer.status_code == 422 and "x" * 161 in answer.text and "Kept in the box" in answer.text
    assert "The limit is 160 characters" in words(non) and "correct format" in words(non)
    assert stored(demonstrated) == before


def test_a_part_that_is_not_whole_yet_waits_and_keeps_the_draft_back(non: Visitor) -> None:
    non.get(f"{EDIT}/life")
    typed = {**boxes(non), "change.headline_en": "Half a change"}
    assert non.post(f"{EDIT}/life", typed).status_code == 303
    non.get(f"{EDIT}/life")
    assert "Half a change" in non.page.text and "begun and is not whole yet" in words(non)
    non.get(f"{EDIT}/publish")
    assert "Something was begun and is not whole yet" in words(non)
    non.get(f"{EDIT}/life")
    whole = {**boxes(non), "change.change_class": "minor"}
    whole |= {f"change.effective_on-{part}": value for part, value in (("day", "1"), ("month", "2"), ("year", "2027"))}
    assert non.post(f"{EDIT}/life", whole).status_code == 303
    non.get(f"{EDIT}/publish")
    assert "Something was begun" not in words(non)


def test_a_row_is_begun_finished_moved_and_removed(non: Visitor) -> None:
    at = f"{EDIT}/decisions/decision_points"
    non.get(f"{at}/new")
    assert non.post(f"{at}/new", {**boxes(non), "title_en": "Your route was changed"}).status_code == 303
    non.get(f"{EDIT}/decisions")
    begun = re.search(r"decision_points/([a-z0-9]{26})", non.page.text)
    assert begun and "Not in the draft yet" in words(non)
    non.get(f"{at}/{begun.group(1)}")
    whole = {**boxes(non), "title_cy": "Newidiwyd eich llwybr", "effect": "noticeable", "automation": "recommends",
             "solely_automated": "no"}  # fmt: skip
    assert non.post(f"{at}/{begun.group(1)}", whole).status_code == 303, words(non)
    non.get(f"{EDIT}/decisions")
    assert "Not in the draft yet" not in words(non)
    last = max(int(place) for place in re.findall(r'decision_points/(\d+)"', non.page.text))
    non.get(f"{at}/{last}")
    row = non.hidden()["row"]
    assert row == "your-route-was-changed"
    assert non.post(f"{at}/{last}/up", {"row": row}).status_code == 303
    non.get(f"{at}/{last - 1}")
    assert "Your route was changed" in non.page.text
    assert non.post(f"{at}/{last - 1}/remove", {"row": row}).status_code == 422
    non.get(f"{at}/{last - 1}")
    assert non.post(f"{at}/{last - 1}/remove", {"row": row, "sure": "yes"}).status_code == 303
    non.get(f"{EDIT}/decisions")
    assert "Your route was changed" not in words(non)


def test_a_row_sent_twice_is_there_once(non: Visitor) -> None:
    at = f"{EDIT}/assessments/risks"
    non.get(f"{at}/new")
    typed = {**boxes(non), "risk_en": "A wrong score", "risk_cy": "Sgôr anghywir"}
    for _again in range(2):
        assert non.post(f"{at}/new", typed).status_code == 303
        non.get(f"{EDIT}/assessments")
    assert words(non).count("A wrong score") == 2  # once to read, once for who hears the button


def test_a_row_refuses_what_cannot_be(non: Visitor) -> None:
    at = f"{EDIT}/decisions/decision_points/1"
    non.get(at)
    answer = non.post(at, {**boxes(non), "automation": "informs", "solely_automated": "yes"})
    assert answer.status_code == 422 and "cannot be solely automated when a person decides" in words(non)
    non.get(at)
    answer = non.post(at, {**boxes(non), "effect": "", "time_to_stop-amount": "many"})
    assert answer.status_code == 422 and "Enter a whole number" in words(non)
    assert "already needs this answer" in words(non)


def test_a_save_over_somebody_elses_shows_both_and_loses_neither(non: Visitor) -> None:
    non.get(f"{EDIT}/summary")
    mine = {**boxes(non), "summary_en": "My words", "mailbox": "mine@example.org"}
    theirs = {**boxes(non), "summary_en": "Their words", "summary_cy": "Eu geiriau nhw"}
    assert non.post(f"{EDIT}/summary", theirs).status_code == 303
    non.get(f"{EDIT}/summary")
    answer = non.post(f"{EDIT}/summary", mine)
    assert answer.status_code == 409
    assert "Their words" in words(non) and "My words" in non.page.text and "mine@example.org" in non.page.text
    assert non.post(f"{EDIT}/summary", boxes(non)).status_code == 303
    non.get(f"{EDIT}/summary")
    assert "My words" in non.page.text and "mine@example.org" in non.page.text


def test_two_people_in_two_languages_publish_a_material_change(demonstrated: Demonstrated) -> None:
    with ExitStack() as doors:
        non, sarah = (doors.enter_context(demonstrated.signed_in(who)) for who in (NON, SARAH))
        non.get(EDIT)
        non.post(f"{EDIT}/begin")
        non.get(f"{EDIT}/summary")
        text = {"what_it_does_to_you_cy": "Mae’n sgorio pob taith.", "what_it_does_to_you_en": "It scores each trip."}
        non.post(f"{EDIT}/summary", {**boxes(non), **text})
        non.get(f"{EDIT}/publish")
        assert "Say what changed, and what changes for them" in words(non)
        assert "somebody else publishes it" in words(non)
        non.get(f"{EDIT}/life")
        told = {
            f"change.{name}_{side}": f"{name} {side}" for name in ("headline", "before", "now") for side in ("cy", "en")
        }
        told |= {f"change.what_changes_for_you_{side}": f"for you {side}" for side in ("cy", "en")}
        day = {"change.effective_on-day": "22", "change.effective_on-month": "11", "change.effective_on-year": "2026"}
        non.post(f"{EDIT}/life", {**boxes(non), **told, **day, "change.change_class": "material"})
        non.get(f"{EDIT}/languages")
        seen = non.hidden()["seen"]
        assert non.post(f"{EDIT}/languages", {"seen": seen, "approve": "cy"}).status_code == 422
        non.get(f"{EDIT}/hand-over")
        person = re.search(r'name="person" type="radio" value="([^"]+)">\n<label[^>]*>Sarah', non.page.text)
        assert person is not None
        assert non.post(f"{EDIT}/hand-over", {"person": person.group(1)}).status_code == 303
        sarah.get(f"{EDIT}/preview")
        assert "Preview." in words(sarah) and "It scores each trip." in words(sarah)
        assert "as somebody in the first affected group would see it" in words(sarah)
        assert "Refuse and recycling" in words(sarah) and "Pen-y-lan Depot" in words(sarah)
        assert sarah.page.headers["cache-control"].startswith("no-store")
        assert sarah.get(f"{EDIT}/summary").status_code == 404
        sarah.get(f"{EDIT}/languages")
        assert sarah.post(f"{EDIT}/languages", {"seen": "older", "approve": "cy"}).status_code == 422
        assert "has changed since you looked at it" in words(sarah)
        for approve in ("cy:summary", "cy", "en"):
            answer = sarah.post(f"{EDIT}/languages", {**sarah.hidden(), "approve": approve})
            assert answer.status_code == 303, words(sarah)
            sarah.get(f"{EDIT}/languages")
        sarah.get(f"{EDIT}/publish")
        assert sarah.post(f"{EDIT}/publish", {"seen": "older"}).status_code == 422
        assert "has changed since you looked at it" in words(sarah)
        sarah.get(f"{EDIT}/publish")
        assert sarah.post(f"{EDIT}/publish", {"seen": sarah.hidden()["seen"]}).status_code == 303
        assert "Mae’n sgorio pob taith." in html.unescape(sarah.get("/cy/s/K7RT3M").text)
    with demonstrated.database.reading() as session:
        letter = select(OutboxLetter).where(OutboxLetter.template == "draft_handed_over")
        assert len(session.scalars(letter).all()) == 1


def test_a_new_system_needs_a_name_and_begins_once(demonstrated: Demonstrated) -> None:
    new = "/en/my/desk/register/new"
    with demonstrated.signed_in(NON) as visitor:
        visitor.get(new)
        assert visitor.post(new, {"name_cy": "", "name_en": ""}).status_code == 422
        answer = visitor.post(new, {"name_cy": "Cynorthwyydd e-bost", "name_en": "E-mail assistant"})
        assert answer.status_code == 303
        visitor.get(answer.headers["location"])
        assert "Draft of: E-mail assistant" in words(visitor)
        visitor.get(new)
        assert visitor.post(new, {"name_cy": "", "name_en": "E-mail assistant"}).status_code == 422
        assert "There is a system of this name already" in words(visitor)
        visitor.get("/en/my/desk/register")
        assert "E-mail assistant" in words(visitor)


def test_comments_are_sealed_and_dealt_with(non: Visitor, demonstrated: Demonstrated) -> None:
    at = f"{EDIT}/risks/comments"
    assert non.get(at).status_code == 404
    at = f"{EDIT}/assessments/comments"
    non.get(at)
    assert non.post(at, {"comment": ""}).status_code == 422
    assert non.post(at, {"comment": "Is this the right score?"}).status_code == 303
    non.get(at)
    assert "Is this the right score?" in words(non)
    with demonstrated.database.reading() as session:
        assert b"right score" not in session.scalars(select(DraftComment.sealed)).one()
    assert non.post(at, {"resolve": non.hidden()["resolve"]}).status_code == 303
    non.get(at)
    assert "Dealt with" in words(non)


def test_discarding_asks_for_the_code(non: Visitor) -> None:
    non.get(f"{EDIT}/discard")
    assert non.post(f"{EDIT}/discard", {"code": "yes"}).status_code == 422
    assert non.post(f"{EDIT}/discard", {"code": "k7rt3m"}).status_code == 303
    non.get(EDIT)
    assert "Nobody is writing a new version now" in words(non)


@pytest.mark.parametrize("who", [ELSEWHERE, WORKER])
def test_a_stranger_finds_nothing_here(demonstrated: Demonstrated, who: str) -> None:
    with demonstrated.signed_in(who) as visitor:
        for tail in ("", "/summary", "/preview", "/languages", "/publish", "/life/comments", "/risks/risks/1"):
            assert visitor.get(f"{EDIT}{tail}").status_code == 404
