"""The manager's pages of a hold: what they see, answer and write down; and what the worker reads of it."""

from datetime import date

from portal.decision_review.holding.queries import find_open
from tests.decision_review.conftest import EMYR, MAIR, SARAH, Reviews
from tests.demonstrated import ELIN, GWYNFOR


def test_a_manager_answers_and_writes_down_that_it_was_stopped_and_the_worker_reads_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session, effect_on=date(2026, 11, 26))
        reference = case.reference
        question = find_open(session, case)
        assert question is not None
        path = f"/en/my/holds/{question.id}"
    with reviews.world.signed_in(EMYR) as emyr:
        assert reference in emyr.get("/en/my/holds").text
        page = emyr.get(path).text
        assert "Gwynfor" in page
        assert "If you say nothing, it waits" in page
        assert emyr.post(path, {"answer": "goes_on", "reasons": ""}).status_code == 422
        emyr.get(path)
        assert emyr.post(path, {"answer": "hold", "reasons": "Iawn"}).status_code == 303
    with reviews.world.signed_in(ELIN) as elin:
        assert reference not in elin.get("/en/my/holds").text
        assert elin.client.get(path).status_code == 404
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "mae’r effaith yn aros" in gwynfor.get(f"/cy/my/cases/{reference}").text
        assert gwynfor.client.get("/en/my/holds").status_code == 404
    with reviews.world.signed_in(SARAH) as sarah:
        sarah.get(path)
        assert sarah.post(path, {"act": "done"}).status_code == 303
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(f"/en/my/desk/reviews/{reference}/hold").text
        assert "Not written down" not in page
        assert mair.post(f"/en/my/desk/reviews/{reference}/hold", {"form_id": "a" * 26}).status_code == 303
        assert mair.post(f"/en/my/desk/reviews/{reference}/hold", {"form_id": "b" * 26}).status_code in {403, 422}
