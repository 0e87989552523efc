"""The account pages as a browser meets them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.account.routes import router
from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.models import Person
from portal.directory.rules import RoleName
from portal.identity import service as identity
from portal.identity.models import Account
from portal.identity.rules import InvitationPurpose
from portal.notifications.models import OutboxLetter
from portal.settings.models import Settings
from tests.people import PASSWORD, Member, add_body, add_member
from tests.visitors import Visitor, make_rooms, visiting

EMAIL = "sian@taran.example"
NEW = "gair newydd hollol wahanol"


@pytest.fixture
def clock(settings: Settings, tmp_path: Path, now: datetime) -> Path:
    held = tmp_path / "clock"
    held.write_text(now.isoformat())
    return held


@pytest.fixture
def timed(settings: Settings, clock: Path) -> Settings:
    return settings.model_copy(update={"test_clock": clock})


@pytest.fixture
def sian(database: Database, timed: Settings, now: datetime) -> Member:
    with database.writing() as session:
        body = add_body(session)
        add_member(session, timed, now, email="gwen@taran.example", body=body)
        return add_member(session, timed, now, email=EMAIL, body=body, roles=(RoleName.REVIEWER,), locale=Locale.CY)


@pytest.fixture
def visitor(database: Database, timed: Settings, sian: Member) -> Iterator[Visitor]:
    with visiting(make_rooms(timed, database, router)) as one:
        yield one


def letters(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxLetter.template).order_by(OutboxLetter.queued_at, OutboxLetter.id)))


def events(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.number)))


@pytest.mark.parametrize("path", ["sign-in", "sign-in?reason=ended", "sign-in?reason=nonsense", "forgot", "reset/x"])
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_every_page_without_sign_in_opens_in_both_languages(visitor: Visitor, locale: str, path: str) -> None:
    page = visitor.get(f"/{locale}/my/{path}")
    assert page.status_code == (404 if path == "reset/x" else 200)
    assert page.text.count("<h1") == 1
    assert f'<html lang="{locale}">' in page.text


def test_signing_in_sets_a_cookie_for_the_signed_in_area_of_each_language_only(
    visitor: Visitor, database: Database
) -> None:
    answer = visitor.sign_in(EMAIL)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/my")
    cookies = answer.headers.get_list("set-cookie")
    assert sorted(re.findall(r"Path=(\S+?);", " ".join(cookies))) == ["/cy/my", "/en/my"]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert events(database)[-1] == "account.signed_in"
    assert visitor.get("/cy/my/profile").status_code == 200


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "gair anghywir hir"), ("neb@taran.example", PASSWORD)])
def test_every_failure_reads_the_same(visitor: Visitor, email: str, password: str) -> None:
    page = visitor.sign_in(email, password)
    assert page.status_code == 422
    assert "The e-mail address or the password is wrong" in page.text
    assert password not in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("email", [EMAIL, "neb@taran.example"])
def test_too_many_failures_ask_everybody_alike_to_wait(
    visitor: Visitor, email: str, clock: Path, now: datetime
) -> None:
    for _ in range(5):
        visitor.sign_in(email, "gair anghywir hir")
    page = visitor.sign_in(email)
    assert (page.status_code, page.headers["retry-after"]) == (429, "5")
    assert "Seconds to wait: 5" in page.text
    clock.write_text((now + timedelta(seconds=5)).isoformat())
    assert visitor.sign_in(email).status_code == (303 if email == EMAIL else 422)


def test_empty_and_misshapen_fields_are_told(visitor: Visitor) -> None:
    page = visitor.sign_in("sian", "")
    assert page.status_code == 422
    assert "Enter your password" in page.text
    assert "name@example.com" in page.text


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("/my/profile", "/en/my/profile"), ("https://evil.example", "/en/my"), ("//evil.example/my", "/en/my")],
)
def test_sign_in_leads_to_a_local_page_only(visitor: Visitor, asked: str, leads_to: str) -> None:
    assert visitor.sign_in(EMAIL, next=asked).headers["location"] == leads_to


def test_a_signed_in_page_without_a_session_leads_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = visitor.get("/cy/my/profile")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cy/my/sign-in?next=/my/profile")
    htmx = visitor.get("/en/my/profile", headers={"HX-Request": "true"})
    assert htmx.headers["hx-redirect"] == "/en/my/sign-in?next=/my/profile"


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL)
    visitor.get("/en/my/profile")
    answer = visitor.post("/en/my/sign-out")
    assert answer.headers["location"] == "/en/my/sign-in?reason=out"
    assert visitor.get("/en/my/profile").status_code == 303
    assert "You have signed out" in visitor.get("/en/my/sign-in?reason=out").text


def test_a_post_without_its_token_is_refused(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL)
    assert visitor.client.post("/en/my/profile/language", data={"language": "en"}).status_code == 403


def test_what_was_typed_into_an_ended_session_comes_back_after_signing_in(
    visitor: Visitor, clock: Path, now: datetime
) -> None:
    visitor.sign_in(EMAIL)
    visitor.get("/en/my/profile/language")
    clock.write_text((now + timedelta(hours=1)).isoformat())
    page = visitor.post("/en/my/profile/language", {"language": "en"})
    assert page.status_code == 401
    assert "What you typed is kept" in page.text
    resume = visitor.hidden()["resume"]
    assert visitor.sign_in(EMAIL, "gair anghywir hir", resume=resume).status_code == 422
    assert visitor.hidden()["resume"] == resume, "a typing error must not lose it"
    page = visitor.sign_in(EMAIL, resume=resume)
    assert page.status_code == 200
    assert 'action="/en/my/profile/language"' in page.text
    assert visitor.hidden()["language"] == "en"
    assert visitor.post("/en/my/profile/language", {"language": "en"}).headers["location"].endswith("saved=language")


def test_another_account_cannot_open_what_was_typed(visitor: Visitor, clock: Path, now: datetime) -> None:
    visitor.sign_in(EMAIL)
    visitor.get("/en/my/profile/language")
    clock.write_text((now + timedelta(hours=1)).isoformat())
    visitor.post("/en/my/profile/language", {"language": "en"})
    answer = visitor.sign_in("gwen@taran.example", resume=visitor.hidden()["resume"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/my")


def test_forgotten_passwords_are_answered_alike_and_only_known_people_get_a_letter(
    visitor: Visitor, database: Database
) -> None:
    known = visitor.post("/en/my/forgot", {"email": EMAIL})
    assert letters(database) == ["account_reset"]
    unknown = visitor.post("/en/my/forgot", {"email": "neb@taran.example"})
    assert letters(database) == ["account_reset"]
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


def test_a_reset_link_changes_the_password_once_and_ends_every_session(
    visitor: Visitor, database: Database, now: datetime
) -> None:
    visitor.sign_in(EMAIL)
    with database.writing() as session:
        token = identity.ask_reset(session, EMAIL, now=now).token
    assert visitor.get(f"/cy/my/reset/{token}").status_code == 200
    assert visitor.post(f"/cy/my/reset/{token}", {"new_password": "rhy fyr"}).status_code == 422
    assert visitor.post(f"/cy/my/reset/{token}", {"new_password": NEW}).headers["location"].endswith("reason=reset")
    assert visitor.get(f"/cy/my/reset/{token}").status_code == 404
    assert visitor.post(f"/cy/my/reset/{token}", {"new_password": NEW}).status_code == 404
    assert visitor.get("/en/my/profile").status_code == 303
    assert visitor.sign_in(EMAIL).status_code == 422
    assert visitor.sign_in(EMAIL, NEW).status_code == 303
    assert letters(database) == ["account_password_changed"]


def test_an_invitation_asks_for_a_password_and_a_language_and_signs_in(
    visitor: Visitor, database: Database, now: datetime, sian: Member
) -> None:
    with database.writing() as session:
        account = session.get_one(Account, sian.account.id)
        account.password_hash = None
        token = identity.invite(session, account, InvitationPurpose.SLIP, now=now)
    page = visitor.get(f"/en/my/invitation/{token}")
    assert EMAIL in page.text
    page = visitor.post(f"/en/my/invitation/{token}", {"new_password": EMAIL})
    assert page.status_code == 422
    assert "must not be your e-mail address" in page.text
    assert "Choose a language for our messages" in page.text
    answer = visitor.post(f"/en/my/invitation/{token}", {"new_password": NEW, "language": "both"})
    assert answer.headers["location"] == "/en/my"
    assert visitor.get("/en/my/profile").status_code == 200
    assert visitor.get(f"/en/my/invitation/{token}").status_code == 404
    with database.reading() as session:
        assert session.get_one(Person, sian.person.id).locale is None


def test_changing_the_password_needs_the_present_one_and_signs_out_elsewhere(
    visitor: Visitor, database: Database
) -> None:
    visitor.sign_in(EMAIL)
    elsewhere = visitor.client.cookies.get("porth_session", path="/en/my") or ""
    visitor.client.cookies.clear()
    visitor.sign_in(EMAIL)
    visitor.get("/en/my/profile/password")
    page = visitor.post("/en/my/profile/password", {"password": "anghywir", "new_password": NEW})
    assert "This is not your present password" in page.text
    answer = visitor.post("/en/my/profile/password", {"password": PASSWORD, "new_password": NEW})
    assert answer.headers["location"] == "/en/my/profile?saved=password"
    assert visitor.get("/en/my/profile").status_code == 200
    visitor.client.cookies.clear()
    assert visitor.get("/en/my/profile", headers={"Cookie": f"porth_session={elsewhere}"}).status_code == 303
    assert events(database)[-1] == "account.password_changed"


def test_wrong_present_passwords_are_slowed_like_wrong_ones_at_sign_in(
    visitor: Visitor, clock: Path, now: datetime
) -> None:
    visitor.sign_in(EMAIL)
    visitor.get("/en/my/profile/password")
    for _ in range(5):
        visitor.post("/en/my/profile/password", {"password": "anghywir", "new_password": NEW})
    page = visitor.post("/en/my/profile/password", {"password": PASSWORD, "new_password": NEW})
    assert (page.status_code, "Wait before you try again" in page.text) == (429, True)
    assert int(page.headers["retry-after"]) > 0
    with_other_browser = Visitor(visitor.client)
    assert with_other_browser.sign_in(EMAIL).status_code == 303, "the owner is kept out of nothing"
    clock.write_text((now + timedelta(minutes=11)).isoformat())
    with_other_browser.get("/en/my/profile/password")
    page = with_other_browser.post("/en/my/profile/password", {"password": PASSWORD, "new_password": NEW})
    assert page.headers["location"] == "/en/my/profile?saved=password"


def test_the_profile_lists_sessions_and_ends_the_others(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL)
    visitor.client.cookies.clear()
    visitor.sign_in(EMAIL)
    assert "Another browser" in visitor.get("/en/my/profile").text
    visitor.post("/en/my/profile/sessions")
    assert "Another browser" not in visitor.get("/en/my/profile?saved=sessions").text


def test_staying_moves_the_end_of_the_session(visitor: Visitor, clock: Path, now: datetime) -> None:
    visitor.sign_in(EMAIL)
    clock.write_text((now + timedelta(minutes=29)).isoformat())
    assert "Your session ends" in visitor.get("/en/my/stay?next=/my/profile").text
    assert visitor.post("/en/my/stay", {"next": "/my/profile"}).headers["location"] == "/en/my/profile"
    clock.write_text((now + timedelta(minutes=58)).isoformat())
    assert visitor.get("/en/my/profile").status_code == 200


def test_nothing_of_a_password_or_token_is_in_the_database_in_clear(
    visitor: Visitor, settings: Settings, database: Database
) -> None:
    visitor.sign_in(EMAIL)
    visitor.post("/en/my/forgot", {"email": EMAIL})
    token = visitor.client.cookies.get("porth_session", path="/en/my") or "absent"
    stored = b"".join(path.read_bytes() for path in Path(settings.data_folder).glob("porth.sqlite3*"))
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored
