"""What every answer carries, and what no answer and no log ever holds."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from opentelemetry import trace
from sqlalchemy import text
from starlette.testclient import TestClient

from portal.app import make_app
from portal.concerns.reporting import sending
from portal.settings.models import Settings
from portal.web.anonymous import writing
from portal.web.cookies import SESSION
from portal.web.fields import FieldBag
from portal.web.headers import ANONYMOUS_AREA
from tests.demonstrated import BODY, SIAN, Demonstrated
from tests.routes import routes
from tests.visitors import Visitor

SENTINEL = "gair cudd iawn ŵŷ 60606"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def visitor(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made


def every_kind_of_answer(visitor: Visitor, world: Demonstrated) -> list[Any]:
    client = visitor.client
    chosen = {"body": BODY, "about": f"system:{world.code_of('e-rostering')}"}
    return [
        client.get("/"), client.get("/cy"), client.get("/en/systems"), client.get("/cy/concern"),
        client.post("/cy/concern/form", data=chosen),
        client.get("/cy/no-such-page"), client.get("/fr/systems"), client.get("/cy/my"), client.get("/%00"),
        client.get("/static/none.js"), client.get("/cy/s/ZZZZZZ"), client.put("/cy/systems"),
        client.delete("/cy/concern"),
        client.post("/cy/concern/box", content=b"x"), client.post("/cy/concern/box", content=b"x" * 200_000),
        client.post("/cy/concern/form", data={"text": "x" * 70_000}), client.post("/cy/case", data={"words": ""}),
        client.post("/cy/case", data={"words": "x"}, headers={"origin": "https://elsewhere.example"}),
        client.post("/cy/my/cases/x/withdraw"), client.request("OPTIONS", "/cy"), client.head("/cy"),
        client.get("/cy/systems?after=%00"), client.post("/cy/review/ask", content=b"\xff"),
    ]  # fmt: skip


def test_every_answer_carries_every_header_errors_too(demonstrated: Demonstrated, visitor: Visitor) -> None:
    answers = every_kind_of_answer(visitor, demonstrated)
    assert {answer.status_code for answer in answers} >= {200, 303, 403, 404, 405, 413, 422}
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url}"
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, where
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), where
        assert "unsafe" not in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}, where
        assert "camera=()" in answer.headers["permissions-policy"], where
        assert answer.headers["cache-control"] in {"no-store", "no-cache"}, where
        assert "server" not in answer.headers, where
        assert answer.status_code < 500, where


def test_strict_transport_is_promised_only_where_there_is_tls(demonstrated: Demonstrated) -> None:
    for tls in (False, True):
        app = make_app(demonstrated.settings.model_copy(update={"tls": tls}))
        with TestClient(app, base_url="https://127.0.0.1:8000") as client:
            assert ("strict-transport-security" in client.get("/cy").headers) is tls


def test_the_anonymous_area_neither_takes_nor_gives_a_cookie(demonstrated: Demonstrated, visitor: Visitor) -> None:
    for answer in every_kind_of_answer(visitor, demonstrated):
        if ANONYMOUS_AREA.match(answer.request.url.path):
            assert answer.headers["cache-control"] == "no-store"
            assert "set-cookie" not in answer.headers
            assert "etag" not in answer.headers
            assert "last-modified" not in answer.headers
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.parametrize(
    "path", ["/cy/concern", "/cy/concern/return", "/cy/concern/return/form", "/en/concern/nothing"]
)
def test_a_staff_cookie_changes_no_byte_of_the_anonymous_area(demonstrated: Demonstrated, path: str) -> None:
    with demonstrated.signed_in(SIAN) as staff, demonstrated.visiting() as stranger:
        token = next(cookie.value for cookie in staff.client.cookies.jar if cookie.name == SESSION)
        with_cookie = stranger.client.get(path, headers={"cookie": f"{SESSION}={token}; porth_lang=en"})
        without = stranger.client.get(path)
    assert with_cookie.content == without.content
    assert dict(with_cookie.headers) == dict(without.headers)


@pytest.mark.parametrize("path", ["/cy/concernx", "/fr/concern", "/cy/my/concerns", "/CY/concern", "/cyconcern"])
def test_the_wall_stands_around_the_anonymous_area_alone(path: str) -> None:
    assert ANONYMOUS_AREA.match(path) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"origin": "http://127.0.0.1:8000"}, 422),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8000.elsewhere.example"}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 422),
    ],
)
def test_a_form_from_elsewhere_is_refused_outside_the_anonymous_area(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    assert visitor.client.post("/cy/case", data={"words": "x"}, headers=headers).status_code == status
    anonymous = visitor.client.post("/cy/concern/return/form", data={"words": "x"}, headers=headers)
    assert anonymous.status_code == 422, "there is no session here that a foreign page could ride on"


def test_a_signed_in_form_needs_its_token_whatever_kind_of_body_it_sends(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(SIAN) as visitor:
        client = visitor.client
        for path in ("/en/my/cases/AC-2222-2222/withdraw", "/en/my/profile/language", "/en/my/sign-out"):
            assert client.post(path, data={"csrf": "x"}).status_code == 403
            assert client.post(path, files={"a": ("a.txt", b"x")}).status_code == 403
            assert client.post(path, content=b"", headers={"content-type": "multipart/form-data"}).status_code == 403
            assert client.post(path, content=b"{}", headers={"content-type": "application/json"}).status_code == 403
        assert client.get("/en/my").status_code == 200, "still signed in"


class Boom(Exception):
    """What nobody foresaw."""


def test_the_unforeseen_is_an_incident_number_and_nothing_that_was_typed(
    demonstrated: Demonstrated, visitor: Visitor, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fails(form_id: str) -> None:
        raise Boom(SENTINEL)

    monkeypatch.setattr(sending, "read_form_id", fails)
    caplog.set_level(logging.DEBUG)
    answer = visitor.client.post("/cy/concern/form", data={"form_id": "00" * 13, "text": SENTINEL, "body": SENTINEL})
    assert answer.status_code == 500
    incident = re.search(r"IN-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.text)
    assert incident is not None
    assert incident.group() in caplog.text
    assert "Boom" in caplog.text
    for shown in (answer.text, caplog.text, *capfd.readouterr()):
        assert SENTINEL not in shown
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_database_shows_no_value_of_its_statement(
    demonstrated: Demonstrated, visitor: Visitor, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    with demonstrated.database.writing() as session:
        before = session.scalar(text("SELECT count(*) FROM sealed_cases"))
        if status == 503:
            session.execute(text("DROP TABLE sealed_items"))
        else:
            session.execute(text("CREATE TRIGGER broken BEFORE INSERT ON sealed_cases "
                                 "BEGIN SELECT RAISE(ABORT, 'no'); END"))  # fmt: skip
    visitor.post("/cy/concern/form", {"body": BODY, "about": f"system:{demonstrated.code_of('e-rostering')}"})
    fields = {name: value for name, value in visitor.hidden().items() if name in {"form_id", "ticket", "body", "about"}}
    caplog.set_level(logging.DEBUG)
    answer = visitor.client.post("/cy/concern/form", data={**fields, "lang": "cy", "text": SENTINEL})
    assert answer.status_code == status
    for shown in (answer.text, caplog.text):
        assert SENTINEL not in shown
        assert fields["form_id"] not in shown
    with demonstrated.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM sealed_cases")) == before, "nothing half stored"


def test_the_frameworks_own_validation_never_echoes(visitor: Visitor) -> None:
    for path in (f"/{SENTINEL}/systems", f"/{SENTINEL}/concern/box/open", f"/choose/{SENTINEL}"):
        for answer in (visitor.client.get(path), visitor.client.post(path, json={"a": SENTINEL})):
            assert answer.status_code in {404, 405}
            assert SENTINEL not in answer.text


class Recorder(trace.TracerProvider):
    """What an operator's telemetry would bring: it notes who asks for a tracer."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_tracer(self, name: str, *given: Any, **named: Any) -> trace.Tracer:
        self.asked.append(name)
        return trace.NoOpTracer()


def test_nothing_is_told_to_an_operators_telemetry(demonstrated: Demonstrated, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: recorder)
    with socket.create_server(("127.0.0.1", 0)) as collector:
        collector.settimeout(0.2)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.getsockname()[1]}")
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
        with TestClient(make_app(demonstrated.settings)) as client:
            assert client.post("/cy/concern/form", data={"body": SENTINEL, "about": SENTINEL}).status_code == 404
        with pytest.raises(TimeoutError):
            collector.accept()
    assert recorder.asked == []


def test_the_trap_of_the_framework_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: recorder)
    TestClient(FastAPI()).get("/")
    assert recorder.asked != []


def calls_of(dependant: Any) -> Iterator[Any]:
    """The calls of a route in the order FastAPI makes them."""
    for inner in dependant.dependencies:
        yield from calls_of(inner)
        yield inner.call


def test_no_route_takes_the_write_lock_before_the_body_has_come(settings: Settings) -> None:
    """Otherwise one slow sender would hold up every writer of the portal."""
    app = make_app(settings)
    seen = 0
    for path, route in routes(app):
        calls = list(calls_of(route.dependant))
        readers = [place for place, call in enumerate(calls) if reads_a_body(call)]
        if writing in calls and readers:
            seen += 1
            assert readers[0] < calls.index(writing), path
            assert calls[readers[0]].__name__ == "typed" or readers[-1] < calls.index(writing), path
    assert seen > 15
    app.state.database.close()


def reads_a_body(call: Any) -> bool:
    return getattr(call, "__name__", "") in {"read_fields", "typed"} or "read_raw" in getattr(call, "__qualname__", "")


def test_a_slow_sender_holds_up_nobody(demonstrated: Demonstrated, visitor: Visitor) -> None:
    """A body that does not end, and a second visitor who writes meanwhile."""
    begun, go_on = threading.Event(), threading.Event()

    def dribble() -> Iterator[bytes]:
        yield b"words="
        begun.set()
        go_on.wait(20)
        yield b"x"

    def slow() -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        visitor.client.post("/cy/concern/return/form/reply", content=dribble(), headers=headers)

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert begun.wait(10)
        with demonstrated.database.writing() as session:
            session.execute(text("UPDATE sealed_cases SET state = 'new'"))
    finally:
        go_on.set()
        thread.join(20)


def test_a_bag_of_fields_never_prints_what_it_holds() -> None:
    assert SENTINEL not in f"{FieldBag([('a', SENTINEL)])!r} {FieldBag([('a', SENTINEL)])}"
