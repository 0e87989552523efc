"""Forms that no browser sends: a clear refusal on every address that takes files, and no line in the log."""

import logging
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.core.errors import BadRequest
from portal.directory.models import Body
from portal.web.parsing import parsing
from tests.demonstrated import BODY, Demonstrated
from tests.web.test_fields import FORM, read, run_alone

IESTYN, RHODRI = "iestyn.cadwaladr@glannau-ogwen.example", "rhodri.vaughan@glannau-ogwen.example"
KIND = "multipart/form-data"
ODD = ("", "; boundary=", '; boundary=""', "; boundary=" + "a" * 257, '; boundary="', "; boundary=*", ";;;=;boundary")


class Nobody:
    """Listens to nothing."""


def access_at(world: Demonstrated, body: str) -> str:
    """The reference of one of a body's access requests."""
    with world.database.reading() as session:
        found = select(Case.reference).join(Body, Body.id == Case.body_id)
        return session.scalars(found.where(Body.slug == body, Case.kind == "access").limit(1)).one()


@pytest.mark.parametrize("odd", ODD)
def test_no_boundary_makes_more_than_a_refusal(
    demonstrated: Demonstrated, caplog: pytest.LogCaptureFixture, odd: str
) -> None:
    headers = {"content-type": KIND + odd}
    with demonstrated.signed_in(IESTYN) as iestyn, demonstrated.signed_in(RHODRI) as rhodri:
        code, access = demonstrated.code_of("e-rostering"), access_at(demonstrated, BODY)
        for visitor, path in (
            (iestyn, f"/en/my/desk/register/{code}/edit/file"),
            (rhodri, f"/en/my/desk/access/{access}/material"),
            (iestyn, "/en/concern/form"),
            (iestyn, "/en/concern/return/form/reply"),
        ):
            answer = visitor.client.post(path, content=b"--x\r\n\r\n", headers=headers)
            assert 400 <= answer.status_code < 500, path
            assert "<h1" in answer.text, path
    assert "incident" not in caplog.text


def test_what_is_no_form_is_refused_whenever_it_shows() -> None:
    with pytest.raises(BadRequest):
        parsing(b"a" * 257, Nobody())
    parse = parsing(b"a" * 256, Nobody())
    with pytest.raises(BadRequest):
        parse(b"something else")


@pytest.mark.parametrize("path", ["/cy/concern/form", "/cy/case", "/cy/concern/box/open"])
def test_whoever_goes_in_the_middle_of_a_form_leaves_no_line_in_the_log(
    demonstrated: Demonstrated, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """In the anonymous area a line with its time would be a trace of somebody who stopped writing."""
    caplog.set_level(logging.INFO)
    answers: list[Any] = []
    coming: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"a=", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", FORM.encode()), (b"content-length", b"9")]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
             "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8000),
             "client": ("127.0.0.1", 1), "headers": headers}  # fmt: skip
    with demonstrated.visiting() as visitor:
        run_alone(visitor.client.app(scope, receive, send))  # type: ignore[arg-type]
    assert caplog.text == ""
    assert answers == []


def test_a_sign_that_falls_out_leaves_letters_composed() -> None:
    assert read(b"a=dw%01%CC%82r").one("a") == "dŵr"
