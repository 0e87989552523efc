"""To let in again somebody whom the body left out of a request: one officer says why, another says yes or no."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words
from portal.directory.queries import get_person
from portal.subject_access.asking.leaving import list_left_out
from portal.subject_access.asking.letting_in import is_wished
from portal.subject_access.asking.models import LeftOut
from portal.subject_access.asking.rules import GROUNDS
from portal.subject_access.officer import letting_in
from portal.subject_access.queries import get_for_desk
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, text
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
ADDRESS = "/my/desk/access/{reference}/left-out/{person_id}/return"
WORDS_LIMIT = 2000


@router.get(ADDRESS, dependencies=QUEUE)
def ask(visit: SignedVisit, session: Read, reference: str, person_id: str) -> Response:
    """Why they are left out, what a colleague proposed, and the form."""
    return _page(visit, session, get_for_desk(session, visit.actor, reference), person_id, FieldBag([]))


@router.post(ADDRESS, dependencies=QUEUE)
def decide(visit: SignedVisit, session: Read, fields: Fields, reference: str, person_id: str) -> Response:
    """Propose it, or answer what was proposed."""
    case, problems, answer = get_for_desk(session, visit.actor, reference), Problems(), fields.one("answer")
    if answer not in ("yes", "no"):
        text(fields, "because", problems, most=WORDS_LIMIT, required=letting_in.WRITE_WHY)
    try:
        if not problems:
            with visit.database.writing() as writing:
                held, desk = get_for_desk(writing, visit.actor, reference), desk_of(visit)
                if answer in ("yes", "no"):
                    letting_in.answer_return(writing, visit.actor, held, person_id, is_yes=answer == "yes", desk=desk)
                else:
                    because = Words(fields.one("because"))
                    letting_in.propose_return(writing, visit.actor, held, person_id, because, desk=desk)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, session, case, person_id, fields, problems)
    return redirect(visit, f"/my/desk/access/{reference}/left-out")


def _page(
    visit: Visit, session: Session, case: Case, person_id: str, fields: FieldBag, problems: Problems | None = None
) -> Response:
    left_out = _find(session, case, person_id)
    because = letting_in.open_return_because(left_out, visit.vault)
    return render(
        visit,
        "subject_access/desk_return.html",
        problems=problems,
        reference=case.reference,
        person_id=person_id,
        name=get_person(session, person_id).display_name,
        ground=GROUNDS[left_out.ground],
        is_wished=is_wished(session, left_out),
        because=because.reveal() if because else "",
        is_proposed=left_out.return_by is not None,
        is_mine=left_out.return_by == visit.actor.account_id,
        typed=fields.one,
    )


def _find(session: Session, case: Case, person_id: str) -> LeftOut:
    for one, person in list_left_out(session, case):
        if person.id == person_id:
            return one
    raise NotFound
