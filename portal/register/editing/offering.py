"""The pages of templates: offer one, and look at the one that an entry follows."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import NotFound, Refused
from portal.register.editing import queries, templating
from portal.register.editing.sections import AT, EDITS, edit_of
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.register.record import read_record
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()


@router.get(f"{AT}/template", dependencies=EDITS)
def ask_template(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The template made from this entry, and the one it began with."""
    return _page(visit, session, get_as(session, visit.actor, short_code, Role.EDITOR))


@router.post(f"{AT}/template", dependencies=EDITS)
def do_template(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Offer or renew the template, or note that its changes were looked at."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    if fields.one("seen"):
        templating.mark_seen(session, visit.actor, system, now=visit.now)
        return redirect(visit, f"{edit_of(system)}/template")
    try:
        templating.offer(
            session, visit.actor, system, vault=visit.vault, address=visit.settings.public_url, now=visit.now
        )
    except Refused as refused:
        return _page(visit, session, system, Problems(page=refused.message))
    return redirect(visit, f"{edit_of(system)}/template")


def _page(visit: Visit, session: Session, system: System, problems: Problems | None = None) -> Response:
    version, draft = queries.find_published(session, system), queries.find_draft(session, system)
    record = queries.record_of(draft) if draft else read_record(version.record) if version else None
    if record is None:
        raise NotFound
    return render(
        visit,
        "register/editing/template.html",
        problems=problems,
        name=record.name,
        offered=templating.find_offer(session, system),
        followed=templating.find_followed(session, system),
        published=version is not None,
        at=edit_of(system),
    )
