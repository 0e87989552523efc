"""The queue by true due day: what is shown stands in the address. And the printed list."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.asked import CLOCKS, EVERYTHING, FINISHED, REOPENED, SECOND, WITHIN, Asked
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.printing import cut_of
from portal.cases.queries import QueueFilter, count_queue, list_queue, workable
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.timekeeping import get_time_limit
from portal.cases.views import list_views
from portal.core.text import Message, msg, pmsg
from portal.subject_access.officer import queries
from portal.subject_access.officer.asked import read_asked
from portal.subject_access.officer.rules import RED_DAYS
from portal.subject_access.rules import NEXT, STATES
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render, wants_fragment

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
DESK = "/my/desk/access"

SECOND_DECIDES = msg("A second person approves or sends back")
BY_STATE = {state.value: said for state, said in STATES.items()}
NEXT_BY_STATE = {state.value: said for state, said in NEXT.items()}
SHOWN: tuple[tuple[str, Message], ...] = (
    ("open", pmsg("requests", "Open")),
    (SECOND, pmsg("requests", "With the second person")),
    (REOPENED, pmsg("requests", "Reopened after an answer")),
    (FINISHED, pmsg("requests", "Finished")),
)


@router.get("/my/desk/access", dependencies=QUEUE)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The requests of one's bodies, soonest due day first."""
    problems = Problems()
    asked = read_asked(visit.request.query_params.multi_items(), problems)
    return queue_page(visit, session, asked, problems=problems)


@router.get("/my/desk/access/print", dependencies=QUEUE)
def print_list(visit: SignedVisit, session: Read) -> Response:
    """Every request that is shown, on paper: so many on a page, and the way to the next page."""
    asked = read_asked(visit.request.query_params.multi_items())
    filters = _filter(visit, session, asked)
    cut, around = cut_of(visit, session, CaseKind.ACCESS, asked, filters, desk=DESK)
    return render(
        visit,
        "subject_access/queue_print.html",
        **around,
        **_beside(session, [row.id for row in cut.items]),
        rows=cut.items,
    )


@router.get("/my/desk/access/keys", dependencies=QUEUE)
def keys(visit: SignedVisit) -> Response:
    """The keyboard shortcuts, and whether this browser uses them."""
    return render(visit, "subject_access/queue_keys.html", counting=True)


def queue_page(
    visit: Visit,
    session: Session,
    asked: Asked,
    *,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
    chosen: Iterable[str] = (),
) -> Response:
    """The page, or its rows alone; ``chosen`` are the requests that were selected when something was wrong."""
    query = visit.request.query_params
    filters = _filter(visit, session, asked)
    cut = list_queue(session, visit.actor, CaseKind.ACCESS, cursor=query.get("after"), filters=filters)
    return render(
        visit,
        "subject_access/queue.html",
        fragment="rows",
        problems=problems,
        htmx=True,
        scripts=True,
        rows=cut.items,
        asked=asked,
        query=asked.address(),
        is_part=wants_fragment(visit.request),
        red_days=RED_DAYS,
        chosen=set(chosen),
        number=count_queue(session, visit.actor, CaseKind.ACCESS, filters),
        more=f"{DESK}{asked.address(('after', cut.next_cursor))}" if cut.next_cursor else None,
        typed=typed or FieldBag(query.multi_items()),
        around=partial(_around, visit, session),  # the page alone asks
        why=_why(visit, session, query.get("why", "")),
        **_beside(session, [row.id for row in cut.items]),
    )


def _filter(visit: Visit, session: Session, asked: Asked) -> QueueFilter:
    waiting = queries.list_waiting(session) if asked.show == SECOND else ()
    return asked.filter_of(visit.actor, visit.today, waiting)


def _beside(session: Session, case_ids: list[str]) -> dict[str, Any]:
    """What stands beside the rows: who works on them, and what comes next."""
    handlers, waiting = queries.read_beside(session, case_ids)
    return {
        "handlers": handlers,
        "waiting": waiting,
        "second_decides": SECOND_DECIDES,
        "states": BY_STATE,
        "next_acts": NEXT_BY_STATE,
    }


def _around(visit: Visit, session: Session) -> dict[str, Any]:
    """The numbers above the list, and what can be chosen."""
    bodies = officer_bodies(visit.actor, CaseKind.ACCESS)
    soon = visit.today + timedelta(days=WITHIN[0])
    each = {
        "open": QueueFilter(),
        "soon": QueueFilter(due_by=soon),
        "late": QueueFilter(late_on=visit.today),
        "finished": QueueFilter(is_open=False),
    }
    return {
        "counts": {name: count_queue(session, visit.actor, CaseKind.ACCESS, wanted) for name, wanted in each.items()},
        "missed": queries.count_missed(session, visit.actor),
        "views": list_views(session, visit.actor, CaseKind.ACCESS),
        "officers": list_officers(session, bodies, today=visit.today),
        "systems": queries.list_systems_asked_about(session, visit.actor),
        "shown": [*SHOWN, *((state.value, said) for state, said in STATES.items() if state != REOPENED)],
        "within": WITHIN,
        "clocks": [(clock.value, said) for clock, said in CLOCKS.items()],
        "everything": EVERYTHING,
    }


def _why(visit: Visit, session: Session, reference: str) -> tuple[str, tuple[Message, ...]]:
    """The replay of one row's clock, if its date was pressed."""
    asked = select(Case).where(Case.reference == reference, workable(visit.actor))
    case = session.scalars(asked).one_or_none() if reference else None
    if case is None:
        return "", ()
    return case.reference, get_time_limit(session, case, visit.calendar).reasons
