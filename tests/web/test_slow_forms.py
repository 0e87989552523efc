"""A form that arrives slowly keeps nobody else from writing: the write lock is asked for once the form is here."""

import sqlite3
from typing import Any

import pytest

from tests.demonstrated import CARYS, Demonstrated
from tests.visitors import Visitor
from tests.web.test_fields import FORM, run_alone

PATH = "/en/my/keys/passkeys/remove"


def send_slowly(world: Demonstrated, visitor: Visitor, headers: dict[str, str]) -> tuple[int, list[bool]]:
    """The answer's status, and whether somebody else could write at each time the server waited for the body."""
    could_write: list[bool] = []
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        other = sqlite3.connect(str(world.database.engine.url.database), timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            could_write.append(True)
        except sqlite3.OperationalError:
            could_write.append(False)
        finally:
            other.close()
        return {"type": "http.request", "body": b"passkey=x", "more_body": False}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    named = {"host": "127.0.0.1:8000", "content-length": "9", **headers}
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": PATH, "raw_path": PATH.encode(),
             "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8000),
             "client": ("127.0.0.1", 1), "headers": [(k.encode(), v.encode()) for k, v in named.items()]}  # fmt: skip
    run_alone(visitor.client.app(scope, receive, send))  # type: ignore[arg-type]
    return statuses[0], could_write


@pytest.mark.parametrize(
    ("kind", "expected"), [(FORM, 404), ("text/plain", 403), ("multipart/form-data; boundary=x", 403)]
)
def test_with_its_token_in_the_header_a_slow_form_keeps_nobody_from_writing(
    demonstrated: Demonstrated, kind: str, expected: int
) -> None:
    """Anybody with an account could have kept every concern from being stored."""
    with demonstrated.signed_in(CARYS) as carys:
        token = carys.get("/en/my/keys").text.partition('<meta name="csrf" content="')[2].partition('"')[0]
        cookie = "; ".join(f"{one.name}={one.value}" for one in carys.client.cookies.jar if one.path == "/en/my")
        headers = {"cookie": cookie, "x-csrf-token": token, "content-type": kind}
        status, could_write = send_slowly(demonstrated, carys, headers)
    assert status == expected
    assert all(could_write)
    assert bool(could_write) == (kind == FORM), "what is no form is not waited for"


def test_what_came_as_a_form_is_not_read_again_as_something_else(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(CARYS) as carys:
        carys.get("/en/my/keys")
        for path in ("/en/my/keys/words", "/en/my/concerns/AAAAAAAAAAAAAAAAAAAAAA/files"):
            assert carys.post(path, {"a": "b"}).status_code == 403, path
