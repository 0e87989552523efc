"""The first pages: the choice of language, what Porth is, and the pages of the footer."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal.core.text import Bilingual, Locale
from portal.directory.queries import list_bodies
from portal.home import calendar, elsewhere, lifting, passing
from portal.i18n.negotiation import stored_choice
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.cookies import LANGUAGE, NEUTRAL_PAGE, SESSION, set_language
from portal.web.errors import visit_of
from portal.web.rendering import render

start = APIRouter()
router = APIRouter()
router.routes += calendar.router.routes
router.routes += passing.router.routes
router.routes += lifting.router.routes

STATEMENT_PREPARED = date(2026, 11, 22)
FOOTER_PAGES = ("help", "privacy", "cookies", "accessibility", "welsh-language", "safety")
FIXED_PAGES = ("", *(f"/{name}" for name in FOOTER_PAGES))
"""Pages that show everybody the same; see ``portal.web.keeping``."""


@start.get("/", dependencies=[PUBLIC])
def first_address() -> Response:
    """Leads to the neutral page: a cookie for this address alone would go to every other one too."""
    return RedirectResponse(NEUTRAL_PAGE, status_code=303)


@start.get(NEUTRAL_PAGE, dependencies=[PUBLIC])
def choose_language(request: Request) -> Response:
    """The neutral page, Cymraeg first; a stored choice leads on, unless ``?again`` asks to choose anew."""
    chosen = stored_choice(request.cookies)
    if chosen is not None and "again" not in request.query_params:
        return RedirectResponse(f"/{chosen.value}", status_code=303)
    return render(visit_of(request), "home/start.html")


@start.get(NEUTRAL_PAGE + "/{locale}", dependencies=[PUBLIC])
def remember_language(request: Request, locale: Locale) -> Response:
    """Remember the language for the neutral page, and go there."""
    answer = RedirectResponse(f"/{locale.value}", status_code=303)
    set_language(answer, locale, request.app.state.settings)
    return answer


@router.get("", dependencies=[PUBLIC])
def landing(visit: PlainVisit) -> Response:
    """What Porth is, and the four things a worker can do."""
    return render(visit, "home/landing.html")


@router.get("/left", dependencies=[PUBLIC])
def left(visit: PlainVisit) -> Response:
    """A neutral page after leaving quickly; the browser is asked to forget what it cached and stored of us."""
    answer = render(visit, "home/left.html")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def _footer_page(name: str) -> None:
    def page(visit: PlainVisit, session: Read) -> Response:
        return render(visit, f"home/{name}.html", **footer_values(visit, session))

    page.__doc__ = f"The footer's page: {name}."
    page.__name__ = name.replace("-", "_")
    router.get(f"/{name}", dependencies=[PUBLIC])(page)


def footer_values(visit: Visit, session: Read) -> dict[str, Any]:
    """What the footer's pages say from settings and bodies."""
    bodies = [
        {
            "slug": body.slug,
            "name": Bilingual(body.name_cy, body.name_en).get(visit.locale),
            "accessibility": Bilingual(body.accessibility_contact_cy, body.accessibility_contact_en).get(visit.locale),
            "dpo": Bilingual(body.dpo_contact_cy, body.dpo_contact_en).get(visit.locale),
            "welsh": Bilingual(body.welsh_contact_cy, body.welsh_contact_en).get(visit.locale),
        }
        for body in list_bodies(session)
    ]
    return {
        "bodies": bodies,
        "session_cookie": SESSION,
        "language_cookie": LANGUAGE,
        "idle_minutes": visit.settings.session_idle_minutes,
        "session_hours": visit.settings.session_hours,
        "prepared_on": STATEMENT_PREPARED,
    }


for _name in FOOTER_PAGES:
    _footer_page(_name)
router.routes += elsewhere.router.routes
