"""After asking: the receipt, the employers that were asked together, and who may speak for the person who asked."""

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, draw_code, locator_hash, read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.directory.queries import get_body
from portal.subject_access.asking import forms, service
from portal.subject_access.asking.pages import all_of, receipt_of
from portal.subject_access.asking.queries import (
    Opened,
    find_opened,
    get_authority,
    is_living,
    list_authorities,
    list_linked,
    open_speaker,
)
from portal.subject_access.asking.rules import KINDS, SCOPES
from portal.subject_access.asking.service import Speaker
from portal.subject_access.queries import get_own, get_request, open_words
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, email, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.SIGNED_IN)]


@router.get("/my/access/{reference}", dependencies=OWN)
def together(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What was asked of several employers at once: where each stands. A request for itself has its own page."""
    case = get_own(session, visit.actor, reference)
    linked = list_linked(session, case)
    if not linked:
        return redirect(visit, f"/my/cases/{case.reference}")
    rows = [(view_case(session, one, desk=desk_of(visit), for_requester=True), get_body(session, one.body_id))
            for one in linked]  # fmt: skip
    return render(visit, "subject_access/linked.html", rows=rows)


@router.get("/my/access/{reference}/receipt", dependencies=OWN)
def receipt(visit: SignedVisit, session: Read, reference: str) -> Response:
    """A page to print: what was asked, when, by when the answer is due, and why then."""
    return _receipt(visit, session, all_of(session, get_own(session, visit.actor, reference)), f"/my/cases/{reference}")


@router.post("/access/receipt", dependencies=[PUBLIC])
def receipt_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same with the ten words in hand: they are those of one request, and a representative learns of no other."""
    return _receipt(visit, session, [opened_by(session, visit, fields)], "/case")


@router.get("/my/access/{reference}/speaker", dependencies=OWN)
def speakers(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Who may speak for me, and the form to let somebody."""
    case = get_own(session, visit.actor, reference)
    return _speakers(visit, session, case, FieldBag([("form_id", ids.new_id()), ("code", draw_code().token)]))


@router.post("/my/access/{reference}/speaker", dependencies=OWN)
def let_speak(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Let somebody speak for me. Their ten words are shown in this answer alone."""
    problems = Problems()
    own, code = form_id(fields), _code(fields)
    if not own or code is None:
        return redirect(visit, f"/my/access/{reference}/speaker")
    speaker = _read(fields, problems, code, visit)
    try:
        if speaker is not None:
            with visit.database.writing() as session:
                case = get_own(session, visit.actor, reference)
                service.name_speaker(session, visit.actor, case, speaker, own, desk=desk_of(visit))
    except Refused as refusal:
        problems["page"] = refusal.message
    if problems or speaker is None:
        with visit.database.reading() as session:
            return _speakers(visit, session, get_own(session, visit.actor, reference), fields, problems)
    return render(
        visit,
        "subject_access/speaker_words.html",
        secret=True,
        reference=reference,
        words=code.words(visit.locale.value),
        other_words=" ".join(code.words(visit.locale.other.value)),
        until=speaker.until_on,
    )


@router.post("/my/access/{reference}/speaker/{authority_id}/end", dependencies=OWN)
def end(visit: SignedVisit, session: Write, reference: str, authority_id: str) -> Response:
    """From this moment their ten words open nothing."""
    case = get_own(session, visit.actor, reference)
    service.revoke(session, visit.actor, case, get_authority(session, case, authority_id), desk=desk_of(visit))
    return redirect(visit, f"/my/access/{reference}/speaker")


def opened_by(session: Session, visit: Visit, fields: FieldBag) -> Case:
    """The case of the ten words that the page before carried."""
    return opened_as(session, visit, fields).case


def opened_as(session: Session, visit: Visit, fields: FieldBag) -> Opened:
    """The same, and as whom."""
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        raise NotFound from None
    opened = find_opened(session, locator_hash(case_locator(code)), today=visit.today)
    if opened is None:
        raise NotFound
    return opened


def _receipt(visit: Visit, session: Session, cases: Sequence[Case], back: str) -> Response:
    receipts = [receipt_of(visit, session, one) | _wanted(visit, session, one) for one in cases]
    return render(visit, "subject_access/receipt.html", secret=True, back=back, receipts=receipts)


def _wanted(visit: Visit, session: Session, case: Case) -> dict[str, Any]:
    request = get_request(session, case)
    wanted = open_words(request, "wanted", visit.vault)
    return {
        "is_everything": request.is_everything,
        "wanted": wanted.reveal() if wanted else "",
        "lang": request.lang,
    }


def _code(fields: FieldBag) -> Code | None:
    try:
        return Code(urlsafe_b64decode(fields.one("code").encode() + b"=="))
    except ValueError:
        return None


def _read(fields: FieldBag, problems: Problems, code: Code, visit: Visit) -> Speaker | None:
    text(fields, "rep_name", problems, most=forms.NAME_LIMIT, required=forms.SAY_NAME_OF_OTHER)
    address = email(fields, "email", problems)
    required = None if address else forms.SAY_REACH_OF_OTHER
    text(fields, "rep_reach", problems, most=forms.REACH_LIMIT, required=required)
    forms.check_authority(fields, problems)
    forms.read_until(fields, problems, visit.today)
    return None if problems else forms.read_speaker(fields, code, visit.today)


def _speakers(
    visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "subject_access/speaker.html",
        problems=problems,
        secret=True,
        reference=case.reference,
        hidden={"form_id": form_id(fields), "code": fields.one("code")},
        typed=fields.one,
        kinds=list(KINDS.items()),
        scopes=list(SCOPES.items()),
        rows=[_row(visit, one) for one in list_authorities(session, case)],
    )


def _row(visit: Visit, authority: Any) -> dict[str, Any]:
    return {
        "id": authority.id,
        "name": open_speaker(authority, "name", visit.vault).reveal(),
        "kind": KINDS[authority.kind],
        "scope": SCOPES[authority.scope],
        "until": authority.until_on,
        "is_living": is_living(authority, visit.today),
        "is_revoked": authority.revoked_at is not None,
    }
