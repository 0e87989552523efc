"""The pages as a browser meets them, with an account and without."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.account.routes import router as account_router
from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core.text import Locale, Words
from portal.subject_access import service
from portal.subject_access.models import Disclosure, SubjectAccessRequest
from portal.subject_access.routes import router
from portal.subject_access.rules import IdentityCheck
from portal.web.uploads import MOST_FILE_BYTES
from tests.people import PASSWORD
from tests.subject_access.conftest import MONDAY, World, sent
from tests.visitors import Visitor, make_rooms, visiting

PDF = b"%PDF-1.7\n" + b"data about somebody\n" * 200
ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("body", {"body": "taran"}),
    ("wanted", {"scope": "some", "wanted": "Fy shifftiau & “pwy” <a>"}),
    ("period", {"from-day": "1", "from-month": "1", "from-year": "2026"}),
    ("answer", {"answer_locale": "cy", "answer_format": "download"}),
)
NAMELESS = (
    ("who", {"name": "Siân Prys", "email": "", "reach": "01234 567890"}),
    ("recognition", {"recognition": "Rhif staff 1234"}),
)


@pytest.fixture
def visitor(world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(world.settings, world.database, account_router, router)) as one:
        yield one


@pytest.fixture
def officer(world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(world.settings, world.database, account_router, router)) as one:
        one.get("/en/my/sign-in")
        assert one.sign_in("rhodri@taran.example").status_code == 303
        yield one


def carried(visitor: Visitor) -> dict[str, str]:
    return {name: unescape(value) for name, value in visitor.hidden().items()}


def answer(visitor: Visitor, path: str, fields: dict[str, str], **more: str) -> Any:
    return visitor.post(path, {**carried(visitor), **fields, **more})


def walk(visitor: Visitor, path: str, answers: Any = ANSWERS) -> None:
    """To the check page."""
    visitor.get(path)
    base = path.partition("?")[0]
    assert answer(visitor, base, {}).status_code == 200
    for step, fields in answers:
        assert carried(visitor)["step"] == step
        page = answer(visitor, base, fields)
        assert page.status_code == 200, step
        assert page.text.count("<h1") == 1


def sign_in(visitor: Visitor, name: str) -> None:
    visitor.get("/en/my/sign-in")
    assert visitor.sign_in(f"{name}@taran.example").status_code == 303


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
        ("wanted", {"scope": "some", "wanted": "x" * 4001}, "The limit is 4000 characters"),
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


def open_case(world: World, **changes: Any) -> str:
    with world.database.writing() as session:
        return world.request(session, **changes).reference


def case_of(world: World, reference: str) -> Case:
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        session.expunge(case)
        return case


def act(officer: Visitor, reference: str, name: str, locale: str = "en", **fields: str) -> Any:
    page = officer.get(f"/{locale}/my/desk/access/{reference}/{name}")
    assert page.status_code == 200, name
    return officer.post(f"/{locale}/my/desk/access/{reference}/{name}", {**carried(officer), **fields})


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
    told = act(officer, reference, "answer", locale, words="Popeth", lang="cy",
               **{"on-day": "23", "on-month": "11", "on-year": "2026"})  # fmt: skip
    assert told.status_code == 303
    page = officer.get(f"/{locale}/my/desk/access/{reference}")
    assert page.status_code == 200 and page.text.count("<h1") == 1
    assert act(officer, reference, "extend", locale, ground="number", words="Tri chais", lang="cy").status_code == 303
    assert officer.get(f"/{locale}/my/desk/access/{reference}/extend").status_code == 404
    done = act(officer, reference, "refuse", locale, ground="unfounded", words="Dim sail", lang="cy")
    assert done.status_code == 303
    assert case_of(world, reference).state == "refused"
    assert officer.get(f"/{locale}/my/desk/access/{reference}").status_code == 200


def test_a_late_extension_says_until_when_notice_could_be_given(world: World, officer: Visitor) -> None:
    reference = open_case(world)
    form = officer.get(f"/en/my/desk/access/{reference}/extend")
    fields = {**carried(officer), "ground": "complexity", "words": "Rhesymau hir", "lang": "cy"}
    world.set_time(MONDAY + timedelta(days=31))
    officer.get("/en/my/sign-in")
    officer.sign_in("rhodri@taran.example")
    page = officer.get(f"/en/my/desk/access/{reference}/extend")
    assert form.status_code == page.status_code == 200
    assert "notice had to be given by 23 December 2026" in page.text
    refused = officer.post(f"/en/my/desk/access/{reference}/extend", {**fields, "csrf": carried(officer)["csrf"]})
    assert refused.status_code == 422
    assert "notice had to be given by 23 December 2026" in refused.text
    assert not case_of(world, reference).extended


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


@pytest.mark.parametrize("name", ["nonsense", "answer", "go_on", "disclose", "identity", "withdraw", "doubt"])
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


def disclose(officer: Visitor, reference: str, file: tuple[str, bytes, str] | None, **fields: str) -> Any:
    officer.get(f"/en/my/desk/access/{reference}/disclose")
    typed = {
        **carried(officer), "given": "portal", "words": "Dyma eich data", "supplementary": "Dibenion …", "lang": "cy",
        **fields,
    }  # fmt: skip
    files = {"file": file} if file else {"file": ("", b"", "application/octet-stream")}
    officer.page = officer.client.post(f"/en/my/desk/access/{reference}/disclose", data=typed, files=files)
    return officer.page


def zipped(name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x" * 3000)
    return out.getvalue()


def started(world: World, **changes: Any) -> str:
    reference = open_case(world, **changes)
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
    return reference


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Data Siân (1).pdf", PDF, "application/pdf"),
        ("a.docx", zipped(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", zipped("a"), "application/zip"),
        ("a.csv", "enw,ŵ\n".encode() * 300, "text/csv; charset=utf-8"),
        ("a.txt", b"x", "text/plain; charset=utf-8"),
        ("A.PNG", b"\x89PNG\r\n\x1a\n" + bytes(5000), "image/png"),
        ("a.jpeg", b"\xff\xd8\xff" + bytes(100), "image/jpeg"),
    ],
)
def test_a_released_file_comes_back_as_it_was_after_signing_in_again(
    world: World, officer: Visitor, visitor: Visitor, name: str, content: bytes, media_type: str
) -> None:
    reference = started(world)
    assert disclose(officer, reference, (name, content, "text/html")).status_code == 303
    assert not any(content[:40] in path.read_bytes() for path in world.settings.blob_folder.iterdir())
    sign_in(visitor, "sian")
    page = visitor.get(f"/cy/my/access/{reference}/data")
    assert page.status_code == 200 and 'type="password"' not in page.text
    got = visitor.post(f"/cy/my/access/{reference}/data")
    assert got.content == content
    assert got.headers["content-type"] == media_type
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    assert got.headers["cache-control"] == "no-store"
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.event == "access.downloaded")) == 1


def test_a_name_with_accents_and_quotes_is_given_in_both_forms(world: World, officer: Visitor) -> None:
    from portal.subject_access.collecting import disposition

    assert disposition('Ŵyn "a".pdf') == (
        "attachment; filename=\"_yn _a_.pdf\"; filename*=UTF-8''%C5%B4yn%20%22a%22.pdf"
    )


def test_after_five_minutes_the_password_is_asked_again(world: World, officer: Visitor, visitor: Visitor) -> None:
    reference = started(world)
    disclose(officer, reference, ("a.pdf", PDF, "application/pdf"))
    sign_in(visitor, "sian")
    world.set_time(MONDAY + timedelta(minutes=6))
    page = visitor.get(f"/en/my/access/{reference}/data")
    assert 'type="password"' in page.text
    wrong = visitor.post(f"/en/my/access/{reference}/data", {"password": "nid hwn yw e"})
    assert wrong.status_code == 422 and "The password is wrong" in wrong.text
    right = visitor.post(f"/en/my/access/{reference}/data", {"password": PASSWORD})
    assert right.content == PDF


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Choose a file"),
        (("a.pdf", b"", "application/pdf"), "The file is empty"),
        (("a.exe", b"MZ" + bytes(2000), "application/pdf"), "This type of file is not accepted"),
        (("a.pdf", b"MZ" + bytes(2000), "application/pdf"), "This type of file is not accepted"),
        (("a.pdf", b"MZ", "application/pdf"), "This type of file is not accepted"),
        (("a.txt", b"a\x00b", "text/plain"), "This type of file is not accepted"),
        (("a.txt", b"a" * 3000 + b"\x00", "text/plain"), "This type of file is not accepted"),
        (("a.csv", b"a" * 3000 + b"\xff", "text/csv"), "This type of file is not accepted"),
        (("pdf", PDF, "application/pdf"), "This type of file is not accepted"),
        (("a.pdf", b"%PDF-" + bytes(MOST_FILE_BYTES), "application/pdf"), "The limit is 20 MB"),
    ],
)
def test_a_file_that_will_not_do_is_thrown_away_and_the_letter_is_kept(
    world: World, officer: Visitor, file: Any, said: str
) -> None:
    reference = started(world)
    page = disclose(officer, reference, file)
    assert page.status_code == 422
    assert said in page.text
    assert "Dyma eich data" in page.text
    folder = world.settings.blob_folder
    assert not folder.exists() or not list(folder.iterdir())
    assert case_of(world, reference).state == "scoping"


def test_a_file_is_not_kept_when_the_letter_is_missing_or_the_case_has_moved_on(world: World, officer: Visitor) -> None:
    reference = started(world)
    assert disclose(officer, reference, ("a.pdf", PDF, "application/pdf"), words="").status_code == 422
    assert disclose(officer, reference, ("a.pdf", PDF, "application/pdf"), version="1").status_code == 422
    assert not list(world.settings.blob_folder.iterdir())


def test_an_upload_without_the_forms_token_is_refused_before_the_file(world: World, officer: Visitor) -> None:
    reference = started(world)
    officer.get(f"/en/my/desk/access/{reference}/disclose")
    for token in ("", "x"):
        page = disclose(officer, reference, ("a.pdf", PDF, "application/pdf"), csrf=token)
        assert page.status_code == 403
    address = f"/en/my/desk/access/{reference}/disclose"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    broken = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc'
    assert officer.client.post(address, content=broken, headers=headers).status_code == 403
    assert officer.client.post(address, content=b"", headers={"content-type": "multipart/form-data"}).status_code == 403
    assert not world.settings.blob_folder.exists() or not list(world.settings.blob_folder.iterdir())


def test_a_second_upload_of_the_same_form_keeps_the_first_file(world: World, officer: Visitor) -> None:
    reference = started(world)
    officer.get(f"/en/my/desk/access/{reference}/disclose")
    fields = {**carried(officer), "given": "portal", "words": "Dyma", "supplementary": "Dibenion", "lang": "cy"}
    address = f"/en/my/desk/access/{reference}/disclose"
    for _ in range(2):
        page = officer.client.post(address, data=fields, files={"file": ("a.pdf", PDF, "application/pdf")})
        assert page.status_code == 303
    assert len(list(world.settings.blob_folder.iterdir())) == 1


def test_an_answer_on_paper_needs_no_file(world: World, officer: Visitor) -> None:
    reference = started(world)
    assert disclose(officer, reference, None, given="post").status_code == 303
    with world.database.reading() as session:
        disclosure = session.scalars(select(Disclosure)).one()
        assert (disclosure.blob_id, disclosure.given) == (None, "post")


def test_without_an_account_the_file_needs_an_identity_check_and_a_code_from_the_officer(
    world: World, officer: Visitor, visitor: Visitor
) -> None:
    walk(visitor, "/en/access", ANSWERS + NAMELESS)
    page = answer(visitor, "/en/access", {}, go="send")
    words = " ".join(re.findall(r"<span>([a-z]+)</span>", page.text))
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        reference = case.reference
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
    refused = disclose(officer, reference, ("a.pdf", PDF, "application/pdf"))
    assert refused.status_code == 422 and "First write down how" in refused.text
    known = act(officer, reference, "identity", check=IdentityCheck.KNOWN.value,
                **{"on-day": "23", "on-month": "11", "on-year": "2026"})  # fmt: skip
    assert known.status_code == 303
    assert disclose(officer, reference, ("a.pdf", PDF, "application/pdf")).status_code == 303

    waiting = visitor.client.post("/en/access/collect", data={"words": words})
    assert "has not made a collection code" in waiting.text
    officer.get(f"/en/my/desk/access/{reference}")
    made = officer.post(f"/en/my/desk/access/{reference}/code")
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", made.text)
    assert found is not None
    assert found.group() not in officer.get(f"/en/my/desk/access/{reference}").text
    assert visitor.client.post("/cy/access/collect", data={"words": words}).status_code == 200
    wrong = visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": "2222"})
    assert wrong.status_code == 422
    got = visitor.client.post(
        "/en/access/collect/file", data={"words": words, "collection_code": found.group().lower()}
    )
    assert got.content == PDF
    for _ in range(10):
        visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": "x"})
    void = visitor.client.post("/en/access/collect/file", data={"words": words, "collection_code": found.group()})
    assert void.status_code == 422
    assert visitor.client.post("/en/access/collect", data={"words": "nid deg gair"}).status_code == 404


def test_a_code_is_not_made_for_somebody_with_an_account(world: World, officer: Visitor) -> None:
    reference = started(world)
    disclose(officer, reference, ("a.pdf", PDF, "application/pdf"))
    officer.get(f"/en/my/desk/access/{reference}")
    assert officer.post(f"/en/my/desk/access/{reference}/code").status_code == 404


@pytest.mark.parametrize("locale", [locale.value for locale in Locale])
def test_every_form_of_an_act_opens_in_both_languages(world: World, officer: Visitor, locale: str) -> None:
    reference = started(world, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
    for name in ("clarify", "doubt", "disclose", "nothing_held", "refuse", "extend", "identity", "write"):
        page = officer.get(f"/{locale}/my/desk/access/{reference}/{name}")
        assert page.status_code == 200 and page.text.count("<h1") == 1, name
        empty = officer.post(f"/{locale}/my/desk/access/{reference}/{name}", carried(officer))
        assert empty.status_code == 422, name


def test_a_form_with_files_is_refused_where_no_file_is_asked_for(world: World, officer: Visitor) -> None:
    reference = started(world)
    page = officer.client.post(f"/en/my/desk/access/{reference}/code", files={"x": ("", b"")})
    assert page.status_code == 403
    page = officer.client.post(
        "/en/my/sign-out", content=b"", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert page.status_code == 403
