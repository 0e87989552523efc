"""Who represents the person of a complaint, for who handles it: what came on paper is written down here."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases import written_down
from portal.cases.written_down import Place
from portal.complaints.looking import SEEN
from portal.complaints.queries import get_for_desk
from portal.complaints.sharing import SHARES
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires

router = APIRouter()

DESK = [requires(Permission.COMPLAINT_DESK), SEEN]
AT = "/my/desk/complaints/{reference}/represented"


@router.get(AT, dependencies=DESK)
def page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Everybody who was ever named, and the form to write somebody down."""
    return written_down.show(visit, session, _place(session, visit, reference))


@router.post(AT, dependencies=DESK)
def act(visit: SignedVisit, session: Write, fields: Fields, reference: str) -> Response:
    """Write somebody down, say that an authority was seen, or end one."""
    return written_down.act(visit, session, _place(session, visit, reference), fields)


def _place(session: Session, visit: SignedIn, reference: str) -> Place:
    case = get_for_desk(session, visit.actor, reference)
    return Place(case, SHARES, f"/my/desk/complaints/{case.reference}")
