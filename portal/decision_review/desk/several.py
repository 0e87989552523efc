"""Many reviews at once go to a colleague, who works on them from then on. Nothing about them is decided that way."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.asked import read_query
from portal.cases.desks import Shared, desk_router, officers_cases
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.queries import facts_of
from portal.cases.rules import CaseKind
from portal.cases.turn import Desk
from portal.core.text import Message, msg, nmsg, pmsg
from portal.decision_review.desk.queue import DESK, STATE_NAMES, queue_page
from portal.directory.models import Person
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems

NOT_AN_OFFICER = pmsg("error", "This person does not work on reviews of this employer")
NOT_FOR_THEM = pmsg("error", "This person cannot be given this review")


def why_not_theirs(session: Session, case: Case, to: Person, desk: Desk) -> Message | None:
    """Why somebody cannot work on a review as an officer; None if they can."""
    if to.id not in {person.id for person in list_officers(session, {case.body_id}, today=desk.today)}:
        return NOT_AN_OFFICER
    facts = facts_of(session, case)
    return NOT_FOR_THEM if to.id in facts.excluded | {facts.requester_person_id} else None


def _list_page(visit: Visit, session: Session, query: str, problems: Problems, fields: FieldBag) -> Response:
    return queue_page(visit, session, read_query(query, STATE_NAMES), problems=problems, typed=fields)


def _list_colleagues(session: Session, chosen: Sequence[Case], desk: Desk) -> list[Person]:
    """The officers of these bodies, without those who may have none of what was chosen."""
    officers = list_officers(session, {case.body_id for case in chosen}, today=desk.today)
    return [one for one in officers if any(why_not_theirs(session, case, one, desk) is None for case in chosen)]


def _number(n: int) -> Message:
    return nmsg("{n} review", "{n} reviews", n)


router = desk_router(
    Shared(
        kind=CaseKind.REVIEW,
        here=DESK,
        sees=Permission.REVIEW_DESK,
        gives=Permission.REVIEW_ASSIGN,
        counts=Permission.REVIEW_ASSIGN,
        select_some=pmsg("error", "Select at least one review"),
        number=_number,
        each_has=msg("Open reviews of each officer"),
        letter="review_handed_over",
        list_page=_list_page,
        read_query=lambda query: read_query(query, STATE_NAMES).address(),
        list_colleagues=_list_colleagues,
        why_not=why_not_theirs,
        among=officers_cases(CaseKind.REVIEW),
    )
)
