"""The union's pages: its work room, who is near, what was handed over, whom members ask for their data."""

from fastapi import APIRouter
from starlette.responses import Response

from anonymity.encoding import to_b64u
from portal.authz.permissions import Permission
from portal.concerns.casework.rules import THEMES
from portal.core.db import Session
from portal.core.errors import Conflict, Refused
from portal.core.text import Bilingual
from portal.directory.models import UnionBranch
from portal.directory.queries import list_bodies
from portal.union_casework import contacts, forms, mandates, near, packs
from portal.web.anonymous import PUBLIC, PlainVisit
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

HERE = "/my/union"
WORKS = requires(Permission.UNION_WORKSPACE)
ADMINISTERS = requires(Permission.ADMINISTER_BRANCH)

router = APIRouter()


@router.get("/union-data", dependencies=[PUBLIC])
def whose_data(visit: PlainVisit, session: Read) -> Response:
    """Who is the controller of what a union keeps, and whom to ask."""
    return render(visit, "union/data.html", controllers=contacts.list_controllers(session))


@router.get(HERE, dependencies=[WORKS])
def workspace(visit: SignedVisit, session: Read) -> Response:
    names = {body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)}
    return render(
        visit,
        "union/workspace.html",
        mandates=mandates.list_mandates(session, visit.actor),
        themes=THEMES,
        bodies=names,
        key_of=to_b64u,
        people=near.list_near(session, visit.actor),
        packs=[(to_b64u(pack.case_id), pack, name) for pack, name in packs.list_packs(session, visit.actor)],
    )


@router.get(f"{HERE}/near", dependencies=[WORKS])
def who_is_near(visit: SignedVisit, session: Read) -> Response:
    return _near_page(visit, session, "", Problems())


@router.post(f"{HERE}/near", dependencies=[WORKS])
def name_near(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    typed, problems = forms.read_near(fields)
    if not problems:
        try:
            near.name_near(session, visit.actor, typed, today=visit.today, now=visit.now)
        except (Refused, Conflict) as refusal:
            problems["email"] = refusal.message
    return _near_page(visit, session, fields.one("email"), problems) if problems else redirect(visit, f"{HERE}/near")


@router.post(f"{HERE}/near/forget", dependencies=[WORKS])
def forget_near(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    near.forget_near(session, visit.actor, fields.one("person"), now=visit.now)
    return redirect(visit, f"{HERE}/near")


@router.post(f"{HERE}/packs", dependencies=[WORKS])
def note_pack(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """A device tells that it made a pack."""
    packs.note_pack(session, visit.actor, forms.read_made(fields), today=visit.today, now=visit.now)
    return redirect(visit, HERE)


@router.get(HERE + "/contact/{slug}", dependencies=[ADMINISTERS])
def contact(visit: SignedVisit, session: Read, slug: str) -> Response:
    branch = contacts.get_own_branch(session, visit.actor, slug)
    kept = contacts.find_contact(session, branch)
    given = {"name_cy": kept.name_cy, "name_en": kept.name_en, "email": kept.email} if kept else {}
    return _contact_page(visit, branch, given, Problems(), is_saved=visit.request.query_params.get("saved") == "yes")


@router.post(HERE + "/contact/{slug}", dependencies=[ADMINISTERS])
def set_contact(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    branch = contacts.get_own_branch(session, visit.actor, slug)
    asked = forms.read_contact(fields)
    if asked.problems:
        typed = {name: fields.one(name) for name in ("name_cy", "name_en", "email")}
        return _contact_page(visit, branch, typed, asked.problems)
    contacts.set_contact(session, visit.actor, branch, asked.name, asked.email, today=visit.today, now=visit.now)
    return redirect(visit, f"{HERE}/contact/{slug}?saved=yes")


def _near_page(visit: SignedIn, session: Session, typed: str, problems: Problems) -> Response:
    people = near.list_near(session, visit.actor)
    return render(visit, "union/near.html", problems=problems, people=people, typed=typed)


def _contact_page(
    visit: SignedIn, branch: UnionBranch, given: dict[str, str], problems: Problems, *, is_saved: bool = False
) -> Response:
    return render(
        visit,
        "union/contact.html",
        problems=problems,
        branch=branch,
        given=lambda name: given.get(name, ""),
        is_saved=is_saved,
    )
