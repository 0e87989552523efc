"""What somebody has to put right: their own tasks, and nothing else of the review. Made for a phone."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, Refused
from portal.core.text import Words
from portal.decision_review.outcome import service
from portal.decision_review.outcome.models import RemedyTask
from portal.decision_review.outcome.queries import get_own_remedy, list_own_remedies
from portal.decision_review.outcome.rules import REMEDIES as KINDS
from portal.decision_review.outcome.worker import remedy_row
from portal.decision_review.queries import closed_on, view_review
from portal.decision_review.rules import TEXT_LIMIT
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, text
from portal.web.rendering import redirect, render

router = APIRouter()

REMEDIES = "/my/remedies"
OWN = [requires(Permission.MAKE_REQUEST)]


@router.get(REMEDIES, dependencies=OWN)
def own_remedies(visit: SignedVisit, session: Read) -> Response:
    """What waits for the actor to put right, soonest first."""
    rows = [remedy_row(one, visit) for one in list_own_remedies(session, visit.actor)]
    return render(visit, "decision_review/remedies.html", rows=rows)


@router.get(REMEDIES + "/{remedy_id}", dependencies=OWN)
def one_remedy(visit: SignedVisit, session: Read, remedy_id: str) -> Response:
    """One of them, with what is needed to do it."""
    return _page(visit, session, remedy_id)


@router.post(REMEDIES + "/{remedy_id}", dependencies=OWN)
def finish(visit: SignedVisit, fields: Fields, remedy_id: str) -> Response:
    """Write down what was done."""
    problems = Problems()
    words = text(fields, "words", problems, most=TEXT_LIMIT, required=service.SAY_WHAT)
    try:
        if not problems:
            with visit.database.writing() as session:
                service.finish_remedy(session, visit.actor, remedy_id, Words(words), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"{REMEDIES}/{remedy_id}")
    with visit.database.reading() as session:
        return _page(visit, session, remedy_id, problems, fields)


def _page(
    visit: SignedIn,
    session: Session,
    remedy_id: str,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    case, row = get_own_remedy(session, visit.actor, remedy_id)
    ended = closed_on(session, case)
    if ended is not None:
        return render(visit, "decision_review/remedy_closed.html", kind=KINDS[row.kind], closed_on=ended)
    system = get_system_by_id(session, case.system_id) if case.system_id else None
    return render(
        visit,
        "decision_review/remedy.html",
        problems=problems,
        reference=case.reference,
        system=system.name if system else None,
        typed=(fields or FieldBag([])).one,
        **remedy_row(row, visit),
        **_whose(visit, session, row),
    )


def _whose(visit: SignedIn, session: Session, row: RemedyTask) -> dict[str, Any]:
    """Whom it concerns and of which decision: nothing can be put right without."""
    case, _row = get_own_remedy(session, visit.actor, row.id)
    review = view_review(session, case, visit.vault)
    person = get_person(session, case.requester_person_id) if case.requester_person_id else None
    name = review.who["name"].reveal() if "name" in review.who else ""
    return {"name": person.display_name if person else name, "decided_on": review.decided_on}
