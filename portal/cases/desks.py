"""The desk that every kind of case shares: saved choices, handing over, who has how much. Rooms register what they
have; each makes its own list, and these pages are the same everywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.handing_over import Give, assign, hand_over, list_chosen, list_handlers, list_loads
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.queries import Where, workable
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.turn import Desk
from portal.cases.views import delete_view, save_view
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Message, pmsg
from portal.directory.models import Person
from portal.directory.queries import list_away
from portal.identity.actor import Actor
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

LONGEST_NAME = 80
SOON = timedelta(days=7)
WRITE_NAME = pmsg("error", "Enter a name for what you have chosen")
CHOOSE_COLLEAGUE = pmsg("error", "Choose who works on them from now on")

ListPage = Callable[[Visit, Session, str, Problems, FieldBag], Response]
"""The room's list for the query of an address, with what is wrong, and what was typed or selected."""
OtherAct = Callable[[Visit, Session, FieldBag], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What a room has, for the desk that all rooms share."""

    kind: CaseKind
    here: str  # the address of its list
    sees: Permission  # whoever sees the list may save what it shows
    gives: Permission  # and whoever has this hands over
    counts: Permission  # and sees who has how much
    select_some: Message  # what to say when nothing was selected
    number: Callable[[int], Message]
    each_has: Message  # the heading of who has how much
    letter: str  # to whom something was handed over
    list_page: ListPage
    read_query: Callable[[str], str]
    list_colleagues: Callable[[Session, Sequence[Case], Desk], Sequence[Person]]
    why_not: Callable[[Session, Case, Person, Desk], Message | None]
    give: Give = assign
    among: Callable[[Actor], Where]
    has_own_form: bool = False  # handing over one case has a form of the room's own


def desk_router(room: Shared, **others: OtherAct) -> APIRouter:
    """The pages. ``others``: what else can be done to several cases at once, by the name of its button."""
    router = APIRouter()
    _add_views(router, room)
    _add_several(router, room, others)
    if not room.has_own_form:
        _add_one(router, room)
    return router


def _add_views(router: APIRouter, room: Shared) -> None:
    @router.post(f"{room.here}/views", dependencies=[requires(room.sees)])
    def keep(visit: SignedVisit, session: Write, fields: Fields) -> Response:
        """Keep what is shown under a name."""
        return _keep(room, visit, session, fields)

    @router.post(f"{room.here}/views/{{view_id}}/delete", dependencies=[requires(room.sees)])
    def forget(visit: SignedVisit, session: Write, view_id: str) -> Response:
        """Forget a saved choice."""
        delete_view(session, visit.actor, room.kind, view_id)
        return redirect(visit, room.here)

    @router.get(f"{room.here}/workload", dependencies=[requires(room.counts)])
    def workload(visit: SignedVisit, session: Read) -> Response:
        """How many open cases each officer has. No word on how quick anybody is."""
        return _workload(room, visit, session)


def _add_several(router: APIRouter, room: Shared, others: Mapping[str, OtherAct]) -> None:
    @router.post(f"{room.here}/several", dependencies=[requires(room.gives)])
    def preview(visit: SignedVisit, session: Read, fields: Fields) -> Response:
        """What would happen to what was selected. Nothing has happened yet."""
        if not _chosen(room, visit, session, fields):
            problems = Problems(page=room.select_some)
            return room.list_page(visit, session, fields.one("query"), problems, fields)
        other = others.get(fields.one("act"))
        return other(visit, session, fields) if other else _ask(room, visit, session, fields, Problems())

    @router.post(f"{room.here}/several/hand-over", dependencies=[requires(room.gives)])
    def do(visit: SignedVisit, session: Write, fields: Fields) -> Response:
        """Give them to a colleague; what could not be given is said for each."""
        return _do(room, visit, session, fields)


def _add_one(router: APIRouter, room: Shared) -> None:
    @router.get(f"{room.here}/{{reference}}/hand-over", dependencies=[requires(room.gives)])
    def ask_one(visit: SignedVisit, session: Read, reference: str) -> Response:
        """To whom does one case go?"""
        own = select(Case.id).where(Case.reference == reference, Case.kind == room.kind, workable(visit.actor))
        found = session.scalars(own.where(room.among(visit.actor))).one_or_none()
        if found is None:
            raise NotFound
        return _ask(room, visit, session, FieldBag([("case", found)]), Problems())


def officers_cases(kind: CaseKind) -> Callable[[Actor], Where]:
    """The cases of the bodies whose officer somebody is."""
    return lambda actor: Case.body_id.in_(sorted(officer_bodies(actor, kind)))


def carried(room: Shared, fields: FieldBag, chosen: Sequence[Case]) -> dict[str, Any]:
    """What the pages of an act for several cases hand on: which cases, and the way back to the list."""
    query = room.read_query(fields.one("query"))
    own = form_id(fields) or ids.new_id()
    return {
        "hidden": {"case": [case.id for case in chosen], "query": query, "form_id": own},
        "back": f"{room.here}{query}",
    }


def _chosen(room: Shared, visit: Visit, session: Session, fields: FieldBag) -> Sequence[Case]:
    return list_chosen(session, visit.actor, room.kind, fields.many("case"), room.among(visit.actor))


def _keep(room: Shared, visit: Visit, session: Session, fields: FieldBag) -> Response:
    query, problems = room.read_query(fields.one("query")), Problems()
    name = text(fields, "name", problems, most=LONGEST_NAME, required=WRITE_NAME)
    if not problems:
        try:
            save_view(session, visit.actor, room.kind, name, query)
        except Refused as refusal:
            problems["name"] = refusal.message
    if problems:
        return room.list_page(visit, session, query, problems, fields)
    return redirect(visit, f"{room.here}{query}")


def _workload(room: Shared, visit: Visit, session: Session) -> Response:
    officers = list_officers(session, officer_bodies(visit.actor, room.kind), today=visit.today)
    among, soon = room.among(visit.actor), visit.today + SOON
    loads = list_loads(session, visit.actor, room.kind, officers, among, today=visit.today, soon=soon)
    return render(visit, "cases/workload.html", loads=loads, here=room.here, each_has=room.each_has)


def _ask(room: Shared, visit: Visit, session: Session, fields: FieldBag, problems: Problems) -> Response:
    chosen = _chosen(room, visit, session, fields)
    if not chosen:
        raise NotFound
    handlers = list_handlers(session, [case.id for case in chosen])
    people = room.list_colleagues(session, chosen, desk_of(visit))
    return render(
        visit,
        "cases/hand_over.html",
        problems=problems,
        action=f"{room.here}/several/hand-over",
        caption=room.number(len(chosen)),
        rows=[(case.reference, handlers.get(case.id, "")) for case in chosen],
        people=people,
        away=list_away(session, {person.id for person in people}, today=visit.today),
        me=visit.actor.person_id,
        to=fields.one("to"),
        **carried(room, fields, chosen),
    )


def _do(room: Shared, visit: Visit, session: Session, fields: FieldBag) -> Response:
    chosen, desk = _chosen(room, visit, session, fields), desk_of(visit)
    if not chosen:
        raise NotFound
    people = room.list_colleagues(session, chosen, desk)
    to = next((one for one in people if one.id == fields.one("to")), None)
    if to is None:
        return _ask(room, visit, session, fields, Problems(to=CHOOSE_COLLEAGUE))
    given = hand_over(
        session, visit.actor, chosen, to, why_not=room.why_not, give=room.give, letter=room.letter, desk=desk
    )
    back = carried(room, fields, chosen)["back"]
    return render(visit, "cases/handed.html", back=back, here=room.here, given=given, to=to.display_name)
