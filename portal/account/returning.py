"""The sign-in page, from wherever somebody reaches it, and the way back to what they were doing."""

from urllib.parse import quote

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.account.resume import local_path, open_resume, seal_resume
from portal.core.errors import PortalError
from portal.identity.queries import find_actor, find_session_owner
from portal.identity.service import SignedIn as NewSession
from portal.web import csrf
from portal.web.anonymous import Visit
from portal.web.cookies import SESSION, clear_session, set_session
from portal.web.dependencies import SignedIn
from portal.web.errors import visit_of
from portal.web.fields import FieldBag, read_fields
from portal.web.forms import Problems
from portal.web.headers import SAFE_METHODS
from portal.web.rendering import in_page, redirect, render

SIGN_IN = "/my/sign-in"
SIGN_OUT = "/my/sign-out"
AFTER_SIGN_IN = "/my"
REASONS = frozenset({"ended", "out", "reset"})


def show_sign_in(
    visit: Visit,
    *,
    status: int = 200,
    problems: Problems | None = None,
    email: str = "",
    next_path: str = "",
    resume: str = "",
    reason: str = "",
) -> Response:
    """The page where people sign in. ``resume`` is what was typed elsewhere, sealed; ``reason``: why they are here."""
    return render(
        visit,
        "account/sign_in.html",
        status=status,
        problems=problems,
        secret=True,
        email=email,
        next_path=local_path(next_path),
        resume=resume,
        reason=reason if reason in REASONS else "",
    )


async def sign_in_again(request: Request, _exc: Exception) -> Response:
    """Somebody without a live session asked for a signed-in page: keep what they typed and let them sign in."""
    visit = visit_of(request)
    had_session = SESSION in request.cookies
    if visit.path == SIGN_OUT:
        answer = redirect(visit, f"{SIGN_IN}?reason=out")
        clear_session(answer, visit.settings)
        return answer
    if request.method in SAFE_METHODS:
        return _to_sign_in(visit, had_session)
    resume = await _typed(request, visit)
    return await run_in_threadpool(
        show_sign_in, visit, status=401, resume=resume, reason="ended" if had_session or resume else ""
    )


def _to_sign_in(visit: Visit, had_session: bool) -> Response:
    query = visit.request.url.query
    asked = local_path(visit.path + (f"?{query}" if query else ""))
    address = f"{SIGN_IN}?next={quote(asked, safe='/')}" + ("&reason=ended" if had_session else "")
    if visit.request.headers.get("hx-request") == "true":
        return Response(headers={"hx-redirect": in_page(visit.locale, address)})
    return redirect(visit, address)


async def _typed(request: Request, visit: Visit) -> str:
    """What was typed, sealed for the account whose session ended; empty when there is none or it cannot be kept."""
    try:
        fields = await read_fields(request)
    except PortalError:
        return ""
    return await run_in_threadpool(_seal, visit, fields, request.cookies.get(SESSION, ""))


def _seal(visit: Visit, fields: FieldBag, token: str) -> str:
    with visit.database.reading() as session:
        owner = find_session_owner(session, token) if token else None
    return seal_resume(visit.vault, owner, visit.request.url.path, fields.pairs()) if owner else ""


def welcome(visit: Visit, new: NewSession, *, next_path: str = "", resume: str = "") -> Response:
    """Signed in: give the cookie, and lead back to the form that was being filled in, or to the page asked for."""
    resumed = open_resume(visit.vault, new.session.account_id, resume) if resume else None
    if resumed is None:
        answer = redirect(visit, local_path(next_path) or AFTER_SIGN_IN)
    else:
        signed = signed_visit_of(visit, new.token)
        answer = render(signed, "account/carry_on.html", secret=True, action=resumed.path, typed=resumed.fields)
    set_session(answer, new.token, visit.settings)
    return answer


def signed_visit_of(visit: Visit, token: str) -> SignedIn:
    """This visit, as the visit of the session that has just begun."""
    with visit.database.reading() as session:
        found = find_actor(session, token, now=visit.now)
    if found is None:
        raise LookupError("a session that has just begun is not there")
    actor, signed = found
    return SignedIn(
        request=visit.request,
        locale=visit.locale,
        now=visit.now,
        settings=visit.settings,
        database=visit.database,
        leave_page=False,
        actor=actor,
        signed=signed,
        csrf=csrf.mask(signed.csrf_secret),
    )
