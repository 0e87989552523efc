"""Every page of complaints, in the order in which their addresses are tried."""

from fastapi import APIRouter

from portal.complaints import desk, named, queue, represented, returns, several, tasks, worker, written_down

router = APIRouter()
PARTS = (worker, tasks, written_down, named, returns, queue, several, represented, desk)
for part in PARTS:
    router.routes += part.router.routes
