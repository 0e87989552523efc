"""Asking for a review without an account, as people meet it; and forms that are not theirs."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from portal.cases.models import Case
from portal.register.models import System
from portal.register.queries import list_decision_points
from tests.demonstrated import OTHER_BODY, Demonstrated
from tests.visitors import Visitor

MAIR, EMYR = "mair.tudur@dyffryn-cledwen.example", "emyr.wyn.daniel@dyffryn-cledwen.example"


def count(world: Demonstrated, table: str) -> int:
    with world.database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


# Asking, without an account.


@pytest.fixture
def asker(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as visitor:
        yield visitor


def answers(world: Demonstrated, visitor: Visitor, **changes: str) -> dict[str, str]:
    visitor.get("/cy/review/start")
    with world.database.reading() as session:
        system = session.scalars(select(System).where(System.slug == "telematics")).one()
        point = list_decision_points(session, system.id)[0].id
        code = system.short_code
    return {
        "form_id": visitor.hidden()["form_id"], "body": OTHER_BODY, "system": code, "point": point,
        "day-day": "3", "day-month": "11", "day-year": "2026", "what": "Cefais fy marcio i lawr 31313",
        "wanted": "human", "wanted-words": "", "name": "Cai", "contact": "Gyrrwr yn Nepo Pen-y-lan", "email": "",
        "go": "send", **changes,
    }  # fmt: skip


def test_somebody_without_an_account_gets_ten_words_that_open_the_review(
    demonstrated: Demonstrated, asker: Visitor
) -> None:
    fields = answers(demonstrated, asker)
    first, second = (asker.client.post("/cy/review/ask", data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert count(demonstrated, "review_requests") == 2
    found = re.findall(r"RV-[0-9A-Z]{4}-[0-9A-Z]{4}", first.text)
    assert found
    assert found[0] in second.text
    assert b"31313" not in b"".join(one.read_bytes() for one in demonstrated.folder.glob("porth.sqlite3*"))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (("31", "2", "2026"), "real date"),
        (("23", "11", "2026"), "today or in the past"),
        (("24", "5", "2018"), "on or after"),
        (("", "", ""), "day the decision was made"),
        (("x", "y", "z"), "real date"),
    ],
)
def test_a_day_that_cannot_be_is_asked_again_with_everything_kept(
    demonstrated: Demonstrated, asker: Visitor, day: tuple[str, str, str], said: str
) -> None:
    parts = dict(zip(("day-day", "day-month", "day-year"), day, strict=True))
    answer = asker.client.post("/en/review/ask", data=answers(demonstrated, asker, **parts))
    assert answer.status_code == 422
    assert said in answer.text
    assert "31313" in answer.text
    assert count(demonstrated, "review_requests") == 1


@pytest.mark.parametrize(
    "changes",
    [{"body": "none"}, {"system": "ZZZZZZ"}, {"point": "z" * 26}, {"wanted": "money"}, {"what": ""}, {"name": ""},
     {"what": "x" * 4001}, {"email": "not an address"}],
)  # fmt: skip
def test_an_answer_that_was_not_offered_opens_nothing(
    demonstrated: Demonstrated, asker: Visitor, changes: dict[str, str]
) -> None:
    answer = asker.client.post("/cy/review/ask", data=answers(demonstrated, asker, **changes))
    assert answer.status_code == 422
    assert count(demonstrated, "review_requests") == 1


@pytest.mark.parametrize("form_id", ["", "zz", "00" * 12, "00" * 14, "a" * 26 + "!"])
def test_a_form_that_we_did_not_give_out_opens_nothing(
    demonstrated: Demonstrated, asker: Visitor, form_id: str
) -> None:
    answer = asker.client.post("/cy/review/ask", data=answers(demonstrated, asker, form_id=form_id))
    assert answer.status_code in {403, 404, 422}
    assert count(demonstrated, "review_requests") == 1


def test_a_form_of_somebody_else_does_not_show_their_case(demonstrated: Demonstrated) -> None:
    """The id of a signed-in form is a case's key: whoever guesses or finds it gets nothing by it."""
    with demonstrated.database.reading() as session:
        own_id = session.scalars(select(Case.id).where(Case.kind == "review")).one()
    with demonstrated.signed_in(EMYR) as emyr:
        fields = answers(demonstrated, emyr, form_id=own_id)
        emyr.get("/cy/my/review/start")
        answer = emyr.post("/cy/my/review/ask", {name: value for name, value in fields.items() if name != "csrf"})
        assert answer.status_code == 404
    assert count(demonstrated, "review_requests") == 1
