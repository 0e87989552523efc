"""Who may speak for a worker adds papers, corrects, says their side, contests and asks again, with their mark."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from anonymity.receipt import case_locator, draw_code, locator_hash
from portal.audit.models import AuditEvent
from portal.cases import representing
from portal.cases.models import Case, CaseEvent, RepresentativeWork
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.cases.speaking import Scope, Shared
from portal.core.text import Locale, Words
from portal.decision_review.asking.service import ask, undo_withdrawal
from portal.decision_review.evidence import saying, service
from portal.decision_review.evidence.models import Correction
from portal.decision_review.evidence.queries import find_side, open_beside, open_side
from portal.decision_review.outcome.queries import list_remedies
from portal.decision_review.outcome.service import finish_remedy
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from tests.decision_review.asking.test_pages import PDF
from tests.decision_review.conftest import EMYR, MAIR, Reviews, sent
from tests.decision_review.outcome.deciding import remedy, told
from tests.decision_review.recording import asked, frozen
from tests.decision_review.sharing_worlds import name
from tests.demonstrated import GWYNFOR

ALL = frozenset(Shared)
WRITTEN = "Written by the representative"


@pytest.fixture
def carys(reviews: Reviews) -> Any:
    with reviews.world.visiting(reviews.world.app) as visitor:
        yield visitor.client


def post(client: TestClient, address: str, words: str, **fields: str) -> Any:
    return client.post(f"/en/review/{address}", data={"words": words, **fields})


def records_open(reviews: Reviews, session: Session) -> Case:
    """The worker has the records, and has said something but not all."""
    case = reviews.asked(session)
    pack = asked(session, reviews, case)
    frozen(session, reviews, case, pack)
    service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
    return case


def first_item(page: str) -> str:
    found = re.search(r'name="item"[^>]*value="(\w+)"', page)
    assert found
    return found.group(1)


def works(reviews: Reviews) -> list[str]:
    with reviews.world.database.reading() as session:
        return sorted(session.scalars(select(RepresentativeWork.work)))


def test_who_speaks_adds_a_paper_corrects_says_and_contests_with_their_mark_and_nobody_elses_words_change(
    reviews: Reviews, carys: TestClient
) -> None:
    with reviews.world.database.writing() as session:
        case = records_open(reviews, session)
        gwynfor = reviews[GWYNFOR]
        saying.say(session, gwynfor, case, Words("Fy ngair i"), Locale.CY, desk=reviews.desk)
        case_id, reference = case.id, case.reference
        words = name(reviews, session, case, ALL)[1]
    file = {"file": ("map 41414.pdf", PDF)}
    page = carys.post("/en/review/paper", data={"words": words}, files=file)
    assert "map 41414.pdf" in page.text
    assert WRITTEN in page.text
    page = post(carys, "records", words)
    assert "Fy ngair i" in page.text
    item = first_item(page.text)
    corrected = {"act": "correct", "item": item, "wrong": "Hen fap", "right": "Map newydd", "paper": ""}
    assert WRITTEN in post(carys, "records", words, **corrected).text
    assert "Gair Carys" in post(carys, "records", words, act="say", side="Gair Carys").text
    assert post(carys, "records", words, act="days", days="9").status_code == 200
    assert post(carys, "records", words, act="done").status_code == 404
    assert "It was said that it is another kind" in post(carys, "contest", words, go="contest", why="Na").text
    assert works(reviews) == ["class", "correction", "file", "side"]
    with reviews.world.database.reading() as session:
        case = session.get_one(Case, case_id)
        side = find_side(session, case)
        assert side is not None
        said = [open_side(side, reviews.desk.vault), open_beside(side, reviews.desk.vault)]
        assert [one.reveal() for one in said if one] == ["Fy ngair i", "Gair Carys"]
        assert side.days == 9
        roles = set(session.scalars(select(CaseEvent.role).where(CaseEvent.step.in_(["paper_added", "side_said"]))))
        assert roles == {"requester", "representative"}
        facts = session.scalars(select(AuditEvent.facts).where(AuditEvent.event == "review.representative_wrote")).all()
        assert {one["work"] for one in facts} == {"class", "correction", "file", "side"}
    desk = f"/en/my/desk/reviews/{reference}"
    with reviews.world.signed_in(MAIR) as mair:
        assert mair.get(desk).text.count(WRITTEN) == 1
        assert mair.get(f"{desk}/records").text.count(WRITTEN) == 2
        assert mair.get(f"{desk}/class").text.count(WRITTEN) == 1
    with reviews.world.signed_in(GWYNFOR) as visitor:
        own = visitor.get(f"/en/my/review/{reference}/records").text
        assert (own.count(WRITTEN), "Gair Carys" in own) == (2, True)
        taken = visitor.get(f"/en/my/review/{reference}/take").content
    with zipfile.ZipFile(BytesIO(taken)) as made:
        assert "Gair Carys" in made.read("review.html").decode()


def test_who_follows_reads_what_is_shared_and_writes_nothing(reviews: Reviews, carys: TestClient) -> None:
    with reviews.world.database.writing() as session:
        case = records_open(reviews, session)
        words = name(reviews, session, case, ALL, Scope.FOLLOW)[1]
        bare = name(reviews, session, case, ALL - {Shared.RECORDS}, Scope.FOLLOW)[1]
    page = post(carys, "records", words)
    assert "Map y ffyrdd o fis Medi" in page.text
    assert "<textarea" not in page.text
    for fields in ({"act": "say", "side": "x"}, {"act": "days", "days": "9"}, {"act": "done"}):
        assert post(carys, "records", words, **fields).status_code == 404
    for address in ("papers", "contest", "receipt", "take"):
        assert post(carys, address, words).status_code == 404
    file = {"file": ("map.pdf", PDF)}
    assert carys.post("/en/review/paper", data={"words": words}, files=file).status_code == 404
    assert carys.post("/en/case/speak", data={"words": words, "reply": "x"}).status_code == 404
    assert post(carys, "records", bare).status_code == 404
    assert post(carys, "record", bare, item="x").status_code == 404
    assert works(reviews) == []


def test_who_speaks_says_that_it_did_not_happen_and_asks_for_the_second_stage_and_no_more(
    reviews: Reviews, carys: TestClient
) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, remedy(reviews), outcome=Outcome.CHANGED)
        row = list_remedies(session, case)[0]
        own_id, reference = row.id, case.reference
        finish_remedy(session, reviews[EMYR], own_id, Words("Wedi’i ddileu"), desk=reviews.desk)
        words = name(reviews, session, case, ALL)[1]
        blind = name(reviews, session, case, ALL - {Shared.OUTCOME})[1]
    assert post(carys, "outcome", blind).status_code == 404
    assert post(carys, "outcome", blind, act="second", why="x").status_code == 404
    refused = carys.post("/en/case/speak", data={"words": blind, "reply": "x"})
    assert "outcome is not shared with you" in refused.text
    assert "Did it really not happen?" in post(carys, "outcome", words).text
    assert post(carys, "outcome", words, act="remedy", remedy=own_id, says="happened").status_code == 404
    assert post(carys, "outcome", words, act="elsewhere", place="union").status_code == 404
    assert post(carys, "outcome", words, act="remedy", remedy=own_id, says="did_not").status_code == 200
    assert WRITTEN in post(carys, "outcome", words, act="second", why="Ni welodd neb").text
    assert works(reviews) == ["again", "remedy"]
    with reviews.world.signed_in(MAIR) as mair:
        assert WRITTEN in mair.get(f"/en/my/desk/reviews/{reference}/outcome").text


def test_when_the_worker_takes_it_back_their_words_open_nothing_until_it_goes_on(
    reviews: Reviews, carys: TestClient
) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        reference, words = case.reference, name(reviews, session, case, ALL)[1]
        take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
    assert reference not in carys.post("/en/case", data={"words": words}).text
    for address in ("records", "papers", "contest", "outcome"):
        assert post(carys, address, words).status_code == 404
    with reviews.world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        undo_withdrawal(session, reviews[GWYNFOR], case, desk=reviews.desk)
    assert reference in carys.post("/en/case", data={"words": words}).text


def test_looking_at_the_records_is_a_day_that_the_worker_reads(reviews: Reviews, carys: TestClient) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        words = name(reviews, session, case, ALL, Scope.FOLLOW)[1]
        case_id = case.id
    assert post(carys, "records", words).status_code == 200
    with reviews.world.database.reading() as session:
        uses = representing.list_uses(session, session.get_one(Case, case_id))
        assert [use.use.value for use, _row in uses] == ["opened"]


def test_without_an_account_the_worker_reads_corrects_and_says_on_the_page_of_records(
    reviews: Reviews, carys: TestClient
) -> None:
    code = draw_code()
    words, hashed = " ".join(code.words("en")), locator_hash(case_locator(code))
    with reviews.world.database.writing() as session:
        new = reviews.new(session, requester_person_id=None, locator_hash=hashed)
        case = ask(session, Relation.REQUESTER, new, desk=reviews.desk)
        case_id = case.id
    assert "The records have not come yet" in post(carys, "records", words).text
    with reviews.world.database.writing() as session:
        case = session.get_one(Case, case_id)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
    page = post(carys, "records", words).text
    assert "Map y ffyrdd o fis Medi" in page
    assert "Sgôr 41 allan o 100" in page
    item = first_item(page)
    empty = {"act": "correct", "item": item, "wrong": "Hen fap 7171", "right": "", "paper": ""}
    again = post(carys, "records", words, **empty)
    assert again.status_code == 422
    assert "Hen fap 7171" in again.text
    assert "Hen fap 7171" in post(carys, "records", words, **{**empty, "right": "Map newydd"}).text
    assert "Fy ngair" in post(carys, "records", words, act="say", side="Fy ngair").text
    assert "Your side is complete" in post(carys, "records", words, act="done").text
    with reviews.world.database.reading() as session:
        rows = session.scalars(select(Correction).where(Correction.case_id == case_id)).all()
        assert len(rows) == 1
    assert works(reviews) == []
