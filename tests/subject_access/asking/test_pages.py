"""The pages of asking: several employers, systems ticked, for somebody else, receipts, papers, representatives."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from anonymity.receipt import draw_code
from portal.account.routes import router as account_router
from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.text import Locale
from portal.home.case_pages import router as home_router
from portal.subject_access.answering.duties import remove_old_disclosures
from portal.subject_access.asking.models import Authority, Enclosure
from portal.subject_access.asking.queries import enclosure_context
from portal.subject_access.asking.rules import EnclosureKind
from portal.subject_access.queries import get_request, open_words
from portal.subject_access.routes import router
from tests.subject_access.answering.answers import released
from tests.subject_access.asking.test_service import works_at
from tests.subject_access.browsing import ANSWERS, NAMELESS, answer, carried, open_case, sign_in, walk
from tests.subject_access.conftest import MONDAY, World
from tests.visitors import Visitor, make_rooms, visiting
from tests.web.test_fields import run_alone

PERSON = {"name": "Siân Prys", "reach": "1 Stryd Fawr"}
SPEAKER = {"rep_name": "Ann Hywel", "email": "ann@hywel.example", "rep_kind": "solicitor",
           "rep_scope": "ask_and_follow", "rep_agrees": "yes"}  # fmt: skip
FOR_OTHER = (("person", PERSON), ("recognition", {"recognition": "Rhif staff 1234"}), ("speaker", SPEAKER))
PDF = b"%PDF-1.7\n" + b"x" * 2000


@pytest.fixture
def whole(world: World) -> FastAPI:
    return make_rooms(world.settings, world.database, account_router, home_router, router)


@pytest.fixture
def sian(whole: FastAPI) -> Iterator[Visitor]:
    with visiting(whole) as one:
        sign_in(one, "sian")
        yield one


@pytest.fixture
def nobody(whole: FastAPI) -> Iterator[Visitor]:
    with visiting(whole) as one:
        yield one


def words_on(page: Any) -> str:
    found = re.search(r'class="words"[^>]*>(.*?)</p>', page.text)
    assert found is not None
    return " ".join(re.findall(r"<span>([^<]+)</span>", found.group(1)))


def case_with(world: World) -> Case:
    with world.database.reading() as session:
        case = session.scalars(select(Case)).one()
        session.expunge(case)
        return case


def ask_for_other(visitor: Visitor, locale: str = "en", **changes: str) -> str:
    """To the ten words of a representative."""
    answers = [(step, {**fields, **(changes if step == "speaker" else {})}) for step, fields in FOR_OTHER]
    may_download = changes.get("rep_scope") == "receive"
    how = {"answer_locale": "cy", "answer_format": "download" if may_download else "paper"}
    walk(visitor, f"/{locale}/access?for=other", (*ANSWERS[:3], *answers, ("answer", how), *ANSWERS[4:]))
    return words_on(visitor.client.post(f"/{locale}/access", data={**carried(visitor), "go": "send"}))


@pytest.mark.parametrize("locale", list(Locale))
def test_a_worker_of_two_employers_asks_both_and_sees_both_and_neither_sees_the_other(
    world: World, sian: Visitor, whole: FastAPI, locale: str
) -> None:
    works_at(world, "sian", "mynach")
    base = f"/{locale}/my/access"
    sian.get(base)
    answer(sian, base, {})
    assert 'type="checkbox" value="mynach"' in sian.page.text
    sian.page = sian.client.post(base, data={**carried(sian), "body": ["taran", "mynach"]})
    for _step, fields in ANSWERS[1:]:
        both = {**carried(sian), **fields, "body": ["taran", "mynach"]} if "body" in sian.page.text else fields
        sian.page = sian.client.post(base, data=both)
    data = {**carried(sian), "body": ["taran", "mynach"], "go": "send"}
    gone = [sian.client.post(base, data=data) for _ in range(2)]
    assert gone[0].status_code == 303 and gone[0].headers["location"] == gone[1].headers["location"]
    with world.database.reading() as session:
        references = {case.body_id: case.reference for case in session.scalars(select(Case))}
    own, other = (references[world.bodies[slug].id] for slug in ("taran", "mynach"))
    for address in (gone[0].headers["location"], f"{base}/{own}", f"{base}/{other}", f"{base}/{own}/receipt"):
        page = sian.get(address).text
        assert own in page and other in page
    assert f'href="{base}/{own}"' in sian.get(f"/{locale}/my/cases/{own}").text
    with visiting(whole) as officer:
        sign_in(officer, "rhodri")
        for address in ("", f"/{own}", f"/{own}/papers", f"/{own}/search", "?show=finished"):
            page = officer.get(f"/{locale}/my/desk/access{address}").text
            assert other not in page and "mynach" not in page.lower()
        assert officer.get(f"/{locale}/my/desk/access/{other}").status_code == 404


def test_the_audit_of_a_linked_request_names_no_group(world: World, sian: Visitor) -> None:
    works_at(world, "sian", "mynach")
    base = "/en/my/access"
    sian.get(base)
    fields = {"body": ["taran", "mynach"], "scope": "everything", "answer_locale": "cy", "answer_format": "paper"}
    assert sian.client.post(base, data={**carried(sian), **fields, "go": "send"}).status_code == 303
    with world.database.reading() as session:
        cases = {case.id: case.body_id for case in session.scalars(select(Case))}
        for event in session.scalars(select(AuditEvent).where(AuditEvent.event.like("access.%"))):
            assert event.body_id == cases[event.subject]
            assert not any(str(value) in cases for value in event.facts.values())


@pytest.mark.parametrize("locale", list(Locale))
def test_somebody_asks_for_another_person_and_the_month_waits(world: World, nobody: Visitor, locale: str) -> None:
    words = ask_for_other(nobody, locale)
    case = case_with(world)
    assert (case.state, case.locator_hash) == ("identity_wait", None)
    page = nobody.client.post(f"/{locale}/case", data={"words": words})
    assert page.status_code == 200 and case.reference in page.text
    assert page.text.count("<h1") == 1
    receipt = nobody.client.post(f"/{locale}/access/receipt", data={"words": words})
    assert receipt.status_code == 200 and case.reference in receipt.text
    with world.database.reading() as session:
        request = get_request(session, case)
        name = open_words(request, "name", world.settings.vault)
        assert name is not None and name.reveal() == "Siân Prys"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rep_name": ""}, "Enter your name"),
        ({"email": "", "rep_reach": ""}, "another way to reach you"),
        ({"rep_kind": "union"}, "Choose who the representative is"),
        ({"rep_scope": ""}, "Choose what the representative may do"),
        ({"rep_agrees": ""}, "Tick that the person has allowed you"),
        ({"rep_until-day": "1", "rep_until-month": "1", "rep_until-year": "2026"}, "must be on or after"),
        ({"rep_until-day": "1", "rep_until-month": "1", "rep_until-year": "2028"}, "one year at most"),
    ],
)
def test_a_representative_is_told_what_is_missing(nobody: Visitor, changes: dict[str, str], said: str) -> None:
    nobody.get("/en/access?for=other")
    page = answer(nobody, "/en/access", {**SPEAKER, **changes}, step="speaker")
    assert page.status_code == 422
    assert said in unescape(page.text)


def test_who_may_only_follow_is_not_offered_a_download_and_one_that_is_sent_is_not_taken(nobody: Visitor) -> None:
    walk(nobody, "/en/access?for=other", (*ANSWERS[:3], *FOR_OTHER))
    assert 'value="paper"' in nobody.page.text and 'value="download"' not in nobody.page.text
    refused = answer(nobody, "/en/access", {"answer_locale": "cy", "answer_format": "download"})
    assert refused.status_code == 422 and "Choose" in refused.text


def test_a_paper_sent_with_the_words_is_sealed_and_seen_by_the_officer(
    world: World, nobody: Visitor, officer: Visitor
) -> None:
    words = ask_for_other(nobody)
    sent = nobody.client.post("/en/access/paper", data={"words": words}, files={"file": ("awdurdod.pdf", PDF)})
    assert sent.status_code == 200 and "The paper was sent" in sent.text
    with world.database.reading() as session:
        paper = session.scalars(select(Enclosure)).one()
        assert paper.kind is EnclosureKind.AUTHORITY
        own_id = paper.id
        assert b"".join(world.blobs.read(paper.blob_id, context=enclosure_context("blob_id", own_id))) == PDF
    reference = case_with(world).reference
    page = officer.get(f"/en/my/desk/access/{reference}/papers").text
    assert "awdurdod.pdf" in page and "Ann Hywel" in page
    assert officer.get(f"/en/my/desk/access/{reference}/papers/{own_id}").content == PDF
    authority = re.search(r"/authority/([a-z2-7]{26})/seen", page)
    assert authority is not None
    officer.get(f"/en/my/desk/access/{reference}/papers")
    act = f"/en/my/desk/access/{reference}/authority/{authority[1]}"
    assert officer.post(f"{act}/seen").status_code == 422
    on = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    assert officer.post(f"{act}/seen", on).status_code == 303
    assert case_with(world).state == "scoping"
    officer.get(f"/en/my/desk/access/{reference}/papers")
    assert officer.post(f"{act}/end").status_code == 303
    assert nobody.client.post("/en/case", data={"words": words}).status_code == 422
    assert nobody.client.post("/en/case/reply", data={"words": words, "reply": "x"}).status_code == 404


def test_no_paper_is_kept_of_a_stranger_or_of_the_wrong_sort(world: World, nobody: Visitor) -> None:
    words = ask_for_other(nobody)
    kept = set(world.settings.blob_folder.glob("*")) if world.settings.blob_folder.exists() else set()
    for data, name, status in (
        ({"words": ""}, "a.pdf", 403),
        ({"words": "gair gair"}, "a.pdf", 403),
        ({"words": words}, "a.exe", 422),
        ({"words": "0000 " * 9 + "0000"}, "a.pdf", (403, 404)),
    ):
        page = nobody.client.post("/en/access/paper", data=data, files={"file": (name, PDF)})
        assert page.status_code in (status if isinstance(status, tuple) else (status,)), name
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Enclosure)) == 0
    assert set(world.settings.blob_folder.glob("*")) == kept


def test_of_words_that_open_nothing_no_file_is_waited_for(world: World, nobody: Visitor) -> None:
    waited: list[bool] = []
    statuses: list[int] = []
    words = " ".join(draw_code().words("en"))
    body = (
        f'--x\r\ncontent-disposition: form-data; name="words"\r\n\r\n{words}\r\n'
        '--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    ).encode()

    async def receive() -> dict[str, Any]:
        waited.append(bool(waited))
        return {"type": "http.request", "body": body, "more_body": len(waited) < 3}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    path = "/en/access/paper"
    named = {"host": "127.0.0.1:8000", "content-type": "multipart/form-data; boundary=x"}
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
             "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8000),
             "client": ("127.0.0.1", 1), "headers": [(k.encode(), v.encode()) for k, v in named.items()]}  # fmt: skip
    run_alone(nobody.client.app(scope, receive, send))  # type: ignore[arg-type]
    assert statuses == [404]
    assert waited == [False], "what came with the words is the last that was read"


@pytest.mark.parametrize("locale", list(Locale))
def test_a_worker_lets_somebody_speak_and_ends_it_at_once(
    world: World, sian: Visitor, nobody: Visitor, locale: str
) -> None:
    reference = open_case(world)
    address = f"/{locale}/my/access/{reference}/speaker"
    sian.get(address)
    wrong = sian.post(address, {**carried(sian), "rep_name": "Ann"})
    assert wrong.status_code == 422 and 'value="Ann"' in wrong.text
    fields = {**carried(sian), "rep_name": "Ann", "rep_reach": "ann@hywel.example", "rep_kind": "other",
              "rep_scope": "ask_and_follow"}  # fmt: skip
    pages = [sian.client.post(address, data=fields) for _ in range(2)]
    words = words_on(pages[0])
    assert words == words_on(pages[1])
    with world.database.reading() as session:
        authority = session.scalars(select(Authority.id)).one()
    page = nobody.client.post(f"/{locale}/case", data={"words": words})
    assert page.status_code == 200 and reference in page.text
    assert f"/{locale}/case/withdraw" not in page.text
    assert nobody.client.post(f"/{locale}/case/again", data={"words": words, "act": "revive"}).status_code == 404
    nobody.client.post(f"/{locale}/case/withdraw", data={"words": words})
    assert case_with(world).state == "received"
    sian.get(address)
    assert sian.post(f"{address}/{authority}/end").status_code == 303
    assert nobody.client.post(f"/{locale}/case", data={"words": words}).status_code == 422


def test_the_ten_words_of_a_representative_show_the_receipt_of_one_employer_alone(
    world: World, sian: Visitor, nobody: Visitor
) -> None:
    works_at(world, "sian", "mynach")
    sian.get("/en/my/access")
    fields = {"body": ["taran", "mynach"], "scope": "everything", "answer_locale": "cy", "answer_format": "paper"}
    assert sian.client.post("/en/my/access", data={**carried(sian), **fields, "go": "send"}).status_code == 303
    with world.database.reading() as session:
        references = {case.body_id: case.reference for case in session.scalars(select(Case))}
    own, other = (references[world.bodies[slug].id] for slug in ("taran", "mynach"))
    address = f"/en/my/access/{own}/speaker"
    sian.get(address)
    speaker = {"rep_name": "Ann", "rep_reach": "ann@hywel.example", "rep_kind": "solicitor", "rep_scope": "receive"}
    words = words_on(sian.client.post(address, data={**carried(sian), **speaker}))
    page = nobody.client.post("/en/access/receipt", data={"words": words}).text
    assert own in page and other not in page and "mynach" not in page.lower()


def test_a_representative_has_a_removed_answer_made_again_with_the_ten_words(
    world: World, sian: Visitor, nobody: Visitor
) -> None:
    reference = released(world)
    address = f"/en/my/access/{reference}/speaker"
    sian.get(address)
    speaker = {"rep_name": "Ann", "rep_reach": "ann@hywel.example", "rep_kind": "solicitor", "rep_scope": "receive"}
    words = words_on(sian.client.post(address, data={**carried(sian), **speaker}))
    remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=91))
    page = nobody.client.post("/en/case", data={"words": words}).text
    assert 'action="/en/access/collect/again"' in page and "/my/access/" not in page
    assert "can be collected again" in nobody.client.post("/en/access/collect/again", data={"words": words}).text


def test_ten_words_answer_a_question_and_take_back_and_undo(world: World, nobody: Visitor) -> None:
    walk(nobody, "/en/access", ANSWERS + NAMELESS)
    words = words_on(nobody.client.post("/en/access", data={**carried(nobody), "go": "send"}))
    said = nobody.client.post("/en/case/reply", data={"words": words, "reply": "Hefyd y banc"})
    assert "Hefyd y banc" in said.text
    page = nobody.client.post("/en/case/withdraw", data={"words": words})
    assert case_with(world).state == "withdrawn" and "Undo the withdrawal" in page.text
    again = nobody.client.post("/en/case/again", data={"words": words, "act": "undo_withdrawal"})
    assert again.status_code == 200 and case_with(world).state == "scoping"
    assert nobody.client.post("/en/case/again", data={"words": words, "act": "revive"}).status_code == 404


def test_a_signed_in_withdrawal_is_undone_within_a_week_only(world: World, sian: Visitor) -> None:
    reference = open_case(world)
    page = f"/en/my/cases/{reference}"
    sian.get(page)
    assert sian.post(f"{page}/withdraw").status_code == 303
    assert "Undo the withdrawal" in sian.get(page).text
    assert sian.post(f"{page}/again", {"act": "undo_withdrawal"}).status_code == 303
    sian.get(page)
    sian.post(f"{page}/withdraw")
    world.set_time(MONDAY + timedelta(days=8))
    sign_in(sian, "sian")
    assert "Undo the withdrawal" not in sian.get(page).text
    assert sian.post(f"{page}/again", {"act": "undo_withdrawal"}).status_code == 404


@pytest.mark.parametrize("locale", list(Locale))
def test_the_receipt_says_the_day_and_why(world: World, sian: Visitor, locale: Locale) -> None:
    reference = open_case(world)
    page = sian.get(f"/{locale}/my/access/{reference}/receipt")
    assert page.status_code == 200 and reference in page.text and page.text.count("<h1") == 1
    assert "23 " in page.text and "<ol>" in page.text
    assert sian.get(f"/{locale}/my/access/{reference}").headers["location"] == f"/{locale}/my/cases/{reference}"


def test_the_original_of_a_written_request_is_kept_sealed(world: World, officer: Visitor) -> None:
    officer.get("/en/my/desk/access/log")
    fields = {**carried(officer), "body": "taran", "name": "Gwen", "channel": "social", "received-day": "23",
              "received-month": "11", "received-year": "2026", "scope": "everything", "answer_locale": "cy",
              "answer_format": "paper"}  # fmt: skip
    wrong = officer.client.post("/en/my/desk/access/log", data=fields, files={"file": ("a.exe", PDF)})
    assert wrong.status_code == 422 and "file-error" in wrong.text
    for _ in range(2):
        gone = officer.client.post("/en/my/desk/access/log", data=fields, files={"file": ("post.pdf", PDF)})
        assert gone.status_code == 303
    with world.database.reading() as session:
        paper = session.scalars(select(Enclosure)).one()
        assert (paper.kind, paper.size) == (EnclosureKind.REQUEST, len(PDF))
    assert len(list(world.settings.blob_folder.glob("*"))) == 1
