"""For a body's administrator: the days in which requests are answered, and how long files and requests are kept."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.visits import desk_of
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual
from portal.directory.queries import get_body
from portal.subject_access.after.keeping import NOT_USUAL, keeping_of, set_keeping
from portal.subject_access.after.rules import YEARS_USUAL, Keeping
from portal.subject_access.rules import Terms
from portal.subject_access.terms import NOT_POSSIBLE, set_terms, terms_of
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

ADMINISTER = [requires(Permission.ADMINISTER)]
KEEPING = "/my/desk/access/keeping"


@router.get("/my/desk/access/keeping", dependencies=ADMINISTER)
def periods(visit: SignedVisit, session: Read) -> Response:
    """The periods of each body that the actor administers."""
    return _page(visit, session, Problems())


@router.post("/my/desk/access/keeping", dependencies=ADMINISTER)
def change(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Keep requests for so many years from now on."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in _bodies(visit):
        raise NotFound
    try:
        set_keeping(session, visit.actor, body_id, _read(fields), desk=desk_of(visit))
    except Refused as refusal:
        problems["closed"] = refusal.message
        return _page(visit, session, problems, at=body_id)
    return redirect(visit, KEEPING)


@router.post("/my/desk/access/keeping/days", dependencies=ADMINISTER)
def change_days(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Answer within so many days, and keep released files for so many, from now on."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in _bodies(visit):
        raise NotFound
    typed = [fields.one(name + fields.one("end")) for name in ("target", "files")]
    try:
        if not all(one.isascii() and one.isdigit() and len(one) < 4 for one in typed):
            raise Refused(NOT_POSSIBLE)
        set_terms(session, visit.actor, body_id, Terms(int(typed[0]), int(typed[1])), desk=desk_of(visit))
    except Refused as refusal:
        problems["target" + fields.one("end")] = refusal.message
        return _page(visit, session, problems, at=body_id, typed=fields)
    return redirect(visit, KEEPING)


def _read(fields: FieldBag) -> Keeping:
    typed = [fields.one(name) for name in ("closed", "reopened")]
    if any(one not in {str(years) for years in YEARS_USUAL} for one in typed):
        raise Refused(NOT_USUAL)
    return Keeping(int(typed[0]), int(typed[1]))


def _bodies(visit: SignedIn) -> list[str]:
    held = {one.body_id for one in visit.actor.holdings if one.body_id is not None}
    return sorted(one for one in held if permits(visit.actor, Permission.ADMINISTER, Subject(body_id=one)))


def _page(
    visit: SignedIn, session: Session, problems: Problems, *, at: str = "", typed: FieldBag | None = None
) -> Response:
    bodies = [get_body(session, body_id) for body_id in _bodies(visit)]
    rows = [
        (one.id, Bilingual(one.name_cy, one.name_en), keeping_of(session, one.id), terms_of(session, one.id))
        for one in bodies
    ]
    return render(
        visit,
        "subject_access/keeping.html",
        problems=problems,
        bodies=rows,
        years=list(YEARS_USUAL),
        at=at,
        typed=typed.one if typed is not None else None,
    )
