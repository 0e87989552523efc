"""What somebody is asked, or has to put right: their own questions and tasks, and nothing else of a complaint."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.complaints import deciding, enquiring
from portal.complaints.looking import write_look
from portal.complaints.models import ComplaintRemedy, Enquiry
from portal.complaints.queries import get_own_enquiry, get_own_remedy, is_done, is_settled, list_own_work, open_words
from portal.complaints.rules import LETTER_LIMIT, PORTAL_ASKS, Looked
from portal.core.errors import Conflict, Refused
from portal.core.text import Words, pmsg
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, text
from portal.web.rendering import in_words, redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
WRITE_ANSWER = pmsg("error", "Write your answer")
WRITE_DONE = pmsg("error", "Write what was done")
LIST = "/my/enquiries"


@router.get("/my/enquiries", dependencies=OWN)
def own_work(visit: SignedVisit, session: Read) -> Response:
    """What waits for me, soonest first."""
    rows = [
        (isinstance(work, Enquiry), work.id, work.due_on, is_done(work), is_settled(work, case))
        for work, case in list_own_work(session, visit.actor)
    ]
    return render(visit, "complaints/tasks.html", rows=rows)


@router.get("/my/enquiries/{enquiry_id}", dependencies=OWN)
def one_enquiry(visit: SignedVisit, session: Read, enquiry_id: str) -> Response:
    """The question, until when, and that nothing may be deleted."""
    enquiry = get_own_enquiry(session, visit.actor, enquiry_id)
    write_look(visit, session.get_one(Case, enquiry.case_id), Looked.TASK)
    return _page(visit, session, enquiry)


@router.post("/my/enquiries/{enquiry_id}", dependencies=OWN)
def answer(visit: SignedVisit, session: Read, fields: Fields, enquiry_id: str) -> Response:
    """Answer the question, once."""
    problems = Problems()
    words = text(fields, "answer", problems, most=LETTER_LIMIT, required=WRITE_ANSWER)
    try:
        if not problems:
            with visit.database.writing() as writing:
                held = get_own_enquiry(writing, visit.actor, enquiry_id)
                enquiring.answer(writing, visit.actor, held, Words(words), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, session, get_own_enquiry(session, visit.actor, enquiry_id), fields, problems)
    return redirect(visit, LIST)


@router.get("/my/enquiries/remedies/{remedy_id}", dependencies=OWN)
def one_remedy(visit: SignedVisit, session: Read, remedy_id: str) -> Response:
    """What to put right, and until when."""
    remedy = get_own_remedy(session, visit.actor, remedy_id)
    write_look(visit, session.get_one(Case, remedy.case_id), Looked.TASK)
    return _page(visit, session, remedy)


@router.post("/my/enquiries/remedies/{remedy_id}", dependencies=OWN)
def finish(visit: SignedVisit, session: Read, fields: Fields, remedy_id: str) -> Response:
    """Say what was done; the person who complained reads it."""
    problems = Problems()
    words = text(fields, "answer", problems, most=LETTER_LIMIT, required=WRITE_DONE)
    try:
        if not problems:
            with visit.database.writing() as writing:
                held = get_own_remedy(writing, visit.actor, remedy_id)
                deciding.finish_remedy(writing, visit.actor, held, Words(words), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, session, get_own_remedy(session, visit.actor, remedy_id), fields, problems)
    return redirect(visit, LIST)


def _page(
    visit: Visit,
    session: Session,
    work: Enquiry | ComplaintRemedy,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    is_question = isinstance(work, Enquiry)
    asked, said = ("question", "answer") if is_question else ("what", "done")
    session.refresh(work)
    return render(
        visit,
        "complaints/task.html",
        problems=problems,
        secret=True,
        is_question=is_question,
        action=f"{LIST}/{work.id}" if is_question else f"{LIST}/remedies/{work.id}",
        due_on=work.due_on,
        words=open_words(work, asked, visit.vault).reveal() or in_words(visit, PORTAL_ASKS),
        answer=open_words(work, said, visit.vault).reveal(),
        is_done=is_done(work),
        is_needed=bool(problems) or not is_settled(work, session.get_one(Case, work.case_id)),
        typed=(fields or FieldBag([])).one,
    )
