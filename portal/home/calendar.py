"""One's own days: a file, and a feed at a secret address that can be switched off."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.core.text import Locale
from portal.home import feeds
from portal.home.days import list_days
from portal.home.ics import write_days
from portal.identity.actor import Actor
from portal.register.watching.reviews import MEDIA_TYPE
from portal.web.anonymous import PUBLIC, PlainVisit, Visit
from portal.web.dependencies import Read, SignedIn, SignedVisit, Write, requires
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.SIGNED_IN)]


@router.get("/my/calendar", dependencies=OWN)
def ways(visit: SignedVisit, session: Read) -> Response:
    """How to have one's days in a calendar."""
    return _page(visit, session)


@router.get("/my/calendar.ics", dependencies=OWN)
def file(visit: SignedVisit, session: Read) -> Response:
    """One's days as they are now."""
    return _calendar(visit, session, visit.actor, visit.locale)


@router.post("/my/calendar/link", dependencies=OWN)
def make_link(visit: SignedVisit, session: Write) -> Response:
    """A secret address, shown once."""
    token = feeds.make_link(session, visit.actor, now=visit.now)
    return _page(visit, session, f"{_public(visit)}/{visit.locale.value}/calendar/{token}.ics")


@router.post("/my/calendar/revoke", dependencies=OWN)
def revoke_link(visit: SignedVisit, session: Write) -> Response:
    """The secret address opens nothing any more."""
    feeds.revoke_link(session, visit.actor, now=visit.now)
    return redirect(visit, "/my/calendar")


@router.get("/calendar/{token}.ics", dependencies=[PUBLIC])
def feed(visit: PlainVisit, session: Read, token: str) -> Response:
    """The days of whoever made this secret address, in their language, while their account is open."""
    actor = feeds.get_owner(session, token, today=visit.today)
    return _calendar(visit, session, actor, actor.locale or visit.locale)


def _page(visit: SignedIn, session: Session, address: str = "") -> Response:
    known = feeds.has_link(session, visit.actor)
    return render(visit, "home/calendar.html", secret=bool(address), address=address, has_link=known)


def _calendar(visit: Visit, session: Session, actor: Actor, locale: Locale) -> Response:
    host = urlsplit(visit.settings.public_url).hostname or "porth"
    days = list_days(session, actor, today=visit.today)
    made = write_days(days, host=host, address=f"{_public(visit)}/{locale.value}/my", locale=locale, now=visit.now)
    headers = {"content-disposition": 'inline; filename="porth.ics"', "cache-control": "no-store"}
    return Response(made, media_type=MEDIA_TYPE, headers=headers)


def _public(visit: Visit) -> str:
    return visit.settings.public_url.rstrip("/")
