"""Somebody represents the worker of a review: they read what is shared, the officer reads that they do."""

import re
from typing import Any

from tests.decision_review.asking.test_pages import asked
from tests.decision_review.conftest import EMYR, MAIR, Reviews
from tests.demonstrated import GWYNFOR, SIAN
from tests.visitors import Visitor

HAPPENED = "Nid oedd y map yn gywir."
NAMED = {"go": "name", "rep_name": "Carys Bowen", "rep_reach": "01248 000000", "rep_scope": "follow"}


def name(visitor: Visitor, reference: str, **changes: Any) -> str:
    address = f"/cy/my/cases/{reference}/representative"
    visitor.get(address)
    form = visitor.page.text.rpartition("<form ")[2]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    page = visitor.post(address, {**hidden, **NAMED, **changes})
    assert page.status_code == 200
    return " ".join(re.findall(r"<span>([^<]+)</span>", page.text.partition('class="words"')[2].partition("</p>")[0]))


def test_who_represents_a_worker_reads_what_is_shared_and_the_officer_reads_that_they_do(reviews: Reviews) -> None:
    reference = asked(reviews)
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        bare, whole = name(gwynfor, reference), name(gwynfor, reference, share=["asked", "outcome", "history"])
        with reviews.world.visiting(reviews.world.app) as carys:
            page = carys.client.post("/cy/case", data={"words": bare}).text
            assert reference in page
            assert HAPPENED not in page
            page = carys.client.post("/cy/case", data={"words": whole}).text
            assert HAPPENED in page
            assert "Beth sydd wedi digwydd" in page
            for address in ("receipt", "papers", "contest"):
                assert carys.client.post(f"/cy/review/{address}", data={"words": whole}).status_code == 404
        own = gwynfor.get(f"/cy/my/cases/{reference}").text
        assert len(re.findall("Carys Bowen – ", own)) == 2
    with reviews.world.signed_in(MAIR) as mair:
        seen = mair.get(f"/en/my/desk/reviews/{reference}").text
        assert "Carys Bowen" in seen
        assert "represents the person. Last day" in seen
    with reviews.world.signed_in(EMYR) as emyr:
        assert "Carys Bowen" not in emyr.get(f"/en/my/desk/reviews/{reference}").text
    with reviews.world.signed_in(SIAN) as stranger:
        assert stranger.get(f"/cy/my/cases/{reference}/representative").status_code == 404
