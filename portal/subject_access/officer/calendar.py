"""One's own days: a file, and a feed at a secret address that can be switched off."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import Locale, msg
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.identity.queries import get_actor_of
from portal.register.watching.reviews import MEDIA_TYPE
from portal.subject_access.officer import queries, service
from portal.subject_access.officer.ics import Day, write_days
from portal.subject_access.officer.models import CalendarLink
from portal.subject_access.searching.queries import list_own_tasks
from portal.web.anonymous import PUBLIC, PlainVisit, Visit
from portal.web.dependencies import Read, SignedIn, SignedVisit, Write, requires
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
CALENDAR = msg("Requests and reviews: my days")


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
    token = service.make_link(session, visit.actor, desk=desk_of(visit))
    session.flush()
    address = f"{visit.settings.public_url.rstrip('/')}/{visit.locale.value}/calendar/{token}.ics"
    return _page(visit, session, address)


@router.post("/my/calendar/revoke", dependencies=OWN)
def revoke_link(visit: SignedVisit, session: Write) -> Response:
    """The secret address opens nothing any more."""
    service.revoke_link(session, visit.actor, desk=desk_of(visit))
    return redirect(visit, "/my/calendar")


@router.get("/calendar/{token}.ics", dependencies=[PUBLIC])
def feed(visit: PlainVisit, session: Read, token: str) -> Response:
    """The days of whoever made this secret address, in their language, while their account is open."""
    link = session.scalars(select(CalendarLink).where(CalendarLink.token_hash == ids.token_hash(token))).one_or_none()
    account = session.get(Account, link.account_id) if link is not None else None
    if account is None or account.closed_at is not None:
        raise NotFound
    actor = get_actor_of(session, account.person_id, today=visit.today)
    return _calendar(visit, session, actor, actor.locale or visit.locale)


def _page(visit: SignedIn, session: Session, address: str = "") -> Response:
    has_link = session.get(CalendarLink, visit.actor.account_id) is not None
    return render(
        visit, "subject_access/officer_calendar.html", secret=bool(address), address=address, has_link=has_link
    )


def _calendar(visit: Visit, session: Session, actor: Actor, locale: Locale) -> Response:
    days = []
    for kind, reference, on, is_stopped in queries.list_own_days(session, actor):
        title = msg("Access request due: {reference}", reference=reference)
        if kind is CaseKind.REVIEW:
            title = msg("Review due: {reference}", reference=reference)
        elif kind is CaseKind.COMPLAINT:
            title = msg("Complaint due: {reference}", reference=reference)
        elif is_stopped:
            title = msg(
                "Access request, clock stopped, due on this day at the earliest: {reference}", reference=reference
            )
        days.append(Day(f"{kind.value}-{reference}", title, on))
    for task in list_own_tasks(session, actor):
        if task.due_on is not None:
            reference = session.get_one(Case, task.case_id).reference
            days.append(Day(f"search-{task.id}", msg("Search due: {reference}", reference=reference), task.due_on))
    host = urlsplit(visit.settings.public_url).hostname or "porth"
    made = write_days(sorted(days, key=lambda day: day.on), name=CALENDAR, host=host, locale=locale, now=visit.now)
    headers = {"content-disposition": 'inline; filename="porth.ics"', "cache-control": "no-store"}
    return Response(made, media_type=MEDIA_TYPE, headers=headers)
