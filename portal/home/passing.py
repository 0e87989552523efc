"""The rooms as those see them who pass on what somebody had, and the page of what can be taken back."""

from datetime import datetime

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.passing_on import Room, Rooms, choose_officer, list_to_take_back, pass_on_items
from portal.cases.reasons import TAKEN_ON, Reason
from portal.cases.rules import By, CaseKind, Duty
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.complaints import handling as complaints
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.settings.models import Settings
from portal.subject_access.officer import leaving as access
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.rendering import redirect, render

router = APIRouter()
BACK = "/my/back"
SIGNED_IN = [requires(Permission.SIGNED_IN)]


def give_on(session: Session, by: By, case: Case, person: Person, desk: Desk, why: Reason) -> None:
    """Where a room has no more to do than that."""
    cases.assign(session, by, case, person, Duty.HANDLER, desk=desk, why=why)


ROOMS: Rooms = {
    CaseKind.ACCESS: Room(access.choose_handler, give_on, "access_handed_over"),
    CaseKind.REVIEW: Room(choose_officer, give_on, "review_handed_over"),
    CaseKind.COMPLAINT: Room(complaints.choose_handler, complaints.give_on, "complaint_handed_over"),
}


def pass_on_what_waits(database: Database, settings: Settings, now: datetime) -> int:
    """What leavers had, and what those have who are away and whose day comes near."""
    return pass_on_items(database, settings, now, rooms=ROOMS)


@router.get(BACK, dependencies=SIGNED_IN)
def list_back(visit: SignedVisit, session: Read) -> Response:
    """What went to somebody else while one was away, to be taken back or left where it is."""
    rows = list_to_take_back(session, visit.actor)
    return render(visit, "home/back.html", rows=rows)


@router.post(BACK, dependencies=SIGNED_IN)
def take_back(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Work on one of them again. NotFound for what is not theirs to take back."""
    case = next((one for one, _who in list_to_take_back(session, visit.actor) if one.id == fields.one("case")), None)
    if case is None:
        raise NotFound
    person = get_person(session, visit.actor.person_id)
    ROOMS[case.kind].give(session, visit.actor, case, person, desk_of(visit), TAKEN_ON)
    return redirect(visit, BACK)
