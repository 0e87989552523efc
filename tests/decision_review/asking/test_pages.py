"""The pages of asking: three questions from a decision point, papers, the class and what two people sign."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.decision_review.asking.models import ReviewPaper, ReviewProposal
from portal.decision_review.asking.rules import Side
from portal.decision_review.models import Classification, ReviewRequest
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, Reviews
from tests.demonstrated import GWYNFOR, SIAN
from tests.visitors import Visitor

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n"
BASE = "/en/my/desk/reviews/"


def asked(reviews: Reviews, **changes: Any) -> str:
    with reviews.world.database.writing() as session:
        return reviews.asked(session, **changes).reference


def ask_by_words(reviews: Reviews, visitor: Visitor) -> str:
    """From a decision point: three questions and who you are; the ten words."""
    code = reviews.world.code_of("telematics")
    page = visitor.get(f"/en/review/start?system={code}&point=harsh-braking-talk").text
    assert "Question 1 of 4" in page
    fields = visitor.hidden()
    known = re.findall(r'name="known" value="(\w+)"', page)
    answers: dict[str, Any] = {
        **fields, "known": known, "day-day": "3", "day-month": "11", "day-year": "2026", "what": "Map 31313",
        "effect": "A talk 51515", "from-day": "26", "from-month": "11", "from-year": "2026", "wanted": "human",
        "companion": "Ann", "meeting": "cy", "keep-away": EMYR, "name": "Cai", "contact": "Depot", "go": "send",
    }  # fmt: skip
    sent = visitor.client.post("/en/review/ask", data=answers).text
    assert "asked whether it can wait" in sent
    words = re.findall(r"<span>(\w+)</span>", sent.split('class="words"')[1])
    return " ".join(words[:10])


def test_from_a_decision_point_without_an_account_to_papers_and_receipt(reviews: Reviews) -> None:
    database = reviews.world.database
    with reviews.world.visiting() as visitor:
        words = ask_by_words(reviews, visitor)
        assert "51515" in visitor.client.post("/en/review/receipt", data={"words": words}).text
        page = visitor.client.post("/en/review/papers", data={"words": words}).text
        assert "At most 10 files" in page
        file = {"file": ("map 41414.pdf", PDF)}
        assert "map 41414.pdf" in visitor.client.post("/en/review/paper", data={"words": words}, files=file).text
        wrong = {"file": ("map.exe", b"MZ")}
        again = visitor.client.post("/en/review/paper", data={"words": words}, files=wrong)
        assert again.status_code == 422
        nobody = " ".join(["abacus"] * 10)
        for address in ("receipt", "papers", "contest"):
            assert visitor.client.post(f"/en/review/{address}", data={"words": nobody}).status_code == 404
    with database.reading() as session:
        request = session.scalars(select(ReviewRequest).where(ReviewRequest.who.is_not(None))).one()
        assert (request.meeting_locale, str(request.effect_on)) == ("cy", "2026-11-26")
        paper_id = session.scalars(select(ReviewPaper.id)).one()
        reference = session.get_one(Case, request.case_id).reference
    on_disk = b"".join(one.read_bytes() for one in reviews.world.folder.rglob("*") if one.is_file())
    for secret in (b"31313", b"41414", b"51515"):
        assert secret not in on_disk
    with reviews.world.signed_in(MAIR) as mair:
        assert mair.client.get(f"{BASE}{reference}/papers/{paper_id}").content == PDF
    with reviews.world.signed_in(SIAN) as stranger:
        assert stranger.client.get(f"{BASE}{reference}/papers/{paper_id}").status_code == 404


def act(visitor: Visitor, path: str, **fields: str) -> Any:
    visitor.get(path)
    hidden = {name: value for name, value in visitor.hidden().items() if name in {"form_id", "version"}}
    return visitor.post(path, {**hidden, **fields})


def test_the_class_is_said_contested_and_settled_on_its_pages(reviews: Reviews) -> None:
    reference = asked(reviews)
    page = f"{BASE}{reference}/class"
    with reviews.world.signed_in(MAIR) as mair:
        wrong = act(mair, page, reasons="Kept 61616")
        assert wrong.status_code == 422
        assert "Kept 61616" in wrong.text
        assert act(mair, page, **{"class": "d", "reasons": "Dim system"}).status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        own = f"/en/my/review/{reference}/contest"
        assert "Dim system" in gwynfor.get(own).text
        assert gwynfor.post(own, {"why": ""}).status_code == 422
        assert act(gwynfor, own, why="Cyfrifiadur oedd e").status_code == 303
        assert gwynfor.client.get(f"/en/my/review/{reference}/receipt").status_code == 200
    with reviews.world.signed_in(MAIR) as mair:
        assert "another officer looks" in mair.get(page).text
        assert act(mair, page, **{"class": "b", "reasons": "x"}).status_code in {404, 422}
    with reviews.world.signed_in(LOWRI) as lowri:
        assert act(lowri, page, **{"class": "b", "reasons": "Roedd system"}).status_code == 303
    with reviews.world.database.reading() as session:
        classes = session.scalars(select(Classification.review_class).order_by(Classification.decided_at)).all()
        assert sorted(classes) == ["b", "d"]


def test_two_officers_extend_on_the_page_and_the_first_alone_cannot(reviews: Reviews) -> None:
    reference = asked(reviews)
    page = f"{BASE}{reference}/propose/extension"
    with reviews.world.signed_in(MAIR) as mair:
        assert act(mair, page, words="Kept 71717").status_code == 422
        assert act(mair, page, ground="complexity", words="Cymhleth").status_code == 303
        assert "Approve and send" not in mair.get(page).text
        assert act(mair, page, act="approve").status_code in {404, 422}
    with reviews.world.signed_in(LOWRI) as lowri:
        assert "Cymhleth" in lowri.get(page).text
        assert act(lowri, page, act="approve").status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "Mae angen dau fis arall arnom" in gwynfor.get(f"/cy/my/cases/{reference}").text
    with reviews.world.database.reading() as session:
        assert session.scalars(select(ReviewProposal.is_approved)).all() == [True]


def test_what_came_another_way_is_written_down_with_its_true_day(reviews: Reviews) -> None:
    said = {
        "body": "dyffryn-cledwen", "name": "Cai 81818", "channel": "phone", "received-day": "16",
        "received-month": "11", "received-year": "2026", "day-day": "2", "day-month": "11", "day-year": "2026",
        "what": "Dywedodd ar y ffôn", "wanted": "human", "lang": "cy",
    }  # fmt: skip
    before = len([one for one in reviews.world.settings.blob_folder.rglob("*") if one.is_file()])
    scan = ("files", ("llythyr.txt", b"Llythyr 91919", "text/plain"))
    bad = ("files", ("x.exe", b"MZ", "application/octet-stream"))
    none = ("files", ("", b"", "application/octet-stream"))

    def send(mair: Visitor, *files: tuple[str, tuple[str, bytes, str]], again: str = "", **changes: str) -> Any:
        mair.get(BASE + "log")
        fields = {"form_id": mair.hidden()["form_id"]} | said | changes | ({"form_id": again} if again else {})
        return mair.post(BASE + "log", fields, files=list(files or [none]))

    with reviews.world.signed_in(MAIR) as mair:
        late = send(mair, scan)
        assert late.status_code == 422 and "Cai 81818" in late.text and "Choose the files again" in late.text
        assert send(mair, scan, bad, late_reason="Nodyn").status_code == 422
        mair.get(BASE + "log")
        form = mair.hidden()["form_id"]
        for _ in range(2):
            answer = send(mair, scan, scan, again=form, late_reason="Nodyn")
            assert answer.status_code == 303
        assert send(mair, late_reason="x", person=MAIR, name="").status_code == 422
    with reviews.world.database.reading() as session:
        nobody = (Case.kind == "review", Case.requester_person_id.is_(None))
        case = session.scalars(select(Case).where(*nobody)).one()
        assert (str(case.received_on), str(case.due_on), case.locale) == ("2026-11-16", "2026-12-16", "cy")
        papers = session.scalars(select(ReviewPaper).where(ReviewPaper.case_id == case.id)).all()
        assert [one.side for one in papers] == [Side.WORKER] * 2
        assert len([one for one in reviews.world.settings.blob_folder.rglob("*") if one.is_file()]) == before + 2
    with reviews.world.signed_in(EMYR) as emyr:
        assert emyr.client.get(BASE + "log").status_code == 404


@pytest.mark.parametrize("email", [SIAN, EMYR, GWYNFOR])
def test_who_is_no_officer_meets_what_was_never_there(reviews: Reviews, email: str) -> None:
    reference = asked(reviews, keep_away=None)
    with reviews.world.signed_in(email) as visitor:
        for part in ("class", "who", "hold", "propose/extension", "propose/refusal"):
            there, never = (visitor.client.get(f"{BASE}{one}/{part}") for one in (reference, "RV-2222-2222"))
            assert there.status_code == never.status_code == 404
        if email != GWYNFOR:
            for part in ("contest", "papers", "receipt"):
                assert visitor.client.get(f"/en/my/review/{reference}/{part}").status_code == 404


def test_the_check_page_names_the_posts_that_could_open_it_and_whom_the_worker_left_out(reviews: Reviews) -> None:
    with reviews.world.visiting() as visitor:
        code = reviews.world.code_of("telematics")
        page = visitor.get(f"/en/review/start?system={code}&point=harsh-braking-talk").text
        answers: dict[str, Any] = {
            **visitor.hidden(), "known": re.findall(r'name="known" value="(\w+)"', page), "day-day": "3",
            "day-month": "11", "day-year": "2026", "what": "Map", "effect": "Talk", "from-day": "26",
            "from-month": "11", "from-year": "2026", "wanted": "human", "keep-away": EMYR, "name": "Cai",
            "contact": "Depot", "step": "you",
        }  # fmt: skip
        page = visitor.client.post("/en/review/ask", data=answers).text
    assert "It will not go to: Head of Waste and Fleet. You left them out." in page
    assert "It goes to: Fleet Manager. They act in place of the person responsible." in page
    assert "It goes to: Data Protection Officer. They work on such requests." in page
    assert "Of those who look at decisions again, one is chosen." in page
