"""Many complaints at once go to a colleague who stands apart from each of them; saved choices; who has how many."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.desks import Shared, desk_router
from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cases.turn import Desk
from portal.complaints import service
from portal.complaints.handling import NOT_APART, list_candidates
from portal.complaints.queries import open_to
from portal.complaints.queue import HERE, queue_page, read_query
from portal.complaints.steps import why_not
from portal.core.text import Message, msg, nmsg, pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems


def why_not_theirs(session: Session, case: Case, to: Person, desk: Desk) -> Message | None:
    """Why a complaint is handed over no more, or not to them; None if it can be."""
    ended = why_not("hand-over", case.state, case.finished_on, desk.today)
    if ended is not None:
        return ended
    return None if to.id in {one.id for one in list_candidates(session, case, desk)} else NOT_APART


def _give(session: Session, by: Actor, case: Case, to: Person, desk: Desk) -> None:
    service.hand_over(session, by, case, to, desk=desk, tells=False)


def _list_page(visit: Visit, session: Session, query: str, problems: Problems, fields: FieldBag) -> Response:
    return queue_page(visit, session, read_query(query), problems=problems, typed=fields)


def _list_colleagues(session: Session, chosen: Sequence[Case], desk: Desk) -> list[Person]:
    """Who may have at least one of them."""
    found = {one.id: one for case in chosen for one in list_candidates(session, case, desk)}
    return sorted(found.values(), key=lambda one: (one.display_name, one.id))


def _number(n: int) -> Message:
    return nmsg("{n} complaint", "{n} complaints", n)


router = desk_router(
    Shared(
        kind=CaseKind.COMPLAINT,
        here=HERE,
        sees=Permission.COMPLAINT_DESK,
        gives=Permission.COMPLAINT_DESK,
        counts=Permission.COMPLAINT_QUEUE,
        select_some=pmsg("error", "Select at least one complaint"),
        number=_number,
        each_has=msg("Open complaints of each officer"),
        letter="complaint_handed_over",
        list_page=_list_page,
        read_query=lambda query: read_query(query).address(),
        list_colleagues=_list_colleagues,
        why_not=why_not_theirs,
        give=_give,
        among=open_to,
        has_own_form=True,
    )
)
