"""Other places that can help, for everybody: the employer's own list, or the one that comes with the portal."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.core.errors import NotFound
from portal.core.text import Bilingual
from portal.directory.helping import HelpList, grouped, help_for, portals_list
from portal.directory.matters import find_procedure
from portal.directory.queries import find_body_by_slug, list_bodies
from portal.directory.titles import PRESCRIBED
from portal.i18n.sorting import sort_key
from portal.web.anonymous import PUBLIC, PlainVisit, Read
from portal.web.rendering import render

router = APIRouter()

ELSEWHERE = "/help-elsewhere"


@router.get(ELSEWHERE, dependencies=[PUBLIC])
def elsewhere(visit: PlainVisit, session: Read) -> Response:
    """Nothing of the visitor is kept; an employer that is not here is the common 404."""
    slug = visit.request.query_params.get("employer", "")
    body = find_body_by_slug(session, slug) if slug else None
    if slug and body is None:
        raise NotFound
    named = [(one.slug, Bilingual(one.name_cy, one.name_en).get(visit.locale)) for one in list_bodies(session)]
    found = help_for(session, body.id) if body is not None else HelpList(portals_list(), is_own=False)
    return render(
        visit,
        "home/elsewhere.html",
        body=body,
        bodies=sorted(named, key=lambda one: sort_key(one[1], visit.locale)),
        found=found,
        help_groups=grouped(found.lines),
        help_marks=PRESCRIBED,
        procedure=find_procedure(session, body.id) if body is not None else None,
    )
