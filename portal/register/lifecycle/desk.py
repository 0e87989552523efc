"""The register's desk: every system of a body with where it stands and what comes next, and one system's life."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotFound
from portal.directory.queries import get_body
from portal.directory.rules import RoleName
from portal.register.lifecycle import forms, queries, service, view
from portal.register.lifecycle.facts import get_facts, limits_of, list_steps
from portal.register.lifecycle.incidents import RECORDS, list_incidents
from portal.register.lifecycle.queries import Show
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as, get_own, roles_at
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

DESK = "/my/desk/register"
SEES = [requires(Permission.REGISTER_DESK)]


def post_of(visit: Visit) -> Post:
    """What letters need, from a visit."""
    return Post(visit.vault, visit.settings.public_url, visit.now)


@router.get("/my/desk/register", dependencies=SEES)
def list_systems(visit: SignedVisit, session: Read) -> Response:
    """The systems that somebody may see; what is shown stands in the address."""
    asked = visit.request.query_params
    show = Show(asked["show"]) if asked.get("show") in set(Show) else Show.ALL
    cut = queries.list_desk(session, visit.actor, show=show, cursor=asked.get("after"), today=visit.today)
    more = urlencode({"show": show.value, "after": cut.next_cursor}) if cut.next_cursor else None
    return render(
        visit,
        "register/lifecycle/list.html",
        fragment="rows",
        lines=cut.items,
        show=show.value,
        words=words,
        next_acts=view.NEXT,
        may_begin=permits(visit.actor, Permission.REGISTER_EDIT),
        may_set_limits=permits(visit.actor, Permission.ADMINISTER),
        more=f"{DESK}?{more}" if more else None,
    )


@router.get("/my/desk/register/limits", dependencies=[requires(Permission.ADMINISTER)])
def ask_limits(visit: SignedVisit, session: Read) -> Response:
    """What a body asks for before a system is used, beyond what is fixed."""
    limits = limits_of(session, _own_body(visit))
    return _limits_page(visit, session, str(limits.training_percent), str(limits.consultation_days))


@router.post("/my/desk/register/limits", dependencies=[requires(Permission.ADMINISTER)])
def set_limits(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Change the limits of one's body; nobody can set them so low that anything passes."""
    problems = Problems()
    training, consultation = forms.read_limits(fields, problems)
    if problems:
        return _limits_page(visit, session, fields.one("training"), fields.one("consultation"), problems)
    service.set_limits(
        session, visit.actor, _own_body(visit), training=training, consultation=consultation, post=post_of(visit)
    )
    return redirect(visit, f"{DESK}/limits?saved=yes")


@router.get("/my/desk/register/{short_code}", dependencies=SEES)
def one_system(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """Where one system stands, what is missing before it can be used, what can be done, and its whole life."""
    system = get_own(session, visit.actor, short_code)
    return render(visit, "register/lifecycle/system.html", **_values(visit, session, system))


@router.post("/my/desk/register/{short_code}/confirm", dependencies=SEES)
def confirm(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """«Still right»: one press, from the list of one's own or from the system's page."""
    system = get_as(session, visit.actor, short_code, Role.MANAGER)
    service.confirm(session, visit.actor, system, post=post_of(visit))
    return redirect(visit, "/my?confirmed=yes" if fields.one("from") == "my" else f"{DESK}/{system.short_code}")


def _values(visit: Visit, session: Session, system: System) -> dict[str, Any]:
    roles = roles_at(session, visit.actor, system)
    facts = get_facts(session, system, today=visit.today)
    at = f"{DESK}/{system.short_code}"
    return {
        "line": queries.get_line(session, system, today=visit.today),
        "published": system.current_number is not None,
        "offers": view.offers(system.state, roles, facts),
        "lacks": view.linked(view.lacks_before_use(system.state, facts), at, roles),
        "leads_to_use": system.state in view.LEADS_TO_USE,
        "standing": queries.get_standing(session, system.id),
        "learned": view.learned(queries.find_learned(session, system)),
        "measurements": queries.list_measurements(session, system.id),
        "notices": queries.list_notices(session, system.id),
        "incidents": list_incidents(session, system.id),
        "may_record": bool(roles & frozenset(RECORDS)),
        "history": view.history(list_steps(session, system)),
        "may_edit": bool(roles & view.EDITING),
        "may_export": permits(visit.actor, Permission.REGISTER_EDIT, Subject(body_id=system.body_id)),
        "may_confirm": Role.MANAGER in roles,
        "confirmed_on": system.confirmed_on,
        "review_due_on": system.review_due_on,
        "words": words,
        "next_act": view.NEXT[system.state],
        "at": at,
    }


def _own_body(visit: Visit) -> str:
    """The one body that somebody administers; who administers several sets the limits of their own."""
    bodies = visit.actor.bodies_where(RoleName.ADMINISTRATOR)
    if visit.actor.body_id in bodies:
        return str(visit.actor.body_id)
    if not bodies:
        raise NotFound
    return min(bodies)


def _limits_page(
    visit: Visit, session: Session, training: str, consultation: str, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "register/lifecycle/limits.html",
        problems=problems,
        body=get_body(session, _own_body(visit)),
        training=training,
        consultation=consultation,
        saved=visit.request.query_params.get("saved") == "yes",
    )
