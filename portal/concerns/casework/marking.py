"""What a reader presses at one thread besides its verbs: its labels, and asking somebody to look."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.concerns.casework.case_page import case_page
from portal.concerns.casework.labelling import set_labels
from portal.concerns.casework.mentions import NOT_IN_IT, Where, mention
from portal.concerns.casework.shell import DESK
from portal.concerns.casework.told import get_told
from portal.concerns.desk.box import case_bytes
from portal.core.errors import Conflict, Refused
from portal.web.dependencies import Fields, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect

router = APIRouter(prefix=DESK, dependencies=[requires(Permission.CONCERNS_DESK)])


@router.post("/{case}/labels")
def label(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Let it carry these labels of one's own side, and no others."""
    case_id, chosen, seen = case_bytes(case), fields.many("label"), fields.one("seen") or None
    try:
        with visit.database.writing() as session:
            set_labels(session, visit.actor, case_id, chosen, desk=desk_of(visit), seen=seen)
    except (Refused, Conflict) as refusal:
        return _again(visit, fields, case_id, Problems(label=refusal.message), 409)
    return redirect(visit, f"{DESK}/{case}")


@router.post("/{case}/mention")
def ask_to_look(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Ask somebody who can open it to look. One who cannot is refused as nobody is."""
    case_id = case_bytes(case)
    where, _, person_id = fields.one("whom").partition(":")
    try:
        if where not in set(Where):
            raise Refused(NOT_IN_IT)
        with visit.database.writing() as session:
            _mention(visit, session, case_id, person_id, Where(where))
    except Refused as refusal:
        return _again(visit, fields, case_id, Problems(whom=refusal.message), 422)
    return redirect(visit, f"{DESK}/{case}?asked=yes")


def _mention(visit: SignedIn, session: Session, case_id: bytes, person_id: str, where: Where) -> None:
    told, address = get_told(session, visit.actor, case_id), visit.settings.public_url.rstrip("/")
    mention(session, visit.actor, told, person_id, where, desk=desk_of(visit), address=address)


def _again(visit: SignedIn, fields: FieldBag, case_id: bytes, problems: Problems, status: int) -> Response:
    with visit.database.reading() as session:
        return case_page(visit, session, case_id, problems=problems, typed=fields, status=status)
