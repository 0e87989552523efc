"""Asking for a copy of one's data: the same questions with an account (/my/access) and without (/access)."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.subject_access.asking import following, left_out_pages, papers
from portal.subject_access.asking.pages import all_of, anybody, show_begin, show_confirmation, show_next, worker
from portal.subject_access.queries import get_own
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read
from portal.web.dependencies import SignedVisit, requires

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]


@router.get("/access", dependencies=[PUBLIC])
def begin(visit: PlainVisit, session: Read) -> Response:
    """What the request is, without an account."""
    return show_begin(visit, session, anybody(session))


@router.post("/access", dependencies=[PUBLIC])
def ask(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The next question, the check page, or the case code."""
    return show_next(visit, session, anybody(session), fields)


@router.get("/my/access", dependencies=OWN)
def begin_own(visit: SignedVisit, session: Read) -> Response:
    """What the request is, signed in."""
    return show_begin(visit, session, worker(session, visit.actor))


@router.post("/my/access", dependencies=OWN)
def ask_own(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """The next question, the check page, or on to the confirmation."""
    return show_next(visit, session, worker(session, visit.actor), fields)


@router.get("/my/access/{reference}/sent", dependencies=OWN)
def sent(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The confirmation: reference, day, why this day, what happens next; of several employers, each."""
    return show_confirmation(visit, session, all_of(session, get_own(session, visit.actor, reference)))


for part in (following, left_out_pages, papers):
    router.routes += part.router.routes
