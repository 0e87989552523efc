"""Files and pictures of pages for the officer. Nothing is shown as the file that it is: it is downloaded, or drawn."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.cases.visits import desk_of
from portal.core.errors import NotFound, TooMany
from portal.documents.apart import QUICK
from portal.documents.cuts import CannotCut
from portal.subject_access.material import queries, redacting, service
from portal.subject_access.material.redaction import ITEM, QUEUE
from portal.subject_access.queries import get_for_desk
from portal.web.dependencies import Read, SignedVisit
from portal.web.handing import SANDBOX, handed

router = APIRouter()

SOON = 10
"""Seconds after which a page that could not be drawn is asked for again."""


@router.get(ITEM + "/file", dependencies=QUEUE)
def original(visit: SignedVisit, reference: str, number: int) -> Response:
    """The file as it came. That it was taken is audited."""
    with visit.database.writing() as session:
        case = get_for_desk(session, visit.actor, reference)
        item = queries.get_item(session, case, number)
        service.note_taken(session, visit.actor, case, number, 0, desk=desk_of(visit))
        if item.blob_id is None:
            raise NotFound
        pieces = visit.blobs.read(item.blob_id, context=queries.item_context("blob_id", item.id))
        return handed(pieces, queries.file_name(item, visit.vault), item.media_type, item.size)


@router.get(ITEM + "/copy/{copy_number}", dependencies=QUEUE)
def copy(visit: SignedVisit, reference: str, number: int, copy_number: int) -> Response:
    """A copy as it goes out. That it was taken is audited."""
    with visit.database.writing() as session:
        case = get_for_desk(session, visit.actor, reference)
        item = queries.get_item(session, case, number)
        found = queries.get_copy(session, item, copy_number)
        service.note_taken(session, visit.actor, case, number, copy_number, desk=desk_of(visit))
        if found.blob_id is None:
            raise NotFound
        pieces = visit.blobs.read(found.blob_id, context=queries.copy_context(found.id))
        return handed(pieces, queries.copy_name(item, found, visit.vault), found.media_type, found.size)


@router.get(ITEM + "/page/{page}", dependencies=QUEUE)
def page(visit: SignedVisit, session: Read, reference: str, number: int, page: int) -> Response:
    """A page of the file, drawn."""
    case = get_for_desk(session, visit.actor, reference)
    item = queries.get_item(session, case, number)
    kind, data = item.kind, redacting.data_of(item, visit.blobs)
    if visit.request.query_params.get("copy") == "1":
        newest = queries.find_copy(session, item)
        if newest is None:
            raise NotFound
        kind, data = newest.kind, redacting.data_of_copy(newest, visit.blobs)
    try:
        drawn = QUICK.picture_of(kind, data, page)
    except CannotCut as refusal:
        raise (TooMany(SOON) if refusal.reason == "busy" else NotFound()) from None
    headers = {"content-security-policy": SANDBOX, "cache-control": "no-store"}
    return Response(drawn, media_type="image/png", headers=headers)
