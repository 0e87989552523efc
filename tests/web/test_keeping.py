"""Pages kept in memory: the same bytes for everybody, for a minute whatever happens, never a page of one visitor."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, update
from starlette.testclient import TestClient

from portal.app import make_app
from portal.audit.service import record
from portal.core.db import Database
from portal.directory.models import Body
from portal.home.routes import FIXED_PAGES
from portal.identity.models import Account
from portal.register.routes import PUBLIC_PAGES
from portal.settings.models import Settings, read_settings
from portal.web.keeping import MOST_PAGES
from tests.concerns.sealed import sealed_concerns
from tests.demonstrated import Demonstrated
from tests.people import add_body
from tests.prepared import TEST_KEY
from tests.tickets import work

BROTLI = {"accept-encoding": "br"}
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    clock = tmp_path / "clock"
    clock.write_text(datetime(2026, 11, 22, 9, 0, tzinfo=UTC).isoformat(), encoding="utf-8")
    return read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(tmp_path),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_MAILER": "console",
            "PORTAL_TEST_CLOCK": str(clock),
        }
    )


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    with TestClient(make_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize("path", FIXED_PAGES)
def test_a_fixed_page_is_revalidated_and_not_sent_twice(client: TestClient, path: str) -> None:
    first = client.get(f"/cy{path}", headers=BROTLI)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get(f"/cy{path}", headers=BROTLI | {"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert again.headers["vary"] == first.headers["vary"]
    assert "content-encoding" not in again.headers


def test_every_answer_from_memory_carries_the_headers_of_any_answer(client: TestClient) -> None:
    made, kept = (client.get("/en", headers=BROTLI).headers for _ in range(2))
    assert dict(made) == dict(kept)
    assert kept["x-frame-options"] == "DENY"
    assert kept["referrer-policy"] == "same-origin"


def test_each_language_encoding_and_query_is_a_page_of_its_own(client: TestClient) -> None:
    tags = {
        client.get(path, headers=encoding).headers["etag"]
        for path in ("/cy/help", "/en/help", "/en/help?x=1")
        for encoding in (BROTLI, PLAIN)
    }
    assert len(tags) == 6


def test_a_page_is_made_anew_after_what_it_shows_was_changed(client: TestClient, database: Database) -> None:
    before = client.get("/en/privacy", headers=PLAIN)
    with database.writing() as session:
        add_body(session)
    after = client.get("/en/privacy", headers=PLAIN | {"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Taran Council" not in before.text
    assert "Taran Council" in after.text


def test_the_register_is_kept_here_but_not_in_browsers(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        add_body(session)
    for _ in range(2):
        page = client.get("/en/systems", headers=PLAIN)
        assert "Taran Council" in page.text
        assert page.headers["cache-control"] == "no-store"
        assert "etag" not in page.headers


def test_what_is_not_found_is_not_kept(client: TestClient) -> None:
    for _ in range(2):
        page = client.get("/en/s/QQQQQQ", headers=PLAIN)
        assert page.status_code == 404
        assert "etag" not in page.headers


def test_the_anonymous_area_and_signed_in_pages_are_never_kept(client: TestClient) -> None:
    for path in ("/en/concern", "/en/concern/return", "/en/my", "/en/my/sign-in", "/en/case", "/", "/en/left"):
        page = client.get(path, headers=BROTLI)
        assert "etag" not in page.headers
        assert page.headers["cache-control"] == "no-store", path
    for path in (*FIXED_PAGES, *PUBLIC_PAGES):
        assert not path.startswith(("/concern", "/my")), path


def test_memory_is_bounded_however_many_addresses_are_asked(client: TestClient, database: Database) -> None:
    for number in range(MOST_PAGES + 20):
        client.get(f"/en?{number}", headers=PLAIN)
    layer = client.app
    while not hasattr(layer, "_pages"):
        layer = getattr(layer, "_app", None) or getattr(layer, "app", None) or layer.middleware_stack  # type: ignore[attr-defined]
    assert len(layer._pages) == MOST_PAGES


def test_only_what_these_pages_show_ends_them_early(database: Database, now: datetime) -> None:
    def count() -> int:
        return database.writes_to({"bodies"})

    first = count()
    with database.writing() as session:
        body = add_body(session)
        assert count() == first, "not before it is committed"
    assert count() == first + 1
    with database.writing() as session:
        session.execute(update(Body).where(Body.id == body.id).values(name_en="Taran"))
    assert count() == first + 2
    with database.writing() as session:
        session.execute(update(Account).values(closed_at=now))
        record(session, actor=None, event="test.only", subject="x", now=now)
    assert count() == first + 2, "accounts and the audit stand on no public page"


def test_nobody_learns_from_a_public_page_at_which_second_a_concern_was_stored(
    demonstrated: Demonstrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a page made anew after any commit, its slowness would tell."""
    monkeypatch.setattr("portal.web.keeping.monotonic", lambda: 1000.0)
    with demonstrated.visiting() as visitor:
        made: list[str] = []
        asked = visitor.client.app.state.database.engine  # type: ignore[attr-defined]
        visitor.client.get("/en/systems", headers=PLAIN)
        event.listen(asked, "before_cursor_execute", lambda *given: made.append(given[2]))
        for _code, octets in sealed_concerns(demonstrated, 2):
            answer = visitor.client.post("/cy/concern/box", content=octets, headers=work(visitor.client))
            assert answer.status_code == 201
            made.clear()
            visitor.client.get("/en/systems", headers=PLAIN)
            assert made == []


def test_what_another_process_changed_is_there_with_the_next_minute_and_no_sooner(
    client: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        add_body(session)
    since = [settings.kept_page_seconds * 1000.0]
    monkeypatch.setattr("portal.web.keeping.monotonic", lambda: since[0])
    client.get("/en/privacy", headers=PLAIN)
    with closing(sqlite3.connect(str(database.engine.url.database))) as other, other:
        other.execute("UPDATE bodies SET name_en = 'Mellten Council'")
    since[0] += settings.kept_page_seconds - 1
    assert "Taran Council" in client.get("/en/privacy", headers=PLAIN).text
    since[0] += 1
    assert "Mellten Council" in client.get("/en/privacy", headers=PLAIN).text


def test_one_visitors_strange_headers_are_nobody_elses_page(client: TestClient) -> None:
    """Of two headers of one name the maker of a page reads the first: so has whoever keeps it."""
    twice = [("accept-encoding", "br"), ("accept-encoding", "identity")]
    assert client.get("/en/help", headers=twice).headers["content-encoding"] == "br"
    assert "content-encoding" not in client.get("/en/help", headers=PLAIN).headers


def test_with_no_second_to_be_kept_every_page_is_made_anew(settings: Settings, database: Database) -> None:
    anew = settings.model_copy(update={"kept_page_seconds": 0})
    with TestClient(make_app(anew), base_url="http://127.0.0.1:8000") as client:
        first, again = (client.get("/en/help", headers=PLAIN) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert "etag" not in again.headers
    assert again.headers["cache-control"] == "no-store"
