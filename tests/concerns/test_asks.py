"""What the portal itself says beside a thread, and that its answers are of one size whatever it says."""

from datetime import date, timedelta
from typing import Any

import pytest

from anonymity.receipt import Lane, lane_locator
from portal.concerns.timing.models import ConcernClock
from portal.timelimits.promises import check_in_shown
from tests.concerns.raised import TODAY, open_box, put, raised
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

TOLD = date(2026, 3, 2)
SAID = {30: "A month or more ago", 90: "This is the last question", "late": "Those who read this are late"}


@pytest.mark.parametrize(
    ("days", "shown"), [(0, 0), (29, 0), (30, 30), (89, 30), (90, 90), (104, 90), (105, 0), (4000, 0)]
)
def test_each_question_stands_from_its_day_until_the_next_and_the_last_until_the_concern_closes(
    days: int, shown: int
) -> None:
    assert check_in_shown(TOLD, TOLD + timedelta(days=days)) == shown


def test_a_delivery_and_a_page_have_one_size_whether_or_not_something_is_asked(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    assert put(visitor, made.sent.to_json()).status_code == 201
    locator, words = lane_locator(made.code, Lane.JOINT), " ".join(made.code.words("en"))
    deliveries, pages, found = [], [], {}
    for what, clock in CLOCKS.items():
        with demonstrated.database.writing() as session:
            session.merge(ConcernClock(case_id=made.sent.case, **(CLOCK | clock), body_id=made.sent.body))
        delivery = open_box(visitor, locator)
        page = visitor.client.post("/en/concern/return/form", data={"words": words})
        deliveries.append(len(delivery.content))
        pages.append(len(page.content.rstrip()))
        found[what] = (delivery.json()["asks"], delivery.json()["late"])
        assert [key for key, said in SAID.items() if said in page.text] == ([what] if what else [])
    assert found == {None: ("00", "0"), 30: ("30", "0"), 90: ("90", "0"), "late": ("00", "1")}
    assert len(set(deliveries)) == 1
    assert len(set(pages)) == 1


CLOCK: dict[str, Any] = {"opened_on": TODAY, "outcome_on": None, "due_on": None}
CLOCKS: dict[Any, dict[str, Any]] = {
    None: {"due_on": TODAY},
    30: {"outcome_on": TODAY - timedelta(days=30)},
    90: {"outcome_on": TODAY - timedelta(days=90)},
    "late": {"due_on": TODAY - timedelta(days=1)},
}
