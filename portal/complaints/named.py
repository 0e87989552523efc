"""For a body's administrator: who handles complaints about the data protection officers themselves, in which order."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.complaints import naming
from portal.complaints.handling import list_alternates
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.directory.queries import find_person_by_email, get_body
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.forms import Problems, email
from portal.web.rendering import redirect, render

router = APIRouter()

ADMINISTER = [requires(Permission.ADMINISTER)]
NAMED = "/my/desk/complaints/named"
WRITE_ADDRESS = pmsg("error", "Enter an email address")
UNKNOWN = pmsg("error", "Nobody in the directory has this email address")


@router.get("/my/desk/complaints/named", dependencies=ADMINISTER)
def named(visit: SignedVisit, session: Read) -> Response:
    """Who is named, for each body that the actor administers."""
    return _page(visit, session, Problems())


@router.post("/my/desk/complaints/named", dependencies=ADMINISTER)
def add(visit: SignedVisit, fields: Fields) -> Response:
    """Name one more: an officer of another body, or the designated deputy."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in _bodies(visit):
        raise NotFound
    address = email(fields, "email", problems, required=WRITE_ADDRESS)
    try:
        with visit.database.writing() as session:
            person = find_person_by_email(session, address) if address else None
            if person is not None and person.body_id is not None:
                naming.name(session, visit.actor, body_id, person, now=visit.now)
            else:
                problems.setdefault("email", UNKNOWN)
    except Refused as refusal:
        problems["email"] = refusal.message
    if not problems:
        return redirect(visit, NAMED)
    with visit.database.reading() as session:
        return _page(visit, session, problems, at=body_id, typed=fields.one("email"))


@router.post("/my/desk/complaints/named/{person_id}/remove", dependencies=ADMINISTER)
def remove(visit: SignedVisit, session: Write, fields: Fields, person_id: str) -> Response:
    """Take somebody off the list. Complaints that were given to them by name stay with them."""
    naming.take_off(session, visit.actor, fields.one("body"), person_id, now=visit.now)
    return redirect(visit, NAMED)


def _bodies(visit: Visit) -> frozenset[str]:
    held = {one.body_id for one in visit.actor.holdings if one.body_id is not None}
    return frozenset(one for one in held if permits(visit.actor, Permission.ADMINISTER, Subject(body_id=one)))


def _page(visit: Visit, session: Session, problems: Problems, *, at: str = "", typed: str = "") -> Response:
    bodies = [get_body(session, body_id) for body_id in sorted(_bodies(visit))]
    rows = [
        (
            body.id,
            Bilingual(body.name_cy, body.name_en),
            [(one.id, one.display_name, one.email) for one in list_alternates(session, body.id)],
        )
        for body in bodies
    ]
    return render(visit, "complaints/named.html", problems=problems, bodies=rows, at=at, typed=typed)
