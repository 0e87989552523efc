"""The desk's list: each complaint with both days and what comes next, by the day that is due first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.handing_over import list_handlers
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.queries import QueueFilter, QueueRow, count_queue, list_queue
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.views import list_views
from portal.cases.visits import desk_of
from portal.complaints.models import Complaint
from portal.complaints.queries import list_closed_to, works_by_name
from portal.complaints.rules import STATES, State
from portal.complaints.showing import days_of, next_of, read_standings
from portal.core.errors import NotFound
from portal.core.text import Message, pmsg
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render

router = APIRouter()

DESK = [requires(Permission.COMPLAINT_DESK)]
HERE = "/my/desk/complaints"
OPEN, ANY, ANYBODY, NOBODY = "open", "any", "anybody", "nobody"
LONGEST_QUERY = 400
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

    show: str = OPEN
    due: str = ANY
    handler: str = ANYBODY

    def address(self, *more: tuple[str, str]) -> str:
        """The query, with a question mark where there is one, without what says nothing."""
        told = [("show", self.show, OPEN), ("due", self.due, ANY), ("handler", self.handler, ANYBODY)]
        pairs = [(name, value) for name, value, nothing in told if value != nothing]
        return f"?{urlencode([*pairs, *more])}" if pairs or more else ""


@router.get("/my/desk/complaints", dependencies=DESK)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The complaints that somebody works on. Who works on none meets the page that nonsense meets."""
    return queue_page(visit, session, read_asked(visit.request.query_params.multi_items()))


def queue_page(
    visit: Visit, session: Session, asked: Asked, *, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    """The page; ``typed``: what was selected or typed when something was wrong."""
    bodies = officer_bodies(visit.actor, CaseKind.COMPLAINT)
    if not bodies and not works_by_name(session, visit.actor):
        raise NotFound
    officers = list_officers(session, bodies, today=visit.today)
    filters = _filters(visit, asked)
    after = visit.request.query_params.get("after")
    cut = list_queue(session, visit.actor, CaseKind.COMPLAINT, cursor=after, filters=filters)
    return render(
        visit,
        "complaints/queue.html",
        problems=problems,
        scripts=True,
        rows=_rows(visit, session, cut.items),
        number=_count(session, visit, filters),
        asked=asked,
        query=asked.address(),
        more=asked.address(("after", cut.next_cursor)) if cut.next_cursor else None,
        shown=list(SHOWN.items()),
        due=list(DUE.items()),
        officers={one.id: one.display_name for one in officers},
        states=STATES,
        is_officer=bool(bodies),
        views=list_views(session, visit.actor, CaseKind.COMPLAINT),
        typed=typed or FieldBag([]),
        chosen=set(typed.many("case")) if typed else set(),
    )


def read_asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """From the parameters of an address. What is not known asks nothing."""
    fields = FieldBag(list(pairs))
    show, due, handler = fields.one("show"), fields.one("due"), fields.one("handler")
    is_id = len(handler) == 26 and handler.isascii() and handler.isalnum() and handler == handler.lower()
    return Asked(
        show if show in SHOWN else OPEN,
        due if due in DUE else ANY,
        handler if is_id or handler in {"me", NOBODY} else ANYBODY,
    )


def read_query(query: str) -> Asked:
    """From the query of an address, as a saved view or a form carries it."""
    return read_asked(parse_qsl(query.lstrip("?")[:LONGEST_QUERY], keep_blank_values=True))


def _count(session: Session, visit: Visit, filters: QueueFilter) -> int:
    """As many as the pages of the list show: none of those that stand there for nobody but who was named."""
    number = count_queue(session, visit.actor, CaseKind.COMPLAINT, filters)
    closed = list_closed_to(session, visit.actor)
    return (
        number - count_queue(session, visit.actor, CaseKind.COMPLAINT, replace(filters, among=closed))
        if closed
        else number
    )


def _filters(visit: Visit, asked: Asked) -> QueueFilter:
    handler = visit.actor.person_id if asked.handler == "me" else asked.handler
    return QueueFilter(
        is_open=asked.show != "finished",
        state=asked.show if asked.show not in {"open", "finished"} else None,
        due_by=visit.today + timedelta(days=7) if asked.due == "week" else None,
        late_on=visit.today if asked.due == "late" else None,
        assigned_to=handler if asked.handler not in {ANYBODY, NOBODY} else None,
        unassigned=asked.handler == NOBODY,
    )


def _rows(visit: Visit, session: Session, found: Sequence[QueueRow]) -> list[dict[str, Any]]:
    """Each complaint with both days. One about the office is here only for those it was given to by name."""
    ids = [row.id for row in found]
    cases = {one.id: one for one in session.scalars(select(Case).where(Case.id.in_(ids)))}
    complaints = {one.case_id: one for one in session.scalars(select(Complaint).where(Complaint.case_id.in_(ids)))}
    desk, handlers = desk_of(visit), list_handlers(session, ids)
    standings = read_standings(session, list(cases.values()), visit.actor, desk)
    return [
        {
            "id": row.id,
            "reference": row.reference,
            "handler": handlers.get(row.id),
            "state": row.state,
            "received_on": row.received_on,
            "days": days_of(cases[row.id], complaints[row.id], desk),
            "finished_on": row.finished_on,
            "next": next_of(standing, visit.today),
        }
        for row, standing in ((row, standings[row.id]) for row in found)
        if not standing.is_about_office or standing.is_mine or standing.is_second
    ]
