"""The desk's list: each complaint with both days and what comes next, by the day that is due first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.queries import QueueFilter, QueueRow, count_queue, list_queue
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.visits import desk_of
from portal.complaints.handling import list_officers
from portal.complaints.models import Complaint
from portal.complaints.queries import list_closed_to, works_by_name
from portal.complaints.rules import STATES, State
from portal.complaints.showing import days_of, next_of, read_standings
from portal.core.errors import NotFound
from portal.core.text import Message, pmsg
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.rendering import render

router = APIRouter()

DESK = [requires(Permission.COMPLAINT_DESK)]
SHOWN: dict[str, Message] = {
    "open": pmsg("filter", "Open"),
    "finished": pmsg("filter", "With an outcome, or closed"),
    **{one.value: STATES[one] for one in (State.RECEIVED, State.ENQUIRING, State.PROGRESS, State.REMEDY)},
    State.REGULATOR.value: STATES[State.REGULATOR],
}
DUE: dict[str, Message] = {
    "any": pmsg("filter", "Any day"),
    "week": pmsg("filter", "Within seven days"),
    "late": pmsg("filter", "The day has passed"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list asks for."""

    show: str
    due: str
    handler: str


@router.get("/my/desk/complaints", dependencies=DESK)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The complaints that somebody works on. Who works on none meets the page that nonsense meets."""
    bodies = officer_bodies(visit.actor, CaseKind.COMPLAINT)
    if not bodies and not works_by_name(session, visit.actor):
        raise NotFound
    officers = [one for body_id in sorted(bodies) for one in list_officers(session, body_id, desk_of(visit))]
    asked = _asked(visit, {one.id for one in officers})
    filters = _filters(visit, asked)
    cut = list_queue(
        session,
        visit.actor,
        CaseKind.COMPLAINT,
        cursor=visit.request.query_params.get("after"),
        filters=filters,
    )
    return render(
        visit,
        "complaints/queue.html",
        rows=_rows(visit, session, cut.items),
        number=_count(session, visit, filters),
        asked=asked,
        query=f"show={asked.show}&due={asked.due}&handler={asked.handler}",
        next_cursor=cut.next_cursor,
        shown=list(SHOWN.items()),
        due=list(DUE.items()),
        officers={one.id: one.display_name for one in officers},
        states=STATES,
        is_officer=bool(bodies),
    )


def _count(session: Session, visit: Visit, filters: QueueFilter) -> int:
    """As many as the pages of the list show: none of those that stand there for nobody but who was named."""
    number = count_queue(session, visit.actor, CaseKind.COMPLAINT, filters)
    closed = list_closed_to(session, visit.actor)
    return (
        number - count_queue(session, visit.actor, CaseKind.COMPLAINT, replace(filters, among=closed))
        if closed
        else number
    )


def _asked(visit: Visit, officers: set[str]) -> Asked:
    query = visit.request.query_params
    show, due, handler = query.get("show", "open"), query.get("due", "any"), query.get("handler", "anybody")
    known = {"anybody", "me", "nobody"} | officers
    return Asked(
        show if show in SHOWN else "open",
        due if due in DUE else "any",
        handler if handler in known else "anybody",
    )


def _filters(visit: Visit, asked: Asked) -> QueueFilter:
    handler = visit.actor.person_id if asked.handler == "me" else asked.handler
    return QueueFilter(
        is_open=asked.show != "finished",
        state=asked.show if asked.show not in {"open", "finished"} else None,
        due_by=visit.today + timedelta(days=7) if asked.due == "week" else None,
        late_on=visit.today if asked.due == "late" else None,
        assigned_to=handler if asked.handler not in {"anybody", "nobody"} else None,
        unassigned=asked.handler == "nobody",
    )


def _rows(visit: Visit, session: Session, found: Sequence[QueueRow]) -> list[dict[str, Any]]:
    """Each complaint with both days. One about the office is here only for those it was given to by name."""
    ids = [row.id for row in found]
    cases = {one.id: one for one in session.scalars(select(Case).where(Case.id.in_(ids)))}
    complaints = {one.case_id: one for one in session.scalars(select(Complaint).where(Complaint.case_id.in_(ids)))}
    desk = desk_of(visit)
    standings = read_standings(session, list(cases.values()), visit.actor, desk)
    return [
        {
            "reference": row.reference,
            "state": row.state,
            "received_on": row.received_on,
            "days": days_of(cases[row.id], complaints[row.id], desk),
            "finished_on": row.finished_on,
            "next": next_of(standing, visit.today),
        }
        for row, standing in ((row, standings[row.id]) for row in found)
        if not standing.is_about_office or standing.is_mine or standing.is_second
    ]
