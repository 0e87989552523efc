"""Pages of a body's list of other places that can help: as it stands, what waits for a second person, and one line."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.administration import listing
from portal.administration.forms import HELP_FIELDS, read_help
from portal.authz.permissions import Permission
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.directory import helping
from portal.directory.models import Body, HelpEntry
from portal.directory.queries import get_body, get_person
from portal.directory.titles import HELP_KINDS, PRESCRIBED
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

HELP = "/my/admin/help"
KEEP = [requires(Permission.KEEP_HELP)]


@router.get("/my/admin/help", dependencies=KEEP)
def choose_list(visit: SignedVisit, session: Read) -> Response:
    """Which body's list."""
    bodies = [get_body(session, body_id) for body_id in sorted(listing.bodies_kept_by(visit.actor))]
    if len(bodies) == 1:
        return redirect(visit, f"{HELP}/{bodies[0].slug}")
    return render(visit, "administration/help_bodies.html", bodies=bodies)


@router.get("/my/admin/help/{slug}", dependencies=KEEP)
def help_list(visit: SignedVisit, session: Read, slug: str) -> Response:
    """The list as staff see it, and the changes that wait."""
    return _list_page(visit, session, listing.get_body_of_list(session, visit.actor, slug))


@router.post("/my/admin/help/{slug}/own", dependencies=KEEP)
def take_over(visit: SignedVisit, session: Write, slug: str) -> Response:
    """The portal's list becomes the body's own."""
    body = listing.get_body_of_list(session, visit.actor, slug)
    listing.take_over(session, visit.actor, body, now=visit.now)
    return redirect(visit, f"{HELP}/{slug}")


@router.get("/my/admin/help/{slug}/new", dependencies=KEEP)
def ask_new(visit: SignedVisit, session: Read, slug: str) -> Response:
    """The form of a new line."""
    body = listing.get_body_of_list(session, visit.actor, slug)
    return _form_page(visit, body, None, dict.fromkeys(HELP_FIELDS, ""), new_id())


@router.post("/my/admin/help/{slug}/new", dependencies=KEEP)
def write_new(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    """A new line; it waits for a second person."""
    return _write(visit, session, fields, listing.get_body_of_list(session, visit.actor, slug), None)


@router.get("/my/admin/help/{slug}/{entry_id}/change", dependencies=KEEP)
def ask_change(visit: SignedVisit, session: Read, slug: str, entry_id: str) -> Response:
    """The form of a line, as it stands now."""
    body = listing.get_body_of_list(session, visit.actor, slug)
    line = _line(session, entry_id, body)
    return _form_page(visit, body, line, _typed_of(line), new_id())


@router.post("/my/admin/help/{slug}/{entry_id}/change", dependencies=KEEP)
def write_change(visit: SignedVisit, session: Write, fields: Fields, slug: str, entry_id: str) -> Response:
    """Another text for a line; it waits for a second person, and until then the old one stands."""
    body = listing.get_body_of_list(session, visit.actor, slug)
    return _write(visit, session, fields, body, _line(session, entry_id, body))


@router.post("/my/admin/help/{slug}/{entry_id}/{act}", dependencies=KEEP)
def act_on(visit: SignedVisit, session: Write, slug: str, entry_id: str, act: str) -> Response:
    """One press about a line, or about a change that waits."""
    acts = {
        "remove": listing.remove,
        "checked": listing.note_checked,
        "approve": listing.approve,
        "drop": listing.drop,
    }
    body = listing.get_body_of_list(session, visit.actor, slug)
    if act not in acts:
        raise NotFound
    entry = helping.get_entry(session, entry_id, body_id=body.id)
    try:
        acts[act](session, visit.actor, body, entry, now=visit.now)
    except (Conflict, Refused) as no:
        return _list_page(visit, session, body, problems=Problems(page=no.message))
    return redirect(visit, f"{HELP}/{slug}")


def _write(visit: SignedIn, session: Session, fields: Fields, body: Body, line: HelpEntry | None) -> Response:
    problems = Problems()
    draft = read_help(fields, problems)
    if draft is not None:
        try:
            listing.write(session, visit.actor, body, draft, instead_of=line, now=visit.now)
        except (Conflict, Refused) as no:
            problems["page"] = no.message
    if problems:
        typed = {name: fields.one(name) for name in HELP_FIELDS}
        return _form_page(visit, body, line, typed, form_id(fields) or new_id(), problems=problems)
    return redirect(visit, f"{HELP}/{body.slug}")


def _line(session: Session, entry_id: str, body: Body) -> HelpEntry:
    """A line that stands; NotFound for a change that still waits."""
    line = helping.get_entry(session, entry_id, body_id=body.id)
    if line.approved_on is None:
        raise NotFound
    return line


def _typed_of(line: HelpEntry) -> dict[str, str]:
    values = {name: getattr(line, name, "") for name in HELP_FIELDS}
    return values | {"kind": line.kind.value, "prescribed": line.prescribed.value, "checked": ""}


def _form_page(
    visit: SignedIn,
    body: Body,
    line: HelpEntry | None,
    typed: dict[str, str],
    entry_id: str,
    *,
    problems: Problems | None = None,
) -> Response:
    return render(
        visit,
        "administration/help_line.html",
        problems=problems,
        body=body,
        line=line,
        typed=typed,
        form_id=entry_id,
        kinds=HELP_KINDS,
        marks=PRESCRIBED,
    )


def _list_page(visit: SignedIn, session: Session, body: Body, *, problems: Problems | None = None) -> Response:
    waiting = helping.list_proposed(session, body.id)
    return render(
        visit,
        "administration/help_list.html",
        problems=problems,
        body=body,
        entries=helping.list_entries(session, body.id),
        portals=helping.portals_list(),
        waiting=[
            (one, get_person(session, one.written_by or ""), one.written_by == visit.actor.person_id) for one in waiting
        ],
        kinds=HELP_KINDS,
        marks=PRESCRIBED,
    )
