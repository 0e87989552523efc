"""The pages of an outcome: the worker's, the remedy owner's, the officers', and the chairs'."""

import zipfile
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from portal.cases.models import Case
from portal.core.text import Locale, Words
from portal.decision_review.outcome import second
from portal.decision_review.outcome.composing import Telling
from portal.decision_review.outcome.queries import list_remedies
from portal.decision_review.outcome.service import finish_remedy, tell_outcome
from portal.decision_review.rules import OUTCOMES, Outcome
from tests.decision_review.asking.test_pages import ask_by_words
from tests.decision_review.conftest import EMYR, HYWEL, LOWRI, MAIR, MELERI, SARAH, Reviews
from tests.decision_review.outcome.deciding import REASONS, decide_now, remedy, told
from tests.decision_review.outcome.test_second import union_chair
from tests.demonstrated import ELIN, GWYNFOR
from tests.visitors import Visitor


def look_first(chair: Visitor, panel: str) -> None:
    """A view of one's own, before the first letter and the draft are shown."""
    chair.get(panel)
    assert chair.post(panel, {"act": "view", "leaning": "changed", "view": "Hen fap 9191"}).status_code == 303
    assert "Hen fap 9191" in chair.get(panel).text


def test_a_remedy_travels_from_its_owner_to_the_worker_and_back(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, remedy(reviews))
        reference, own_id = case.reference, list_remedies(session, case)[0].id
    page, task = f"/cy/my/review/{reference}/outcome", f"/en/my/remedies/{own_id}"
    with reviews.world.signed_in(EMYR) as emyr:
        assert "What I have to put right" in emyr.get("/en/my").text
        assert "/remedies/" + own_id in emyr.get("/en/my/remedies").text
        assert "Gwynfor" in emyr.get(task).text
        assert emyr.post(task, {"words": ""}).status_code == 422
        assert emyr.post(task, {"words": "Deleted."}).status_code == 303
    for stranger in (ELIN, MELERI, GWYNFOR):
        with reviews.world.signed_in(stranger) as other:
            assert other.client.get(task).status_code == 404
            assert own_id not in other.get("/en/my/remedies").text
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "/outcome" in gwynfor.get(f"/cy/my/cases/{reference}").text
        text = gwynfor.get(page).text
        assert "Mae’r map yn hen." in text
        said = gwynfor.post(page, {"act": "remedy", "remedy": own_id, "says": "did_not"})
        assert said.status_code == 303
    with reviews.world.signed_in(EMYR) as emyr:
        assert own_id in emyr.get("/en/my/remedies").text
    with reviews.world.signed_in(ELIN) as elin:
        assert elin.client.get(page).status_code == 404


def test_the_second_stage_is_asked_named_written_and_signed_on_pages(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        reference, case_id = case.reference, case.id
        union = union_chair(reviews, session, case).email
    page, desk = f"/cy/my/review/{reference}/outcome", f"/en/my/desk/reviews/{reference}/outcome"
    panel = f"/en/my/panels/{case_id}"
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        gwynfor.get(page)
        assert gwynfor.post(page, {"act": "second", "why": ""}).status_code == 422
        assert gwynfor.post(page, {"act": "second", "why": "Ni welodd neb y map."}).status_code == 303
    with reviews.world.signed_in(MAIR) as mair:
        assert "Ni welodd neb y map." in mair.get(desk).text
        typed = {"act": "panel", "employer": MELERI, "union": union}
        refused = mair.post(desk, typed)
        assert refused.status_code == 422
        assert f'value="{MELERI}"' in refused.text
        assert mair.post(desk, typed | {"employer": HYWEL}).status_code == 303
        assert mair.client.get(panel).status_code == 404
    with reviews.world.signed_in(HYWEL) as hywel:
        assert reference in hywel.get("/en/my/panels").text
        look_first(hywel, panel)
        assert hywel.post(panel, {"act": "write", "outcome": "changed", "reasons-cy": ""}).status_code == 422
        written = {"act": "write", "outcome": "changed", "reasons-cy": "Mae’r map wedi newid."}
        assert hywel.post(panel, written).status_code == 303
        assert "You signed this" in hywel.get(panel).text
    with reviews.world.signed_in(union) as chair:
        assert "Mae’r map wedi newid." not in chair.get(panel).text
        look_first(chair, panel)
        assert "Mae’r map wedi newid." in chair.get(panel).text
        assert chair.post(panel, {"act": "sign", "draft": chair.hidden()["draft"]}).status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        own = gwynfor.get(f"/en/my/cases/{reference}").text
        assert "The outcome of the second stage" in own
        assert OUTCOMES[Outcome.CHANGED].msgid in own
        assert "Mae’r map wedi newid." in gwynfor.get(page).text
        gwynfor.get(page)
        assert gwynfor.post(page, {"act": "elsewhere", "place": "ico", "form_id": "a" * 26}).status_code == 303


def test_an_officer_keeps_paragraphs_and_gives_a_task(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        reference = told(reviews, session, outcome=Outcome.UPHELD).reference
    paragraphs, desk = "/en/my/desk/reviews/paragraphs", f"/en/my/desk/reviews/{reference}/outcome"
    due = reviews.desk.today + timedelta(days=4)
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(paragraphs)
        new = mair.hidden() | {"act": "", "purpose": "closing", "text-cy": "Diolch.", "text-en": ""}
        refused = mair.post(paragraphs, new)
        assert refused.status_code == 422
        assert "Diolch." in refused.text
        assert mair.post(paragraphs, new | {"text-en": "Thank you."}).status_code == 303
        assert "waits for another officer" in mair.get(paragraphs).text
        mair.get(desk)
        typed = mair.hidden() | {
            "act": "remedy", "kind": "pay", "words": "Pay the shift.", "owner": GWYNFOR,
            "due-day": str(due.day), "due-month": str(due.month), "due-year": str(due.year),
        }  # fmt: skip
        assert mair.post(desk, typed).status_code == 422
        assert mair.post(desk, typed | {"owner": EMYR}).status_code == 303
        assert "Pay the shift." in mair.get(desk).text
    with reviews.world.signed_in(LOWRI) as lowri:
        assert "Approve this paragraph" in lowri.get(paragraphs).text
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert gwynfor.client.get(paragraphs).status_code == 404
        assert gwynfor.client.get(desk).status_code == 404


def test_the_letter_is_drafted_before_another_body_sends_it(reviews: Reviews) -> None:
    rhodri = "rhodri.vaughan@glannau-ogwen.example"
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        second.ask(session, reviews[GWYNFOR], case, Words("Na"), Locale.CY, desk=reviews.desk)
        reference, panel = case.reference, f"/en/my/panels/{case.id}"
    with reviews.world.signed_in(MAIR) as mair:
        desk = f"/en/my/desk/reviews/{reference}/outcome"
        mair.get(desk)
        assert mair.post(desk, {"act": "body", "body": "glannau-ogwen"}).status_code == 303
    with reviews.world.signed_in(rhodri) as other:
        look_first(other, panel)
        assert other.post(panel, {"act": "write", "outcome": "upheld", "reasons-cy": "Fel arall."}).status_code == 303
        assert "Send this decision" in other.get(panel).text
        assert other.post(panel, {"act": "sign", "draft": other.hidden()["draft"]}).status_code == 303
        assert other.client.get(panel).status_code == 404


def test_ten_words_open_the_outcome_and_do_all_that_an_account_does(reviews: Reviews) -> None:
    with reviews.world.visiting(reviews.world.app) as visitor:
        words = {"words": ask_by_words(reviews, visitor)}
        with reviews.world.database.writing() as session:
            found = select(Case).where(Case.locator_hash.is_not(None)).order_by(Case.opened_at.desc())
            case = session.scalars(found.limit(1)).one()
            decide_now(reviews, session, case)
            both = {**REASONS, Locale.EN: Words("The map is old.")}
            telling = Telling(Outcome.OVERTURNED, both, (remedy(reviews, SARAH),))
            tell_outcome(session, reviews[MELERI], case, telling, desk=reviews.desk)
            own_id = list_remedies(session, case)[0].id
            finish_remedy(session, reviews[SARAH], own_id, Words("Dilewyd."), desk=reviews.desk)
        page = visitor.client.post("/en/review/outcome", data=words).text
        assert "The map is old." in page
        said = visitor.client.post(
            "/en/review/outcome", data=words | {"act": "remedy", "remedy": own_id, "says": "happened"}
        )
        assert "What you said" in said.text
        empty = visitor.client.post("/en/review/outcome", data=words | {"act": "second", "why": ""})
        assert empty.status_code == 422
        asked = visitor.client.post("/en/review/outcome", data=words | {"act": "second", "why": "Not enough"})
        assert "You asked for it on" in asked.text
        taken = visitor.client.post("/en/review/take", data=words)
        assert zipfile.ZipFile(BytesIO(taken.content)).testzip() is None
        for address in ("outcome", "take"):
            wrong = visitor.client.post(f"/en/review/{address}", data={"words": "one two three"})
            assert wrong.status_code == 404
