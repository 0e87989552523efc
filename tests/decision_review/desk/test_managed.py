"""The manager's page of what is put right in their systems, and what a task becomes when its review is closed."""

from datetime import timedelta

import pytest

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.core import ids
from portal.core.errors import Conflict, NotFound
from portal.core.text import Words
from portal.decision_review.asking.service import keep_away
from portal.decision_review.desk.managed import Show, get_managed, list_remedies
from portal.decision_review.outcome.queries import list_own_remedies
from portal.decision_review.outcome.queries import list_remedies as list_of_case
from portal.decision_review.outcome.rules import WorkerSays
from portal.decision_review.outcome.service import finish_remedy, say_of_remedy
from portal.decision_review.steps import STEPS
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, SARAH, Reviews
from tests.decision_review.outcome.deciding import remedy, told
from tests.demonstrated import ELIN, GWYNFOR

MANAGED = "/en/my/managed"


@pytest.fixture
def four(reviews: Reviews) -> tuple[str, list[str]]:
    """A review with four things to put right: open, late, done, and one that did not happen. Sarah, the deputy, owns
    all but the first."""
    with reviews.world.database.writing() as session:
        late = reviews.desk.today
        new = [remedy(reviews), *(remedy(reviews, SARAH, late + timedelta(days=n)) for n in (0, 1, 2))]
        case = told(reviews, session, *new)
        own_ids = [one.id for one in new]
        for own_id in own_ids[2:]:
            finish_remedy(session, reviews[SARAH], own_id, Words("Wedi ei wneud"), desk=reviews.desk)
        row = next(one for one in list_of_case(session, case) if one.id == own_ids[3])
        say_of_remedy(session, reviews[GWYNFOR], case, row, WorkerSays.DID_NOT, desk=reviews.desk)
        return case.reference, own_ids


def test_a_manager_reads_all_of_their_systems_and_filters_by_where_they_stand(
    reviews: Reviews, four: tuple[str, list[str]]
) -> None:
    _reference, (open_one, late, done, did_not) = four
    tomorrow = reviews.desk.today + timedelta(days=1)
    shown = {
        Show.OPEN: {open_one, late, did_not},
        Show.LATE: {late},
        Show.DID_NOT: {did_not},
        Show.DONE: {done},
        Show.ALL: {open_one, late, done, did_not},
    }
    with reviews.world.database.reading() as session:
        for show, wanted in shown.items():
            cut = list_remedies(session, reviews[EMYR], show, today=tomorrow)
            assert {row.id for _case, row in cut.items} & set(four[1]) == wanted
        assert list_remedies(session, reviews[GWYNFOR], Show.ALL, today=tomorrow).items == []


def test_the_page_names_who_does_it_and_never_the_worker_or_the_words(
    reviews: Reviews, four: tuple[str, list[str]]
) -> None:
    reference, own_ids = four
    with reviews.world.signed_in(EMYR) as emyr:
        assert "What is put right in my systems" in emyr.get("/en/my").text
        page = emyr.get(f"{MANAGED}?show=all").text
        assert page.count(reference) == 4 and "Sarah" in page
        task = emyr.get(f"{MANAGED}/{own_ids[3]}").text
        assert "The worker says that it did not happen" in task
        for text in (page, task, emyr.get(f"/cy/my/managed?show=nonsense&after={ids.new_id()}").text):
            assert "Gwynfor" not in text and "Dileu’r sgôr." not in text
        assert f"/remedies/{own_ids[0]}" in emyr.get(f"{MANAGED}/{own_ids[0]}").text
    for stranger in (MAIR, ELIN, GWYNFOR):
        with reviews.world.signed_in(stranger) as other:
            assert reference not in other.client.get(f"{MANAGED}?show=all").text
            assert other.client.get(f"{MANAGED}/{own_ids[0]}").status_code == 404
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "The manager responsible for the system" in gwynfor.get(f"/en/my/cases/{reference}").text


def test_a_manager_who_was_left_out_meets_nothing_of_it(reviews: Reviews, four: tuple[str, list[str]]) -> None:
    with reviews.world.database.writing() as session:
        row = get_managed(session, reviews[EMYR], four[1][0])
        keep_away(session, reviews[LOWRI], row[0], EMYR, desk=reviews.desk)
        with pytest.raises(NotFound):
            get_managed(session, reviews[EMYR], four[1][0])
        found = list_remedies(session, reviews[EMYR], Show.ALL, today=reviews.desk.today).items
        assert set(four[1]).isdisjoint(one.id for _case, one in found)


def test_a_page_goes_on_after_its_last_line(
    reviews: Reviews, four: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.decision_review.desk.managed.PAGE", 3)
    with reviews.world.database.reading() as session:
        seen: list[str] = []
        cursor, more = None, True
        while more:
            cut = list_remedies(session, reviews[EMYR], Show.ALL, cursor=cursor, today=reviews.desk.today)
            seen += [row.id for _case, row in cut.items]
            cursor, more = cut.next_cursor, cut.next_cursor is not None
        assert len(seen) == len(set(seen)) and set(four[1]) <= set(seen)


def test_when_the_review_is_closed_its_owner_reads_that_and_nothing_else(
    reviews: Reviews, four: tuple[str, list[str]]
) -> None:
    reference, own_ids = four
    with reviews.world.database.writing() as session:
        case = get_managed(session, reviews[EMYR], own_ids[0])[0]
        take_step(session, Relation.PORTAL, case, STEPS["close"], desk=reviews.desk)
        assert own_ids[1] not in [one.id for one in list_own_remedies(session, reviews[SARAH])]
        with pytest.raises(Conflict):
            finish_remedy(session, reviews[SARAH], own_ids[1], Words("Hwyr"), desk=reviews.desk)
        assert session.get(Case, case.id) is not None
    with reviews.world.signed_in(SARAH) as sarah:
        page = sarah.get(f"/en/my/remedies/{own_ids[1]}").text
        assert "The review was closed on 22 November 2026" in page
        assert "Gwynfor" not in page and "Dileu’r sgôr." not in page and reference not in page
