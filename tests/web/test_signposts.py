"""Each path leads to the page that FastAPI would have found, by asking far fewer routes."""

import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.testclient import TestClient

from portal.app import FEATURES
from portal.web.signposts import Signposts

router = APIRouter()


@router.get("/desk")
@router.get("/desk/log")
@router.post("/desk/{reference}")
@router.get("/desk/{reference}")
@router.get("/{anything}")
def shown(request: Request, reference: str = "", anything: str = "") -> list[str]:
    return [request.path_params["locale"], reference, anything]


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI(redirect_slashes=False)
    app.router.routes.append(Signposts([router]))
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/cy/desk", ["cy", "", ""]),
        ("/en/desk/log", ["en", "", ""]),
        ("/en/desk/AC-1", ["en", "AC-1", ""]),
        ("/cy/other", ["cy", "", "other"]),
        ("/en/desk/%2Flog", None),
        ("/en/desk/", None),
        ("/en/desk/AC-1/more", None),
        ("/fr/desk", None),
        ("/en" + "/desk" * 5_000, None),
        ("/", None),
    ],
)
def test_a_path_leads_to_its_page(client: TestClient, path: str, found: list[str] | None) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json() if found else None) == (200 if found else 404, found)


def test_the_method_decides_between_routes_that_share_a_path(client: TestClient) -> None:
    assert client.post("/en/desk/log").json() == ["en", "log", ""]
    assert client.post("/en/desk").status_code == 405


def test_a_router_within_a_router_is_refused() -> None:
    outer = APIRouter()
    outer.include_router(router)
    with pytest.raises(TypeError, match=r"router\.routes \+= "):
        Signposts([outer])


def test_every_page_of_the_portal_is_found_under_its_own_path() -> None:
    posts = Signposts(FEATURES)
    for route in posts.routes:
        path = "/cy" + route.path.replace("{", "").replace("}", "")
        for method in route.methods or ():
            _match, found = posts.matches({"type": "http", "method": method, "path": path})
            assert found.get("route") is route, (method, path)
