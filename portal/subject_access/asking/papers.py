"""Papers that come with a request, sent with the ten words or kept by an officer; and the authorities they show."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anonymity.receipt import Mistyped, case_locator, locator_hash, read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import BadRequest, Conflict, NotFound, Refused
from portal.core.text import Message, pmsg
from portal.subject_access.asking.models import Authority
from portal.subject_access.asking.queries import (
    Opened,
    enclosure_context,
    find_opened,
    get_authority,
    get_enclosure,
    is_living,
    list_authorities,
    list_enclosures,
    open_paper_name,
    open_speaker,
)
from portal.subject_access.asking.rules import KINDS, SCOPES, EnclosureKind
from portal.subject_access.asking.service import Paper, enclose, revoke, see_authority
from portal.subject_access.queries import get_for_desk
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.arriving import ACCEPT
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day
from portal.web.handing import handed
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload, read_upload_without_account

router = APIRouter()

DESK = [requires(Permission.ACCESS_QUEUE)]
UPLOAD = [requires(Permission.ACCESS_QUEUE, takes_file=True)]
MOST_PAPERS = 5
TOO_MANY = pmsg("error", "There are enough papers with this request. Send anything more in another way")
ENTER_DAY = pmsg("error", "Enter the day")
CHOOSE_PAPER = pmsg("error", "Choose what the paper is")


@router.post("/access/paper", dependencies=[PUBLIC])
async def send_paper(request: Request, visit: PlainVisit) -> Response:
    """A paper with the ten words in hand. Nothing of it is read before the words are known to be a case's."""
    own_id = ids.new_id()
    upload = await read_upload_without_account(
        request, visit, context=enclosure_context("blob_id", own_id), check=lambda fields: _check_words(visit, fields)
    )
    return await run_in_threadpool(_send, visit, upload, own_id)


@router.get("/my/desk/access/{reference}/papers", dependencies=DESK)
def papers(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The papers of a request, and who may speak for its requester."""
    return _page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/access/{reference}/papers", dependencies=UPLOAD)
async def add_paper(request: Request, visit: SignedVisit, reference: str) -> Response:
    """Keep a paper that came another way."""
    await run_in_threadpool(_check_reads, visit, reference)
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=enclosure_context("blob_id", own_id))
    return await run_in_threadpool(_add, visit, reference, upload, own_id)


@router.get("/my/desk/access/{reference}/papers/{enclosure_id}", dependencies=DESK)
def one_paper(visit: SignedVisit, session: Read, reference: str, enclosure_id: str) -> Response:
    """The paper itself, to be saved."""
    found = get_enclosure(session, get_for_desk(session, visit.actor, reference), enclosure_id)
    pieces = visit.blobs.read(found.blob_id, context=enclosure_context("blob_id", found.id))
    return handed(pieces, open_paper_name(found, visit.vault).reveal(), found.media_type, found.size)


@router.post("/my/desk/access/{reference}/authority/{authority_id}/{act}", dependencies=DESK)
def on_authority(visit: SignedVisit, fields: Fields, reference: str, authority_id: str, act: str) -> Response:
    """The officer has seen an authority, or the person took it back and told the officer."""
    problems = Problems()
    if act not in {"seen", "end"}:
        raise NotFound
    on = _day(fields, problems, visit.today) if act == "seen" else visit.today
    try:
        if not problems:
            with visit.database.writing() as session:
                case = get_for_desk(session, visit.actor, reference)
                authority = get_authority(session, case, authority_id)
                if act == "seen":
                    see_authority(session, visit.actor, case, authority, on=on, desk=desk_of(visit))
                else:
                    revoke(session, visit.actor, case, authority, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/papers")
    with visit.database.reading() as session:
        return _page(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _check_words(visit: Visit, fields: FieldBag) -> None:
    """Whose ten words these are. Words that open nothing, or nothing any more, are NotFound in one and the same way."""
    try:
        read_code(fields.one("words"))
    except Mistyped:
        raise BadRequest from None
    with visit.database.reading() as session:
        _opened(session, visit, fields)


def _send(visit: Visit, upload: Upload, own_id: str) -> Response:
    kept = False
    problem = upload.problem
    try:
        with visit.database.writing() as session:
            opened = _opened(session, visit, upload.fields)
            if problem is None and len(list_enclosures(session, opened.case)) >= MOST_PAPERS:
                problem = TOO_MANY
            if problem is None:
                kind = EnclosureKind.REQUEST if opened.authority is None else EnclosureKind.AUTHORITY
                enclose(session, opened.by, opened.case, _paper(upload, own_id, kind), desk=desk_of(visit))
                kept = True
    finally:
        _drop_unless(visit, upload, kept)
    return _sent(visit, upload.fields, problem)


def _sent(visit: Visit, fields: FieldBag, problem: Message | None) -> Response:
    problems = Problems(page=problem) if problem is not None else None
    hidden = {"words": fields.one("words")}
    return render(visit, "subject_access/paper_sent.html", problems=problems, secret=True, hidden=hidden)


def _opened(session: Session, visit: Visit, fields: FieldBag) -> Opened:
    found = find_opened(session, locator_hash(case_locator(read_code(fields.one("words")))), today=visit.today)
    if found is None:
        raise NotFound
    return found


def _check_reads(visit: SignedIn, reference: str) -> None:
    with visit.database.reading() as session:
        get_for_desk(session, visit.actor, reference)


def _add(visit: SignedIn, reference: str, upload: Upload, own_id: str) -> Response:
    problems = Problems()
    kind = choice(upload.fields, "kind", problems, allowed=list(EnclosureKind), required=CHOOSE_PAPER)
    if upload.problem is not None:
        problems["file"] = upload.problem
    kept = False
    try:
        if not problems:
            with visit.database.writing() as session:
                case = get_for_desk(session, visit.actor, reference)
                enclose(session, visit.actor, case, _paper(upload, own_id, EnclosureKind(kind)), desk=desk_of(visit))
                kept = True
    finally:
        _drop_unless(visit, upload, kept)
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/papers")
    with visit.database.reading() as session:
        return _page(visit, session, get_for_desk(session, visit.actor, reference), problems, upload.fields)


def _paper(upload: Upload, own_id: str, kind: EnclosureKind) -> Paper:
    if upload.blob_id is None or upload.file_name is None:
        raise BadRequest
    return Paper(own_id, kind, upload.blob_id, upload.file_name, upload.media_type, upload.size)


def _drop_unless(visit: Visit, upload: Upload, kept: bool) -> None:
    if upload.blob_id is not None and not kept:
        visit.blobs.delete(upload.blob_id)


def _day(fields: FieldBag, problems: Problems, today: date) -> date:
    return day(fields, "on", problems, required=ENTER_DAY, not_after=today) or today


def _page(
    visit: SignedIn,
    session: Session,
    case: Case,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    return render(
        visit,
        "subject_access/papers.html",
        problems=problems,
        secret=True,
        reference=case.reference,
        papers=[
            (one.id, open_paper_name(one, visit.vault).reveal(), one.kind.value, one.added_at)
            for one in list_enclosures(session, case)
        ],
        speakers=[_speaker(visit, one) for one in list_authorities(session, case)],
        accept=ACCEPT,
        typed=(fields or FieldBag([])).one,
    )


def _speaker(visit: SignedIn, authority: Authority) -> dict[str, Any]:
    return {
        "id": authority.id,
        "name": open_speaker(authority, "name", visit.vault).reveal(),
        "reach": open_speaker(authority, "reach", visit.vault).reveal(),
        "kind": KINDS[authority.kind],
        "scope": SCOPES[authority.scope],
        "until": authority.until_on,
        "is_asker": authority.is_asker,
        "shown_on": authority.shown_on,
        "is_living": is_living(authority, visit.today),
        "is_revoked": authority.revoked_at is not None,
    }
