"""Letting in again on its pages: for the worker, for who speaks for them, and for two officers."""

import pytest
from fastapi import FastAPI

from portal.core.text import Locale
from tests.subject_access.asking.test_pages import ask_for_other, case_with, nobody, sian, whole
from tests.subject_access.browsing import carried, sign_in
from tests.subject_access.conftest import World
from tests.subject_access.officer.test_leaving_pages import DESK, post, sent
from tests.visitors import Visitor, visiting

__all__ = ["nobody", "sian", "whole"]


@pytest.mark.parametrize("locale", list(Locale))
def test_a_worker_lets_in_again_whom_they_left_out(world: World, officer: Visitor, sian: Visitor, locale: str) -> None:
    reference = sent(world, officer)
    page = f"/{locale}/my/access/{reference}/left-out"
    assert post(sian, page, left_out="rhodri@taran.example") == 303
    assert officer.get(f"{DESK}/{reference}").status_code == 404
    assert 'name="let_in"' in sian.get(page).text
    assert sian.post(page, {**carried(sian), "left_out": ""}).status_code == 303
    shown = sian.get(page).text
    assert 'name="let_in"' not in shown and 'name="wish"' not in shown
    assert officer.get(f"{DESK}/{reference}").status_code == 200
    assert "rhodri@taran" not in officer.get(f"{DESK}/{reference}/left-out").text


def test_who_speaks_for_somebody_says_more_later_and_sees_no_words_of_theirs(
    world: World, sian: Visitor, nobody: Visitor
) -> None:
    words = ask_for_other(nobody)
    assert "/en/access/left-out" in nobody.client.post("/en/case", data={"words": words}).text
    page = nobody.post("/en/access/left-out", {"words": words})
    said = nobody.post("/en/access/left-out/send", {**carried(nobody), "left_out": "Ei <b>rheolwr"})
    assert "Ei &lt;b&gt;rheolwr" in said.text and page.status_code == 200
    reference = case_with(world).reference
    with visiting(nobody.client.app) as desk:  # type: ignore[arg-type]
        sign_in(desk, "bethan")
        assert "rheolwr" in desk.get(f"{DESK}/{reference}/left-out").text


def test_a_representative_neither_reads_nor_ends_what_the_worker_wrote(
    world: World, sian: Visitor, nobody: Visitor
) -> None:
    with world.database.writing() as session:
        reference = world.request(session).reference
    address = f"/en/my/access/{reference}/speaker"
    sian.get(address)
    speaker = {"rep_name": "Ann", "rep_reach": "ann@hywel.example", "rep_kind": "other", "rep_scope": "ask_and_follow"}
    named = sian.client.post(address, data={**carried(sian), **speaker}).text
    from_page = named.split('class="words"')[1].split("</p>")[0]
    words = " ".join(part.split("</span>")[0] for part in from_page.split("<span>")[1:])
    assert post(sian, f"/en/my/access/{reference}/left-out", left_out="helen@taran.example, cyfrinach") == 303
    sian.get(f"/en/my/access/{reference}/left-out")
    wish = carried(sian)["let_in"]
    assert "cyfrinach" not in nobody.post("/en/access/left-out", {"words": words}).text
    for name in ("wish", "let_in"):
        refused = nobody.post("/en/access/left-out/send", {**carried(nobody), "words": words, name: wish})
        assert refused.status_code == 404


def test_two_officers_let_somebody_in_again_on_their_pages(world: World, officer: Visitor, whole: FastAPI) -> None:
    reference = sent(world, officer)
    left_out = f"{DESK}/{reference}/left-out"
    helen = world["helen"].person_id
    assert post(officer, left_out, person=helen, ground="named", because="Ei rheolwr") == 303
    again = f"{left_out}/{helen}/return"
    assert again in officer.get(left_out).text
    assert post(officer, again, because="") == 422
    assert post(officer, again, because="Nid <b>hi oedd hi") == 303
    assert "waits for another officer" in officer.get(again).text
    assert officer.post(again, {**officer.hidden(), "answer": "yes"}).status_code == 422
    with visiting(whole) as bethan:
        sign_in(bethan, "bethan")
        assert "Nid &lt;b&gt;hi oedd hi" in bethan.get(again).text
        assert bethan.post(again, {**bethan.hidden(), "answer": "yes"}).status_code == 303
        assert "Nobody is left out." in bethan.get(left_out).text
        assert bethan.get(again).status_code == 404
        assert bethan.get(f"{left_out}/1/return").status_code == 404
