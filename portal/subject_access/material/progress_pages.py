"""How far the copy of a file has come: a page that reloads itself, or is reloaded by a press."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.core.text import Message, pmsg
from portal.documents.pace import Stage
from portal.subject_access.material import queries
from portal.subject_access.material.working import find_work
from portal.subject_access.queries import get_for_desk
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter()

STAGES: Mapping[str, Message] = {
    Stage.CUTTING: pmsg("what is done with a file", "Reading and cutting"),
    Stage.PROVING: pmsg("what is done with a file", "Proving that it is gone"),
    Stage.PICTURING: pmsg("what is done with a file", "Making pictures of pages"),
    Stage.SCANNING: pmsg("what is done with a file", "Looking for what is hidden"),
}


@router.get("/my/desk/access/{reference}/material/{number}/progress", dependencies=[requires(Permission.ACCESS_QUEUE)])
def progress(visit: SignedVisit, session: Read, reference: str, number: int) -> Response:
    """Which page is worked on, of how many; or that nothing is being worked on."""
    item = queries.get_item(session, get_for_desk(session, visit.actor, reference), number)
    work = find_work(session, item, now=visit.now)
    return render(
        visit,
        "subject_access/material_progress.html",
        fragment="progress",
        reference=reference,
        number=item.number,
        name=queries.file_name(item, visit.vault),
        work=work,
        stage=STAGES.get(work.stage) if work is not None else None,
    )
