"""Somebody asks for a worker with ten words of their own; an officer sees their authority, writes down, and ends."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases import authority, representing
from portal.cases.authority import Shown
from portal.cases.hearing import end_named
from portal.cases.models import Case, CaseEvent, CaseRepresentative
from portal.cases.rules import Relation
from portal.cases.speaking import Shared
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from tests.decision_review.asking.test_pages import asked
from tests.decision_review.conftest import EMYR, MAIR, Reviews, letters
from tests.decision_review.sharing_worlds import name
from tests.demonstrated import GWYNFOR
from tests.visitors import Visitor

REASON = "Dywedodd y gweithiwr dros y ffôn"
DAY = {"shown_on-day": "20", "shown_on-month": "11", "shown_on-year": "2026"}
PAPER = {"rep_name": "Carys Bowen", "rep_reach": "01248 000000", "rep_scope": "speak", "share": "asked", **DAY}
ANSWERS: dict[str, Any] = {
    "day-day": "3", "day-month": "11", "day-year": "2026", "what": "Map 31313", "effect": "", "wanted": "human",
    "name": "Cai Prys", "contact": "Depot", "email": "carys@example.org", "rep_name": "Carys Bowen",
    "rep_reach": "01248 000000", "go": "send",
}  # fmt: skip


def ask_for_cai(reviews: Reviews, visitor: Visitor, **changes: str) -> tuple[str, dict[str, Any]]:
    code = reviews.world.code_of("telematics")
    page = visitor.get(f"/en/review/start?system={code}&point=harsh-braking-talk").text
    fields = {**visitor.hidden(), **ANSWERS, "known": re.findall(r'name="known" value="(\w+)"', page), **changes}
    return visitor.client.post("/en/review/ask", data=fields).text, fields


def words_on(page: str) -> str:
    return " ".join(re.findall(r"<span>(\w+)</span>", page.split('class="words"')[1])[:10])


def test_asked_for_somebody_the_ten_words_are_the_representatives_and_show_what_they_wrote(reviews: Reviews) -> None:
    with reviews.world.visiting(reviews.world.app) as carys:
        sent, fields = ask_for_cai(reviews, carys)
        assert "You asked for somebody else" in sent
        again = carys.client.post("/en/review/ask", data=fields).text
        words = words_on(sent)
        assert words_on(again) == words
        page = carys.client.post("/en/case", data={"words": words}).text
        assert "Map 31313" in page
        assert "Until somebody at the employer has seen that you may" in page
        for address in ("records", "outcome", "receipt", "take"):
            assert carys.client.post(f"/en/review/{address}", data={"words": words}).status_code == 404
        assert carys.client.post("/en/case/representative", data={"words": words}).status_code == 404
        assert carys.client.post("/en/case/reply", data={"words": words, "reply": "x"}).status_code == 404
        said = carys.client.post("/en/case/speak", data={"words": words, "reply": "Rhagor 5151"})
        assert said.status_code == 200
        with reviews.world.database.reading() as session:
            row = session.scalars(select(CaseRepresentative).where(CaseRepresentative.is_asker)).one()
            case = session.get_one(Case, row.case_id)
            assert (case.locator_hash, case.requester_person_id) == (None, None)
            reference, row_id = case.reference, row.id
        desk = f"/en/my/desk/reviews/{reference}"
        with reviews.world.signed_in(MAIR) as mair:
            assert "asked for this person" in mair.get(desk).text
            mair.get(f"{desk}/represented")
            seen = {"go": "see", "representative": row_id, f"shown-{row_id}": "Llythyr", f"share-{row_id}": "history"}
            assert mair.post(f"{desk}/represented", seen).status_code == 422
            day = {key.replace("shown_on", f"shown_on-{row_id}"): value for key, value in DAY.items()}
            assert mair.post(f"{desk}/represented", {**seen, **day}).status_code == 303
            assert "represents the person" in mair.get(desk).text
        page = carys.client.post("/en/case", data={"words": words}).text
        assert "The authority of the representative was seen" in page
        took = carys.client.post("/en/case/speak/withdraw", data={"words": words})
        assert "Undo the withdrawal" in took.text
        undone = carys.client.post("/en/case/speak/again", data={"words": words, "act": "undo_withdrawal"})
        assert "Undo the withdrawal" not in undone.text
        with reviews.world.signed_in(MAIR) as mair:
            mair.get(f"{desk}/represented")
            ended = {"go": "end", "representative": row_id, f"because-{row_id}": REASON}
            assert mair.post(f"{desk}/represented", ended).status_code == 303
            assert REASON in mair.get(f"{desk}/represented").text
        for address in ("case", "case/speak", "review/papers", "review/contest"):
            assert reference not in carys.client.post(f"/en/{address}", data={"words": words, "reply": "x"}).text
    with reviews.world.database.reading() as session:
        assert session.scalars(select(Case.contact_email).where(Case.reference == reference)).one() is None


@pytest.mark.parametrize("changes", [{"rep_name": ""}, {"rep_reach": ""}])
def test_who_asks_for_somebody_says_who_they_are_and_how_to_reach_them(
    reviews: Reviews, changes: dict[str, str]
) -> None:
    with reviews.world.visiting(reviews.world.app) as carys:
        page, _fields = ask_for_cai(reviews, carys, **changes)
    assert "leave both empty if you ask for yourself" in page
    assert "Cai Prys" in page


def test_what_came_on_paper_is_written_down_and_its_worker_reads_it_and_ends_it(reviews: Reviews) -> None:
    reference = asked(reviews)
    at = f"/en/my/desk/reviews/{reference}/represented"
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(at)
        missing = mair.post(at, {**mair.hidden(), "go": "write", **PAPER, "shown": ""})
        assert missing.status_code == 422
        assert "01248 000000" in missing.text
        late = mair.post(at, {**mair.hidden(), "go": "write", **PAPER, "shown": "x", "shown_on-year": "2027"})
        assert late.status_code == 422
        mair.get(at)
        assert mair.post(at, {**last_hidden(mair), "go": "write", **PAPER, "shown": "Llythyr 20/11"}).status_code == 303
        assert "Llythyr 20/11" in mair.get(at).text
    for stranger in (EMYR, GWYNFOR):
        with reviews.world.signed_in(stranger) as visitor:
            assert visitor.client.get(at).status_code == 404
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        own = f"/en/my/cases/{reference}/representative"
        page = gwynfor.get(own).text
        assert "Your employer wrote this down" in page
        assert "Llythyr 20/11" in page
        own_id = re.search(r'name="representative" value="([^"]+)"', page)
        assert own_id
        assert gwynfor.post(own, {"go": "end", "representative": own_id.group(1)}).status_code == 303
        assert "Taken back" in gwynfor.get(own).text
    with reviews.world.database.reading() as session:
        assert letters(session, "case_news") >= 1


def last_hidden(visitor: Visitor) -> dict[str, str]:
    form = visitor.page.text.rpartition("<form ")[2]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_nobody_but_an_officer_writes_down_and_what_the_person_named_with_an_account_they_end(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        row, _words = name(reviews, session, case, frozenset())
        shown = Shown(Words("x"), Locale.CY, reviews.desk.today)
        for by in (Relation.REQUESTER, Relation.REPRESENTATIVE):
            with pytest.raises(NotAllowed):
                authority.end(session, by, case, row, Words("x"), Locale.CY, desk=reviews.desk)
        with pytest.raises(Refused):
            authority.end(session, reviews[MAIR], case, row, Words("x"), Locale.CY, desk=reviews.desk)
        with pytest.raises(NotFound):
            authority.see_authority(
                session, reviews[MAIR], case, row, shown, frozenset({Shared.OUTCOME}), desk=reviews.desk
            )
        assert representing.list_parts(session, row) == frozenset()


def test_when_the_time_of_who_asked_is_over_they_hear_no_more(reviews: Reviews) -> None:
    with reviews.world.visiting(reviews.world.app) as carys:
        ask_for_cai(reviews, carys)
    later = reviews.after(200)
    assert end_named(reviews.world.database, reviews.world.settings, later.now) == 1
    with reviews.world.database.reading() as session:
        row = session.scalars(select(CaseRepresentative).where(CaseRepresentative.is_asker)).one()
        assert session.get_one(Case, row.case_id).contact_email is None
        steps = set(session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == row.case_id)))
        assert {"asked_for", "representative_over"} <= steps
