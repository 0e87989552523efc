"""Who receives what in a body: the table of matters, who is on call, and the body's own procedure for disclosures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.administration import queries, receiving
from portal.administration.forms import read_procedure
from portal.authz.permissions import Permission
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, pmsg
from portal.directory import queries as directory
from portal.directory.matters import Seated, find_procedure, list_on_call, list_seated
from portal.directory.models import Body, BodyProcedure, Person, RoleHolding
from portal.directory.rules import SEATED, Matter, RoleName
from portal.directory.titles import MATTER_NAMES, role_title
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

BODIES = "/my/admin/bodies"
ADMINISTER = [requires(Permission.ADMINISTER)]
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()]{4,38}")
NO_NUMBER = pmsg("error", "Enter a telephone number: digits and spaces, as it is dialled")
RECEIVING = (
    RoleName.DATA_PROTECTION_OFFICER,
    RoleName.REQUEST_HANDLER,
    RoleName.REVIEWER,
    RoleName.RESPONSIBLE_MANAGER,
    RoleName.REGISTER_EDITOR,
    RoleName.INDEPENDENT_OFFICER,
    RoleName.AUDIT_CHAIR,
    RoleName.SENIOR_INFORMATION_RISK_OWNER,
    RoleName.MATTER_OFFICER,
)
Holder = tuple[RoleHolding, Person]


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter: who receives it, and who else could be named."""

    matter: Matter
    name: Message
    seated: list[Seated]
    others: list[Holder]


@router.get("/my/admin/bodies/{slug}/matters", dependencies=ADMINISTER)
def matters(visit: SignedVisit, session: Read, slug: str) -> Response:
    """The table, with what can be changed in it."""
    return _page(visit, session, queries.get_own_body(session, visit.actor, slug))


@router.post("/my/admin/bodies/{slug}/matters/{matter}/{act}", dependencies=ADMINISTER)
def change_matter(visit: SignedVisit, session: Write, fields: Fields, slug: str, matter: str, act: str) -> Response:
    """Name an officer for a matter, or take the matter from them."""
    body = queries.get_own_body(session, visit.actor, slug)
    verbs = {"give": receiving.give_matter, "take": receiving.take_matter}
    if matter not in set(SEATED) or act not in verbs:
        raise NotFound
    name = f"holding-{matter}"
    chosen = fields.one(name)
    if not chosen:
        return _page(visit, session, body, problems=Problems({name: pmsg("error", "Choose an officer")}))
    try:
        verbs[act](session, visit.actor, body, chosen, Matter(matter), now=visit.now)
    except (Conflict, Refused) as no:
        return _page(visit, session, body, problems=Problems({name: no.message}))
    return redirect(visit, f"{BODIES}/{slug}/matters")


@router.post("/my/admin/bodies/{slug}/on-call/{holding_id}", dependencies=ADMINISTER)
def change_telephone(visit: SignedVisit, session: Write, fields: Fields, slug: str, holding_id: str) -> Response:
    """The number that rings for somebody on call."""
    body = queries.get_own_body(session, visit.actor, slug)
    name = f"telephone-{holding_id}"
    typed = fields.one(name)
    if typed and TELEPHONE.fullmatch(typed) is None:
        return _page(visit, session, body, problems=Problems({name: NO_NUMBER}), typed={name: typed})
    try:
        receiving.set_telephone(session, visit.actor, body, holding_id, typed, now=visit.now)
    except Refused as no:
        return _page(visit, session, body, problems=Problems({name: no.message}), typed={name: typed})
    return redirect(visit, f"{BODIES}/{slug}/matters")


@router.get("/my/admin/bodies/{slug}/procedure", dependencies=ADMINISTER)
def ask_procedure(visit: SignedVisit, session: Read, slug: str) -> Response:
    """What the body has said of disclosures through the portal, to be changed."""
    body = queries.get_own_body(session, visit.actor, slug)
    found = find_procedure(session, body.id)
    return _procedure_page(visit, body, _typed_of(found), saved=visit.request.query_params.get("saved") == "yes")


@router.post("/my/admin/bodies/{slug}/procedure", dependencies=ADMINISTER)
def tell_procedure(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    """Record what the body decided."""
    body = queries.get_own_body(session, visit.actor, slug)
    problems = Problems()
    told = read_procedure(fields, problems, today=visit.today)
    if told is None:
        typed = {name: fields.one(name) for name in PROCEDURE_FIELDS}
        return _procedure_page(visit, body, typed, problems=problems)
    receiving.tell_procedure(session, visit.actor, body, told, now=visit.now)
    return redirect(visit, f"{BODIES}/{slug}/procedure?saved=yes")


PROCEDURE_FIELDS = (
    "is_authorised", "words_cy", "words_en", "signed_by_cy", "signed_by_en", "since-day", "since-month", "since-year",
)  # fmt: skip


def _typed_of(found: BodyProcedure | None) -> dict[str, str]:
    """What is recorded, as the form's fields hold it."""
    if found is None:
        return dict.fromkeys(PROCEDURE_FIELDS, "")
    since = (found.since.day, found.since.month, found.since.year) if found.since else ("", "", "")
    answer = "yes" if found.is_authorised else "no"
    said = (found.words_cy, found.words_en, found.signed_by_cy, found.signed_by_en)
    values = (answer, *said, *map(str, since))
    return dict(zip(PROCEDURE_FIELDS, values, strict=True))


def _procedure_page(
    visit: SignedIn, body: Body, typed: dict[str, str], *, problems: Problems | None = None, saved: bool = False
) -> Response:
    return render(visit, "administration/procedure.html", problems=problems, body=body, typed=typed, saved=saved)


def _page(
    visit: SignedIn,
    session: Session,
    body: Body,
    *,
    problems: Problems | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    holders = directory.list_holders(session, body.id, RECEIVING, today=visit.today)
    by_role = {role: [one for one in holders if one[0].role is role] for role in RECEIVING}
    return render(
        visit,
        "administration/matters.html",
        problems=problems,
        body=body,
        by_role={role.value: held for role, held in by_role.items()},
        rows=_rows(list_seated(session, body.id, today=visit.today), by_role[RoleName.MATTER_OFFICER]),
        on_call=list_on_call(session, body.id, today=visit.today),
        procedure=find_procedure(session, body.id),
        typed=typed or {},
        role_title=role_title,
    )


def _rows(seated: Sequence[Seated], officers: Sequence[Holder]) -> list[MatterRow]:
    """Each matter that a body names somebody for, in the order of the page."""
    rows = []
    for matter in SEATED:
        own = [one for one in seated if one.matter is matter]
        taken = {one.holding.id for one in own}
        others = [one for one in officers if one[0].id not in taken]
        rows.append(MatterRow(matter, MATTER_NAMES[matter], own, others))
    return rows
