"""The pages where people decide about their own account: language, password, and where they are signed in."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.account import forms, service
from portal.authz.permissions import Permission
from portal.core.errors import TooMany
from portal.core.text import pmsg
from portal.directory.queries import get_person
from portal.identity.passwords import passwords_for
from portal.identity.queries import get_account, list_sessions
from portal.identity.service import check_present_password, note_check
from portal.notifications.service import find_wish
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedVisit, requires
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

PROFILE = "/my/profile"
SAVED = frozenset({"language", "password", "sessions"})


@router.get("/my/profile", dependencies=[requires(Permission.SIGNED_IN)])
def profile(visit: SignedVisit, session: Read) -> Response:
    saved = visit.request.query_params.get("saved", "")
    return render(
        visit,
        "account/profile.html",
        person=get_person(session, visit.actor.person_id),
        email=get_account(session, visit.actor.account_id).email,
        sessions=list_sessions(session, visit.actor.account_id, now=visit.now),
        wish=find_wish(session, visit.actor.person_id),
        saved=saved if saved in SAVED else "",
    )


@router.get("/my/profile/language", dependencies=[requires(Permission.SIGNED_IN)])
def ask_language(visit: SignedVisit) -> Response:
    language = visit.actor.locale.value if visit.actor.locale else "both"
    return render(visit, "account/language.html", language=language)


@router.post("/my/profile/language", dependencies=[requires(Permission.SIGNED_IN)])
def choose_language(visit: SignedVisit, fields: Fields, session: Write) -> Response:
    problems = Problems()
    locale = forms.read_language(fields, problems)
    if problems:
        return render(visit, "account/language.html", problems=problems, language="")
    service.choose_language(session, visit.actor, locale, now=visit.now)
    return redirect(visit, f"{PROFILE}?saved=language")


@router.get("/my/profile/password", dependencies=[requires(Permission.SIGNED_IN)])
def ask_password(visit: SignedVisit) -> Response:
    return render(visit, "account/password.html")


@router.post("/my/profile/password", dependencies=[requires(Permission.SIGNED_IN)])
def change_password(visit: SignedVisit, fields: Fields) -> Response:
    """As at sign-in, hashing happens between two transactions, and wrong ones make the next wait."""
    passwords = passwords_for(visit.settings.argon2_memory_kib, visit.settings.argon2_passes)
    account_id, problems = visit.actor.account_id, Problems()
    try:
        with visit.database.reading() as session:
            email = get_account(session, account_id).email
            check = check_present_password(session, passwords, account_id, fields.one("password"), now=visit.now)
    except TooMany as wait:
        return _wait(visit, wait)
    with visit.database.writing() as session:
        note_check(session, check, now=visit.now)
    if check.account_id is None:
        problems["password"] = pmsg("error", "This is not your present password")
    new = forms.read_new_password(fields, problems, email=email)
    if problems:
        return render(visit, "account/password.html", problems=problems)
    hashed = passwords.hash(new)
    with visit.database.writing() as session:
        keep = visit.signed.id
        service.change_password(session, visit.vault, visit.actor, hashed, keep_session_id=keep, now=visit.now)
    return redirect(visit, f"{PROFILE}?saved=password")


def _wait(visit: SignedVisit, wait: TooMany) -> Response:
    problems = Problems(page=pmsg("error", "Wait before you try again. Seconds to wait: {n}", n=wait.retry_after))
    answer = render(visit, "account/password.html", status=429, problems=problems)
    answer.headers["retry-after"] = str(wait.retry_after)
    return answer


@router.post("/my/profile/sessions", dependencies=[requires(Permission.SIGNED_IN)])
def end_other_sessions(visit: SignedVisit, session: Write) -> Response:
    service.end_other_sessions(session, visit.actor, keep_session_id=visit.signed.id, now=visit.now)
    return redirect(visit, f"{PROFILE}?saved=sessions")
