"""What somebody who searches adds to their own search: many files at once, and what they have added so far."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, Refused
from portal.subject_access.material import forms, queries, service
from portal.subject_access.material.receiving import MOST_FILES, MOST_TOGETHER, Received, receive
from portal.subject_access.material.room import require_room, room_of
from portal.subject_access.material.rules import KINDS
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import get_own_task, name_of
from portal.subject_access.steps import PREPARING
from portal.web.arriving import MEGABYTE, Room
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
UPLOAD = [requires(Permission.MAKE_REQUEST, takes_file=True)]


@router.get("/my/tasks/{task_id}/material", dependencies=OWN)
def added(visit: SignedVisit, session: Read, task_id: str) -> Response:
    """What was added to this search, and the form for more."""
    task = get_own_task(session, visit.actor, task_id)
    return _page(visit, session, task)


@router.post("/my/tasks/{task_id}/material", dependencies=UPLOAD)
async def add(request: Request, visit: SignedVisit, task_id: str) -> Response:
    """Add what was found."""
    room = await run_in_threadpool(_check_may_add, visit, task_id)
    received = await receive(request, visit, room)
    return await run_in_threadpool(_add, visit, task_id, received)


def _check_may_add(visit: Visit, task_id: str) -> Room:
    """Before a byte of a file is read: whether it is theirs, and what there is room for."""
    with visit.database.reading() as session:
        task = get_own_task(session, visit.actor, task_id)
        return room_of(session, session.get_one(Case, task.case_id), task.id, visit.settings)


def _add(visit: Visit, task_id: str, received: Received) -> Response:
    problems, is_kept = Problems(), False
    about = forms.read_about(received.fields, problems)
    try:
        if not problems and received.files:
            with visit.database.writing() as session:
                case = session.get_one(Case, get_own_task(session, visit.actor, task_id).case_id)
                require_room(session, case, task_id, received.files, visit.settings)
                service.add_found(session, visit.actor, task_id, received.files, about, desk=desk_of(visit))
            is_kept = True
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if not is_kept:
            received.throw_away(visit.blobs)
    if not problems and not received.wrong:
        return redirect(visit, f"/my/tasks/{task_id}/material")
    if received.wrong:
        problems["files"] = received.wrong[0][1]
    with visit.database.reading() as session:
        task = get_own_task(session, visit.actor, task_id)
        return _page(visit, session, task, received.fields, problems, received.wrong, is_kept=is_kept)


def _page(
    visit: Visit,
    session: Session,
    task: SearchTask,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
    wrong: Any = (),
    *,
    is_kept: bool = False,
) -> Response:
    case = session.get_one(Case, task.case_id)
    rows = []
    for item in queries.list_added(session, task.id, visit.actor.account_id):
        words = queries.open_words(item, "said", visit.vault)
        rows.append(
            {
                "name": queries.file_name(item, visit.vault),
                "said": words.reveal() if words else "",
                "kind": KINDS[item.kind],
                "at": item.added_at,
            }
        )
    return render(
        visit,
        "subject_access/material_task.html",
        problems=problems,
        task=task,
        place=name_of(session, session.get_one(SearchPlace, task.place_id)),
        rows=rows,
        may_change=case.state in PREPARING,
        wrong=wrong,
        is_kept=is_kept,
        typed=(fields or FieldBag([])).one,
        most_files=MOST_FILES,
        most_together=MOST_TOGETHER // MEGABYTE,
    )
