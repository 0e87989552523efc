"""Browser contexts for page tests: signed in once for each person, at the width and in the mode asked for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Server
from tests.pages.places import Place
from tests.pages.walk import Validator

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def signed_states(portal_server: Server, chromium: Any) -> Callable[[str], Any]:
    """The cookies of somebody signed in, made once."""
    kept: dict[str, Any] = {}

    def state_of(email: str) -> Any:
        if email not in kept:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{portal_server.base_url}/en/my/sign-in")
            page.locator("input[name=email]").fill(email)
            page.locator("input[name=password]").fill(portal_server.secrets["password"])
            page.locator("main form .buttons button").first.click()
            page.wait_for_url("**/en/my")
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return state_of


@pytest.fixture(scope="session")
def validator() -> Iterator[Validator]:
    """The HTML validator, started once."""
    started = Validator()
    yield started
    started.close()


def without_script(route: Any) -> None:
    """The page as it is when its script never comes. With script switched off in the browser axe itself would never end."""
    if route.request.resource_type == "script":
        route.abort()
    else:
        route.continue_()


@pytest.fixture
def open_place(
    portal_server: Server, chromium: Any, signed_states: Callable[[str], Any]
) -> Iterator[Callable[..., Any]]:
    """Open a place in a fresh context and lead it to its state."""
    contexts: list[Any] = []

    def opened(place: Place, locale: str, *, width: int = 1280, listen: Any = None, **mode: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            storage_state=signed_states(place.who) if place.who else None,
            **mode,
        )
        contexts.append(context)
        if not place.script:
            context.route("**/*", without_script)
        page = context.new_page()
        page.set_default_timeout(15000)
        if listen is not None:
            listen.listen(page)
        page.goto(f"{portal_server.base_url}/{locale}{place.path}")
        if place.unlocked:
            page.locator("#words").fill(portal_server.secrets["recovery_words"][place.who])
            page.locator("#unlock").click()
            page.locator("[data-step=list]").wait_for()
        if place.act is not None:
            place.act(page, locale)
        return page

    yield opened
    for context in contexts:
        context.close()
