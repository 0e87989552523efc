"""The page of emails that could not be delivered."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.administration.unsent import list_unreached, write_again
from portal.authz.permissions import Permission
from portal.core.text import msg, pmsg
from portal.notifications.dead import Told
from portal.notifications.mailers import Failure
from portal.web.anonymous import Read, Write
from portal.web.dependencies import SignedVisit, requires
from portal.web.rendering import redirect, render

router = APIRouter()

PAGE = "/my/admin/letters"
OWN = [requires(Permission.UNSENT_LETTERS)]
WHAT = {
    Told.INVITATION: pmsg("undelivered email", "An invitation"),
    Told.NOTICE: pmsg("undelivered email", "A notice about a system"),
    Told.DUTY: pmsg("undelivered email", "Emails about their duties"),
}
WHY = {
    Failure.ADDRESS: msg("The mail server says that this address does not exist"),
    Failure.LATER: msg("The mail server asked us to come later, each time"),
    Failure.REJECTED: msg("The mail server refuses our emails to this address"),
    Failure.BROKEN: msg("The connection to the mail server broke, each time"),
    Failure.UNWRITTEN: msg("The email could not be written. Ask whoever runs Porth"),
    Failure.AWAY: msg("The mail server could not be reached"),
}


@router.get(PAGE, dependencies=OWN)
def letters(visit: SignedVisit, session: Read) -> Response:
    sent = visit.request.query_params.get("sent") == "yes"
    unreached = list_unreached(session, visit.actor, visit.vault, today=visit.today)
    return render(visit, "administration/letters.html", unreached=unreached, what=WHAT, why=WHY, sent=sent)


@router.post(f"{PAGE}/{{person_id}}/again", dependencies=OWN)
def send_again(visit: SignedVisit, session: Write, person_id: str) -> Response:
    """Everything that was for them, to the address that they have now."""
    write_again(session, visit.actor, person_id, visit.vault, now=visit.now)
    return redirect(visit, f"{PAGE}?sent=yes")
