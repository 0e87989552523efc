"""Who looked, in one place: every address that names a request or a search writes down who opened it.

``routes`` hands all of its addresses through ``cases.noting``, so that none can be made that forgets it: pages, files,
pictures, and forms that are shown again because something was wrong with them.
"""

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from portal.cases.models import Case
from portal.subject_access.asking.looking import part_of, write_look
from portal.subject_access.asking.rules import Looked
from portal.subject_access.queries import get_for_desk
from portal.subject_access.searching.queries import get_own_task
from portal.web.dependencies import SignedVisit

OF_A_REQUEST = "/my/desk/access/{reference}"
OF_A_SEARCH = "/my/tasks/{task_id}"


def note_request(request: Request, visit: SignedVisit) -> None:
    """Somebody who may not read it meets the common 404, and is not written down."""
    reference = request.path_params["reference"]
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        session.expunge(case)
    write_look(visit, case, part_of(visit.path.partition(f"/{reference}")[2]))


def note_search(request: Request, visit: SignedVisit) -> None:
    """The same for who searches, and for who confirms it."""
    with visit.database.reading() as session:
        task = get_own_task(session, visit.actor, request.path_params["task_id"])
        case = session.get_one(Case, task.case_id)
        session.expunge(case)
    write_look(visit, case, Looked.TASK)


NOTES: dict[str, DependsParam] = {OF_A_REQUEST: Depends(note_request), OF_A_SEARCH: Depends(note_search)}
