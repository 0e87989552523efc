"""Collecting an answer: with an account, with ten words and a code, or handed over; each time is written down."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.text import Locale
from portal.subject_access import service
from portal.subject_access.answering.models import Download
from portal.subject_access.asking import knowing
from portal.subject_access.models import Disclosure
from portal.subject_access.rules import IdentityCheck, State
from tests.people import PASSWORD
from tests.subject_access.answering.answers import add_item, approved, prepared, proposed, released, to_material
from tests.subject_access.browsing import ANSWERS, NAMELESS, answer, carried, case_of, sign_in, walk
from tests.subject_access.conftest import MONDAY, World, sent
from tests.visitors import Visitor


def is_pack(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "mynegai.html" in archive.namelist() and archive.testzip() is None


def test_a_released_answer_is_a_file_to_save_and_each_download_is_seen_by_the_worker(
    world: World, visitor: Visitor
) -> None:
    reference = released(world)
    sign_in(visitor, "sian")
    for _ in range(2):
        page = visitor.get(f"/cy/my/access/{reference}/data")
        assert page.status_code == 200 and 'type="password"' not in page.text
        got = visitor.post(f"/cy/my/access/{reference}/data")
        assert is_pack(got.content)
        assert got.headers["content-type"] == "application/zip"
        assert got.headers["content-disposition"] == (
            f"attachment; filename=\"{reference}.zip\"; filename*=UTF-8''{reference}.zip"
        )
        assert got.headers["cache-control"] == "no-store"
        assert "sandbox" in got.headers["content-security-policy"]
        assert got.headers["x-content-type-options"] == "nosniff"
    assert case_of(world, reference).state == State.DISCLOSED
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.event == "access.downloaded")) == 2
        assert session.scalars(select(Download.way)).all() == ["signed_in", "signed_in"]


def test_a_name_with_accents_and_quotes_is_given_in_both_forms() -> None:
    from portal.subject_access.answering.collecting import disposition

    assert disposition('Ŵyn "a".pdf') == (
        "attachment; filename=\"_yn _a_.pdf\"; filename*=UTF-8''%C5%B4yn%20%22a%22.pdf"
    )


def test_after_five_minutes_the_password_is_asked_again(world: World, visitor: Visitor) -> None:
    reference = released(world)
    sign_in(visitor, "sian")
    world.set_time(MONDAY + timedelta(minutes=6))
    page = visitor.get(f"/en/my/access/{reference}/data")
    assert 'type="password"' in page.text
    wrong = visitor.post(f"/en/my/access/{reference}/data", {"password": "nid hwn yw e"})
    assert wrong.status_code == 422 and "The password is wrong" in wrong.text
    right = visitor.post(f"/en/my/access/{reference}/data", {"password": PASSWORD})
    assert is_pack(right.content)


def test_nothing_can_be_collected_before_the_second_person_has_approved(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        proposed(world, session, case)
    sign_in(visitor, "sian")
    assert visitor.get(f"/en/my/access/{case.reference}/data").status_code == 404
    visitor.get("/en/my/profile")
    assert visitor.post(f"/en/my/access/{case.reference}/data").status_code == 404


def asked_without_account(world: World, visitor: Visitor) -> tuple[str, str]:
    """The ten words and the reference of a request whose answer was released."""
    walk(visitor, "/en/access", ANSWERS + NAMELESS)
    page = answer(visitor, "/en/access", {}, go="send")
    words = " ".join(re.findall(r"<span>([a-z]+)</span>", page.text))
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        on = world.desk.today
        knowing.record_identity(session, world["rhodri"], case, IdentityCheck.KNOWN, sent(), on=on, desk=world.desk)
        add_item(world, session, case, b"a,b\n")
        proposed(world, session, to_material(world, session, case))
    return words, case.reference


def test_without_an_account_the_file_needs_a_code_that_comes_from_the_officer(
    world: World, officer: Visitor, visitor: Visitor
) -> None:
    from portal.subject_access.answering.models import SignOff
    from portal.subject_access.answering.packing import build_waiting

    words, reference = asked_without_account(world, visitor)
    build_waiting(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        approved(world, session, session.scalars(select(Case)).one(), session.scalars(select(SignOff)).one())
    waiting = visitor.client.post("/en/access/collect", data={"words": words})
    assert "has not made a collection code" in waiting.text
    officer.get(f"/en/my/desk/access/{reference}/answer")
    made = officer.post(f"/en/my/desk/access/{reference}/code")
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", made.text)
    assert found is not None
    assert found.group() not in officer.get(f"/en/my/desk/access/{reference}/answer").text
    assert visitor.client.post("/cy/access/collect", data={"words": words}).status_code == 200
    wrong = visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": "2222"})
    assert wrong.status_code == 422
    got = visitor.client.post(
        "/en/access/collect/file", data={"words": words, "collection_code": found.group().lower()}
    )
    assert is_pack(got.content)
    again = visitor.client.post("/en/access/collect/again", data={"words": words})
    assert again.status_code == 200 and words in again.text
    for _ in range(10):
        visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": "x"})
    void = visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": found.group()})
    assert void.status_code == 422
    visitor.client.post("/en/access/collect/again", data={"words": words})
    void = visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": found.group()})
    assert void.status_code == 422, "more days are no more tries"
    assert visitor.client.post("/en/access/collect", data={"words": "nid deg gair"}).status_code == 404


def test_a_code_is_not_made_for_somebody_with_an_account(world: World, officer: Visitor) -> None:
    reference = released(world)
    officer.get(f"/en/my/desk/access/{reference}/answer")
    assert officer.post(f"/en/my/desk/access/{reference}/code").status_code == 404


@pytest.mark.parametrize("locale", [locale.value for locale in Locale])
def test_an_answer_is_handed_over_with_a_slip_and_that_is_written_down(
    world: World, officer: Visitor, locale: str
) -> None:
    reference = released(world, answer_format="large_print")
    slip = officer.get(f"/{locale}/my/desk/access/{reference}/slip")
    assert slip.status_code == 200 and slip.text.count("<h1") == 1
    assert "001.csv" in slip.text and "sian" in slip.text
    empty = officer.post(f"/{locale}/my/desk/access/{reference}/slip", {**carried(officer), "to": ""})
    assert empty.status_code == 422
    fields = {**carried(officer), "handed": "in_person", "to": "Siân Prys", "on-day": "23", "on-month": "11",
              "on-year": "2026"}  # fmt: skip
    assert officer.post(f"/{locale}/my/desk/access/{reference}/slip", fields).status_code == 303
    assert case_of(world, reference).state == State.DISCLOSED
    page = officer.get(f"/{locale}/my/desk/access/{reference}/answer")
    assert "Siân Prys" in page.text
    with world.database.reading() as session:
        disclosure = session.scalars(select(Disclosure)).one()
        assert disclosure.handed == "in_person" and b"Prys" not in (disclosure.handed_to or b"")


def test_an_officer_who_opens_the_answer_is_seen_by_the_worker(world: World, officer: Visitor) -> None:
    reference = released(world)
    officer.get(f"/en/my/desk/access/{reference}/answer")
    assert is_pack(officer.post(f"/en/my/desk/access/{reference}/released").content)
    assert "Opened by the data protection team" in officer.get(f"/en/my/desk/access/{reference}/answer").text
    assert case_of(world, reference).state == State.READY_TO_COLLECT


def test_the_worker_takes_ninety_more_days_in_one_press(world: World, visitor: Visitor) -> None:
    reference = released(world)
    sign_in(visitor, "sian")
    visitor.get(f"/en/my/access/{reference}/data")
    assert visitor.post(f"/en/my/access/{reference}/issue-again").status_code == 303
    assert "23 February 2027" not in unescape(visitor.get(f"/en/my/access/{reference}/data").text)
    with world.database.reading() as session:
        assert session.scalars(select(Disclosure.remove_on)).one() == world.after(90).today


def test_a_form_with_files_is_refused_where_no_file_is_asked_for(world: World, officer: Visitor) -> None:
    reference = released(world)
    page = officer.client.post(f"/en/my/desk/access/{reference}/code", files={"x": ("", b"")})
    assert page.status_code == 403
    page = officer.client.post(
        "/en/my/sign-out", content=b"", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert page.status_code == 403
