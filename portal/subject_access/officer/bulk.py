"""Many requests at once: remind who searches, or hand over. First what would happen, then what came of each."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.cases.models import Case
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import pmsg
from portal.directory.models import Person
from portal.subject_access.officer import queries, service
from portal.subject_access.officer.asked import read_query
from portal.subject_access.officer.queue import DESK, QUEUE, queue_page
from portal.subject_access.queries import get_for_desk
from portal.subject_access.searching.planning import barred_from
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

REMIND, HAND_OVER = "remind", "hand_over"
CHOOSE_REQUESTS = pmsg("error", "Select at least one request")
CHOOSE_COLLEAGUE = pmsg("error", "Choose who works on them from now on")


@router.post("/my/desk/access/several", dependencies=QUEUE)
def preview(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """What would happen to what was selected. Nothing has happened yet."""
    chosen = queries.list_chosen(session, visit.actor, fields.many("case"))
    if not chosen:
        asked = read_query(fields.one("query"))
        return queue_page(visit, session, asked, problems=Problems(page=CHOOSE_REQUESTS), chosen=fields.many("case"))
    if fields.one("act") == HAND_OVER:
        return _hand_over_page(visit, session, fields, Problems())
    return _remind_page(visit, session, fields)


@router.post("/my/desk/access/several/remind", dependencies=QUEUE)
def remind(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Send the reminders. The same form again sends nothing more."""
    own = form_id(fields)
    if not own:
        raise NotFound
    chosen = queries.list_chosen(session, visit.actor, fields.many("case"))
    sent = service.remind(session, visit.actor, chosen, own, desk=desk_of(visit))
    back = f"{DESK}{read_query(fields.one('query')).address()}"
    return render(visit, "subject_access/queue_done.html", sent=sent, back=back, given=None)


@router.post("/my/desk/access/several/hand-over", dependencies=QUEUE)
def hand_over(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Give the requests to a colleague; what could not be given is said for each."""
    chosen = queries.list_chosen(session, visit.actor, fields.many("case"))
    to = _colleague(visit, session, fields)
    if to is None:
        return _hand_over_page(visit, session, fields, Problems(to=CHOOSE_COLLEAGUE))
    given = service.hand_over(session, visit.actor, chosen, to, desk=desk_of(visit))
    back = f"{DESK}{read_query(fields.one('query')).address()}"
    return render(visit, "subject_access/queue_done.html", sent=0, back=back, given=given, to=to.display_name)


@router.post("/my/desk/access/{reference}/take-on", dependencies=QUEUE)
def take_on(visit: SignedVisit, session: Write, reference: str) -> Response:
    """I work on this request from now on."""
    case = get_for_desk(session, visit.actor, reference)
    me = session.get_one(Person, visit.actor.person_id)
    service.hand_over(session, visit.actor, [case], me, desk=desk_of(visit))
    return redirect(visit, f"{DESK}/{reference}")


@router.get("/my/desk/access/{reference}/hand-over", dependencies=QUEUE)
def ask_hand_over(visit: SignedVisit, session: Read, reference: str) -> Response:
    """To whom does one request go?"""
    case = get_for_desk(session, visit.actor, reference)
    return _hand_over_page(visit, session, FieldBag([("case", case.id)]), Problems())


def _colleague(visit: Visit, session: Session, fields: FieldBag) -> Person | None:
    bodies = officer_bodies(visit.actor, CaseKind.ACCESS)
    officers = queries.list_officers(session, bodies, today=visit.today)
    return next((one for one in officers if one.id == fields.one("to")), None)


def _offered(visit: Visit, session: Session, chosen: Sequence[Case], bodies: set[str]) -> list[Person]:
    """The officers of these bodies, without those who may have none of what was chosen."""
    officers = queries.list_officers(session, bodies, today=visit.today)
    barred = frozenset.intersection(*(barred_from(session, case) for case in chosen))
    return [one for one in officers if one.id not in barred]


def _remind_page(visit: Visit, session: Session, fields: FieldBag) -> Response:
    chosen = queries.list_chosen(session, visit.actor, fields.many("case"))
    wanted = queries.list_to_remind(session, [case.id for case in chosen])
    named = {case.id: case.reference for case in chosen}
    people: dict[str, tuple[str, list[str]]] = {}
    for case_id, person, _number in wanted:
        people.setdefault(person.id, (person.display_name, []))[1].append(named[case_id])
    with_tasks = {case_id for case_id, _person, _number in wanted}
    return render(
        visit,
        "subject_access/queue_remind.html",
        people=list(people.values()),
        without=[case.reference for case in chosen if case.id not in with_tasks],
        **_carried(fields, chosen),
    )


def _hand_over_page(visit: Visit, session: Session, fields: FieldBag, problems: Problems) -> Response:
    chosen = queries.list_chosen(session, visit.actor, fields.many("case"))
    if not chosen:
        raise NotFound
    bodies = {case.body_id for case in chosen}
    handlers, _waiting = queries.read_beside(session, [case.id for case in chosen])
    return render(
        visit,
        "subject_access/queue_hand_over.html",
        problems=problems,
        rows=[(case.reference, handlers.get(case.id, "")) for case in chosen],
        officers=_offered(visit, session, chosen, bodies),
        away=queries.list_away_officers(session, bodies, today=visit.today),
        me=visit.actor.person_id,
        to=fields.one("to"),
        **_carried(fields, chosen),
    )


def _carried(fields: FieldBag, chosen: Sequence[Case]) -> dict[str, Any]:
    query = read_query(fields.one("query")).address()
    own = form_id(fields) or ids.new_id()
    return {
        "hidden": {"case": [case.id for case in chosen], "query": query, "form_id": own},
        "back": f"{DESK}{query}",
    }
