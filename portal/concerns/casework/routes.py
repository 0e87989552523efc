"""The desk: its lists, the page of one thread, and what a reader presses there. No address or field takes a word."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.concerns.casework import service
from portal.concerns.casework.case_page import case_page
from portal.concerns.casework.claims import claim, release
from portal.concerns.casework.desk_list import list_page
from portal.concerns.casework.forms import read_planned, read_telling
from portal.concerns.casework.giving import assign
from portal.concerns.casework.lanes import read_asked
from portal.concerns.casework.looking import note_seen
from portal.concerns.casework.queries import list_systems_of
from portal.concerns.casework.rules import Side
from portal.concerns.casework.shell import DESK, keep_desk
from portal.concerns.casework.told import get_told
from portal.concerns.desk.box import case_bytes
from portal.concerns.desk.duty import side_of
from portal.core.db import Session
from portal.core.errors import Conflict, Refused
from portal.core.text import msg
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect

ASKED = msg("They were asked to look. It stands at their desk until they open this concern.")
Press = Callable[[Session, bytes, Desk], Any]

router = APIRouter(prefix=DESK, dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("")
def lists(visit: SignedVisit) -> Response:
    """The threads that the actor holds a grant in: what was told of them, else a week and nothing more."""
    keep_desk(visit)
    with visit.database.reading() as session:
        return list_page(visit, session, read_asked(visit.request.query_params.multi_items()))


@router.get("/{case}")
def one(visit: SignedVisit, session: Read, case: str) -> Response:
    """What was told about one thread. Whoever was asked to look at it has done so."""
    said = ASKED if visit.request.query_params.get("asked") == "yes" else None
    page = case_page(visit, session, case_bytes(case), said=said)
    note_seen(visit, case_bytes(case))
    return page


@router.post("/{case}/take")
def take(visit: SignedVisit, session: Read, fields: Fields, case: str) -> Response:
    """Take it on, and tell something about it."""
    return _telling(visit, session, fields, case, service.take)


@router.post("/{case}/tell")
def tell(visit: SignedVisit, session: Read, fields: Fields, case: str) -> Response:
    """Tell both sides something else, or less."""
    return _telling(visit, session, fields, case, service.tell)


@router.post("/{case}/untell")
def untell(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Take back what was told."""
    seen = fields.one("seen") or None
    return _press(
        visit, fields, case, lambda session, of, desk: service.untell(session, visit.actor, of, desk=desk, seen=seen)
    )


@router.post("/{case}/next")
def plan(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """What comes next for one's own side."""
    problems = Problems()
    planned = read_planned(fields, problems, Side(side_of(visit.actor)), today=visit.today)
    seen = fields.one("seen") or None
    return _press(
        visit,
        fields,
        case,
        lambda session, of, desk: service.plan(session, visit.actor, of, planned, desk=desk, seen=seen),
        problems,
    )


@router.post("/{case}/assign")
def give(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Who of one's own side works on it."""
    to = fields.one("to") or None
    return _press(visit, fields, case, lambda session, of, desk: assign(session, visit.actor, of, to, desk=desk))


@router.post("/{case}/claim")
def claim_it(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Work on it for a while; or take it over, and hear who had it."""
    case_id, over = case_bytes(case), fields.one("over") == "yes"
    try:
        with visit.database.writing() as session:
            made = claim(session, visit.actor, case_id, desk=desk_of(visit), take_over=over)
    except Refused as refusal:
        return _again(visit, fields, case_id, Problems(page=refusal.message), 409)
    if made.had_it is None:
        return redirect(visit, f"{DESK}/{case}")
    with visit.database.reading() as session:
        said = msg("You took this over. Until now it was with {name}", name=made.had_it)
        return case_page(visit, session, case_id, said=said)


@router.post("/{case}/release")
def leave_it(visit: SignedVisit, fields: Fields, case: str) -> Response:
    """Work on it no more."""
    return _press(visit, fields, case, lambda session, of, desk: release(session, visit.actor, of, desk=desk))


@router.post("/{case}/step/{name}")
def step(visit: SignedVisit, fields: Fields, case: str, name: str) -> Response:
    """Move it on."""
    seen, together = fields.one("seen") or None, fields.one("together") == "yes"
    return _press(
        visit,
        fields,
        case,
        lambda session, of, desk: service.step(session, visit.actor, of, name, desk=desk, seen=seen, together=together),
    )


def _telling(visit: Visit, session: Session, fields: FieldBag, case: str, verb: Any) -> Response:
    told, problems = get_told(session, visit.actor, case_bytes(case)), Problems()
    telling = read_telling(fields, problems, list_systems_of(session, [told.body_id]))
    seen = fields.one("seen") or None
    return _press(
        visit,
        fields,
        case,
        lambda within, of, desk: verb(within, visit.actor, of, telling, desk=desk, seen=seen),
        problems,
    )


def _press(visit: Visit, fields: FieldBag, case: str, press: Press, problems: Problems | None = None) -> Response:
    """Do it, and show the thread again; what does not go is said there, with what was typed."""
    case_id = case_bytes(case)
    if problems:
        return _again(visit, fields, case_id, problems, 422)
    try:
        with visit.database.writing() as session:
            press(session, case_id, desk_of(visit))
    except (Refused, Conflict) as refusal:
        return _again(visit, fields, case_id, Problems(page=refusal.message), 409)
    return redirect(visit, f"{DESK}/{case}")


def _again(visit: Visit, fields: FieldBag, case_id: bytes, problems: Problems, status: int) -> Response:
    with visit.database.reading() as session:
        return case_page(visit, session, case_id, problems=problems, typed=fields, status=status)
