"""When somebody wants to hear of news: at once, or in a digest, and at which hours not."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.account import forms, service
from portal.authz.permissions import Permission
from portal.core.text import pmsg
from portal.directory.queries import get_person
from portal.notifications.dead import list_dead
from portal.notifications.quiet import Wish
from portal.notifications.service import find_wish
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

WEEKDAYS = (
    pmsg("weekday", "Monday"),
    pmsg("weekday", "Tuesday"),
    pmsg("weekday", "Wednesday"),
    pmsg("weekday", "Thursday"),
    pmsg("weekday", "Friday"),
    pmsg("weekday", "Saturday"),
    pmsg("weekday", "Sunday"),
)
OWN = [requires(Permission.SIGNED_IN)]


@router.get("/my/letters", dependencies=OWN)
def letters(visit: SignedVisit, session: Read) -> Response:
    wish = find_wish(session, visit.actor.person_id)
    return _page(visit, session, forms.as_typed(wish), saved=visit.request.query_params.get("saved") == "yes")


@router.post("/my/letters", dependencies=OWN)
def choose(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    problems = Problems()
    wish = forms.read_wish(fields, problems)
    if wish is None:
        return _page(visit, session, {name: fields.one(name) for name in forms.as_typed(Wish())}, problems=problems)
    service.choose_letters(session, visit.actor, wish, now=visit.now)
    return redirect(visit, "/my/letters?saved=yes")


def _page(
    visit: SignedIn, session: Read, given: dict[str, str], *, problems: Problems | None = None, saved: bool = False
) -> Response:
    person = get_person(session, visit.actor.person_id)
    return render(
        visit,
        "account/letters.html",
        problems=problems,
        person=person,
        given=given,
        saved=saved,
        weekdays=WEEKDAYS,
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        unsent=[one for one in list_dead(session, visit.vault) if one.person_id == person.id][:1],
    )
