"""Signing in and out, and the links that set a password. What people decide about themselves is in ``preferences``."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.account import forms, letters, preferences, service
from portal.account.resume import local_path
from portal.account.returning import SIGN_IN, show_sign_in, sign_in_again, welcome
from portal.authz.permissions import Permission
from portal.core.errors import NotFound, TooMany
from portal.core.text import pmsg
from portal.identity import queries as identity
from portal.identity.passwords import Passwords, passwords_for
from portal.identity.queries import LinkOwner
from portal.identity.service import check_password
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Visit, Write
from portal.web.cookies import SESSION, clear_session
from portal.web.dependencies import SignedVisit, requires, session_times
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

__all__ = ["router", "sign_in_again"]

router = APIRouter()
router.routes += preferences.router.routes
router.routes += letters.router.routes


def passwords_of(visit: Visit) -> Passwords:
    return passwords_for(visit.settings.argon2_memory_kib, visit.settings.argon2_passes)


@router.get("/my/sign-in", dependencies=[PUBLIC])
def ask_to_sign_in(visit: PlainVisit) -> Response:
    asked = visit.request.query_params
    return show_sign_in(visit, next_path=asked.get("next", ""), reason=asked.get("reason", ""))


@router.post("/my/sign-in", dependencies=[PUBLIC])
def sign_in(visit: PlainVisit, fields: Fields) -> Response:
    """Hashing happens between the two transactions: nobody waits for the write lock behind a password."""
    given, problems = forms.read_credentials(fields)
    if problems:
        return _sign_in_again(visit, fields, problems)
    try:
        with visit.database.reading() as session:
            check = check_password(session, passwords_of(visit), given.email, given.password, now=visit.now)
    except TooMany as wait:
        return _wait(visit, fields, wait)
    old_token = visit.request.cookies.get(SESSION, "")
    with visit.database.writing() as session:
        new = service.sign_in(session, check, session_times(visit.settings), old_token=old_token, now=visit.now)
    if new is None:
        problems["email"] = pmsg("error", "The e-mail address or the password is wrong")
        return _sign_in_again(visit, fields, problems)
    return welcome(visit, new, next_path=fields.one("next"), resume=fields.one("resume"))


def _sign_in_again(visit: Visit, fields: FieldBag, problems: Problems, *, status: int = 200) -> Response:
    return show_sign_in(
        visit,
        status=status,
        problems=problems,
        email=fields.one("email"),
        next_path=fields.one("next"),
        resume=fields.one("resume"),
    )


def _wait(visit: Visit, fields: FieldBag, wait: TooMany) -> Response:
    problems = Problems(
        page=pmsg("error", "Wait before you try again. Seconds to wait: {n}", n=wait.retry_after),
    )
    answer = _sign_in_again(visit, fields, problems, status=429)
    answer.headers["retry-after"] = str(wait.retry_after)
    return answer


@router.post("/my/sign-out", dependencies=[requires(Permission.SIGNED_IN)])
def sign_out(visit: SignedVisit, session: Write) -> Response:
    service.sign_out(session, visit.actor, visit.request.cookies.get(SESSION, ""), now=visit.now)
    answer = redirect(visit, f"{SIGN_IN}?reason=out")
    clear_session(answer, visit.settings)
    return answer


@router.get("/my/forgot", dependencies=[PUBLIC])
def ask_who_forgot(visit: PlainVisit) -> Response:
    return render(visit, "account/forgot.html", email="")


@router.post("/my/forgot", dependencies=[PUBLIC])
def forgot(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    problems = Problems()
    email = forms.read_email(fields, problems)
    if problems:
        return render(visit, "account/forgot.html", problems=problems, email=fields.one("email"))
    service.ask_reset(session, visit.vault, email, public_url=visit.settings.public_url, now=visit.now)
    visit.request.state.fields = None  # the other language must not ask for a second letter
    return render(visit, "account/forgot_sent.html")


@router.get("/my/reset/{token}", dependencies=[PUBLIC])
def ask_new_password(visit: PlainVisit, token: str) -> Response:
    with visit.database.reading() as session:
        found = identity.find_reset(session, token, now=visit.now)
    return _link_over(visit) if found is None else render(visit, "account/reset.html", token=token)


@router.post("/my/reset/{token}", dependencies=[PUBLIC])
def reset(visit: PlainVisit, token: str, fields: Fields) -> Response:
    with visit.database.reading() as session:
        found = identity.find_reset(session, token, now=visit.now)
    if found is None:
        return _link_over(visit)
    problems = Problems()
    password = forms.read_new_password(fields, problems, email=found.email)
    if problems:
        return render(visit, "account/reset.html", problems=problems, token=token)
    hashed = passwords_of(visit).hash(password)
    try:
        with visit.database.writing() as session:
            service.finish_reset(session, visit.vault, token, hashed, now=visit.now)
    except NotFound:
        return _link_over(visit)
    return redirect(visit, f"{SIGN_IN}?reason=reset")


@router.get("/my/invitation/{token}", dependencies=[PUBLIC])
def ask_to_join(visit: PlainVisit, token: str) -> Response:
    with visit.database.reading() as session:
        found = identity.find_invitation(session, token, now=visit.now)
    if found is None:
        return _link_over(visit)
    return _ask_to_join(visit, token, found)


def _ask_to_join(
    visit: Visit, token: str, owner: LinkOwner, *, problems: Problems | None = None, language: str = ""
) -> Response:
    return render(
        visit,
        "account/invitation.html",
        problems=problems,
        token=token,
        email=owner.email,
        name=owner.display_name,
        language=language,
    )


@router.post("/my/invitation/{token}", dependencies=[PUBLIC])
def join(visit: PlainVisit, token: str, fields: Fields) -> Response:
    with visit.database.reading() as session:
        found = identity.find_invitation(session, token, now=visit.now)
    if found is None:
        return _link_over(visit)
    problems = Problems()
    password = forms.read_new_password(fields, problems, email=found.email)
    locale = forms.read_language(fields, problems)
    if problems:
        return _ask_to_join(visit, token, found, problems=problems, language=fields.one("language"))
    hashed, times = passwords_of(visit).hash(password), session_times(visit.settings)
    try:
        with visit.database.writing() as session:
            new = service.accept_invitation(session, token, hashed, times, locale=locale, now=visit.now)
    except NotFound:
        return _link_over(visit)
    return welcome(visit, new)


def _link_over(visit: Visit) -> Response:
    return render(visit, "account/link_over.html", status=404)


@router.get("/my/stay", dependencies=[requires(Permission.SIGNED_IN)])
def ask_to_stay(visit: SignedVisit) -> Response:
    back = local_path(visit.request.query_params.get("next", ""))
    return render(visit, "account/stay.html", ends_at=visit.signed.ends_at, next_path=back)


@router.post("/my/stay", dependencies=[requires(Permission.SIGNED_IN)])
def stay(visit: SignedVisit, fields: Fields, session: Write) -> Response:
    service.stay(session, visit.signed.id, session_times(visit.settings), now=visit.now)
    return redirect(visit, local_path(fields.one("next")) or "/my")
