"""Where a role of a body lacks a holder, or somebody who could stand in for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.administration import queries
from portal.authz.permissions import Permission
from portal.cases.offices import OFFICES
from portal.cases.routing.absence import Gap, gaps
from portal.cases.routing.people import Office, World
from portal.cases.worlds import world_of
from portal.core.text import Bilingual, Message, msg
from portal.directory.matters import find_procedure, list_on_call, list_seated
from portal.directory.models import Body
from portal.directory.rules import SEATED, RoleName
from portal.directory.titles import MATTER_NAMES, ROLE_TITLES
from portal.register.queries import list_published
from portal.web.anonymous import Read
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter()

NEEDED = (
    RoleName.INDEPENDENT_OFFICER,
    RoleName.AUDIT_CHAIR,
    RoleName.SENIOR_INFORMATION_RISK_OWNER,
    RoleName.DATA_PROTECTION_OFFICER,
    RoleName.REQUEST_HANDLER,
    RoleName.REVIEWER,
    RoleName.REGISTER_EDITOR,
    RoleName.ON_CALL,
    RoleName.TRANSLATOR,
)
"""Roles that every body needs somebody in, and somebody who can stand in."""
ROLE_OF: Mapping[Office, RoleName] = {OFFICES[role]: role for role in NEEDED}
NOBODY = msg("Nobody holds this role")
NO_SECOND = msg("Only one person: when they are away or must not see something, nobody stands in")


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, and what follows."""

    what: Message | Bilingual
    said: Message


@router.get("/my/admin/bodies/{slug}/gaps", dependencies=[requires(Permission.ADMINISTER)])
def missing(visit: SignedVisit, session: Read, slug: str) -> Response:
    """Everything that nobody, or only one person, can act in."""
    body = queries.get_own_body(session, visit.actor, slug)
    lacks = _lacks(visit, session, body)
    return render(visit, "administration/gaps.html", body=body, lacks=lacks, procedure=find_procedure(session, body.id))


def _lacks(visit: SignedIn, session: Session, body: Body) -> list[Lack]:
    world = world_of(session, [body.id], today=visit.today)
    found = gaps(world, {body.id: tuple(ROLE_OF)})
    lacks = [Lack(ROLE_TITLES[ROLE_OF[gap.office]], _said(gap)) for gap in found]
    lacks += _of_systems(world, body, [(one.id, one.name) for one in list_published(session, body.id)])
    return lacks + _of_matters(visit, session, body) + _of_numbers(visit, session, body)


def _said(gap: Gap) -> Message:
    return NO_SECOND if gap.has_holder else NOBODY


def _of_systems(world: World, body: Body, systems: Sequence[tuple[str, Bilingual]]) -> list[Lack]:
    """Systems that nobody answers for, or one person alone."""
    lacks = []
    for system_id, name in systems:
        seats = world.seats_of([Office.SYSTEM_MANAGER], body.id, system_id=system_id)
        if not any(not seat.is_deputy for seat in seats):
            lacks.append(Lack(name, msg("Nobody is responsible for this system")))
        elif len({seat.person_id for seat in seats}) == 1:
            lacks.append(Lack(name, msg("One person is responsible for this system, and nobody stands in")))
    return lacks


def _of_matters(visit: SignedIn, session: Session, body: Body) -> list[Lack]:
    named = {one.matter for one in list_seated(session, body.id, today=visit.today)}
    said = msg("Nobody is named for this matter: concerns about it go to those outside the line of management alone")
    return [Lack(MATTER_NAMES[matter], said) for matter in SEATED if matter not in named]


def _of_numbers(visit: SignedIn, session: Session, body: Body) -> list[Lack]:
    rows = list_on_call(session, body.id, today=visit.today)
    said = msg("They are on call, and no telephone number is shown for them")
    return [
        Lack(Bilingual(one.person.display_name, one.person.display_name), said) for one in rows if not one.telephone
    ]
