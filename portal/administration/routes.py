"""A body's administrator: its people, workplaces and settings. One person is in ``people``, a union in ``branches``."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.administration import branches, forms, gaps, helping, letters, matters, people, queries, service
from portal.administration.forms import Offered
from portal.administration.inviting import post_of, show_invited
from portal.authz.permissions import Permission
from portal.core.errors import Conflict
from portal.core.ids import new_id
from portal.core.text import Bilingual
from portal.directory import queries as directory
from portal.directory.matters import find_procedure
from portal.directory.models import Body
from portal.directory.rules import EngagementKind
from portal.directory.service import Contacts
from portal.directory.titles import role_title
from portal.register.words import words
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()
router.routes += people.router.routes
router.routes += branches.router.routes
router.routes += letters.router.routes
router.routes += matters.router.routes
router.routes += gaps.router.routes
router.routes += helping.router.routes

ADMIN = "/my/admin"
ADMINISTER = requires(Permission.ADMINISTER)


@router.get("/my/admin", dependencies=[ADMINISTER])
def choose_body(visit: SignedVisit, session: Read) -> Response:
    bodies = queries.list_own_bodies(session, visit.actor)
    if len(bodies) == 1:
        return redirect(visit, f"{ADMIN}/bodies/{bodies[0].slug}")
    return render(visit, "administration/bodies.html", bodies=bodies)


@router.get("/my/admin/bodies/{slug}", dependencies=[ADMINISTER])
def list_people(visit: SignedVisit, session: Read, slug: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    asked = visit.request.query_params
    search = asked.get("q", "").strip()[:100]
    cut = queries.find_people(session, body, search=search, cursor=asked.get("after"), today=visit.today)
    asked_before = find_procedure(session, body.id) is not None
    return render(
        visit,
        "administration/people.html",
        body=body,
        cut=cut,
        search=search,
        role_title=role_title,
        says_of_disclosures=asked_before,
    )


@router.get("/my/admin/bodies/{slug}/invite", dependencies=[ADMINISTER])
def ask_whom_to_invite(visit: SignedVisit, session: Read, slug: str) -> Response:
    return _invite_page(visit, session, queries.get_own_body(session, visit.actor, slug))


@router.post("/my/admin/bodies/{slug}/invite", dependencies=[ADMINISTER])
def invite(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    offered = Offered(
        workplaces=[place.id for place in directory.list_workplaces(session, body.id)],
        staff_groups=[group.id for group in directory.list_staff_groups(session, body.id)],
    )
    asked = forms.read_invitation(fields, offered)
    if asked.problems:
        return _invite_page(visit, session, body, fields=fields, problems=asked.problems)
    try:
        with session.begin_nested():
            post = post_of(visit, fields, asked.purpose)
            invited = service.invite_person(session, visit.actor, body, asked.newcomer, post, now=visit.now)
    except Conflict as clash:
        return _invite_page(visit, session, body, fields=fields, problems=Problems(email=clash.message))
    return show_invited(visit, invited, f"{ADMIN}/bodies/{slug}")


def _invite_page(
    visit: SignedIn, session: Read, body: Body, *, fields: Fields | None = None, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "administration/invite.html",
        problems=problems,
        body=body,
        workplaces=directory.list_workplaces(session, body.id),
        groups=directory.list_staff_groups(session, body.id),
        kinds=[(kind.value, words(kind)) for kind in EngagementKind],
        given=(lambda name: fields.one(name) if fields else ""),
        form_id=(form_id(fields) if fields else "") or new_id(),
    )


@router.get("/my/admin/bodies/{slug}/workplaces", dependencies=[ADMINISTER])
def workplaces(visit: SignedVisit, session: Read, slug: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    places = directory.list_workplaces(session, body.id)
    return render(
        visit,
        "administration/workplaces.html",
        body=body,
        places=places,
        by_id={place.id: place for place in places},
        groups=directory.list_staff_groups(session, body.id),
    )


@router.get("/my/admin/bodies/{slug}/settings", dependencies=[ADMINISTER])
def ask_settings(visit: SignedVisit, session: Read, slug: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    contacts = Contacts(
        accessibility=Bilingual(body.accessibility_contact_cy, body.accessibility_contact_en),
        data_protection=Bilingual(body.dpo_contact_cy, body.dpo_contact_en),
        welsh_language=Bilingual(body.welsh_contact_cy, body.welsh_contact_en),
    )
    saved = visit.request.query_params.get("saved") == "yes"
    return render(
        visit, "administration/settings.html", body=body, contacts=contacts, networks=body.networks, saved=saved
    )


@router.post("/my/admin/bodies/{slug}/settings", dependencies=[ADMINISTER])
def change_settings(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    problems = Problems()
    contacts, networks = forms.read_contacts(fields, problems), forms.read_own_networks(fields, problems)
    if problems:
        return render(
            visit,
            "administration/settings.html",
            problems=problems,
            body=body,
            contacts=contacts,
            networks=networks,
            saved=False,
        )
    service.change_contacts(session, visit.actor, body, contacts, now=visit.now)
    service.change_networks(session, visit.actor, body, networks, now=visit.now)
    return redirect(visit, f"{ADMIN}/bodies/{slug}/settings?saved=yes")
