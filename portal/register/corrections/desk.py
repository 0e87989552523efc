"""The editor's desk: corrections that wait, the first due first, and the answer to one."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.core.errors import Conflict
from portal.register.corrections import forms, queries, service
from portal.register.corrections.rules import LONGEST_ANSWER, OUTCOMES, SHORT_KINDS, Outcome
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

DESK = "/my/desk/register/corrections"
EDIT = [requires(Permission.REGISTER_EDIT)]


@router.get(DESK, dependencies=EDIT)
def waiting(visit: SignedVisit, session: Read) -> Response:
    """What waits for an answer, or, with ?show=answered, what was answered."""
    shows_answered = visit.request.query_params.get("show") == "answered"
    after = visit.request.query_params.get("after")
    if shows_answered:
        cut = queries.list_done(session, visit.actor, cursor=after)
    else:
        cut = queries.list_waiting(session, visit.actor, today=visit.today, cursor=after)
    shown = "show=answered&" if shows_answered else ""
    number, late = queries.count_waiting(session, visit.actor, today=visit.today)
    return render(
        visit,
        "register/corrections/desk.html",
        rows=cut.items,
        shows_answered=shows_answered,
        number=number,
        late=late,
        kinds=SHORT_KINDS,
        more=f"{DESK}?{shown}after={cut.next_cursor}" if cut.next_cursor else None,
    )


@router.get(f"{DESK}/{{correction_id}}", dependencies=EDIT)
def one(visit: SignedVisit, session: Read, correction_id: str) -> Response:
    """What was written, and the form of the answer."""
    return _page(visit, session, correction_id, FieldBag([]))


@router.post(f"{DESK}/{{correction_id}}", dependencies=EDIT)
def answer(visit: SignedVisit, session: Write, correction_id: str, fields: Fields) -> Response:
    """Publish the answer."""
    found = queries.get_for_editor(session, visit.actor, correction_id)
    problems = Problems()
    new = forms.read_answer(fields, problems)
    if new is None:
        return _page(visit, session, correction_id, fields, problems)
    try:
        service.answer(session, visit.actor, found.row, new, vault=visit.vault, today=visit.today, now=visit.now)
    except Conflict as refusal:
        return _page(visit, session, correction_id, fields, Problems(page=refusal.message))
    return redirect(visit, DESK)


def _page(
    visit: Visit, session: Session, correction_id: str, fields: FieldBag, problems: Problems | None = None
) -> Response:
    found = queries.get_for_editor(session, visit.actor, correction_id)
    return render(
        visit,
        "register/corrections/one.html",
        problems=problems,
        found=found,
        text=queries.text_of(visit.vault, found.row),
        fields=fields,
        kinds=SHORT_KINDS,
        outcomes=[(outcome.value, OUTCOMES[outcome]) for outcome in Outcome],
        told=OUTCOMES,
        desk=DESK,
        longest=LONGEST_ANSWER,
    )
