"""Following with an account: what one follows, following more, stopping. Feeds, without one, stand beside it."""

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission
from portal.core.errors import NotFound, Refused
from portal.core.text import msg
from portal.register.queries import find_system
from portal.register.watching import feeds, following, forms, links, service
from portal.register.watching.following import Thing
from portal.register.watching.rules import Followed
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_words, redirect, render

router = APIRouter()
router.routes += feeds.router.routes

PAGE = "/my/follow"
LINKS = "/my/desk/register/links"
OWN = [requires(Permission.SIGNED_IN)]
KINDS = {
    Followed.SYSTEM: msg("System"),
    Followed.EMPLOYER: msg("Employer"),
    Followed.WORKPLACE: msg("Workplace"),
    Followed.STAFF_GROUP: msg("Staff group"),
}


@router.get(PAGE, dependencies=OWN)
def followed(visit: SignedVisit, session: Read) -> Response:
    """What the person follows, what their work offers, and the system that ?system= names."""
    return _page(visit, session, visit.request.query_params.get("system", ""))


@router.post(PAGE, dependencies=OWN)
def follow(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Follow one thing more."""
    problems, code = Problems(), fields.one("system")
    named = _system(session, code)
    offered = [*following.list_offered(session, visit.actor, today=visit.today), *([named] if named else [])]
    thing = forms.read_thing(fields, problems, offered)
    if thing is None:
        return _page(visit, session, code, problems, fields)
    try:
        service.follow(session, visit.actor, thing, now=visit.now)
    except Refused as refusal:
        return _page(visit, session, code, Problems(page=refusal.message), fields)
    return redirect(visit, PAGE)


@router.post(f"{PAGE}/{{watch_id}}/stop", dependencies=OWN)
def stop(visit: SignedVisit, session: Write, watch_id: str) -> Response:
    """Stop following one thing."""
    if not (watch_id.isascii() and watch_id.isalnum()):
        raise NotFound
    service.stop(session, visit.actor, watch_id)
    return redirect(visit, PAGE)


@router.get(LINKS, dependencies=[requires(Permission.REGISTER_EDIT)])
def broken_links(visit: SignedVisit, session: Read) -> Response:
    """The editor's list of links that do not answer, each with its field."""
    return render(
        visit,
        "register/watching/links.html",
        links=links.list_broken(session, visit.actor),
        is_on=visit.settings.check_links,
    )


def _system(session: Read, code: str) -> Thing | None:
    system = find_system(session, code)
    return Thing(Followed.SYSTEM, system.id, system.name, system.short_code) if system else None


def _page(
    visit: Visit, session: Read, code: str, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    things = following.list_followed(session, visit.actor, visit.locale)
    known = {thing.value for thing in things}
    named = _system(session, code)
    offered = following.list_offered(session, visit.actor, today=visit.today)
    return render(
        visit,
        "register/watching/mine.html",
        problems=problems,
        things=things,
        kinds=KINDS,
        system=named,
        is_followed=named is not None and named.value in known,
        offered=[
            (thing.value, thing.name.get(visit.locale), in_words(visit, KINDS[thing.what]))
            for thing in offered
            if thing.value not in known
        ],
        fields=fields or FieldBag([]),
    )
