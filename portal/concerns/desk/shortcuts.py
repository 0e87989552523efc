"""The keys of the desk: which there are, and whether this browser uses them."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.web.dependencies import SignedVisit, requires
from portal.web.rendering import render

router = APIRouter(dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("/my/concerns/keys")
def keys(visit: SignedVisit) -> Response:
    """Every key of the desk. They are off until somebody turns them on, in this browser only."""
    return render(visit, "concerns/desk_keys.html", counting=True)
