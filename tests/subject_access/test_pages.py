"""The pages as a browser meets them, with an account and without."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.core.text import Words
from portal.subject_access import service
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.routes import router
from tests.subject_access.browsing import (
    ANSWERS,
    NAMELESS,
    act,
    answer,
    carried,
    case_of,
    open_case,
    sign_in,
    walk,
)
from tests.subject_access.conftest import MONDAY, World, sent
from tests.visitors import Visitor, make_rooms, visiting


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_signed_in_worker_asks_and_reads_the_day_and_why(world: World, visitor: Visitor, locale: str) -> None:
    sign_in(visitor, "sian")
    walk(visitor, f"/{locale}/my/access")
    assert "Fy shifftiau &amp; “pwy” &lt;a&gt;" in visitor.page.text
    gone = answer(visitor, f"/{locale}/my/access", {}, go="send")
    assert gone.status_code == 303
    assert re.search(r"/my/access/AC-[A-Z0-9-]+/sent$", gone.headers["location"])
    page = visitor.get(gone.headers["location"])
    assert "23 " in page.text and "2026" in page.text
    with world.database.reading() as session:
        request = session.scalars(select(SubjectAccessRequest)).one()
        assert (request.lang, request.answer_locale, request.name) == (locale, "cy", None)


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_somebody_without_an_account_gets_ten_words_and_a_second_post_the_same(
    world: World, visitor: Visitor, locale: str
) -> None:
    walk(visitor, f"/{locale}/access", ANSWERS + NAMELESS)
    fields = {**carried(visitor), "go": "send"}
    pages = [visitor.client.post(f"/{locale}/access", data=fields) for _ in range(2)]
    words = [re.search(r'class="words"[^>]*>(.*?)</p>', page.text) for page in pages]
    assert words[0] is not None and words[1] is not None
    assert words[0].group(1) == words[1].group(1)
    assert words[0].group(1).count("<span>") == 10
    assert "content-encoding" not in pages[0].headers
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_back_and_change_lose_nothing_that_was_typed(visitor: Visitor) -> None:
    walk(visitor, "/en/access", ANSWERS[:2])
    answer(visitor, "/en/access", {"from-day": "31"}, go="back")
    assert "Fy shifftiau &amp; “pwy” &lt;a&gt;" in visitor.page.text
    assert carried(visitor)["from-day"] == "31"
    answer(visitor, "/en/access", ANSWERS[1][1])
    for _step, fields in ANSWERS[2:] + NAMELESS:
        answer(visitor, "/en/access", fields)
    answer(visitor, "/en/access", {}, go="wanted")
    assert carried(visitor)["returns"] == "1"
    answer(visitor, "/en/access", {"scope": "everything", "wanted": ""})
    assert "Check your answers" in visitor.page.text


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("body", {"body": "nobody"}, "Choose your employer"),
        ("wanted", {"scope": "", "wanted": ""}, "Choose whether you want everything"),
        ("wanted", {"scope": "some", "wanted": ""}, "Write what you want a copy of"),
        ("wanted", {"scope": "some", "wanted": "x" * 4001}, "The limit is 4,000 characters"),
        ("period", {"from-day": "31", "from-month": "2", "from-year": "2026"}, "Enter a real date"),
        ("period", {"from-day": "1", "from-month": "2", "from-year": "2027"}, "must be today or in the past"),
        ("period", {"from-day": "1", "from-month": "2", "from-year": "1066"}, "must be on or after"),
        (
            "period",
            {"from-day": "2", "from-month": "2", "from-year": "2026", "until-day": "1", "until-month": "2",
             "until-year": "2026"},
            "must not be before its start",
        ),
        ("answer", {"answer_locale": "fr", "answer_format": "stone"}, "Choose the language of the answer"),
        ("who", {"name": "", "email": "", "reach": ""}, "Enter your name"),
        ("who", {"name": "S", "email": "at", "reach": ""}, "in the correct format"),
        ("who", {"name": "S", "email": "", "reach": ""}, "another way to reach you"),
        ("recognition", {"recognition": ""}, "how the employer can recognise you"),
    ],
)  # fmt: skip
def test_bad_answers_are_told_what_to_do(visitor: Visitor, step: str, fields: dict[str, str], said: str) -> None:
    visitor.get("/en/access")
    page = answer(visitor, "/en/access", fields, step=step)
    assert page.status_code == 422
    assert said in unescape(page.text)
    assert "Error:" in page.text.partition("</title>")[0]


def test_a_form_without_our_ids_starts_again(visitor: Visitor) -> None:
    for code in ("", "x", "!" * 18, "é" * 18):
        page = visitor.client.post("/en/access", data={"form_id": "a" * 26, "code": code, "go": "send"})
        assert (page.status_code, page.headers["location"]) == (303, "/en/access")


def test_sending_with_an_answer_missing_shows_that_question(visitor: Visitor) -> None:
    visitor.get("/en/access")
    page = answer(visitor, "/en/access", {"body": "taran", "scope": "everything"}, go="send")
    assert page.status_code == 422
    assert "How do you want the answer?" in page.text


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_the_queue_is_ordered_by_the_true_day_and_filtered_in_the_address(
    world: World, officer: Visitor, locale: str
) -> None:
    late = Words("hwyr")
    first = open_case(world)
    second = open_case(world, by=world["helen"], channel="letter", received_on=MONDAY.date() - timedelta(days=20),
                       late_reason=late)  # fmt: skip
    page = officer.get(f"/{locale}/my/desk/access")
    assert page.text.index(second) < page.text.index(first)
    assert first not in officer.get(f"/{locale}/my/desk/access?within=14").text
    assert second not in officer.get(f"/{locale}/my/desk/access?mine=1").text
    assert first not in officer.get(f"/{locale}/my/desk/access?show=finished").text
    assert officer.get(f"/{locale}/my/desk/access?within=x&show=y&after=nonsense").status_code == 200


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_an_officer_works_through_a_request(world: World, officer: Visitor, locale: str) -> None:
    reference = open_case(world)
    assert act(officer, reference, "start", locale).status_code == 303
    asked = act(officer, reference, "clarify", locale, words="Pa rai?", default="Popeth", lang="cy")
    assert asked.status_code == 303
    assert case_of(world, reference).paused_on == MONDAY.date()
    told = act(officer, reference, "reply", locale, words="Popeth", lang="cy",
               **{"on-day": "23", "on-month": "11", "on-year": "2026"})  # fmt: skip
    assert told.status_code == 303
    page = officer.get(f"/{locale}/my/desk/access/{reference}")
    assert page.status_code == 200 and page.text.count("<h1") == 1


def test_two_officers_at_once_the_second_is_warned_and_keeps_what_they_typed(world: World, officer: Visitor) -> None:
    reference = open_case(world)
    officer.get(f"/en/my/desk/access/{reference}/write")
    fields = carried(officer)
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
    page = officer.post(f"/en/my/desk/access/{reference}/write", {**fields, "words": "Llythyr hir", "lang": "cy"})
    assert page.status_code == 422
    assert "Somebody has changed this request" in page.text
    assert "Llythyr hir" in page.text
    assert officer.post(
        f"/en/my/desk/access/{reference}/write", {**carried(officer), "words": "Llythyr hir", "lang": "cy"}
    ).status_code == 303  # fmt: skip


@pytest.mark.parametrize("name", ["nonsense", "reply", "go_on", "disclose", "identity", "withdraw", "doubt"])
def test_an_act_that_is_not_on_offer_is_not_there(world: World, officer: Visitor, name: str) -> None:
    reference = open_case(world)
    assert officer.get(f"/en/my/desk/access/{reference}/{name}").status_code == 404


def test_strangers_meet_the_page_of_nonsense(world: World, visitor: Visitor) -> None:
    reference = open_case(world)
    sign_in(visitor, "gwen")
    for path in ("desk/access", f"desk/access/{reference}", "desk/access/log", f"access/{reference}/sent"):
        assert visitor.get(f"/en/my/{path}").status_code == 404
    with visiting(make_rooms(world.settings, world.database, account_router, router)) as other:
        other.get("/en/my/sign-in")
        other.sign_in("dafydd@mynach.example")
        assert reference not in other.get("/en/my/desk/access").text
        assert other.get(f"/en/my/desk/access/{reference}").status_code == 404
        assert other.get(f"/en/my/desk/access/{reference}/start").status_code == 404
        assert other.get("/en/my/desk/access/AC-0000-0000").status_code == 404


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_request_that_came_by_letter_is_written_down(world: World, officer: Visitor, locale: str) -> None:
    officer.get(f"/{locale}/my/desk/access/log")
    fields = {
        **carried(officer), "body": "taran", "person": "SIAN@taran.example", "channel": "letter", "received-day": "2",
        "received-month": "11", "received-year": "2026", "scope": "everything", "answer_locale": "cy",
        "answer_format": "paper",
    }  # fmt: skip
    page = officer.post(f"/{locale}/my/desk/access/log", fields)
    assert page.status_code == 422 and "late_reason-error" in page.text
    fields["csrf"] = carried(officer)["csrf"]
    gone = officer.post(f"/{locale}/my/desk/access/log", {**fields, "late_reason": "Post mewnol"})
    assert gone.status_code == 303
    case = case_of(world, gone.headers["location"].rpartition("/")[2])
    assert (case.due_on.isoformat(), case.requester_person_id) == ("2026-12-02", world["sian"].person_id)


def test_nobody_is_found_in_the_directory_of_another_body(world: World, officer: Visitor) -> None:
    officer.get("/en/my/desk/access/log")
    page = officer.post(
        "/en/my/desk/access/log", {**carried(officer), "body": "taran", "person": "dafydd@mynach.example"}
    )
    assert page.status_code == 422
    assert "Nobody at this employer has this email address" in page.text
