"""Who represents the worker, for the officers of a review: what came on paper is written down here."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases import written_down
from portal.cases.written_down import Place
from portal.decision_review.queries import get_for_desk
from portal.decision_review.sharing import SHARES
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires

router = APIRouter()

ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
AT = "/my/desk/reviews/{reference}/represented"


@router.get(AT, dependencies=ASSIGN)
def page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Everybody who was ever named, and the form to write somebody down."""
    return written_down.show(visit, session, _place(session, visit, reference))


@router.post(AT, dependencies=ASSIGN)
def act(visit: SignedVisit, session: Write, fields: Fields, reference: str) -> Response:
    """Write somebody down, say that an authority was seen, or end one."""
    return written_down.act(visit, session, _place(session, visit, reference), fields)


def _place(session: Session, visit: SignedIn, reference: str) -> Place:
    case = get_for_desk(session, visit.actor, reference)
    return Place(case, SHARES, f"/my/desk/reviews/{case.reference}")
