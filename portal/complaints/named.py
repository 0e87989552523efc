"""For a body's administrator: who handles complaints about the data protection officers themselves, in which order."""

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.complaints.handling import list_alternates, list_leaders
from portal.complaints.models import ComplaintAlternate
from portal.complaints.rules import MOST_ALTERNATES
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import Bilingual, pmsg
from portal.directory.models import Person
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
IS_NAMED = pmsg("error", "This person is named already")
LEADS = pmsg("error", "This person is or was in the data protection team here. Name somebody else, or a deputy")
ENOUGH = pmsg("error", "Enough people are named. Take one off the list first")


@router.get("/my/desk/complaints/named", dependencies=ADMINISTER)
def named(visit: SignedVisit, session: Read) -> Response:
    """Who is named, for each body that the actor administers."""
    return _page(visit, session, Problems())


@router.post("/my/desk/complaints/named", dependencies=ADMINISTER)
def add(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Name one more: an officer of another body, or the designated deputy."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in _bodies(visit):
        raise NotFound
    address = email(fields, "email", problems, required=WRITE_ADDRESS)
    person = find_person_by_email(session, address) if address else None
    known = {one.id for one in list_alternates(session, body_id)}
    if address and (person is None or person.body_id is None):
        problems.setdefault("email", UNKNOWN)
    elif person is not None and person.id in known:
        problems["email"] = IS_NAMED
    elif person is not None and person.id in list_leaders(session, body_id):
        problems["email"] = LEADS
    elif len(known) >= MOST_ALTERNATES:
        problems["email"] = ENOUGH
    if problems or person is None:
        return _page(visit, session, problems, at=body_id, typed=fields.one("email"))
    _name(session, visit, body_id, person)
    return redirect(visit, NAMED)


@router.post("/my/desk/complaints/named/{person_id}/remove", dependencies=ADMINISTER)
def remove(visit: SignedVisit, session: Write, fields: Fields, person_id: str) -> Response:
    """Take somebody off the list. Complaints that were given to them by name stay with them."""
    body_id = fields.one("body")
    row = session.scalars(
        select(ComplaintAlternate).where(
            ComplaintAlternate.body_id == body_id, ComplaintAlternate.person_id == person_id
        )
    ).one_or_none()
    if row is None or body_id not in _bodies(visit):
        raise NotFound
    session.delete(row)
    record(session, actor=visit.actor, event="complaint.unnamed", subject=person_id, now=visit.now, body_id=body_id)
    return redirect(visit, NAMED)


def _name(session: Session, visit: Visit, body_id: str, person: Person) -> None:
    last = session.scalar(select(func.max(ComplaintAlternate.place)).where(ComplaintAlternate.body_id == body_id))
    session.add(
        ComplaintAlternate(
            id=ids.new_id(),
            body_id=body_id,
            person_id=person.id,
            place=(last or 0) + 1,
            named_at=visit.now,
            named_by=visit.actor.account_id,
        )
    )
    session.flush()
    record(session, actor=visit.actor, event="complaint.named", subject=person.id, now=visit.now, body_id=body_id)


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
