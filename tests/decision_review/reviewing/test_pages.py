"""The reviewer's pages, from the officer who chooses them to the worker who reads the outcome; and blind first."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence import saying, service
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.queries import BLIND as BLIND_KINDS
from portal.decision_review.evidence.queries import list_corrections, list_items, list_shared
from portal.decision_review.evidence.rules import ItemKind
from portal.decision_review.evidence.saying import NewCorrection
from portal.decision_review.reviewing import blind, deciding, seating
from portal.decision_review.reviewing.deciding import Ending
from portal.decision_review.reviewing.models import ProvisionalView, ReviewDecision
from portal.decision_review.reviewing.queries import find_seat, sees_output
from portal.decision_review.rules import Outcome, ReviewClass
from tests.decision_review.conftest import EMYR, MAIR, SARAH, Reviews, sent
from tests.decision_review.deciding_way import URL, begun, concluded, disposed
from tests.decision_review.deciding_way import given as give_to
from tests.decision_review.recording import BLIND, OPEN, asked, frozen, shared
from tests.decision_review.test_represented import name
from tests.demonstrated import GWYNFOR, OTHER_BODY, SIAN
from tests.visitors import Visitor

MELERI, DAVID = "meleri.haf.ifans@dyffryn-cledwen.example", "david.okafor@dyffryn-cledwen.example"
RHODRI, OWEN = "rhodri.vaughan@glannau-ogwen.example", "owen.parry.owen@glannau-ogwen.example"
PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"
CORRECTED = "Nid 41 ond 63 yw fy sgôr i"
DECLARED: dict[str, Any] = {
    "act": "begin",
    "declared": ["part", "line", "supplier", "case"],
    "trained-day": "2",
    "trained-month": "3",
    "trained-year": "2026",
    "authority": "Pennaeth adran arall",
}
VIEW: dict[str, Any] = {"act": "view", "leaning": "changed", "view": "Mae’r map yn edrych yn hen."}


@pytest.fixture
def reference(reviews: Reviews) -> str:
    """A review with its records and the worker's side, and a correction of what the system gave out."""
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case, ReviewClass.INFLUENCED)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        output = next(one for one in list_items(session, pack, with_output=True) if one.kind is ItemKind.OUTPUT)
        new = NewCorrection(ids.new_id(), Words(CORRECTED), Words("63"), Locale.CY)
        saying.correct(session, reviews[GWYNFOR], case, output, new, desk=reviews.desk)
        saying.be_done(session, reviews[GWYNFOR], case, desk=reviews.desk)
        return case.reference


def look(reference: str, locale: str = "en") -> str:
    return f"/{locale}/my/desk/reviews/{reference}/look"


def give(reviews: Reviews, reference: str, email: str = MELERI) -> None:
    with reviews.world.signed_in(MAIR) as mair:
        path = f"/en/my/desk/reviews/{reference}/reviewers"
        assert mair.get(path).status_code == 200
        assert mair.post(path, {"act": "give", "reviewer": reviews[email].person_id}).status_code == 303


@contextmanager
def reviewing(reviews: Reviews, reference: str, email: str = MELERI) -> Iterator[Visitor]:
    with reviews.world.signed_in(email) as visitor:
        assert visitor.get(look(reference)).status_code == 200
        yield visitor


def state(reviews: Reviews, reference: str) -> str:
    with reviews.world.database.reading() as session:
        return session.scalars(select(Case.state).where(Case.reference == reference)).one()


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


MINE = re.compile(r"/en/my(?:/(?:desk/reviews|cases|review|records|questions|remedies|holds|panels)\b.*)?$")


NO_CASE = re.compile(r"/en/my/(?!.*(?:[A-Z]{2}-|sign-out|profile|concerns|keys|desk/register|desk/access)).*$")


def links(page: str) -> set[str]:
    return set(re.findall(r'href="(/en/my[^"#?]*)"', page))


def crawl(visitor: Visitor, *starts: str, follows: re.Pattern[str] = MINE) -> Iterator[tuple[str, str]]:
    """Every page of somebody's own that a link leads to, and its text."""
    waiting, seen = [*starts], set(starts)
    while waiting:
        assert len(seen) < 200
        path = waiting.pop()
        answer = visitor.client.get(path)
        if answer.status_code != 200:
            continue
        yield path, answer.text
        new = {one for one in links(answer.text) if follows.match(one)} - seen
        seen |= new
        waiting += sorted(new)


def secrets_in(page: str) -> list[str]:
    return [words for words in (*BLIND.values(), CORRECTED) if words in page]


def item_ids(reviews: Reviews) -> list[str]:
    with reviews.world.database.reading() as session:
        return list(session.scalars(select(EvidenceItem.id).where(EvidenceItem.kind.in_(BLIND_KINDS))))


@pytest.mark.parametrize("acts", [[], [DECLARED], [DECLARED, {"act": "reveal"}], [DECLARED, VIEW]])
def test_no_page_and_no_download_shows_the_output_before_the_view_stands_and_is_shown(
    reviews: Reviews, reference: str, acts: list[dict[str, Any]]
) -> None:
    give(reviews, reference)
    with reviewing(reviews, reference) as meleri:
        for fields in acts:
            meleri.get(look(reference))
            meleri.post(look(reference), fields)
        desk = f"/en/my/desk/reviews/{reference}"
        starts = [
            "/en/my",
            look(reference),
            look(reference, "cy"),
            *(f"{desk}/{one}" for one in ("records", "outcome")),
        ]
        found = dict(crawl(meleri, *starts))
        assert look(reference) in found
        assert not [path for path, page in found.items() if secrets_in(page)]
        for item_id in item_ids(reviews):
            for path in (f"{desk}/look/{item_id}", f"{desk}/records/{item_id}", f"/en/my/records/x/{item_id}"):
                assert meleri.client.get(path).status_code == 404


ACTS = ("begin", "view", "reveal", "dispose", "conclude", "hand_back")


def do(session: Session, reviews: Reviews, case: Case, act: str) -> None:
    meleri, desk = reviews[MELERI], reviews.desk
    if act == "begin":
        begun(session, meleri, case, desk=desk)
    elif act == "view":
        blind.write_view(session, meleri, case, Outcome.CHANGED, Words("x"), Locale.CY, desk=desk)
    elif act == "reveal":
        blind.reveal(session, meleri, case, desk=desk)
    elif act == "dispose":
        disposed(session, meleri, case, Outcome.CHANGED, desk=desk)
    elif act == "conclude":
        deciding.conclude(session, meleri, case, Ending(URL), desk=desk)
    else:
        seating.hand_back(session, meleri, case, None, desk=desk)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=8))
def test_in_whatever_order_a_reviewer_acts_the_output_comes_after_the_view(
    reviews: Reviews, reference: str, acts: list[str]
) -> None:
    vault = reviews.world.settings.vault
    with reviews.world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        seat = give_to(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        for act in acts:
            with suppress(Refused, Conflict, NotFound, NotAllowed):
                do(session, reviews, case, act)
            sees = sees_output(session, seat)
            assert not sees or session.get(ProvisionalView, seat.id) is not None
            read = [item for pack in list_shared(session, case) for item in list_items(session, pack, with_output=sees)]
            assert sees or not [item for item in read if item.kind.is_blind]
            assert sees or not list_corrections(session, case, vault, with_output=sees)
        session.rollback()


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


def decided_by(reviews: Reviews, outcomes: list[Outcome]) -> None:
    with reviews.world.database.writing() as session:
        for outcome in outcomes:
            case = reviews.asked(session)
            shared(session, reviews, case, ReviewClass.INFLUENCED)
            concluded(session, reviews[MAIR], reviews[MELERI], case, outcome, desk=reviews.desk)
            assert find_seat(session, case, reviews[MELERI].person_id) is not None


@pytest.mark.parametrize(("email", "is_named"), [(MAIR, True), (EMYR, False), (PHILIP, True), (DAVID, True)])
def test_nobody_sees_how_often_a_reviewer_overrides(reviews: Reviews, email: str, is_named: bool) -> None:
    """Two worlds that differ in nothing but how a reviewer decided: no page that names the reviewer differs.

    The page of a single review is left out: there one decision is read, by who works on it.
    """
    decided_by(reviews, [Outcome.UPHELD, Outcome.UPHELD, Outcome.CHANGED])
    before = outside_cases(reviews, email)
    with reviews.world.database.writing() as session:
        for table, column in (
            ("review_decisions", "outcome"),
            ("review_conclusions", "outcome"),
            ("review_dispositions", "disposition"),
        ):
            session.execute(text(f"UPDATE {table} SET {column} = 'overturned'"))
        assert set(session.scalars(select(ReviewDecision.outcome))) == {Outcome.OVERTURNED}
    after = outside_cases(reviews, email)
    assert before.keys() == after.keys()
    named = {path for world in (before, after) for path, page in world.items() if names(reviews, page)}
    assert bool(named) == is_named
    assert [path for path in sorted(named) if before[path] != after[path]] == []


def names(reviews: Reviews, page: str) -> bool:
    return "Meleri" in page or reviews[MELERI].person_id in page


def outside_cases(reviews: Reviews, email: str) -> dict[str, str]:
    """Every page of somebody that is not one review, without what differs at each visit."""
    starts = ["/en/my", "/en/my/desk/reviews?show=finished", f"/en/my/desk/reviews?who={reviews[MELERI].person_id}"]
    starts.append(f"/en/my/admin/bodies/{OTHER_BODY}/people/{reviews[MELERI].person_id}")
    with reviews.world.signed_in(email) as visitor:
        return {
            path: re.sub(r'(name="(?:csrf|form_id)" value|nonce)="[^"]*"', "", page)
            for path, page in crawl(visitor, *starts, follows=NO_CASE)
        }


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
