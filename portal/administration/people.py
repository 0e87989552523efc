"""One person of a body, as the body's administrator sees and changes them."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.administration import forms, queries, service
from portal.administration.forms import Offered
from portal.administration.inviting import post_of, show_invited
from portal.authz.permissions import Permission
from portal.core.errors import Conflict, Refused
from portal.core.ids import new_id
from portal.directory import queries as directory
from portal.directory.models import Body, Person
from portal.directory.rules import BODY_ROLES
from portal.directory.titles import role_title
from portal.identity import queries as identity
from portal.register.queries import list_published
from portal.register.words import words
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

BODIES = "/my/admin/bodies"
ADMINISTER = requires(Permission.ADMINISTER)


@router.get("/my/admin/bodies/{slug}/people/{person_id}", dependencies=[ADMINISTER])
def person(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    return _person_page(visit, session, body, queries.get_person_of(session, person_id, body=body))


def _person_page(
    visit: SignedIn, session: Read, body: Body, someone: Person, *, problems: Problems | None = None
) -> Response:
    account = identity.find_account_of(session, someone.id)
    return render(
        visit,
        "administration/person.html",
        problems=problems,
        body=body,
        person=someone,
        state=queries.state_of(account),
        may_be_invited=queries.may_be_invited(account),
        roles=directory.list_holdings_of(session, someone.id, today=visit.today),
        engagements=directory.list_engagements(session, someone.id, today=visit.today),
        workplaces={place.id: place for place in directory.list_workplaces(session, body.id)},
        groups={group.id: group for group in directory.list_staff_groups(session, body.id)},
        systems={system.slug: system.name for system in list_published(session, body.id)},
        words=words,
        role_title=role_title,
        form_id=new_id(),
    )


@router.post("/my/admin/bodies/{slug}/people/{person_id}/invite", dependencies=[ADMINISTER])
def invite_again(visit: SignedVisit, session: Write, fields: Fields, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    problems = Problems()
    purpose = forms.read_purpose(fields, problems)
    if problems:
        return _person_page(visit, session, body, someone, problems=problems)
    invited = service.invite_again(session, visit.actor, someone, post_of(visit, fields, purpose), now=visit.now)
    return show_invited(visit, invited, f"{BODIES}/{slug}/people/{person_id}")


@router.get("/my/admin/bodies/{slug}/people/{person_id}/name", dependencies=[ADMINISTER])
def ask_name(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    return render(visit, "administration/name.html", body=body, person=someone, name=someone.display_name)


@router.post("/my/admin/bodies/{slug}/people/{person_id}/name", dependencies=[ADMINISTER])
def rename(visit: SignedVisit, session: Write, fields: Fields, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    problems = Problems()
    name = forms.read_name(fields, problems)
    if problems:
        return render(visit, "administration/name.html", problems=problems, body=body, person=someone, name=name)
    service.rename(session, visit.actor, someone, name, now=visit.now)
    return redirect(visit, f"{BODIES}/{slug}/people/{person_id}")


@router.get("/my/admin/bodies/{slug}/people/{person_id}/role", dependencies=[ADMINISTER])
def ask_role(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    return _role_page(visit, session, body, queries.get_person_of(session, person_id, body=body))


@router.post("/my/admin/bodies/{slug}/people/{person_id}/role", dependencies=[ADMINISTER])
def give_role(visit: SignedVisit, session: Write, fields: Fields, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    problems = Problems()
    offered = Offered(systems=[system.slug for system in list_published(session, body.id)])
    offer = forms.read_role(fields, offered, problems, body_id=body.id)
    if offer is not None:
        try:
            service.assign_role(session, visit.actor, someone, offer, now=visit.now)
        except (Conflict, Refused) as no:
            problems["role"] = no.message
    if problems:
        return _role_page(visit, session, body, someone, fields=fields, problems=problems)
    return redirect(visit, f"{BODIES}/{slug}/people/{person_id}")


def _role_page(
    visit: SignedIn,
    session: Read,
    body: Body,
    someone: Person,
    *,
    fields: Fields | None = None,
    problems: Problems | None = None,
) -> Response:
    return render(
        visit,
        "administration/role.html",
        problems=problems,
        body=body,
        person=someone,
        roles=[(role.value, role_title(role)) for role in sorted(BODY_ROLES)],
        systems=list_published(session, body.id),
        given=(lambda name: fields.one(name) if fields else ""),
        options=fields.many("options") if fields else [],
    )


@router.post("/my/admin/bodies/{slug}/people/{person_id}/roles/{holding_id}/end", dependencies=[ADMINISTER])
def end_role(visit: SignedVisit, session: Write, slug: str, person_id: str, holding_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    try:
        service.end_role(session, visit.actor, queries.get_holding_of(session, holding_id, someone), now=visit.now)
    except Refused as no:
        return _person_page(visit, session, body, someone, problems=Problems(page=no.message))
    return redirect(visit, f"{BODIES}/{slug}/people/{person_id}")


@router.get("/my/admin/bodies/{slug}/people/{person_id}/leave", dependencies=[ADMINISTER])
def ask_leave(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    held = directory.list_holdings_of(session, someone.id, today=visit.today)
    return render(visit, "administration/leave.html", body=body, person=someone, roles=held, role_title=role_title)


@router.post("/my/admin/bodies/{slug}/people/{person_id}/leave", dependencies=[ADMINISTER])
def leave(visit: SignedVisit, session: Write, slug: str, person_id: str) -> Response:
    body = queries.get_own_body(session, visit.actor, slug)
    someone = queries.get_person_of(session, person_id, body=body)
    try:
        ended = service.close_leaver(session, visit.actor, someone, now=visit.now)
    except Refused as no:
        return _person_page(visit, session, body, someone, problems=Problems(page=no.message))
    unheld = queries.list_unheld(session, ended, today=visit.today)
    return render(
        visit, "administration/left.html", body=body, person=someone, ended=ended, unheld=unheld, role_title=role_title
    )
