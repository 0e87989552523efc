"""The desk as readers see it: lanes and filters in the address, the page of one thread, and what is pressed."""

import re
from datetime import timedelta
from typing import Any

import pytest

from anonymity.encoding import to_b64u
from portal.concerns.timing.duties import begin_clocks_of_concerns
from portal.core.ids import random_bytes
from tests.concerns.raised import put, raised
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, SIAN, Demonstrated
from tests.visitors import Visitor

HERE = "/en/my/concerns"


def seen(page: str) -> str:
    return str(re.findall(r'name="seen" value="([^"]*)"', page)[-1])


def press(visitor: Visitor, path: str, fields: dict[str, str]) -> Any:
    visitor.get("/en/my/profile")
    return visitor.post(path, fields)


def test_from_a_new_sealed_concern_to_its_outcome_without_script(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        assert "New sealed concern" in elin.get(f"{HERE}?lane=new").text
        page = elin.get(f"{HERE}/{made.case}").text
        assert "Nothing has been told about it" in page
        assert "Promised:" not in page, "its clock begins on the day after it came"
        taken = press(elin, f"{HERE}/{made.case}/take", {"theme": "pace", "severity": "serious", "seen": seen(page)})
        assert taken.status_code == 303
        page = elin.get(f"{HERE}/{made.case}").text
        assert "Pace, targets or workload" in page
        assert made.case not in elin.get(f"{HERE}?lane=new").text
        assert made.case in elin.get(f"{HERE}?lane=us&theme=pace&mine=me").text
        assert made.case not in elin.get(f"{HERE}?theme=pay").text
        stale = press(elin, f"{HERE}/{made.case}/tell", {"theme": "pay", "seen": "0.0", "part": "tell"})
        assert stale.status_code == 409
        assert 'value="pay" selected' in stale.text, "what was chosen is still there"
        for step in ("route", "agree"):
            assert press(elin, f"{HERE}/{made.case}/step/{step}", {}).status_code == 303
        with demonstrated.signed_in(CARYS) as carys:
            page = carys.get(f"{HERE}/{made.case}").text
            assert "Pace, targets or workload" in page
            assert "Elin" not in page, "who of the employer works on it is the employer’s"
            assert press(carys, f"{HERE}/{made.case}/step/agree", {}).status_code == 303
        assert press(elin, f"{HERE}/{made.case}/step/tell", {}).status_code == 303
        assert made.case in elin.get(f"{HERE}?lane=quiet").text


def test_the_page_says_what_was_promised_and_how_the_day_was_counted(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        tomorrow = demonstrated.settings.clock.now() + timedelta(days=1)
        begin_clocks_of_concerns(demonstrated.database, demonstrated.settings, tomorrow)
        page = elin.get(f"{HERE}/{made.case}").text
        assert "Promised: to say that it came: 24 November 2026" in page
        assert "2 working days later" in page
        assert "No law sets a day for concerns" in page


def test_what_is_planned_is_a_sides_own_and_a_wrong_day_is_said(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys, demonstrated.signed_in(ELIN) as elin:
        put(carys, made.sent.to_json())
        press(carys, f"{HERE}/{made.case}/take", {})
        day = {"next_on-day": "31", "next_on-month": "2", "next_on-year": "2027", "waiting": "worker", "part": "next"}
        wrong = press(carys, f"{HERE}/{made.case}/next", day)
        assert wrong.status_code == 422
        assert 'value="31"' in wrong.text
        assert press(carys, f"{HERE}/{made.case}/next", {**day, "next_on-day": "1"}).status_code == 303
        assert made.case in carys.get(f"{HERE}?lane=worker&sort=next").text
        assert made.case in elin.get(f"{HERE}?lane=us").text
        assert "1 February 2027" not in elin.get(f"{HERE}/{made.case}").text
        assert "The mandate ends on" not in elin.get(f"{HERE}/{made.case}").text


def test_two_who_work_on_one_thread_hear_of_each_other(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin, demonstrated.signed_in(DYLAN) as dylan:
        put(elin, made.sent.to_json())
        assert press(elin, f"{HERE}/{made.case}/claim", {}).status_code == 303
        refused = press(dylan, f"{HERE}/{made.case}/claim", {})
        assert refused.status_code == 409
        assert "data-taken" in refused.text
        assert "Elin Haf Morris" in refused.text
        assert press(dylan, f"{HERE}/{made.case}/take", {}).status_code == 409
        over = press(dylan, f"{HERE}/{made.case}/claim", {"over": "yes"})
        assert "Until now it was with Elin Haf Morris" in over.text
        assert press(elin, f"{HERE}/{made.case}/take", {}).status_code == 409
        assert press(dylan, f"{HERE}/{made.case}/release", {}).status_code == 303
        assert press(elin, f"{HERE}/{made.case}/take", {}).status_code == 303
        assert press(elin, f"{HERE}/{made.case}/assign", {"to": demonstrated.person(DYLAN)}).status_code == 303
        assert press(elin, f"{HERE}/{made.case}/assign", {"to": demonstrated.person(CARYS)}).status_code == 409
        assert made.case in dylan.get(f"{HERE}?mine=1").text


def test_with_script_only_the_part_is_sent(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    part = {"HX-Request": "true"}
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        for path in (HERE, f"{HERE}/{made.case}"):
            found = elin.client.get(path, headers=part)
            assert "<html" not in found.text
            assert 'id="status"' in found.text
            assert "HX-Request" in found.headers["vary"]
        token = re.findall(r'name="csrf" value="([^"]*)"', elin.get(HERE).text)[0]
        form = {"csrf": token, "to": demonstrated.person(CARYS)}
        wrong = elin.client.post(f"{HERE}/{made.case}/assign", data=form, headers=part)
        assert (wrong.status_code, "<html" in wrong.text, 'class="problem"' in wrong.text) == (409, False, True)


@pytest.mark.parametrize("verb", ["take", "tell", "untell", "next", "assign", "claim", "release", "step/ask"])
def test_who_does_not_hold_it_meets_what_was_never_there(demonstrated: Demonstrated, verb: str) -> None:
    made = raised(demonstrated, LLINOS)
    never = to_b64u(random_bytes(16))
    with demonstrated.signed_in(LLINOS) as llinos:
        put(llinos, made.sent.to_json())
        for case in (made.case, never, "x", "A" * 23):
            answers = [llinos.get(f"{HERE}/{case}"), press(llinos, f"{HERE}/{case}/{verb}", {})]
            assert [answer.status_code for answer in answers] == [404, 404], case
        assert made.case not in llinos.get(f"{HERE}?lane=new").text
    with demonstrated.signed_in(SIAN) as sian:
        assert press(sian, f"{HERE}/{made.case}/{verb}", {}).status_code == 404
