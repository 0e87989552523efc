"""The officer's page for records that reached them another way: a version of their own, or one that comes slowly."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.sent import Sent
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.decision_review.evidence import putting, versions
from portal.decision_review.evidence.desk import get_records_case, records_page
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.evidence.putting import Bench
from portal.decision_review.evidence.queries import get_pack, item_context
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect
from portal.web.uploads import read_upload

router = APIRouter()

ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
UPLOAD = [requires(Permission.REVIEW_ASSIGN, takes_file=True)]
BEGIN = "/my/desk/reviews/{reference}/records/begin"
AT = "/my/desk/reviews/{reference}/records/version/{pack_id}"


@router.post(BEGIN, dependencies=ASSIGN)
def begin(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Begin a version: the first, or a later one beside what is frozen."""
    try:
        with visit.database.writing() as session:
            case = get_records_case(session, visit, reference)
            sent = Sent(form_id(fields) or ids.new_id())
            pack = versions.begin_own(session, visit.actor, case, sent, desk=desk_of(visit))
            own_id = pack.id if pack is not None else None
    except Refused as refusal:
        problems = Problems({"page": refusal.message})
        with visit.database.reading() as session:
            return records_page(visit, session, get_records_case(session, visit, reference), problems)
    at = f"/my/desk/reviews/{reference}/records"
    return redirect(visit, f"{at}/version/{own_id}" if own_id else at)


@router.get(AT, dependencies=ASSIGN)
def one_version(visit: SignedVisit, session: Read, reference: str, pack_id: str) -> Response:
    """What is in a version that is not frozen yet."""
    return putting.page(visit, session, _bench(reference, pack_id))


@router.post(AT + "/add", dependencies=UPLOAD)
async def add(request: Request, visit: SignedVisit, reference: str, pack_id: str) -> Response:
    """Add an item, with a value or a file that is sealed while it streams in."""
    bench = _bench(reference, pack_id)
    await run_in_threadpool(putting.check, visit, bench)
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=item_context("blob_id", own_id))
    return await run_in_threadpool(putting.add, visit, bench, upload, own_id)


@router.post(AT, dependencies=ASSIGN)
def act(visit: SignedVisit, fields: Fields, reference: str, pack_id: str) -> Response:
    """Take an item out, or freeze."""
    return putting.act(visit, _bench(reference, pack_id), fields)


@router.get(AT + "/{item_id}", dependencies=ASSIGN)
def one_file(visit: SignedVisit, session: Read, reference: str, pack_id: str, item_id: str) -> Response:
    """A file of it, to be saved."""
    return putting.one_file(visit, session, _bench(reference, pack_id), item_id)


def _bench(reference: str, pack_id: str) -> Bench:
    def find(visit: SignedIn, session: Session) -> tuple[Case, EvidencePack]:
        case = get_records_case(session, visit, reference)
        pack = get_pack(session, case, pack_id)
        if pack.frozen_at is not None:
            raise NotFound
        return case, pack

    at = f"/my/desk/reviews/{reference}/records"
    return Bench(find, f"{at}/version/{pack_id}", at, is_officers=True)
