"""Browser contexts for page tests: signed in once for each person, at the width and in the mode asked for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.identity.models import Account
from portal.identity.rules import SessionTimes
from portal.identity.service import start_session
from portal.web.cookies import SESSION
from tests.pages.places import Place
from tests.pages.walk import Validator
from tests.prepared import START_OF_TESTS
from tests.serving import Server

Opened = Callable[..., Any]


LONG = SessionTimes(timedelta(hours=1), timedelta(hours=1))


def signed_in(server: Server, email: str) -> Any:
    """The cookies of somebody who has just signed in."""
    database = Database(server.database_url)
    try:
        with database.writing() as session:
            account = session.scalars(select(Account).where(Account.email == email)).one()
            token = start_session(session, account, LONG, now=START_OF_TESTS).token
    finally:
        database.close()
    host = {"domain": "127.0.0.1", "httpOnly": True, "secure": False, "sameSite": "Lax", "expires": -1}
    return {
        "cookies": [{"name": SESSION, "value": token, "path": f"/{locale.value}/my", **host} for locale in Locale],
        "origins": [],
    }


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
def open_place(portal_server: Server, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a place of the demonstration as it was set up, in a fresh context, and lead it to its state."""
    contexts: list[Any] = []

    def opened(place: Place, locale: str, *, width: int = 1280, listen: Any = None, **mode: Any) -> Any:
        portal_server.begin_anew()
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            storage_state=signed_in(portal_server, place.who) if place.who else None,
            **mode,
        )
        contexts.append(context)
        if not place.script:
            context.route("**/*", without_script)
        page = context.new_page()
        page.set_default_timeout(15000)
        if listen is not None:
            listen.listen(page)
        place.reach(page, f"{portal_server.base_url}/{locale}{place.path}")
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
