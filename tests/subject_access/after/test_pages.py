"""The pages of what comes after: something is missing, figures, what will be deleted, holds."""

from datetime import UTC, datetime

import pytest

from anonymity.receipt import case_locator, draw_code, locator_hash
from portal.cases.rules import Relation
from portal.subject_access.after.duties import freeze_figures
from tests.subject_access.after.conftest import Refuse
from tests.subject_access.browsing import carried, case_of, sign_in
from tests.subject_access.conftest import World
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"


def refused(world: World, refuse: Refuse, **changes: object) -> str:
    with world.database.writing() as session:
        reference = refuse(session, **changes).reference
    world.set_time(datetime(2026, 12, 1, 9, tzinfo=UTC))
    return reference


def test_the_requester_says_what_is_missing_and_reads_until_when_it_is_answered(
    world: World, refuse: Refuse, visitor: Visitor
) -> None:
    reference = refused(world, refuse)
    sign_in(visitor, "sian")
    page = visitor.get(f"/en/my/access/{reference}/missing").text
    assert "The answer comes by 31 December 2026" in page and "until 28 November 2027" in page
    address = f"/en/my/access/{reference}/missing"
    wrong = visitor.post(address, {**carried(visitor), "missing": " "})
    assert wrong.status_code == 422 and "Write what is missing" in wrong.text
    long = visitor.post(address, {**carried(visitor), "missing": "<b>" + "x" * 4000})
    assert long.status_code == 422 and "&lt;b&gt;" in long.text
    assert visitor.post(address, {**carried(visitor), "missing": "Mai & <Mehefin>"}).status_code == 303
    assert case_of(world, reference).state == "reopened"
    again = visitor.get(address)
    assert again.status_code == 404
    nonsense = visitor.get("/en/my/access/nonsense/missing").text
    assert again.text.replace(reference, "nonsense") == nonsense


def test_strangers_find_nothing_and_words_that_open_nothing_are_the_common_page(
    world: World, refuse: Refuse, visitor: Visitor
) -> None:
    reference = refused(world, refuse)
    sign_in(visitor, "gwen")
    assert visitor.get(f"/en/my/access/{reference}/missing").status_code == 404
    assert visitor.post("/en/access/missing", {"words": "one two three"}).status_code == 404


def test_ten_words_reopen_and_lead_back_to_the_request(world: World, refuse: Refuse, visitor: Visitor) -> None:
    code = draw_code()
    words = {"words": " ".join(code.words("en"))}
    nobody = {"requester_person_id": None, "locator_hash": locator_hash(case_locator(code))}
    reference = refused(world, refuse, by=Relation.REQUESTER, **nobody)
    page = visitor.post("/en/access/missing", words)
    assert page.status_code == 200 and "The answer comes by" in page.text
    fields = carried(visitor)
    assert fields["words"] == words["words"]
    assert visitor.post("/en/access/missing/send", {**fields, "missing": ""}).status_code == 422
    sent = visitor.post("/en/access/missing/send", {**fields, "missing": "May"})
    assert sent.status_code == 200 and "31 December 2026" in sent.text and words["words"] in sent.text
    assert visitor.post("/en/access/missing/send", {**fields, "missing": "May"}).status_code == 200, "a second POST"
    assert case_of(world, reference).state == "reopened"
    assert visitor.post("/en/access/missing", words).status_code == 404


def test_a_hold_is_set_with_a_reason_and_a_day_and_lifted(world: World, refuse: Refuse, officer: Visitor) -> None:
    with world.database.writing() as session:
        reference = refuse(session).reference
    address = f"{DESK}/{reference}/hold"
    officer.get(address)
    day = {"review-day": "1", "review-month": "3", "review-year": "2028"}
    wrong = officer.post(address, {**carried(officer), **day, "because": "<i>Tribiwnlys"})
    assert wrong.status_code == 422
    assert "within a year" in wrong.text and "&lt;i&gt;Tribiwnlys" in wrong.text
    assert officer.post(address, {**carried(officer), "because": ""}).status_code == 422
    assert officer.post(address, {**carried(officer), **day, "review-year": "2027", "because": "T"}).status_code == 303
    page = officer.get(address).text
    assert "To look at again on: 1 March 2027" in page
    assert reference in officer.get(f"{DESK}/retention").text
    lift = page.partition(f"{address}/")[2].partition("/lift")[0]
    with visiting(officer.client.app) as bethan:  # type: ignore[arg-type]
        sign_in(bethan, "bethan")
        assert "Propose to lift it" in bethan.get(address).text
        assert bethan.post(f"{address}/{lift}/lift", carried(bethan)).status_code == 303
        assert "This waits for another officer" in bethan.get(address).text
    assert "Lifted on" not in officer.get(address).text
    assert officer.post(f"{address}/{lift}/keep", carried(officer)).status_code == 303
    officer.get(address)
    assert officer.post(f"{address}/{lift}/lift", carried(officer)).status_code == 303
    assert "Lifted on" in officer.get(address).text


@pytest.mark.parametrize("path", ["figures", "figures.csv", "retention"])
def test_only_officers_see_figures_and_what_is_deleted(visitor: Visitor, path: str) -> None:
    sign_in(visitor, "gwen")
    assert visitor.get(f"{DESK}/{path}").status_code == 404


def figures_of(world: World, refuse: Refuse) -> None:
    """Seven refusals in the quarter to June: five in time, two late; and one of September, which is withheld."""
    with world.database.writing() as session:
        for number in range(7):
            refuse(session, days=10 if number < 5 else 45, at=datetime(2026, 4, 2 + number, tzinfo=UTC))
        refuse(session, days=3, at=datetime(2026, 8, 3, tzinfo=UTC))
    freeze_figures(world.database, world.settings, datetime(2026, 11, 23, tzinfo=UTC))


def test_figures_are_told_by_quarter_with_small_numbers_withheld(
    world: World, refuse: Refuse, officer: Visitor
) -> None:
    figures_of(world, refuse)
    page = officer.get(f"{DESK}/figures").text
    assert "1 April 2026 – 30 June 2026" in page and "1 July 2026 – 30 September 2026" in page
    assert "1 October" not in page and "Whole year" not in page
    file = officer.get(f"{DESK}/figures.csv?body=taran&year=2026")
    assert file.headers["content-type"].startswith("text/csv")
    heads, first, second = file.content.decode("utf-8-sig").split("\r\n")[:3]
    assert heads.startswith("First day,Last day,Received,Answered")
    assert first == "2026-04-01,2026-06-30,7,7,*,*,0,0,0,7,0,*,10,0"
    assert second == "2026-07-01,2026-09-30,*,*,*,0,0,0,0,*,0,*,*,*"
    assert officer.get("/cy/my/desk/access/figures.csv").content.decode("utf-8-sig").startswith("Diwrnod cyntaf")


@pytest.mark.parametrize("query", ["body=mynach", "body=nonsense", "year=1999", "year=2026&body=mynach", "year=x"])
def test_no_other_body_and_no_other_period_can_be_asked_for(
    world: World, refuse: Refuse, officer: Visitor, query: str
) -> None:
    figures_of(world, refuse)
    assert officer.get(f"{DESK}/figures?{query}").status_code == 404
    assert officer.get(f"{DESK}/figures.csv?{query}").status_code == 404


def test_no_quarter_is_told_before_it_is_over(officer: Visitor) -> None:
    assert "No quarter is over yet" in officer.get(f"{DESK}/figures").text
    assert officer.get(f"{DESK}/figures.csv").status_code == 404
