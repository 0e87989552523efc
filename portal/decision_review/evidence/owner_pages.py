"""The pages of who has the records of a decision: what is asked, by when, what is there, and freezing it."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.decision_review.evidence import service
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.forms import read_item
from portal.decision_review.evidence.queries import (
    get_item,
    get_own_pack,
    item_context,
    list_items,
    list_own_packs,
    view_item,
)
from portal.decision_review.evidence.rules import KINDS, NEEDED, TYPED
from portal.decision_review.queries import view_review
from portal.decision_review.rules import TEXT_LIMIT
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.arriving import ACCEPT, NO_FILE
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload

router = APIRouter()

RECORDS = "/my/records"
OWN = [requires(Permission.MAKE_REQUEST)]
UPLOAD = [requires(Permission.MAKE_REQUEST, takes_file=True)]


@router.get(RECORDS, dependencies=OWN)
def own_records(visit: SignedVisit, session: Read) -> Response:
    """What the actor is asked for, soonest first."""
    rows = [
        {"pack": pack, "reference": case.reference, "system": _system(session, case)}
        for case, pack in list_own_packs(session, visit.actor)
    ]
    return render(visit, "decision_review/records_asked.html", rows=rows)


@router.get(RECORDS + "/{pack_id}", dependencies=OWN)
def one_pack(visit: SignedVisit, session: Read, pack_id: str) -> Response:
    """One set of records, with what is needed to find them and nothing else of the review."""
    return _page(visit, session, pack_id)


@router.post(RECORDS + "/{pack_id}/add", dependencies=UPLOAD)
async def add(request: Request, visit: SignedVisit, pack_id: str) -> Response:
    """Add an item, with a value or a file that is sealed while it streams in."""
    await run_in_threadpool(_check, visit, pack_id)
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=item_context("blob_id", own_id))
    return await run_in_threadpool(_add, visit, pack_id, upload, own_id)


@router.post(RECORDS + "/{pack_id}", dependencies=OWN)
def act(visit: SignedVisit, fields: Fields, pack_id: str) -> Response:
    """Take an item out, or freeze."""
    problems, gone = Problems(), None
    try:
        with visit.database.writing() as session:
            case, pack = get_own_pack(session, visit.actor, pack_id)
            if fields.one("act") == "freeze":
                service.freeze(session, visit.actor, case, pack, visit.blobs, desk=desk_of(visit))
            else:
                item = get_item(session, case, fields.one("item"), with_output=True, shared_only=False)
                gone = service.remove_item(session, visit.actor, case, item, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if gone is not None:
        visit.blobs.delete(gone)
    if problems:
        with visit.database.reading() as session:
            return _page(visit, session, pack_id, problems)
    return redirect(visit, RECORDS if fields.one("act") == "freeze" else f"{RECORDS}/{pack_id}")


@router.get(RECORDS + "/{pack_id}/{item_id}", dependencies=OWN)
def one_file(visit: SignedVisit, session: Read, pack_id: str, item_id: str) -> Response:
    """A file of it, to be saved."""
    case, pack = get_own_pack(session, visit.actor, pack_id)
    item = get_item(session, case, item_id, with_output=True, shared_only=False)
    if item.pack_id != pack.id:
        raise NotFound
    return hand_out(visit, item, shared=False)


def _check(visit: SignedIn, pack_id: str) -> None:
    with visit.database.reading() as session:
        get_own_pack(session, visit.actor, pack_id)


def _add(visit: SignedIn, pack_id: str, upload: Upload, own_id: str) -> Response:
    problems, kept = Problems(), False
    if upload.problem is not None and upload.problem != NO_FILE:
        problems["file"] = upload.problem
    item_id = own_id if upload.blob_id else form_id(upload.fields) or own_id
    new = read_item(upload, item_id, visit.locale, problems, today=visit.today)
    try:
        if new is not None:
            with visit.database.writing() as session:
                case, pack = get_own_pack(session, visit.actor, pack_id)
                service.add_item(session, visit.actor, case, pack, new, desk=desk_of(visit))
                kept = True
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if upload.blob_id is not None and not kept:
            visit.blobs.delete(upload.blob_id)
    if not problems:
        return redirect(visit, f"{RECORDS}/{pack_id}")
    with visit.database.reading() as session:
        return _page(visit, session, pack_id, problems, upload.fields)


def _page(
    visit: SignedIn,
    session: Session,
    pack_id: str,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
) -> Response:
    case, pack = get_own_pack(session, visit.actor, pack_id)
    review = view_review(session, case, visit.vault)
    items = list_items(session, pack, with_output=True)
    held = {item.kind for item in items}
    return render(
        visit,
        "decision_review/records_pack.html",
        problems=problems,
        pack=pack,
        reference=case.reference,
        system=_system(session, case),
        point=review.decision_point,
        decided_on=review.decided_on,
        person=_person(session, case, review.who),
        items=[view_item(session, item, visit.vault, whole=True) for item in items],
        kinds=KINDS,
        offered=[(kind.value, KINDS[kind]) for kind in TYPED],
        missing=[KINDS[kind] for kind in NEEDED if kind not in held] if pack.number == 1 else [],
        typed=(typed or FieldBag([])).one,
        most=TEXT_LIMIT,
        accept=ACCEPT,
        form_id=ids.new_id(),
    )


def _person(session: Session, case: Case, who: dict[str, Any]) -> str:
    """Whose records they are: without the name nobody could find them."""
    if case.requester_person_id is not None:
        return get_person(session, case.requester_person_id).display_name
    return str(who["name"].reveal()) if "name" in who else ""


def _system(session: Session, case: Case) -> Any:
    return get_system_by_id(session, case.system_id).name if case.system_id else None
