"""The pages for what goes wrong, and the warning before a session ends: whole for everybody, in both languages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from portal.core import errors
from portal.core.text import pmsg
from tests.concerns.test_gate import shut
from tests.demonstrated import Demonstrated
from tests.locales.pages import compare
from tests.pages.places import NURSE, Place
from tests.pages.walk import Validator, axe_findings, keyboard_findings, large_text_findings, walk_findings
from tests.serving import Server
from tests.visitors import make_rooms

pytestmark = pytest.mark.pages

FAULTS: dict[str, tuple[int, Exception]] = {
    "not-found": (404, errors.NotFound()),
    "too-old": (403, errors.BadRequest()),
    "too-large": (413, errors.TooLarge()),
    "too-many": (429, errors.TooMany(60)),
    "refused": (422, errors.Refused(pmsg("error", "Enter an answer"))),
    "unexpected": (500, RuntimeError()),
    "unavailable": (503, OperationalError("", {}, Exception())),
}


@pytest.fixture
def failing(demonstrated: Demonstrated) -> Iterator[TestClient]:
    """Real error handling in front of routes that do nothing but fail."""
    router = APIRouter()

    @router.get("/fails/{fault}")
    def fail(fault: str) -> None:
        raise FAULTS[fault][1]

    app = make_rooms(demonstrated.settings, demonstrated.database, router)
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def blank(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 320, "height": 900})
    yield context.new_page()
    context.close()


def test_an_error_page_is_whole_for_everybody(failing: TestClient, blank: Any, validator: Validator) -> None:
    found = []
    for fault, (status, _) in FAULTS.items():
        sources = []
        for locale in ("cy", "en"):
            answer = failing.get(f"/{locale}/fails/{fault}")
            assert answer.status_code == status
            sources.append(answer.text)
            blank.set_content(answer.text)
            seen = walk_findings(blank) + axe_findings(blank) + large_text_findings(blank) + keyboard_findings(blank)
            found += [f"{locale} {fault}: {one}" for one in seen + validator.findings(answer.text)]
        found += compare(*sources)
    assert not found, "\n".join(found)


def test_the_page_of_a_full_line_is_whole_for_everybody(
    demonstrated: Demonstrated, blank: Any, validator: Validator
) -> None:
    fields = {"words": demonstrated.secrets["receipt"], "lane": "joint", "form_id": "00" * 16, "text-joint": "Eto."}
    found, sources = [], []
    with demonstrated.visiting() as visitor, shut(visitor):
        for locale in ("cy", "en"):
            answer = visitor.client.post(f"/{locale}/concern/return/form/reply", data=fields)
            assert answer.status_code == 429
            sources.append(answer.text)
            blank.set_content(answer.text)
            seen = walk_findings(blank) + axe_findings(blank) + large_text_findings(blank) + keyboard_findings(blank)
            found += [f"{locale}: {one}" for one in seen + validator.findings(answer.text)]
    found += compare(*sources)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_warning_before_a_session_ends_covers_nothing_that_has_the_focus(
    open_place: Callable[..., Any], portal_server: Server, width: int
) -> None:
    page = open_place(Place("my cases", "/my", who=NURSE), "cy", width=width)
    page.evaluate("() => document.styleSheets[0].insertRule('.ending{visibility:visible!important}', 0)")
    assert page.locator(".ending").is_visible()
    assert walk_findings(page) + axe_findings(page) + keyboard_findings(page) == []
