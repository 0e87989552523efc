"""The queue by true due day: what is shown stands in the address. The printed list, and what will be deleted."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, permits
from portal.cases.asked import CLOCKS, FINISHED, REOPENED, SECOND, WITHIN, Asked, read_asked
from portal.cases.handing_over import list_handlers
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.printing import cut_of
from portal.cases.queries import QueueFilter, QueueRow, count_queue, list_queue, workable
from portal.cases.rules import CaseKind, Relation, officer_bodies
from portal.cases.timekeeping import get_time_limit
from portal.cases.views import list_views
from portal.core.text import Message, pmsg
from portal.decision_review.desk import queries
from portal.decision_review.desk.erasing import list_going
from portal.decision_review.desk.rules import RED_DAYS, next_of
from portal.decision_review.rules import STATES, State
from portal.timelimits.calendar import months_later
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render, wants_fragment

router = APIRouter()

QUEUE = [requires(Permission.REVIEW_DESK)]
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
DESK = "/my/desk/reviews"
STATE_NAMES = frozenset(state.value for state in State)
BY_STATE = {state.value: said for state, said in STATES.items()}
SHOWN: tuple[tuple[str, Message], ...] = (
    ("open", pmsg("requests", "Open")),
    (SECOND, pmsg("requests", "With the second person")),
    (REOPENED, pmsg("requests", "Reopened after an answer")),
    (FINISHED, pmsg("requests", "Finished")),
)
DELETED_WITHIN_MONTHS = 6


@router.get("/my/desk/reviews", dependencies=QUEUE)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The reviews that somebody works on in any capacity, soonest due day first."""
    problems = Problems()
    asked = read_asked(visit.request.query_params.multi_items(), STATE_NAMES, problems)
    return queue_page(visit, session, asked, problems=problems)


@router.get("/my/desk/reviews/print", dependencies=QUEUE)
def print_list(visit: SignedVisit, session: Read) -> Response:
    """Every review that is shown, on paper: so many on a page, and the way to the next page."""
    asked = read_asked(visit.request.query_params.multi_items(), STATE_NAMES)
    filters = _filter(visit, session, asked)
    cut, around = cut_of(visit, session, CaseKind.REVIEW, asked, filters, desk=DESK)
    return render(visit, "decision_review/queue_print.html", **around, **_rows(visit, session, cut.items))


@router.get("/my/desk/reviews/retention", dependencies=ASSIGN)
def retention(visit: SignedVisit, session: Read) -> Response:
    """What will be deleted in the next months, what a hold keeps, and the proof of what was deleted."""
    until = months_later(visit.today, DELETED_WITHIN_MONTHS)
    bodies = officer_bodies(visit.actor, CaseKind.REVIEW)
    among = workable(visit.actor) & Case.body_id.in_(bodies)
    return render(
        visit,
        "decision_review/retention.html",
        until=until,
        rows=list_going(session, until, among=among),
        stones=queries.list_tombstones(session, bodies, reader=visit.actor.person_id),
    )


def queue_page(
    visit: Visit,
    session: Session,
    asked: Asked,
    *,
    problems: Problems,
    typed: FieldBag | None = None,
) -> Response:
    """The page, or its rows alone; ``typed``: what was selected or typed when something was wrong."""
    query, filters = visit.request.query_params, _filter(visit, session, asked)
    cut = list_queue(session, visit.actor, CaseKind.REVIEW, cursor=query.get("after"), filters=filters)
    return render(
        visit,
        "decision_review/queue.html",
        fragment="rows",
        problems=problems,
        htmx=True,
        scripts=True,
        asked=asked,
        query=asked.address(),
        is_part=wants_fragment(visit.request),
        chosen=set(typed.many("case")) if typed else set(),
        gives=officer_bodies(visit.actor, CaseKind.REVIEW),
        number=count_queue(session, visit.actor, CaseKind.REVIEW, filters),
        more=f"{DESK}{asked.address(('after', cut.next_cursor))}" if cut.next_cursor else None,
        typed=typed or FieldBag(query.multi_items()),
        around=partial(_around, visit, session),  # the page alone asks
        why=_why(visit, session, query.get("why", "")),
        **_rows(visit, session, cut.items),
    )


def _filter(visit: Visit, session: Session, asked: Asked) -> QueueFilter:
    waiting = queries.list_waiting(session) if asked.show == SECOND else ()
    return asked.filter_of(visit.actor, visit.today, waiting)


def _rows(visit: Visit, session: Session, rows: Sequence[QueueRow]) -> dict[str, Any]:
    """The rows, who works on them, and for each the one thing that the reader does next."""
    own_ids = [row.id for row in rows]
    standings = queries.read_standings(session, own_ids, today=visit.today)
    given = queries.list_given(session, visit.actor, own_ids)
    bodies = officer_bodies(visit.actor, CaseKind.REVIEW)
    return {
        "rows": rows,
        "red_days": RED_DAYS,
        "states": BY_STATE,
        "handlers": list_handlers(session, own_ids),
        "next_acts": {row.id: next_of(State(row.state), standings[row.id], _held(row, given, bodies)) for row in rows},
    }


def _held(row: QueueRow, given: frozenset[str], bodies: frozenset[str]) -> set[Relation]:
    if row.id in given:
        return {Relation.REVIEWER}
    return {Relation.OFFICER if row.body_id in bodies else Relation.RESPONSIBLE_MANAGER}


def _around(visit: Visit, session: Session) -> dict[str, Any]:
    """The numbers above the list, and what can be chosen."""
    bodies = officer_bodies(visit.actor, CaseKind.REVIEW)
    each = {
        "open": QueueFilter(),
        "soon": QueueFilter(due_by=visit.today + timedelta(days=WITHIN[0])),
        "late": QueueFilter(late_on=visit.today),
        "finished": QueueFilter(is_open=False),
    }
    return {
        "counts": {name: count_queue(session, visit.actor, CaseKind.REVIEW, wanted) for name, wanted in each.items()},
        "missed": queries.count_missed(session, visit.actor),
        "officers": list_officers(session, bodies, today=visit.today),
        "systems": queries.list_systems_at_desk(session, visit.actor),
        "shown": [*SHOWN, *((state.value, said) for state, said in STATES.items())],
        "within": WITHIN,
        "clocks": [(clock.value, said) for clock, said in CLOCKS.items()],
        "views": list_views(session, visit.actor, CaseKind.REVIEW),
        "may_log": permits(visit.actor, Permission.REVIEW_ASSIGN),
    }


def _why(visit: Visit, session: Session, reference: str) -> tuple[str, tuple[Message, ...]]:
    """The replay of one row's clock, if its date was pressed."""
    asked = select(Case).where(Case.reference == reference, Case.kind == CaseKind.REVIEW, workable(visit.actor))
    case = session.scalars(asked).one_or_none() if reference else None
    if case is None:
        return "", ()
    return case.reference, get_time_limit(session, case, visit.calendar).reasons
