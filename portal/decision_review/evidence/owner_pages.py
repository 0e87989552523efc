"""The pages of who has the records of a decision: what is asked, by when, what is there, and freezing it."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.core import ids
from portal.decision_review.evidence import putting
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.evidence.putting import Bench
from portal.decision_review.evidence.queries import get_own_pack, item_context, list_own_packs
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.rendering import render
from portal.web.uploads import read_upload

router = APIRouter()

RECORDS = "/my/records"
OWN = [requires(Permission.MAKE_REQUEST)]
UPLOAD = [requires(Permission.MAKE_REQUEST, takes_file=True)]


@router.get(RECORDS, dependencies=OWN)
def own_records(visit: SignedVisit, session: Read) -> Response:
    """What the actor is asked for, soonest first."""
    rows = [
        {"pack": pack, "reference": case.reference, "system": putting.system_of(session, case)}
        for case, pack in list_own_packs(session, visit.actor)
    ]
    return render(visit, "decision_review/records_asked.html", rows=rows)


@router.get(RECORDS + "/{pack_id}", dependencies=OWN)
def one_pack(visit: SignedVisit, session: Read, pack_id: str) -> Response:
    """One set of records, with what is needed to find them and nothing else of the review."""
    return putting.page(visit, session, _bench(pack_id))


@router.post(RECORDS + "/{pack_id}/add", dependencies=UPLOAD)
async def add(request: Request, visit: SignedVisit, pack_id: str) -> Response:
    """Add an item, with a value or a file that is sealed while it streams in."""
    await run_in_threadpool(putting.check, visit, _bench(pack_id))
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=item_context("blob_id", own_id))
    return await run_in_threadpool(putting.add, visit, _bench(pack_id), upload, own_id)


@router.post(RECORDS + "/{pack_id}", dependencies=OWN)
def act(visit: SignedVisit, fields: Fields, pack_id: str) -> Response:
    """Take an item out, or freeze."""
    return putting.act(visit, _bench(pack_id), fields)


@router.get(RECORDS + "/{pack_id}/{item_id}", dependencies=OWN)
def one_file(visit: SignedVisit, session: Read, pack_id: str, item_id: str) -> Response:
    """A file of it, to be saved."""
    return putting.one_file(visit, session, _bench(pack_id), item_id)


def _bench(pack_id: str) -> Bench:
    def find(visit: SignedIn, session: Session) -> tuple[Case, EvidencePack]:
        return get_own_pack(session, visit.actor, pack_id)

    return Bench(find, f"{RECORDS}/{pack_id}", RECORDS)
