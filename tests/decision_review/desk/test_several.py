"""An officer who goes on leave hands reviews over; saved choices; who has how many. Nothing is decided that way."""

from html import unescape
from typing import Any

from sqlalchemy import select

from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty, ExclusionSource, Relation
from portal.cases.service import exclude
from portal.directory.models import Person
from portal.notifications.models import OutboxLetter
from tests.decision_review.conftest import EMYR, MAIR, SARAH, Reviews

DESK = "/en/my/desk/reviews"


def handlers(reviews: Reviews, *ids: str) -> list[str | None]:
    with reviews.world.database.reading() as session:
        found = [find_assigned(session, session.get_one(Case, one), Duty.HANDLER) for one in ids]
        return [person.email if person else None for person in found]


def test_several_reviews_go_to_a_colleague_who_gets_one_letter_and_nothing_else_changes(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        first, second = (reviews.asked(session).id for _ in range(2))
        states = [session.get_one(Case, one).state for one in (first, second)]
        officers = list_officers(session, {session.get_one(Case, first).body_id}, today=reviews.desk.today)
        colleague = next(one for one in officers if one.email != MAIR)
        to, email = colleague.id, colleague.email
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(DESK)
        assert "Select at least one review" in mair.post(f"{DESK}/several", {"act": "hand_over", "query": ""}).text
        mair.get(DESK)
        both: Any = {"case": [first, second]}
        page = mair.post(f"{DESK}/several", {"act": "hand_over", "query": "?within=7", **both})
        assert page.status_code == 200 and "2 reviews" in page.text
        form: Any = {name: unescape(value) for name, value in mair.hidden().items()} | both
        assert mair.post(f"{DESK}/several/hand-over", {**form, "to": ""}).status_code == 422
        done = mair.post(f"{DESK}/several/hand-over", {**form, "to": to})
        assert done.status_code == 200 and done.text.count("Works on it:") == 2 and "?within=7" in done.text
        mair.get(DESK)
        mair.post(f"{DESK}/several/hand-over", {**form, "to": to})  # the same form again writes no second letter
        assert "2 reviews" not in mair.get(f"{DESK}?handler=me").text
        load = mair.get(f"{DESK}/workload").text
        assert f"handler={to}" in load and "handler=nobody" in load and "how quick" in load
    assert handlers(reviews, first, second) == [email, email]
    with reviews.world.database.reading() as session:
        assert [session.get_one(Case, one).state for one in (first, second)] == states
        told = session.scalars(select(OutboxLetter.template).where(OutboxLetter.template == "review_handed_over"))
        assert len(told.all()) == 1


def test_one_review_goes_to_nobody_who_is_left_out_and_strangers_meet_nonsense(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        officers = list_officers(session, {case.body_id}, today=reviews.desk.today)
        away = next(one for one in officers if one.email != MAIR)
        exclude(session, Relation.PORTAL, case, away.id, source=ExclusionSource.SYSTEM, desk=reviews.desk)
        own_id, reference, kept_away = case.id, case.reference, away.id
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(f"{DESK}/{reference}/hand-over")
        assert page.status_code == 200 and kept_away not in page.text
        form = {name: unescape(value) for name, value in mair.hidden().items()}
        assert mair.post(f"{DESK}/several/hand-over", {**form, "to": kept_away}).status_code == 422
    assert handlers(reviews, own_id) == [None]
    for stranger in (EMYR, SARAH):
        with reviews.world.signed_in(stranger) as other:
            page = other.get(f"{DESK}/{reference}/hand-over")
            assert page.status_code in {403, 404}, stranger
            other.get("/en/my")
            assert other.post(f"{DESK}/several/hand-over", {**form, "to": kept_away}).status_code in {403, 404}
    with reviews.world.database.reading() as session:
        assert session.get(Person, kept_away) is not None


def test_a_choice_is_saved_for_the_list_of_reviews_alone(reviews: Reviews) -> None:
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(DESK)
        assert mair.post(f"{DESK}/views", {"query": "?within=7", "name": ""}).status_code == 422
        assert mair.post(f"{DESK}/views", {"query": "?within=7&x=1", "name": "Soon"}).status_code == 303
        assert 'href="/en/my/desk/reviews?within=7">Soon' in mair.get(DESK).text
        assert ">Soon<" not in mair.get("/en/my/desk/access").text
