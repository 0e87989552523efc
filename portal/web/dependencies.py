"""What signed-in routes may ask for. A route names exactly one permission; the token of its form is checked with it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from portal.authz.permissions import Permission, permits
from portal.core.db import Database
from portal.core.errors import BadRequest, NotFound, SignInNeeded
from portal.identity.actor import Actor
from portal.identity.queries import SignedSession, find_actor
from portal.identity.rules import SessionTimes
from portal.identity.service import is_due_for_touch, touch
from portal.settings.models import Settings
from portal.web import csrf
from portal.web.anonymous import Fields, PlainVisit, Read, Visit, Write, language_of
from portal.web.cookies import SESSION
from portal.web.fields import FieldBag, is_form, read_fields
from portal.web.headers import SAFE_METHODS

__all__ = ["Fields", "PlainVisit", "Read", "SignedVisit", "Visit", "Write", "requires"]

TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - a header's name


@dataclass(slots=True, kw_only=True)
class SignedIn(Visit):
    """A visit by somebody who is signed in."""

    actor: Actor
    signed: SignedSession
    csrf: str


def signed_visit(request: Request) -> SignedIn:
    """The visit of a live session; SignInNeeded otherwise. Use is noted at most once a minute."""
    state = request.app.state
    database: Database = state.database
    now = state.settings.clock.now()
    token = request.cookies.get(SESSION, "")
    with database.reading() as session:
        found = find_actor(session, token, now=now) if token else None
    if found is None:
        raise SignInNeeded
    actor, signed = found
    if is_due_for_touch(signed.last_used_at, now=now):
        with database.writing() as session:
            touch(session, signed.id, session_times(state.settings), now=now)
    return SignedIn(
        request=request,
        locale=language_of(request),
        now=now,
        settings=state.settings,
        database=database,
        leave_page=False,
        actor=actor,
        signed=signed,
        csrf=csrf.mask(signed.csrf_secret),
    )


def session_times(settings: Settings) -> SessionTimes:
    """How long sessions last under these settings."""
    return SessionTimes(
        idle=timedelta(minutes=settings.session_idle_minutes), absolute=timedelta(hours=settings.session_hours)
    )


SignedVisit = Annotated[SignedIn, Depends(signed_visit)]


async def typed(request: Request) -> FieldBag | None:
    """The fields of a form, or nothing when the token comes in the header or in a streamed upload's first part.

    A form is read here also when its token is in the header: a route asks for its transaction after this, and nobody
    may hold the write lock with a form that arrives slowly.
    """
    if request.method in SAFE_METHODS or _is_upload(request):
        return None
    if TOKEN_HEADER in request.headers and not is_form(request):
        return None
    return await read_fields(request)


def _is_upload(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/form-data")


class Requires:
    """Checks one permission and, on a form, its token. A stranger meets the page that nonsense meets.

    Only a route that ``takes_file`` may be sent a multipart form: its reader checks the token before the first byte of
    the file. Anywhere else such a form would pass with no token at all.
    """

    def __init__(self, permission: Permission, *, takes_file: bool) -> None:
        self.permission = permission
        self._takes_file = takes_file

    async def __call__(
        self, request: Request, visit: SignedVisit, fields: Annotated[FieldBag | None, Depends(typed)]
    ) -> None:
        if not permits(visit.actor, self.permission):
            raise NotFound
        if request.method in SAFE_METHODS or (self._takes_file and _is_upload(request)):
            return
        in_header = request.headers.get(TOKEN_HEADER)
        token = fields.one("csrf") if fields is not None and in_header is None else in_header or ""
        if not csrf.matches(token, visit.signed.csrf_secret):
            raise BadRequest


def requires(permission: Permission, *, takes_file: bool = False) -> DependsParam:
    """The marker and check of a signed-in route: ``dependencies=[requires(Permission.X)]``."""
    marker: DependsParam = Depends(Requires(permission, takes_file=takes_file))
    return marker
