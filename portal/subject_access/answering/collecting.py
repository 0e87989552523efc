"""Collecting the released file: with a fresh sign-in, or with the ten words and a code that came another way."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.visits import desk_of
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.i18n.formats import file_size
from portal.identity import queries as identity
from portal.identity import service as accounts
from portal.identity.passwords import passwords_for
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.releasing import collect, is_right_code, issue_again
from portal.subject_access.answering.rules import Way
from portal.subject_access.asking.queries import find_opened
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import blob_context, get_disclosure, get_own, open_file_name
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedIn, SignedVisit, requires, session_times
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

FRESH = timedelta(minutes=5)
OWN = [requires(Permission.SIGNED_IN)]
WRONG_PASSWORD = pmsg("error", "The password is wrong")
WRONG_CODE = pmsg(
    "error", "This is not the collection code. After ten wrong tries you need a new one from the employer"
)
SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@router.get("/my/access/{reference}/data", dependencies=OWN)
def ask_again(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The file's name and size, and the password again unless somebody has just signed in."""
    case = get_own(session, visit.actor, reference)
    return _password_page(visit, session, case)


@router.post("/my/access/{reference}/data", dependencies=OWN)
def download(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """The file itself, once the password was right. Hashing happens outside the transaction that writes."""
    if not _is_fresh(visit) and not _knows_password(visit, fields.one("password")):
        with visit.database.reading() as session:
            case = get_own(session, visit.actor, reference)
            return _password_page(visit, session, case, Problems(password=WRONG_PASSWORD))
    with visit.database.writing() as session:
        case = get_own(session, visit.actor, reference)
        disclosure = collect(session, visit.actor, case, Way.SIGNED_IN, desk=desk_of(visit))
    return _answer_file(visit, disclosure)


@router.post("/my/access/{reference}/issue-again", dependencies=OWN)
def have_again(visit: SignedVisit, reference: str) -> Response:
    """As many days more as at first, free, in one press."""
    try:
        with visit.database.writing() as session:
            issue_again(session, visit.actor, get_own(session, visit.actor, reference), desk=desk_of(visit))
    except Refused as refusal:
        return render(visit, "subject_access/collect_gone.html", back=f"/my/cases/{reference}", why=refusal.message)
    return _building(visit, redirect(visit, f"/my/cases/{reference}"))


@router.post("/access/collect", dependencies=[PUBLIC])
def ask_for_code(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """Where somebody with ten words types the code that came another way."""
    case, code, _by = _by_words(visit, session, fields)
    return _code_page(visit, session, case, code)


@router.post("/access/collect/file", dependencies=[PUBLIC])
def download_by_code(visit: PlainVisit, fields: Fields) -> Response:
    """The file itself, once the code was right. A wrong try is counted, so it is written before the answer."""
    with visit.database.writing() as session:
        case, code, by = _by_words(visit, session, fields)
        if is_right_code(session, case, fields.one("collection_code")):
            disclosure = collect(session, by, case, Way.CODE, desk=desk_of(visit))
            return _answer_file(visit, disclosure)
    with visit.database.reading() as session:
        return _code_page(visit, session, case, code, Problems(collection_code=WRONG_CODE))


@router.post("/access/collect/again", dependencies=[PUBLIC])
def have_again_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """The same for somebody with ten words. A new code comes from the employer, another way."""
    try:
        with visit.database.writing() as session:
            case, code, by = _by_words(visit, session, fields)
            issue_again(session, by, case, desk=desk_of(visit))
    except Refused as refusal:
        return render(visit, "subject_access/collect_gone.html", back="/case", why=refusal.message, secret=True)
    words = " ".join(code.words(visit.locale.value))
    return _building(visit, render(visit, "subject_access/collect_again.html", words=words, secret=True))


def _building(visit: Visit, page: Response) -> Response:
    page.background = BackgroundTask(build_waiting, visit.database, visit.settings)
    return page


def _answer_file(visit: Visit, disclosure: Disclosure) -> Response:
    name = open_file_name(disclosure, visit.vault).reveal()
    context = blob_context(disclosure.id)
    return file_response(visit, disclosure.blob_id, context, name, disclosure.media_type, disclosure.size)


def file_response(visit: Visit, blob_id: str | None, context: str, name: str, media_type: str, size: int) -> Response:
    """A file to be saved, never shown in the portal's origin."""
    if blob_id is None:
        raise NotFound
    pieces = visit.blobs.read(blob_id, context=context)
    first = next(pieces, b"")
    headers = {
        "content-disposition": disposition(name),
        "content-length": str(size),
        "content-security-policy": SANDBOX,
        "cache-control": "no-store",
    }
    body: Iterator[bytes] = chain([first], pieces)
    return StreamingResponse(body, media_type=media_type, headers=headers)


def disposition(name: str) -> str:
    """Both forms of a file's name: plain for old clients, RFC 5987 for its true letters."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_fresh(visit: SignedIn) -> bool:
    """Signed in less than five minutes ago."""
    with visit.database.reading() as session:
        live = identity.list_sessions(session, visit.actor.account_id, now=visit.now)
        return any(one.id == visit.signed.id and visit.now - one.started_at < FRESH for one in live)


def _knows_password(visit: SignedIn, password: str) -> bool:
    """Check the password as sign-in does, waits after failures included."""
    passwords = passwords_for(visit.settings.argon2_memory_kib, visit.settings.argon2_passes)
    with visit.database.reading() as session:
        address = identity.get_account(session, visit.actor.account_id).email
        check = accounts.check_password(session, passwords, address, password, now=visit.now)
    if check.account_id is None:
        with visit.database.writing() as session:
            accounts.sign_in(session, check, session_times(visit.settings), now=visit.now)
    return check.account_id == visit.actor.account_id


def _password_page(visit: SignedIn, session: Session, case: Case, problems: Problems | None = None) -> Response:
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None:
        raise NotFound
    return render(
        visit,
        "subject_access/collect.html",
        problems=problems,
        reference=case.reference,
        name=open_file_name(disclosure, visit.vault).reveal(),
        size=file_size(disclosure.size),
        until=disclosure.remove_on,
        is_fresh=_is_fresh(visit),
    )


def _code_page(visit: Visit, session: Session, case: Case, code: Code, problems: Problems | None = None) -> Response:
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None:
        raise NotFound
    return render(
        visit,
        "subject_access/collect_by_code.html",
        problems=problems,
        secret=True,
        words=" ".join(code.words(visit.locale.value)),
        size=file_size(disclosure.size),
        until=disclosure.remove_on,
        has_code=disclosure.code_hash is not None,
    )


def _by_words(visit: Visit, session: Session, fields: FieldBag) -> tuple[Case, Code, Relation]:
    """The case of the ten words that the page before carried: one's own, or a representative's who may receive."""
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        raise NotFound from None
    opened = find_opened(session, locator_hash(case_locator(code)), today=visit.today)
    if opened is None or opened.case.kind is not CaseKind.ACCESS or not opened.may_receive:
        raise NotFound
    return opened.case, code, opened.by
