"""Many requests at once: remind who searches, or hand over. First what would happen, then what came of each."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.desks import Shared, carried, desk_router, officers_cases
from portal.cases.handing_over import list_chosen
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.rules import CaseKind
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.core.errors import NotFound
from portal.core.text import Message, msg, nmsg, pmsg
from portal.directory.models import Person
from portal.subject_access.officer import queries, service
from portal.subject_access.officer.asked import read_query
from portal.subject_access.officer.queue import DESK, QUEUE, queue_page
from portal.subject_access.queries import get_for_desk
from portal.subject_access.searching.planning import barred_from
from portal.web.dependencies import Fields, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

CHOOSE_REQUESTS = pmsg("error", "Select at least one request")


def _list_page(visit: Visit, session: Session, query: str, problems: Problems, fields: FieldBag) -> Response:
    chosen = fields.many("case")
    return queue_page(visit, session, read_query(query), problems=problems, typed=fields, chosen=chosen)


def _list_colleagues(session: Session, chosen: Sequence[Case], desk: Desk) -> list[Person]:
    """The officers of these bodies, without those who may have none of what was chosen."""
    officers = list_officers(session, {case.body_id for case in chosen}, today=desk.today)
    barred = frozenset.intersection(*(barred_from(session, case) for case in chosen))
    return [one for one in officers if one.id not in barred]


def _number(n: int) -> Message:
    return nmsg("{n} request", "{n} requests", n)


def _remind_page(visit: Visit, session: Session, fields: FieldBag) -> Response:
    chosen = _chosen(visit, session, fields)
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
        **carried(ROOM, fields, chosen),
    )


def _chosen(visit: Visit, session: Session, fields: FieldBag) -> Sequence[Case]:
    return list_chosen(session, visit.actor, CaseKind.ACCESS, fields.many("case"), ROOM.among(visit.actor))


ROOM = Shared(
    kind=CaseKind.ACCESS,
    here=DESK,
    sees=Permission.ACCESS_QUEUE,
    gives=Permission.ACCESS_QUEUE,
    counts=Permission.ACCESS_QUEUE,
    select_some=CHOOSE_REQUESTS,
    number=_number,
    each_has=msg("Open requests of each officer"),
    letter=service.HANDED_OVER,
    list_page=_list_page,
    read_query=lambda query: read_query(query).address(),
    list_colleagues=_list_colleagues,
    why_not=service.why_not_theirs,
    among=officers_cases(CaseKind.ACCESS),
)
router = desk_router(ROOM, remind=_remind_page)


@router.post("/my/desk/access/several/remind", dependencies=QUEUE)
def remind(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Send the reminders. The same form again sends nothing more."""
    own = form_id(fields)
    if not own:
        raise NotFound
    chosen = _chosen(visit, session, fields)
    sent = service.remind(session, visit.actor, chosen, own, desk=desk_of(visit))
    return render(visit, "subject_access/queue_done.html", sent=sent, back=carried(ROOM, fields, chosen)["back"])


@router.post("/my/desk/access/{reference}/take-on", dependencies=QUEUE)
def take_on(visit: SignedVisit, session: Write, reference: str) -> Response:
    """I work on this request from now on."""
    case = get_for_desk(session, visit.actor, reference)
    me = session.get_one(Person, visit.actor.person_id)
    service.hand_over(session, visit.actor, [case], me, desk=desk_of(visit))
    return redirect(visit, f"{DESK}/{reference}")
