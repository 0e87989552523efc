"""The officer's side of searching: the body's places, and the plan, tasks and answers of one request."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation, allowed, officer_bodies
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual
from portal.directory.models import Person
from portal.directory.queries import find_person_by_email, get_body
from portal.subject_access.queries import get_for_desk, get_request
from portal.subject_access.searching import forms, service
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.planning import barred_from, doubts
from portal.subject_access.searching.queries import (
    count_undone,
    get_place,
    get_task,
    list_places,
    list_tasks,
    name_of,
    open_words,
)
from portal.subject_access.searching.rows import place_row, task_row
from portal.subject_access.searching.rules import PLACES, PlaceKind, TaskState
from portal.subject_access.steps import PREPARING, steps_for
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
PLACES_PAGE = "/my/desk/access/places"


@router.get("/my/desk/access/places", dependencies=QUEUE)
def places(visit: SignedVisit, session: Read) -> Response:
    """Where each of the officer's bodies searches, and who does."""
    bodies = [get_body(session, body_id) for body_id in sorted(officer_bodies(visit.actor, CaseKind.ACCESS))]
    rows = {
        body.id: [place_row(session, place) for place in list_places(session, body.id, today=visit.today)]
        for body in bodies
    }
    named = [(body.id, Bilingual(body.name_cy, body.name_en)) for body in bodies]
    return render(visit, "subject_access/places.html", bodies=named, rows=rows)


@router.get("/my/desk/access/places/new", dependencies=QUEUE)
def new_place(visit: SignedVisit, session: Read) -> Response:
    """The form of a new place."""
    return _place_page(visit, session, None, FieldBag([("body", visit.request.query_params.get("body", ""))]))


@router.post("/my/desk/access/places/new", dependencies=QUEUE)
def add_place(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """Add a place."""
    return _save(visit, session, None, fields)


@router.get("/my/desk/access/places/{place_id}", dependencies=QUEUE)
def one_place(visit: SignedVisit, session: Read, place_id: str) -> Response:
    """The form of a place as it is."""
    place = get_place(session, officer_bodies(visit.actor, CaseKind.ACCESS), place_id)
    return _place_page(visit, session, place, _filled(session, place))


@router.post("/my/desk/access/places/{place_id}", dependencies=QUEUE)
def change_place(visit: SignedVisit, session: Read, fields: Fields, place_id: str) -> Response:
    """Change a place."""
    return _save(visit, session, get_place(session, officer_bodies(visit.actor, CaseKind.ACCESS), place_id), fields)


@router.post("/my/desk/access/places/{place_id}/end", dependencies=QUEUE)
def end_place(visit: SignedVisit, session: Write, place_id: str) -> Response:
    """A place is searched no longer."""
    place = get_place(session, officer_bodies(visit.actor, CaseKind.ACCESS), place_id)
    service.end_place(session, visit.actor, place, desk=desk_of(visit))
    return redirect(visit, PLACES_PAGE)


@router.get("/my/desk/access/{reference}/search", dependencies=QUEUE)
def search(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The plan: each place, who searches, until when, and what came of it."""
    return _search_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/access/{reference}/search/plan", dependencies=QUEUE)
def plan(visit: SignedVisit, reference: str) -> Response:
    """Plan from the register and the body's places anew."""
    return _do(visit, reference, lambda session, case: service.plan(
        session, visit.actor, case, get_request(session, case), desk=desk_of(visit)
    ))  # fmt: skip


@router.post("/my/desk/access/{reference}/search/add", dependencies=QUEUE)
def add_task(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """One more place for this request."""

    def act(session: Session, case: Case) -> None:
        place = get_place(session, {case.body_id}, fields.one("place"))
        service.add_place(session, visit.actor, case, place, desk=desk_of(visit))

    return _do(visit, reference, act)


@router.post("/my/desk/access/{reference}/search/send", dependencies=QUEUE)
def send(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Send the planned tasks."""
    return _step(visit, fields, reference, service.send_tasks)


@router.post("/my/desk/access/{reference}/search/done", dependencies=QUEUE)
def done(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Every search is answered or left out."""
    return _step(visit, fields, reference, service.finish_search)


@router.post("/my/desk/access/{reference}/search/more", dependencies=QUEUE)
def more(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Something else has to be searched."""
    return _step(visit, fields, reference, service.search_more)


@router.get("/my/desk/access/{reference}/search/{task_id}", dependencies=QUEUE)
def one_task(visit: SignedVisit, session: Read, reference: str, task_id: str) -> Response:
    """One search: what was found, or who searches it and whether it is left out."""
    case = get_for_desk(session, visit.actor, reference)
    return _task_page(visit, session, case, get_task(session, case, task_id))


@router.post("/my/desk/access/{reference}/search/{task_id}/give", dependencies=QUEUE)
def give(visit: SignedVisit, session: Read, fields: Fields, reference: str, task_id: str) -> Response:
    """Give a search to somebody else."""
    case = get_for_desk(session, visit.actor, reference)
    problems = Problems()
    person = forms.read_person(fields, "person", problems, _finder(session, case.body_id))
    if person is None:
        problems.setdefault("person", forms.WHO)
        return _task_page(visit, session, case, get_task(session, case, task_id), fields, problems)
    return _on_task(visit, reference, task_id, fields, lambda writing, held, task: service.reassign(
        writing, visit.actor, held, task, person, desk=desk_of(visit)
    ))  # fmt: skip


@router.post("/my/desk/access/{reference}/search/{task_id}/leave-out", dependencies=QUEUE)
def leave_out(visit: SignedVisit, session: Read, fields: Fields, reference: str, task_id: str) -> Response:
    """Do not search here, for a reason."""
    case = get_for_desk(session, visit.actor, reference)
    problems = Problems()
    because = forms.read_reason(fields, problems)
    if problems:
        return _task_page(visit, session, case, get_task(session, case, task_id), fields, problems)
    return _on_task(visit, reference, task_id, fields, lambda writing, held, task: service.waive(
        writing, visit.actor, held, task, because, desk=desk_of(visit)
    ))  # fmt: skip


def _do(visit: Visit, reference: str, act: Callable[[Session, Case], object]) -> Response:
    """One act on the case, and back to its plan; with what stood against it."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            act(session, get_for_desk(session, visit.actor, reference))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/search")
    with visit.database.reading() as session:
        return _search_page(visit, session, get_for_desk(session, visit.actor, reference), problems)


def _step(visit: Visit, fields: FieldBag, reference: str, verb: Callable[..., object]) -> Response:
    own, version = form_id(fields), fields.one("version")
    if not own or not (version.isascii() and version.isdigit() and len(version) < 8):
        raise NotFound
    return _do(
        visit,
        reference,
        lambda session, case: verb(session, visit.actor, case, own, desk=desk_of(visit), version=int(version)),
    )


def _on_task(
    visit: Visit, reference: str, task_id: str, fields: FieldBag, act: Callable[[Session, Case, SearchTask], object]
) -> Response:
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            act(session, case, get_task(session, case, task_id))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/search")
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        return _task_page(visit, session, case, get_task(session, case, task_id), fields, problems)


def _search_page(visit: Visit, session: Session, case: Case, problems: Problems | None = None) -> Response:
    tasks = list_tasks(session, case)
    steps = {step.name for step in allowed(steps_for(case.state), case.state, {Relation.OFFICER})}
    barred = barred_from(session, case)
    taken = {task.place_id for task in tasks if task.state is not TaskState.ANSWERED or task.person_id not in barred}
    others = [place for place in list_places(session, case.body_id, today=visit.today) if place.id not in taken]
    return render(
        visit,
        "subject_access/search.html",
        problems=problems,
        status=409 if problems else 200,
        reference=case.reference,
        version=case.version,
        form_id=ids.new_id(),
        rows=_rows(session, case, tasks, desk_of(visit)),
        others=[(place.id, name_of(session, place)) for place in others],
        is_open=case.state in PREPARING,
        has_planned=any(task.state is TaskState.PLANNED for task in tasks),
        undone=count_undone(session, case),
        minutes=sum(task.minutes or 0 for task in tasks),
        steps=steps,
    )


def _task_page(
    visit: Visit,
    session: Session,
    case: Case,
    task: SearchTask,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    words = {name: open_words(task, name, visit.vault) for name in ("searched", "waived_because")}
    return render(
        visit,
        "subject_access/desk_task.html",
        problems=problems,
        reference=case.reference,
        row=_rows(session, case, [task], desk_of(visit))[0],
        task=task,
        words={name: value.reveal() if value else "" for name, value in words.items()},
        is_open=task.state in (TaskState.PLANNED, TaskState.SENT) and case.state in PREPARING,
        needs_second=service.waits_for_second(task) and case.state in PREPARING,
        typed=(fields or FieldBag([])).one,
    )


def _rows(session: Session, case: Case, tasks: Sequence[SearchTask], desk: Desk) -> list[dict[str, Any]]:
    """The searches, with what an officer should look at before somebody searches: whom the request may be about."""
    people = {one for task in tasks for one in (task.person_id, task.second_person_id, task.first_person_id) if one}
    why, barred = doubts(session, case, people, desk=desk), barred_from(session, case)
    return [
        task_row(session, task)
        | {
            "doubts": sorted({why[one] for one in _of(task) if one in why}, key=lambda said: said.msgid),
            "is_barred": task.person_id in barred or task.second_person_id in barred,
        }
        for task in tasks
    ]


def _of(task: SearchTask) -> tuple[str, ...]:
    return tuple(filter(None, (task.person_id, task.second_person_id, task.first_person_id)))


def _finder(session: Session, body_id: str) -> forms.FindPerson:
    def find(address: str) -> Person | None:
        person = find_person_by_email(session, address)
        return person if person is not None and person.body_id == body_id else None

    return find


def _filled(session: Session, place: SearchPlace) -> FieldBag:
    def address(person_id: str | None) -> str:
        person = session.get(Person, person_id) if person_id else None
        return person.email if person else ""

    return FieldBag(
        [
            ("kind", place.kind.value),
            ("name_cy", place.name_cy),
            ("name_en", place.name_en),
            ("owner", address(place.owner_person_id)),
            ("deputy", address(place.deputy_person_id)),
            ("own_mailbox", "1" if place.is_own_mailbox else ""),
        ]
    )


def _save(visit: Visit, session: Session, place: SearchPlace | None, fields: FieldBag) -> Response:
    body_id = place.body_id if place is not None else _body(visit, fields)
    problems = Problems()
    form = forms.read_place(
        fields, problems, _finder(session, body_id), is_system=place is not None and place.system_id is not None
    )
    if form is None:
        return _place_page(visit, session, place, fields, problems)
    with visit.database.writing() as writing:
        held = get_place(writing, {body_id}, place.id) if place is not None else None
        service.save_place(writing, visit.actor, body_id, held, form, desk=desk_of(visit))
    return redirect(visit, PLACES_PAGE)


def _body(visit: Visit, fields: FieldBag) -> str:
    bodies = sorted(officer_bodies(visit.actor, CaseKind.ACCESS))
    chosen = fields.one("body") or (bodies[0] if len(bodies) == 1 else "")
    if chosen not in bodies:
        raise NotFound
    return chosen


def _place_page(
    visit: Visit, session: Session, place: SearchPlace | None, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "subject_access/place.html",
        problems=problems,
        place_id=place.id if place else None,
        body=place.body_id if place else _body(visit, fields),
        system=name_of(session, place) if place is not None and place.system_id is not None else None,
        kinds=[(kind.value, PLACES[kind]) for kind in PlaceKind if kind is not PlaceKind.SYSTEM],
        typed=fields.one,
    )
