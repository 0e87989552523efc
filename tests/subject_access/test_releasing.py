"""Releasing a file and collecting it, with an account and without; uploads of every kind."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core.text import Locale
from portal.subject_access import service
from portal.subject_access.models import Disclosure
from portal.subject_access.rules import IdentityCheck
from portal.web.uploads import MOST_FILE_BYTES
from tests.people import PASSWORD
from tests.subject_access.browsing import (
    ANSWERS,
    NAMELESS,
    act,
    answer,
    carried,
    case_of,
    sign_in,
    started,
    walk,
)
from tests.subject_access.conftest import MONDAY, World, sent
from tests.visitors import Visitor

PDF = b"%PDF-1.7\n" + b"data about somebody\n" * 200


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
    kept = [path.read_bytes() for path in world.settings.blob_folder.iterdir()]
    assert len(content) == 1 or not any(content[:40] in octets for octets in kept), "one letter stands there by chance"
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
    from portal.subject_access.answering.collecting import disposition

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
