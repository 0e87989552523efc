"""The desk's list and page: by true due day, with the next act of whoever reads; nobody sees what is not theirs."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from portal.cases import printing
from portal.cases.models import Case
from portal.cases.rules import ExclusionSource, Relation
from portal.cases.service import exclude
from portal.decision_review.desk.models import ReviewReading
from portal.decision_review.desk.rules import Looked, Looker, Standing, next_of
from portal.decision_review.queries import get_request
from portal.decision_review.routes import router
from portal.decision_review.rules import NEXT, State
from tests.decision_review.conftest import EMYR, MAIR, Reviews
from tests.demonstrated import GWYNFOR

DESK = "/en/my/desk/reviews"
HANDED_OVER = {"/my/desk/reviews/several", "/my/desk/reviews/several/hand-over"}
"""What several reviews have in common is at most who works on them: these two decide nothing."""
WATCHED = re.compile(r"^/my/(desk/reviews/\{reference\}|(holds|records|questions|remedies|panels)/\{)")


def test_the_list_shows_the_next_act_and_filters_by_what_stands_in_the_address(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        reference, system = case.reference, case.system_id
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(DESK).text
        assert reference in page and "Say what kind of review it is" in page
        assert reference in mair.get(f"{DESK}?system={system}&handler=nobody").text
        assert reference not in mair.get(f"{DESK}?show=closed").text
        assert reference not in mair.get(f"{DESK}?handler=me").text
        assert "Why this date?" in mair.get(f"{DESK}?why={reference}").text
        assert reference in mair.get(f"{DESK}/print?show=acknowledged").text
        mair.get(f"{DESK}/{reference}")
        assert mair.post(f"{DESK}/{reference}/take", {}).status_code == 303
        assert reference in mair.get(f"{DESK}?handler=me").text


def test_a_list_longer_than_a_page_is_printed_whole_on_several(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 1)
    with reviews.world.database.writing() as session:
        references = {reviews.asked(session).reference for _ in range(3)}
    with reviews.world.signed_in(MAIR) as mair:
        found: list[str] = []
        address = f"{DESK}/print"
        for _page in range(20):
            page = mair.get(address).text
            found += [one for one in references if one in page]
            more = re.search(rf'href="({DESK}/print[^"]*after=[^"]+)"', page)  # not the same page in the other language
            address = unescape(more.group(1)) if more else ""
            if not address:
                break
        assert sorted(found) == sorted(references)
        assert not address


def test_whoever_is_left_out_meets_nonsense_on_every_address_list_and_count(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        reference = case.reference
        exclude(
            session,
            reviews[GWYNFOR],
            case,
            reviews[MAIR].person_id,
            source=ExclusionSource.REQUESTER,
            desk=reviews.desk,
        )
    with reviews.world.signed_in(MAIR) as mair:
        nonsense = mair.client.get(f"{DESK}/RV-2222-2222")
        shown = [one for one in router.routes if isinstance(one, APIRoute)]
        paths = [one.path for one in shown if one.path.startswith("/my/desk/reviews/{reference}")]
        assert len(paths) > 12
        for path in paths:
            address = re.sub(r"\{(?!reference)\w+\}", "a" * 26, f"/en{path}").format(reference=reference)
            found = mair.client.get(address)
            assert found.status_code in {404, 405}, address
        assert mair.client.get(f"{DESK}/{reference}").status_code == nonsense.status_code == 404
        for query in ("", "/print", "?show=acknowledged", f"?why={reference}", "/retention"):
            assert f"reviews/{reference}" not in mair.get(f"{DESK}{query}").text


def test_every_address_that_names_a_review_writes_down_who_looked() -> None:
    routes = [one for one in router.routes if isinstance(one, APIRoute)]
    watched = [one for one in routes if WATCHED.match(one.path)]
    names = {one.path: [getattr(noted.dependency, "__name__", "") for noted in one.dependencies] for one in watched}
    assert len(watched) > 20
    assert [path for path, found in names.items() if "note" not in found] == []


def test_the_worker_reads_who_looked_by_capacity_and_without_a_name(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session, effect_on=date(2026, 11, 26))
        reference, case_id = case.reference, case.id
    with reviews.world.signed_in(MAIR) as mair:
        for _ in range(2):
            mair.get(f"{DESK}/{reference}")
        mair.get(f"{DESK}/{reference}/who")
        name = re.search(r"Mair [A-Z]\w+", mair.get("/en/my").text)
    with reviews.world.signed_in(EMYR) as emyr:
        href = re.search(r"/en/my/holds/\w{26}", emyr.get("/en/my/holds").text)
        assert href is not None
        emyr.get(href[0])
    with reviews.world.database.reading() as session:
        rows = session.execute(select(ReviewReading.looker, ReviewReading.part)).all()
        assert session.get(Case, case_id) is not None
    assert sorted(rows) == [
        (Looker.MANAGER, Looked.HOLD),
        (Looker.OFFICER, Looked.REVIEW),
        (Looker.OFFICER, Looked.WHO),
    ]
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(f"/en/my/cases/{reference}").text
    assert "The manager responsible for the system" in page
    assert "Who asks, and who must not see it" in page
    assert name is None or name[0] not in page


def test_no_address_and_no_form_decides_several_reviews_at_once(reviews: Reviews) -> None:
    routes = [one for one in router.routes if isinstance(one, APIRoute) and "POST" in (one.methods or ())]
    for route in routes:
        assert route.path.count("{reference}") <= 1
        assert route.path in HANDED_OVER or not re.search(r"several|bulk|all|batch", route.path), route.path
    with reviews.world.database.writing() as session:
        first, second = reviews.asked(session), reviews.asked(session)
        both: Any = {"case": [first.id, second.id], "reference": [first.reference, second.reference]}
        address = f"{DESK}/{first.reference}/take"
        one, other = first.id, second.id
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(DESK).text.partition('id="several"')
        assert "checkbox" not in page[0]
        assert re.findall(r'<button[^>]* name="act" value="(\w+)"', page[2].partition("</form>")[0]) == ["hand_over"]
        assert mair.client.post(DESK, data=both).status_code in {403, 404, 405}
        mair.get(f"{DESK}/{first.reference}")
        mair.post(address, both)
    with reviews.world.database.reading() as session:
        assert session.get_one(Case, one).version > session.get_one(Case, other).version


def test_a_manager_at_the_desk_reads_no_word_of_the_worker(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        words = reviews.desk.vault.open_words(
            get_request(session, case).what_happened, context=f"review_requests.what_happened:{case.id}"
        )
        reference = case.reference
    with reviews.world.signed_in(EMYR) as emyr:
        page = emyr.client.get(f"{DESK}/{reference}")
        assert page.status_code in {200, 403, 404}
        assert words.reveal() not in page.text and "Gwynfor" not in page.text


@pytest.mark.parametrize(
    ("standing", "held", "said"),
    [
        (Standing(has_proposal=True), Relation.OFFICER, "A second officer approves or sends back"),
        (Standing(has_late_records=True), Relation.OFFICER, "The records are late: chase them, or go on without them"),
        (Standing(), Relation.OFFICER, NEXT[State.EVIDENCE_WAIT].msgid),
        (Standing(has_hold_question=True), Relation.RESPONSIBLE_MANAGER, "Answer whether the effect waits"),
        (Standing(has_hold_question=True), Relation.REVIEWER, "Nothing for you at the moment"),
    ],
)
def test_each_reads_what_they_do_next(standing: Standing, held: Relation, said: str) -> None:
    assert next_of(State.EVIDENCE_WAIT, standing, {held}).msgid == said


def test_a_hold_is_set_with_a_reason_and_a_day_and_lifted_again(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        reference = reviews.asked(session).reference
    at = f"{DESK}/{reference}/keep"
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(at).text
        form = re.search(r'name="form_id" value="(\w{26})"', page)
        assert form is not None
        typed = {
            "form_id": form[1],
            "because": "Tribiwnlys",
            "review-day": "1",
            "review-month": "6",
            "review-year": "2027",
        }
        assert mair.post(at, typed | {"because": ""}).status_code == 422
        assert mair.post(at, typed | {"review-year": "2030"}).status_code == 422
        assert mair.post(at, typed).status_code == 303
        assert "1 June 2027" in mair.get(f"{DESK}/{reference}").text
        assert mair.post(at, {"lift": form[1]}).status_code == 303
        assert "Lifted on" in mair.get(at).text
