"""The pages of learning: a system's public page of reviews, the board's file, and the officers' pages."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.core import ids
from portal.decision_review.learning.models import ReviewFigure
from portal.decision_review.rules import Outcome, ReviewClass
from portal.register.models import System
from portal.register.queries import list_decision_points
from tests.decision_review.conftest import LOWRI, MAIR, MELERI, Reviews
from tests.decision_review.outcome.deciding import told
from tests.demonstrated import GWYNFOR

DAY = date(2026, 7, 1)


def add_figures(session: Session, system: System, each: dict[Outcome, int], *, apart: bool = True) -> None:
    key = list_decision_points(session, system.id)[0].key
    for outcome, number in each.items():
        for at in range(number):
            session.add(
                ReviewFigure(
                    id=ids.new_id(),
                    body_id=system.body_id,
                    system_id=system.id,
                    decision_point=key,
                    review_class=ReviewClass.ALONE,
                    received_on=DAY,
                    finished_on=DAY + timedelta(days=at),
                    working_days=6,
                    in_time=True,
                    outcome=outcome,
                    nobody_alone=apart,
                    nobody_alone_at_point=apart,
                )
            )


def test_a_systems_page_of_reviews_withholds_what_is_small_and_the_file_tells_the_same(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session)
        system = session.get_one(System, case.system_id)
        code, reference = system.short_code, case.reference
        add_figures(session, system, {Outcome.OVERTURNED: 6, Outcome.UPHELD: 9, Outcome.CHANGED: 2})
    with reviews.world.visiting(reviews.world.app) as anybody:
        assert f"/en/reviews/{code}" in anybody.get(f"/en/s/{code}").text
        page = anybody.get(f"/en/reviews/{code}").text
        assert "How its decisions were reviewed" in page
        assert '<abbr title="Withheld number">*</abbr>' in page
        assert ">47<" in page
        assert anybody.get("/en/reviews/XXXXXX").status_code == 404
        assert anybody.get(f"/cy/reviews/{code}").status_code == 200
    with reviews.world.signed_in(MAIR) as mair:
        lines = mair.get("/en/my/desk/reviews/figures.csv").content.decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert lines[1].split(",")[4:] == ["17", "8", "*", "0", "*", "0", "9", "0", "0", "47", "6"]
        assert f"/reviews/{code}" in mair.get("/en/my/desk/reviews/figures").text
        learning = f"/en/my/desk/reviews/{reference}/learning"
        mair.get(learning)
        both = mair.hidden() | {"act": "lesson", "text-cy": "Map newydd.", "text-en": "A new map."}
        assert mair.post(learning, both | {"text-en": ""}).status_code == 422
        assert mair.post(learning, both).status_code == 303
    with reviews.world.signed_in(LOWRI) as lowri:
        lowri.get(learning)
        waiting = lowri.page.text.split('name="lesson" value="')[1][:26]
        assert lowri.post(learning, {"act": "approve", "lesson": waiting}).status_code == 303
        lowri.get(learning)
        begun = lowri.post(learning, {"act": "look_back", "form_id": "b" * 26, "criteria": "The old map"})
        search = begun.headers["location"]
        lowri.get(search)
        assert lowri.post(search, {"act": "add", "form_id": "c" * 26, "name": "Rhiannon"}).status_code == 303
        lowri.get(search)
        assert lowri.post(search, {"act": "note", "person": "c" * 26, "told": "told"}).status_code == 422
        lowri.get(search)
        assert lowri.post(search, {"act": "note", "person": "c" * 26, "told": "not_hit"}).status_code == 303
        lowri.get(search)
        assert lowri.post(search, {"act": "close", "looked_at": "many"}).status_code == 422
        assert lowri.post(search, {"act": "close", "looked_at": "40"}).status_code == 303
        assert "40" in lowri.get(search).text
        assert search.removeprefix("/en") in lowri.get("/en/my/desk/reviews/look-backs").text
    with reviews.world.visiting(reviews.world.app) as anybody:
        assert "A new map." in anybody.get(f"/en/reviews/{code}").text
    for email in (MELERI, GWYNFOR):
        with reviews.world.signed_in(email) as other:
            for address in ("figures", "figures.csv", "look-backs", f"{reference}/learning"):
                assert other.client.get(f"/en/my/desk/reviews/{address}").status_code == 404


def test_how_reviews_ended_is_withheld_where_it_would_be_one_persons_and_the_page_says_why(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        system = session.get_one(System, told(reviews, session).system_id)
        code = system.short_code
        add_figures(session, system, {Outcome.OVERTURNED: 6, Outcome.UPHELD: 9}, apart=False)
    with reviews.world.visiting(reviews.world.app) as anybody:
        page = anybody.get(f"/en/reviews/{code}").text
        assert ">15<" in page
        assert ">9<" not in page
        assert ">40<" not in page
        assert "it would tell how that person decides" in page
    with reviews.world.signed_in(MAIR) as mair:
        lines = mair.get("/en/my/desk/reviews/figures.csv").content.decode("utf-8-sig").splitlines()
        assert lines[1].split(",")[4:] == ["15", *["*"] * 7, "0", "*", "*"]
