"""The page of saved choices of the desk's list."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.desks import WRITE_NAME
from portal.cases.visits import desk_of
from portal.concerns.casework.homes import home_names
from portal.concerns.casework.lanes import read_query
from portal.concerns.casework.saved import LONGEST_NAME, delete_view, list_views, save_view
from portal.concerns.casework.shell import DESK
from portal.core.errors import Refused
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, text
from portal.web.rendering import redirect, render

HERE = f"{DESK}/views"
router = APIRouter(prefix=HERE, dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("")
def views(visit: SignedVisit, session: Read) -> Response:
    """One's own saved choices and those of one's home, and a form to save what is shown."""
    return _page(visit, session, visit.request.url.query, FieldBag([]), Problems())


@router.post("")
def keep(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Keep what is shown under a name, for oneself or for everybody of one's home."""
    query, problems = read_query(fields.one("query")).address(), Problems()
    name = text(fields, "name", problems, most=LONGEST_NAME, required=WRITE_NAME)
    home = choice(fields, "home", problems, allowed=home_names(session, visit.actor)) or None
    if not problems:
        try:
            save_view(session, visit.actor, name, query, home_id=home, desk=desk_of(visit))
        except Refused as refusal:
            problems["name"] = refusal.message
    return _page(visit, session, query, fields, problems) if problems else redirect(visit, f"{HERE}{query}")


@router.post("/{view_id}/delete")
def forget(visit: SignedVisit, session: Write, view_id: str, fields: Fields) -> Response:
    """Forget a saved choice."""
    delete_view(session, visit.actor, view_id, desk=desk_of(visit))
    return redirect(visit, f"{HERE}{read_query(fields.one('query')).address()}")


def _page(visit: SignedIn, session: Session, query: str, typed: FieldBag, problems: Problems) -> Response:
    found = list_views(session, visit.actor)
    asked = read_query(query).address()
    return render(
        visit,
        "concerns/casework/views.html",
        problems=problems,
        own=[view for view in found if view.home_id is None],
        shared=[view for view in found if view.home_id is not None],
        homes=home_names(session, visit.actor),
        query=asked,
        back=f"{DESK}{asked}",
        typed=typed,
    )
