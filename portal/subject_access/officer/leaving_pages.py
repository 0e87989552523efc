"""Who is left out of a request, for the officer; and stepping back, for whoever works on it or searches."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.directory.models import Person
from portal.directory.queries import find_person_by_email, get_person
from portal.subject_access.asking.leaving import (
    get_wish,
    list_left_out,
    list_wishes,
    may_read,
    open_because,
    open_wish,
)
from portal.subject_access.asking.rules import GROUNDS, OWN_GROUNDS, Ground, Outcome
from portal.subject_access.officer import leaving
from portal.subject_access.officer.leaving import Passed
from portal.subject_access.officer.queries import list_likely
from portal.subject_access.queries import get_for_desk
from portal.subject_access.searching.queries import get_own_task
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, email, text
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
OWN = [requires(Permission.MAKE_REQUEST)]
DESK = "/my/desk/access"
WORDS_LIMIT = 4000
OFFICERS_GROUNDS = {ground: said for ground, said in GROUNDS.items() if ground is not Ground.ASKED}

CHOOSE_PERSON = pmsg("error", "Choose somebody, or enter their work email")
CHOOSE_GROUND = pmsg("error", "Choose why")
WRITE_WHY = pmsg("error", "Write why, for the colleagues who work on the request")
CHOOSE_OUTCOME = pmsg("error", "Choose whether somebody is left out for this")


@router.get("/my/desk/access/{reference}/left-out", dependencies=QUEUE)
def left_out(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Who is left out and why, what the requester said about it, and the forms to answer."""
    return _page(visit, session, get_for_desk(session, visit.actor, reference), FieldBag([]))


@router.post("/my/desk/access/{reference}/left-out", dependencies=QUEUE)
def leave_out(visit: SignedVisit, session: Read, fields: Fields, reference: str) -> Response:
    """Leave somebody out, with a reason."""
    case, problems = get_for_desk(session, visit.actor, reference), Problems()
    person = _read_person(session, case, fields, problems)
    if person is None:
        problems.setdefault("person", CHOOSE_PERSON)
    ground = choice(fields, "ground", problems, allowed=list(OFFICERS_GROUNDS), required=CHOOSE_GROUND)
    because = text(fields, "because", problems, most=WORDS_LIMIT, required=WRITE_WHY)

    def act(writing: Session, held: Case) -> None:
        if person is not None:
            why = Words(because)
            leaving.leave_out(writing, visit.actor, held, person, Ground(ground), why, desk=desk_of(visit))

    return _do(visit, reference, problems, act) or _page(visit, session, case, fields, problems)


@router.get("/my/desk/access/{reference}/left-out/{wish_id}", dependencies=QUEUE)
def one_wish(visit: SignedVisit, session: Read, reference: str, wish_id: str) -> Response:
    """What the requester said, and the form to answer it. Whom it may mean meets the common 404."""
    return _wish_page(visit, session, get_for_desk(session, visit.actor, reference), wish_id, FieldBag([]))


@router.post("/my/desk/access/{reference}/left-out/{wish_id}", dependencies=QUEUE)
def answer_wish(visit: SignedVisit, session: Read, fields: Fields, reference: str, wish_id: str) -> Response:
    """Say whom the requester's words mean, or why nobody is left out for them."""
    case, problems = get_for_desk(session, visit.actor, reference), Problems()
    outcome = choice(fields, "outcome", problems, allowed=list(Outcome), required=CHOOSE_OUTCOME)
    person = _read_person(session, case, fields, problems) if outcome == Outcome.LEFT_OUT else None
    if outcome == Outcome.LEFT_OUT and person is None:
        problems.setdefault("person", CHOOSE_PERSON)
    required = leaving.WRITE_TO_THE_PERSON if outcome == Outcome.NOBODY else None
    answer = text(fields, "answer", problems, most=WORDS_LIMIT, required=required)

    def act(writing: Session, held: Case) -> None:
        wish = get_wish(writing, held, wish_id)
        leaving.answer_wish(writing, visit.actor, held, wish, person, Words(answer), desk=desk_of(visit))

    return _do(visit, reference, problems, act) or _wish_page(visit, session, case, wish_id, fields, problems)


@router.get("/my/desk/access/{reference}/conflict", dependencies=QUEUE)
def ask_step_back(visit: SignedVisit, session: Read, reference: str) -> Response:
    """I must not work on this request."""
    case = get_for_desk(session, visit.actor, reference)
    return _own_page(visit, FieldBag([]), f"{DESK}/{case.reference}", is_task=False)


@router.post("/my/desk/access/{reference}/conflict", dependencies=QUEUE)
def step_back(visit: SignedVisit, session: Read, fields: Fields, reference: str) -> Response:
    """From now on the request does not exist for me."""
    get_for_desk(session, visit.actor, reference)

    def act(writing: Session, ground: Ground, because: Words) -> Passed:
        case = get_for_desk(writing, visit.actor, reference)
        return leaving.step_back(writing, visit.actor, case, ground, because, desk=desk_of(visit))

    return _own_act(visit, fields, f"{DESK}/{reference}", act, is_task=False)


@router.get("/my/tasks/{task_id}/conflict", dependencies=OWN)
def ask_step_back_from_search(visit: SignedVisit, session: Read, task_id: str) -> Response:
    """I must not search here."""
    task = get_own_task(session, visit.actor, task_id)
    return _own_page(visit, FieldBag([]), f"/my/tasks/{task.id}", is_task=True)


@router.post("/my/tasks/{task_id}/conflict", dependencies=OWN)
def step_back_from_search(visit: SignedVisit, session: Read, fields: Fields, task_id: str) -> Response:
    """From now on no search of this request is mine."""
    get_own_task(session, visit.actor, task_id)

    def act(writing: Session, ground: Ground, because: Words) -> Passed:
        return leaving.step_back_from_search(writing, visit.actor, task_id, ground, because, desk=desk_of(visit))

    return _own_act(visit, fields, f"/my/tasks/{task_id}", act, is_task=True)


def _own_act(
    visit: Visit,
    fields: FieldBag,
    here: str,
    act: Callable[[Session, Ground, Words], Passed],
    *,
    is_task: bool,
) -> Response:
    """The page that says what came of it is the last that they see of the request."""
    problems = Problems()
    ground = choice(fields, "ground", problems, allowed=list(OWN_GROUNDS), required=CHOOSE_GROUND)
    because = text(fields, "because", problems, most=WORDS_LIMIT)
    if problems:
        return _own_page(visit, fields, here, problems, is_task=is_task)
    with visit.database.writing() as session:
        passed = act(session, Ground(ground), Words(because))
    back = "/my/tasks" if is_task else DESK
    return render(visit, "subject_access/conflict_done.html", passed=passed, is_task=is_task, back=back)


def _own_page(
    visit: Visit, fields: FieldBag, here: str, problems: Problems | None = None, *, is_task: bool
) -> Response:
    return render(
        visit,
        "subject_access/conflict.html",
        problems=problems,
        here=here,
        is_task=is_task,
        grounds=list(OWN_GROUNDS.items()),
        typed=fields.one,
    )


def _do(visit: Visit, reference: str, problems: Problems, act: Callable[[Session, Case], None]) -> Response | None:
    """On to the list when it is done; None with what stood against it."""
    if not problems:
        try:
            with visit.database.writing() as session:
                act(session, get_for_desk(session, visit.actor, reference))
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
    return None if problems else redirect(visit, f"{DESK}/{reference}/left-out")


def _read_person(session: Session, case: Case, fields: FieldBag, problems: Problems) -> Person | None:
    """Somebody of the list, or of the body by their work address."""
    address = email(fields, "email", problems)
    if address and "email" not in problems:
        found = find_person_by_email(session, address)
        if found is None or found.body_id != case.body_id:
            problems["email"] = leaving.NOT_STAFF
            return None
        return found
    chosen = fields.one("person")
    return next((one for one in list_likely(session, case) if one.id == chosen), None)


def _page(visit: Visit, session: Session, case: Case, fields: FieldBag, problems: Problems | None = None) -> Response:
    me = get_person(session, visit.actor.person_id)
    wishes = [one for one in list_wishes(session, case) if one.taken_back_at is None]
    return render(
        visit,
        "subject_access/desk_left_out.html",
        problems=problems,
        reference=case.reference,
        typed=fields.one,
        people=[one for one in list_likely(session, case) if one.id != me.id],
        grounds=list(OFFICERS_GROUNDS.items()),
        wishes=[_wish_row(visit, one) for one in wishes if may_read(one, me, visit.vault)],
        rows=[
            (person.display_name, GROUNDS[one.ground], words.reveal() if words else "", person.id, one.return_by)
            for one, person in list_left_out(session, case)
            for words in [open_because(one, visit.vault)]
        ],
    )


def _wish_page(
    visit: Visit,
    session: Session,
    case: Case,
    wish_id: str,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    me, wish = get_person(session, visit.actor.person_id), get_wish(session, case, wish_id)
    if wish.taken_back_at is not None or not may_read(wish, me, visit.vault):
        raise NotFound
    return render(
        visit,
        "subject_access/desk_wish.html",
        problems=problems,
        reference=case.reference,
        one=_wish_row(visit, wish),
        typed=fields.one,
        people=[one for one in list_likely(session, case) if one.id != me.id],
    )


def _wish_row(visit: Visit, wish: Any) -> dict[str, Any]:
    words, answer = open_wish(wish, "words", visit.vault), open_wish(wish, "answer", visit.vault)
    return {
        "id": wish.id,
        "words": words.reveal() if words else "",
        "lang": wish.lang,
        "outcome": wish.outcome,
        "is_let_in": wish.let_in_at is not None,
        "answer": answer.reveal() if answer else "",
    }


def count_unanswered(visit: Visit, session: Session, case: Case) -> int:
    """What the requester said about who is left out that the reader may answer, and nobody has."""
    me = get_person(session, visit.actor.person_id)
    waiting = [one for one in list_wishes(session, case) if one.taken_back_at is None and one.outcome is None]
    return sum(may_read(one, me, visit.vault) for one in waiting)
