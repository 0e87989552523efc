"""What somebody has to search: their own tasks, and when they are away. Nothing else of a request is shown to them."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, NotFound, Refused
from portal.directory.models import Absence, Person
from portal.subject_access.queries import get_request
from portal.subject_access.queries import open_words as open_request
from portal.subject_access.searching import forms, service
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import (
    get_own_task,
    list_absences,
    list_own_tasks,
    name_of,
    open_words,
)
from portal.subject_access.searching.rules import RESULTS, TaskState
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]


@router.get("/my/tasks", dependencies=OWN)
def own_tasks(visit: SignedVisit, session: Read) -> Response:
    """What waits for me, soonest first, and when I am away."""
    return _list_page(visit, session)


@router.post("/my/tasks/away", dependencies=OWN)
def be_away(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """I am away: what waits for me goes to deputies."""
    problems = Problems()
    days = forms.read_absence(fields, problems, visit.today)
    if days is None:
        return _list_page(visit, session, fields, problems)
    with visit.database.writing() as writing:
        service.be_away(writing, visit.actor, *days, desk=desk_of(visit))
    return redirect(visit, "/my/tasks")


@router.post("/my/tasks/away/{absence_id}/end", dependencies=OWN)
def be_back(visit: SignedVisit, session: Write, absence_id: str) -> Response:
    """I am not away after all."""
    absence = session.get(Absence, absence_id)
    if absence is None:
        raise NotFound
    service.be_back(session, visit.actor, absence, desk=desk_of(visit))
    return redirect(visit, "/my/tasks")


@router.get("/my/tasks/{task_id}", dependencies=OWN)
def one_task(visit: SignedVisit, session: Read, task_id: str) -> Response:
    """What to search for, until when, and the warning of section 173."""
    task = get_own_task(session, visit.actor, task_id)
    if task.hold_seen_at is None and task.person_id == visit.actor.person_id:
        with visit.database.writing() as writing:
            service.see_hold(writing, visit.actor, get_own_task(writing, visit.actor, task_id), desk=desk_of(visit))
    return _task_page(visit, session, task)


@router.post("/my/tasks/{task_id}", dependencies=OWN)
def answer(visit: SignedVisit, session: Read, fields: Fields, task_id: str) -> Response:
    """Say what was found, or confirm what a colleague found."""
    task = get_own_task(session, visit.actor, task_id)
    problems = Problems()
    found = forms.read_found(fields, problems) if task.person_id == visit.actor.person_id else None
    if problems:
        return _task_page(visit, session, task, fields, problems)
    try:
        with visit.database.writing() as writing:
            held = get_own_task(writing, visit.actor, task_id)
            if found is not None:
                service.answer(writing, visit.actor, held, found, desk=desk_of(visit))
            else:
                service.confirm(writing, visit.actor, held, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
        with visit.database.reading() as again:
            return _task_page(visit, again, get_own_task(again, visit.actor, task_id), fields, problems)
    return redirect(visit, "/my/tasks" if found is None else f"/my/tasks/{task_id}")


def _list_page(
    visit: Visit, session: Session, fields: FieldBag | None = None, problems: Problems | None = None
) -> Response:
    rows = [
        (task, name_of(session, session.get_one(SearchPlace, task.place_id)))
        for task in list_own_tasks(session, visit.actor)
    ]
    return render(
        visit,
        "subject_access/tasks.html",
        problems=problems,
        rows=rows,
        typed=(fields or FieldBag([])).one,
        absences=list_absences(session, visit.actor.person_id, today=visit.today),
    )


def _task_page(
    visit: Visit,
    session: Session,
    task: SearchTask,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    case = session.get_one(Case, task.case_id)
    request = get_request(session, case)
    wanted = open_request(request, "wanted", visit.vault)
    searched = open_words(task, "searched", visit.vault)
    return render(
        visit,
        "subject_access/task.html",
        problems=problems,
        secret=True,
        task=task,
        place=name_of(session, session.get_one(SearchPlace, task.place_id)),
        who=_who(visit, session, case),
        request_=request,
        wanted=wanted.reveal() if wanted else "",
        results=list(RESULTS.items()),
        result=RESULTS[task.result] if task.result else None,
        searched=searched.reveal() if searched else "",
        is_mine=task.person_id == visit.actor.person_id,
        may_answer=task.state is TaskState.SENT and task.person_id == visit.actor.person_id,
        may_confirm=task.state is TaskState.ANSWERED
        and task.second_person_id == visit.actor.person_id
        and task.confirmed_at is None,
        typed=(fields or FieldBag([])).one,
    )


def _who(visit: Visit, session: Session, case: Case) -> str:
    """Whose data is searched for: without the name nobody could search."""
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    if person is not None:
        return person.display_name
    name = open_request(get_request(session, case), "name", visit.vault)
    return name.reveal() if name else ""
