"""What page tests share: a window of a browser that shows one state after another, and the HTML validator."""

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
from tests.pages.walk import Traffic, Validator
from tests.pages.window import Window
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
    return [{"name": SESSION, "value": token, "path": f"/{locale.value}/my", **host} for locale in Locale]


@pytest.fixture(scope="session")
def validator() -> Iterator[Validator]:
    """The HTML validator, started once."""
    started = Validator()
    yield started
    started.close()


@pytest.fixture(scope="session")
def window(portal_server: Server, chromium: Any) -> Iterator[Window]:
    """The one window that states are looked at in."""
    made = Window(chromium, portal_server.base_url)
    yield made
    made.close()


@pytest.fixture
def open_place(portal_server: Server, window: Window) -> Opened:
    """Open a place of the demonstration as it was set up, where nobody was before, and lead it to its state."""

    def opened(place: Place, locale: str, *, width: int = 1280, listen: Traffic | None = None) -> Any:
        portal_server.begin_anew()
        cookies = signed_in(portal_server, place.who) if place.who else []
        page = window.clear(cookies=cookies, width=width, script=place.script, listen=listen)
        place.reach(page, f"{portal_server.base_url}/{locale}{place.path}")
        if place.unlocked:
            page.locator("#words").fill(portal_server.secrets["recovery_words"][place.who])
            page.locator("#unlock").click()
            page.locator("[data-step=list]").wait_for()
        if place.act is not None:
            place.act(page, locale)
        return page

    return opened
