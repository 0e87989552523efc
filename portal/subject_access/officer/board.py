"""For a body's administrator: the addresses at the top of the body that hear of days that pass."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.board import list_addresses
from portal.cases.visits import desk_of
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.directory.queries import get_body
from portal.subject_access.officer import service
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.forms import Problems, email
from portal.web.rendering import redirect, render

router = APIRouter()

ADMINISTER = [requires(Permission.ADMINISTER)]
BOARD = "/my/desk/access/board"
WRITE_ADDRESS = pmsg("error", "Enter an email address")


@router.get("/my/desk/access/board", dependencies=ADMINISTER)
def addresses(visit: SignedVisit, session: Read) -> Response:
    """Who is told, for each body that the actor administers."""
    return _page(visit, session, Problems())


@router.post("/my/desk/access/board", dependencies=ADMINISTER)
def add(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Tell one more address."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in _bodies(visit):
        raise NotFound
    name = next((name for name in fields.names() if name.startswith("email")), "email")
    found = email(fields, name, problems, required=WRITE_ADDRESS)
    if not problems:
        try:
            service.add_address(session, visit.actor, body_id, found, desk=desk_of(visit))
        except Refused as refusal:
            problems[name] = refusal.message
    if problems:
        return _page(visit, session, Problems(email=problems[name]), at=body_id, typed=fields.one(name))
    return redirect(visit, BOARD)


@router.post("/my/desk/access/board/{address_id}/remove", dependencies=ADMINISTER)
def remove(visit: SignedVisit, session: Write, address_id: str) -> Response:
    """Tell this address no longer."""
    service.remove_address(session, visit.actor, _bodies(visit), address_id, desk=desk_of(visit))
    return redirect(visit, BOARD)


def _bodies(visit: SignedIn) -> frozenset[str]:
    held = {one.body_id for one in visit.actor.holdings if one.body_id is not None}
    return frozenset(one for one in held if permits(visit.actor, Permission.ADMINISTER, Subject(body_id=one)))


def _page(visit: SignedIn, session: Session, problems: Problems, *, at: str = "", typed: str = "") -> Response:
    bodies = [get_body(session, body_id) for body_id in sorted(_bodies(visit))]
    rows = [(body.id, Bilingual(body.name_cy, body.name_en), list_addresses(session, body.id)) for body in bodies]
    return render(visit, "subject_access/officer_board.html", problems=problems, bodies=rows, at=at, typed=typed)
