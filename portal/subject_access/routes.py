"""Every page of access requests, in the order in which their addresses are tried."""

from fastapi import APIRouter

from portal.subject_access.answering import collecting
from portal.subject_access.asking import routes as asking
from portal.subject_access.asking import written_down
from portal.subject_access.officer import desk
from portal.subject_access.searching import desk as search_desk
from portal.subject_access.searching import routes as searching

router = APIRouter()
for part in (collecting, written_down, asking, searching, search_desk, desk):
    router.routes += part.router.routes
