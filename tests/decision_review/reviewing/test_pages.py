"""The reviewer's pages, from the officer who chooses them to the worker who reads the outcome."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.decision_review.conftest import EMYR, MAIR, MELERI, SARAH, Reviews
from tests.decision_review.recording import BLIND, OPEN
from tests.decision_review.reviewing.looking import (
    CORRECTED,
    DAVID,
    DECLARED,
    OWEN,
    RHODRI,
    VIEW,
    give,
    look,
    reviewing,
    state,
)
from tests.decision_review.test_represented import name
from tests.demonstrated import GWYNFOR, SIAN


def test_from_the_officer_to_the_reviewer_to_the_worker(reviews: Reviews, reference: str) -> None:
    give(reviews, reference)
    with reviewing(reviews, reference) as meleri:
        path = look(reference)
        assert meleri.client.get(f"/cy/my/desk/reviews/{reference}").headers["location"].endswith("/look")
        assert meleri.post(path, DECLARED | {"declared": ["part"]}).status_code == 422
        assert meleri.post(path, DECLARED).status_code == 303
        page = meleri.get(look(reference, "cy")).text
        assert "Nid oedd y map yn gywir" in page
        assert OPEN[next(iter(OPEN))] in page
        refused = meleri.post(path, {**VIEW, "leaning": ""})
        assert refused.status_code == 422
        assert "edrych yn hen" in refused.text
        assert meleri.post(path, VIEW).status_code == 303
        meleri.get(path)
        assert meleri.post(path, {"act": "reveal"}).status_code == 303
        page = meleri.get(path).text
        assert all(value in page for value in BLIND.values())
        assert CORRECTED in page
        assert meleri.post(path, {"act": "issue", "issue": "Y map", "form_id": "a" * 26}).status_code == 303
        which = re.findall(r'name="which" value="(\w+)"', meleri.get(path).text)[0]
        decided = {"act": "dispose", "which": which, "outcome-1": "overturned", "reasons-cy-1": "Hen fap 31313"}
        assert meleri.post(path, {**decided, "reasons-cy-1": "", "reasons-en-1": "kept 515"}).status_code == 422
        meleri.get(path)
        assert meleri.post(path, decided).status_code == 303
        meleri.get(path)
        assert meleri.post(path, {"act": "conclude"}).status_code == 422
        assert meleri.post(path, dict[str, Any](act="consider", sources=["worker"])).status_code == 303
        meleri.get(path)
        assert meleri.post(path, {"act": "conclude", "remedy-1": "delete_flag"}).status_code == 422
        remedy = {"remedy-1": "delete_flag", "remedy-1-words": "Dileu", "remedy-1-owner": EMYR}
        due = {"remedy-1-due-day": "1", "remedy-1-due-month": "12", "remedy-1-due-year": "2026"}
        assert meleri.post(path, {"act": "conclude", **remedy, **due}).status_code == 303
        assert meleri.get(path).status_code == 200
        assert meleri.post(path, {"act": "conclude"}).status_code == 303
    assert state(reviews, reference) == "implementing"
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(f"/cy/my/cases/{reference}").text
        assert "edrych yn hen" in page
    on_disk = b"".join(one.read_bytes() for one in reviews.world.folder.glob("porth.sqlite3*"))
    for words in ("31313", "edrych yn hen", *BLIND.values()):
        assert words.encode() not in on_disk


@pytest.mark.parametrize("email", [RHODRI, OWEN, DAVID, EMYR, GWYNFOR, SIAN, MAIR])
def test_who_does_not_review_it_meets_what_was_never_there(reviews: Reviews, reference: str, email: str) -> None:
    give(reviews, reference)
    with reviews.world.signed_in(email) as visitor:
        there, never = (visitor.client.get(look(one)) for one in (reference, "RV-2222-2222"))
        assert there.status_code == never.status_code == 404
        assert len(there.content) == len(never.content)
        for fields in (DECLARED, VIEW, {"act": "reveal"}, {"act": "conclude"}, {"act": "hand_back"}):
            visitor.get("/en/my")
            assert visitor.post(look(reference), fields).status_code == 404
    assert state(reviews, reference) == "assigned"


def test_who_is_too_close_is_not_offered_and_is_refused_by_hand(reviews: Reviews, reference: str) -> None:
    with reviews.world.database.writing() as session:
        session.execute(
            text("UPDATE role_holdings SET person_id = :who WHERE person_id = :sarah AND role = 'responsible_manager'"),
            {"who": reviews[MELERI].person_id, "sarah": reviews[SARAH].person_id},
        )
    path = f"/en/my/desk/reviews/{reference}/reviewers"
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(path).text
        assert f'name="reviewer" value="{reviews[MELERI].person_id}"' not in page
        assert reviews[DAVID].person_id in page
        for nobody, said in ((MELERI, 422), (GWYNFOR, 404), (OWEN, 404)):
            mair.get(path)
            assert mair.post(path, {"act": "give", "reviewer": reviews[nobody].person_id}).status_code == said
        mair.get(path)
        assert mair.post(path, {"act": "give", "reviewer": ""}).status_code == 422
    assert state(reviews, reference) == "representations_open"


def test_a_review_handed_back_does_not_come_again(reviews: Reviews, reference: str) -> None:
    give(reviews, reference)
    with reviewing(reviews, reference) as meleri:
        assert meleri.post(look(reference), {"act": "hand_back", "because": "Fy nghymydog"}).status_code == 303
        assert meleri.client.get(look(reference)).status_code == 404
    with reviews.world.signed_in(MAIR) as mair:
        for page in ("", "/reviewers", "/records", "/who"):
            shown_page = mair.get(f"/en/my/desk/reviews/{reference}{page}").text
            assert "Fy nghymydog" not in shown_page
        assert reviews[MELERI].person_id not in mair.get(f"/en/my/desk/reviews/{reference}/reviewers").text


def test_questions_of_a_reviewer_are_answered_and_nobody_else_sees_them(reviews: Reviews, reference: str) -> None:
    give(reviews, reference)
    with reviewing(reviews, reference) as meleri:
        path = look(reference)
        for fields in (DECLARED, VIEW, {"act": "reveal"}):
            meleri.post(path, fields)
            meleri.get(path)
        asked = {"act": "ask_other", "asked": "owner", "question": "Pryd newidiwyd y map 616?", "form_id": "b" * 26}
        assert meleri.post(path, asked).status_code == 303
        meleri.get(path)
        said = {"act": "ask_worker", "worker-question": "Ble oeddech chi 717?", "form_id": "c" * 26}
        assert meleri.post(path, said).status_code == 303
        assert "717" in meleri.get(path).text
    with reviews.world.signed_in(EMYR) as emyr:
        assert reference in emyr.get("/en/my/questions").text
        own = f"/en/my/questions/{'b' * 26}"
        assert "616" in emyr.get(own).text
        assert emyr.post(own, {"answer": ""}).status_code == 422
        assert emyr.post(own, {"answer": "Ym mis Medi 818"}).status_code == 303
        assert emyr.client.get(own).status_code == 404
    with reviews.world.signed_in(SARAH) as sarah:
        assert sarah.client.get(own).status_code == 404
    with reviewing(reviews, reference) as meleri:
        assert "818" in meleri.page.text


def test_bodies_agree_to_lend_each_other_reviewers(reviews: Reviews) -> None:
    path = "/en/my/desk/reviews/pools"
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(path)
        fields = {"act": "offer", "own": "dyffryn-cledwen", "other": "glannau-ogwen"}
        assert mair.post(path, fields).status_code == 303
        agreement = re.findall(r'name="agreement" value="(\w+)"', mair.get(path).text)[0]
        assert mair.post(path, {"act": "agree", "agreement": agreement}).status_code == 404
    with reviews.world.signed_in(RHODRI) as rhodri:
        assert "has not agreed yet" in rhodri.get(path).text
        assert rhodri.post(path, {"act": "agree", "agreement": agreement}).status_code == 303
        assert "It stands since" in rhodri.get(path).text
    with reviews.world.signed_in(DAVID) as david:
        assert david.client.get(path).status_code == 404


def test_a_reviewer_reads_who_represents_the_worker_but_not_how_to_reach_them(reviews: Reviews, reference: str) -> None:
    give(reviews, reference)
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        name(gwynfor, reference, email="carys@undeb.example")
    with reviews.world.signed_in(MELERI) as meleri:
        page = meleri.get(look(reference)).text
        assert "Carys Bowen" in page
        assert "represents the person. Last day" in page
        assert "01248 000000" not in page
        assert "carys@undeb.example" not in page
