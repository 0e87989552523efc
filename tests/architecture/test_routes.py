"""Every route names exactly one permission or one marker; the anonymous area is what it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from portal.app import make_app
from portal.authz.permissions import POLICY, Permission
from portal.migrations.tables import METADATA
from portal.settings.models import Settings
from portal.web.anonymous import anonymous, public
from portal.web.dependencies import Requires
from tests.routes import routes

ANONYMOUS_START = "/{locale}/concern"
SIGNED_START = "/{locale}/my"
OPEN_IN_MY = ("sign-in", "forgot", "reset", "invitation")


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    made = make_app(settings)
    METADATA.create_all(made.state.database.engine)
    yield made
    made.state.database.close()


def marks(route: APIRoute) -> list[Any]:
    """The markers and permissions among all dependencies of a route, each once."""
    seen: list[Any] = []

    def walk(node: Any) -> None:
        call = node.call
        if (call in (public, anonymous) or isinstance(call, Requires)) and call not in seen:
            seen.append(call)
        for inner in node.dependencies:
            walk(inner)

    walk(route.dependant)
    return seen


def test_the_walk_sees_the_routes(app: FastAPI) -> None:
    paths = {path for path, _route in routes(app)}
    assert len(paths) > 60
    assert f"{ANONYMOUS_START}/form" in paths
    assert f"{SIGNED_START}/desk/access" in paths


def test_every_route_names_exactly_one_permission_or_marker(app: FastAPI) -> None:
    wrong = {path: marks(route) for path, route in routes(app) if len(marks(route)) != 1}
    assert wrong == {}


def test_the_anonymous_area_is_marked_and_nothing_else_is(app: FastAPI) -> None:
    for path, route in routes(app):
        in_area = path == ANONYMOUS_START or path.startswith(ANONYMOUS_START + "/")
        assert (marks(route) == [anonymous]) == in_area, path


def test_signed_in_pages_stand_under_my_and_public_pages_elsewhere(app: FastAPI) -> None:
    for path, route in routes(app):
        needs_sign_in = isinstance(marks(route)[0], Requires)
        under_my = path == SIGNED_START or path.startswith(SIGNED_START + "/")
        opens_the_door = under_my and path.removeprefix(SIGNED_START + "/").split("/")[0] in OPEN_IN_MY
        assert needs_sign_in == (under_my and not opens_the_door), path


def test_every_permission_has_a_row_in_the_policy() -> None:
    assert set(POLICY) == set(Permission)


def test_every_public_get_answers_in_both_languages_and_nonsense_is_the_same_404(app: FastAPI, tmp_path: Path) -> None:
    with TestClient(app, raise_server_exceptions=False) as client:
        for path, route in routes(app):
            if "{" in path.removeprefix("/{locale}") or isinstance(marks(route)[0], Requires):
                continue
            for locale in ("cy", "en"):
                answer = client.get(path.replace("{locale}", locale), follow_redirects=False)
                assert answer.status_code in {200, 303, 404, 405}, (path, answer.status_code)
        for nonsense in ("/fr/systems", "/cy/no-such-page", "/cy/my/no-such-page", "/en/s/ZZZZZZ"):
            assert client.get(nonsense, follow_redirects=False).status_code == 404, nonsense


def test_a_signed_in_page_sends_a_stranger_to_sign_in(app: FastAPI) -> None:
    with TestClient(app, raise_server_exceptions=False) as client:
        for path, route in routes(app):
            if not isinstance(marks(route)[0], Requires) or "{" in path.removeprefix("/{locale}"):
                continue
            if "GET" in (route.methods or ()):
                answer = client.get(path.replace("{locale}", "cy"), follow_redirects=False)
                assert answer.status_code in {303, 401}, (path, answer.status_code)
