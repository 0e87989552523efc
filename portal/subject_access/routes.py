"""Every page of access requests, in the order in which their addresses are tried."""

from fastapi import APIRouter

from portal.cases.noting import noting
from portal.subject_access.after import desk as after_desk
from portal.subject_access.after import keeping_pages, missing
from portal.subject_access.answering import collecting
from portal.subject_access.answering import desk as answering
from portal.subject_access.asking import routes as asking
from portal.subject_access.asking import written_down
from portal.subject_access.material import deciding, handing, progress_pages, redaction, task_pages
from portal.subject_access.officer import board, bulk, desk, leaving_pages, letting_in_pages, queue
from portal.subject_access.searching import desk as search_desk
from portal.subject_access.searching import own_tasks
from portal.subject_access.seen import NOTES

router = APIRouter()
PARTS = (
    collecting,
    missing,
    keeping_pages,
    after_desk,
    written_down,
    asking,
    board,
    queue,
    bulk,
    leaving_pages,
    letting_in_pages,
    own_tasks,
    search_desk,
    task_pages,
    redaction,
    progress_pages,
    handing,
    deciding,
    answering,
    desk,
)
for part in PARTS:
    router.routes += [noting(route, NOTES) for route in part.router.routes]
