"""Who may speak for the person of a complaint adds files and asks to look again; and complaining for somebody else."""

import re

import pytest
from sqlalchemy import select

from portal.cases.models import CaseEvent, CaseRepresentative, RepresentativeWork
from portal.complaints import deciding
from portal.complaints.rules import Outcome, Theme
from portal.core.text import Words
from tests.complaints.conftest import World, case_of, handler_of, sent
from tests.complaints.test_pages import ANSWERS, NAMELESS, carried, sign_in, walk
from tests.complaints.test_represented import name, words_on
from tests.visitors import Visitor

PDF = {"file": ("rota.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n")}
ALL = ["asked", "history", "letters", "outcome"]


@pytest.fixture
def reference(world: World, visitor: Visitor) -> str:
    with world.database.writing() as session:
        case = world.complain(session)
    sign_in(visitor, "sian")
    return case.reference


def decide(world: World, reference: str) -> None:
    with world.database.writing() as session:
        case = world.case(session, "rhodri", reference)
        by = world[handler_of(session, case) or ""]
        deciding.decide(session, by, case, Outcome.UPHELD, Theme.PURPOSE, Words("Achos"), sent(), desk=world.desk)


def works(world: World) -> list[str]:
    with world.database.reading() as session:
        return sorted(session.scalars(select(RepresentativeWork.work)))


def test_who_speaks_adds_a_file_and_who_follows_does_not(world: World, visitor: Visitor, reference: str) -> None:
    speaker, follower = name(visitor, reference), name(visitor, reference, rep_scope="follow")
    assert visitor.client.post("/en/complaint/file", data={"words": follower}, files=PDF).status_code == 404
    assert visitor.client.post("/en/complaint/file", data={"words": speaker}, files=PDF).status_code == 200
    assert works(world) == ["file"]
    visitor.client.cookies.clear()
    with world.database.reading() as session:
        handler = handler_of(session, case_of(world, reference)) or ""
    sign_in(visitor, handler)
    assert visitor.get(f"/en/my/desk/complaints/{reference}").text.count("Written by the representative") == 1


def test_who_speaks_and_sees_the_outcome_asks_to_look_again(world: World, visitor: Visitor, reference: str) -> None:
    words = name(visitor, reference, share=ALL)
    follower = name(visitor, reference, share=ALL, rep_scope="follow")
    blind = name(visitor, reference, share="asked")
    decide(world, reference)
    for other in (blind, follower):
        assert visitor.client.post("/en/complaint/again", data={"words": other}).status_code == 404
    again = visitor.client.post("/en/complaint/again", data={"words": words})
    form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', again.text))
    assert (
        visitor.client.post("/en/complaint/again/send", data={**form, "words": follower, "why": "x"}).status_code == 404
    )
    assert visitor.client.post("/en/complaint/again/send", data={**form, "words": words, "why": ""}).status_code == 422
    assert (
        visitor.client.post("/en/complaint/again/send", data={**form, "words": words, "why": "Na"}).status_code == 200
    )
    assert works(world) == ["again"]
    with world.database.reading() as session:
        role = select(CaseEvent.role).where(CaseEvent.step == "reopen")
        assert session.scalars(role).one() == "representative"


def test_complained_for_somebody_it_is_acknowledged_and_shows_what_they_wrote_until_an_officer_has_seen_more(
    world: World, visitor: Visitor
) -> None:
    asker = {"rep_name": "Carys Bowen", "rep_reach": "01248 000000"}
    step, fields = NAMELESS[0]
    walk(visitor, "/en/complaint", answers=(*ANSWERS, (step, {**fields, **asker})))
    page = visitor.post("/en/complaint", {**carried(visitor), "go": "send"})
    assert "You asked for somebody else" in page.text
    assert "This page is our acknowledgement" in page.text
    words = words_on(page.text)
    shown = visitor.client.post("/en/case", data={"words": words}).text
    assert "Fy nata salwch &amp; &lt;b&gt;" in shown
    assert "What has happened</h2>" not in shown
    for address in ("again", "about"):
        assert visitor.client.post(f"/en/complaint/{address}", data={"words": words}).status_code == 404
    with world.database.reading() as session:
        row = session.scalars(select(CaseRepresentative)).one()
        assert (row.is_asker, b"Carys" in row.name) == (True, False)
    assert works(world) == ["asked"]
