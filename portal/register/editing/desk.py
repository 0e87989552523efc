"""A draft as a whole: begin one, what is missing, hand it over, discard it."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.core.errors import Conflict, NotFound
from portal.core.text import pmsg
from portal.directory.queries import get_body
from portal.directory.rules import RoleName
from portal.register.completeness import completeness, whole_completeness
from portal.register.definitions import groups
from portal.register.editing import queries, service, templating
from portal.register.editing.sections import AT, EDITS, edit_of
from portal.register.editing.shape import STANDARD, sections
from portal.register.editing.view import Forms, missing
from portal.register.languages import unapproved
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as, roles_at
from portal.register.models import System, SystemDraft
from portal.register.parts import Both
from portal.register.record import Record
from portal.web import forms as readers
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_words, redirect, render

router = APIRouter()

SEES = [requires(Permission.REGISTER_DESK)]
NAME_MAX = 100
NAME_IT = pmsg("error", "Enter a name in at least one language")
CHOOSE_BODY = pmsg("error", "Choose the employer")
TYPE_CODE = pmsg("error", "Type the code of the system as it stands above")
CHOOSE_PERSON = pmsg("error", "Choose who goes on with it")


@router.get("/my/desk/register/new", dependencies=EDITS)
def ask_new(visit: SignedVisit, session: Read) -> Response:
    """The name of a new system, and whose it is."""
    return _new_page(visit, session, FieldBag([]))


@router.post("/my/desk/register/new", dependencies=EDITS)
def begin_new(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """A new system with an empty draft."""
    problems = Problems()
    names = {side: readers.text(fields, f"name_{side}", problems, most=NAME_MAX) for side in ("cy", "en")}
    if not any(names.values()):
        problems["name_cy"] = NAME_IT
    bodies = sorted(visit.actor.bodies_where(RoleName.REGISTER_EDITOR))
    body = bodies[0] if len(bodies) == 1 else ""
    body = body or readers.choice(fields, "body", problems, allowed=bodies, required=CHOOSE_BODY)
    offers = [one.id for one in templating.list_offers(session)]
    template = readers.choice(fields, "template", problems, allowed=offers)
    if not problems:
        try:
            system = service.begin_system(
                session, visit.actor, body_id=body, name=Both(**names), now=visit.now, template_id=template
            )
            return redirect(visit, edit_of(system))
        except Conflict as refused:
            problems["name_cy"] = refused.message
    return _new_page(visit, session, fields, problems)


@router.post(f"{AT}/begin", dependencies=EDITS)
def begin_next(visit: SignedVisit, session: Write, short_code: str) -> Response:
    """The draft of the next version."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    service.begin_next(session, visit.actor, system, now=visit.now)
    return redirect(visit, edit_of(system))


@router.get(AT, dependencies=SEES)
def overview(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The sections, how complete each is, and what is missing; without a draft, how to begin one."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR, Role.MANAGER)
    may_edit = Role.EDITOR in roles_at(session, visit.actor, system)
    draft = queries.find_draft(session, system)
    if draft is None:
        version = queries.find_published(session, system)
        if version is None:
            raise NotFound
        return render(
            visit, "register/editing/begin.html", version=version, may_edit=may_edit, at=edit_of(system), system=system
        )
    return render(visit, "register/editing/overview.html", **_values(visit, session, system, draft, may_edit))


@router.get(f"{AT}/hand-over", dependencies=EDITS)
def ask_hand_over(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """Who can go on with the draft."""
    return _hand_over_page(visit, session, get_as(session, visit.actor, short_code, Role.EDITOR))


@router.post(f"{AT}/hand-over", dependencies=EDITS)
def hand_over(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Ask somebody by letter; the letter holds no word of the draft."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    allowed = [one.id for one in queries.list_colleagues(session, visit.actor, system, today=visit.today)]
    problems = Problems()
    person = readers.choice(fields, "person", problems, allowed=allowed, required=CHOOSE_PERSON)
    if problems:
        return _hand_over_page(visit, session, system, problems)
    service.hand_over(
        session, visit.actor, system, person, vault=visit.vault, address=visit.settings.public_url, now=visit.now
    )
    return redirect(visit, edit_of(system))


@router.get(f"{AT}/discard", dependencies=EDITS)
def ask_discard(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """What is thrown away, and the code to type."""
    return _discard_page(visit, session, get_as(session, visit.actor, short_code, Role.EDITOR), "")


@router.post(f"{AT}/discard", dependencies=EDITS)
def discard(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Throw the draft away, once the code is typed."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    if fields.one("code").upper() != system.short_code:
        return _discard_page(visit, session, system, fields.one("code"), Problems(code=TYPE_CODE))
    service.discard(session, visit.actor, system, now=visit.now)
    return redirect(visit, f"/my/desk/register/{system.short_code}")


def _values(visit: Visit, session: Session, system: System, draft: SystemDraft, may_edit: bool) -> dict[str, Any]:
    record = queries.record_of(draft)
    forms = Forms(session, system, record, visit.locale, partial(in_words, visit))
    comments = queries.list_comments(session, system, visit.vault)
    unfinished = queries.list_unfinished(session, system)
    return {
        "system": system,
        "name": record.name,
        "whole": whole_completeness(record),
        "parts": _parts(record, visit, [one.section for one in comments if not one.is_resolved], unfinished),
        "missing": missing(record, forms, edit_of(system), system.state),
        "waiting": len(unapproved(draft)),
        "unfinished": len(unfinished),
        "authors": sorted(queries.names_of_accounts(session, draft.authors).values()),
        "updated_at": draft.updated_at,
        "handed": queries.last_handover(session, system),
        "followed": templating.find_followed(session, system),
        "may_edit": may_edit,
        "is_new": system.current_number is None,
        "at": edit_of(system),
    }


def _parts(record: Record, visit: Visit, comments: list[str], unfinished: Any) -> list[dict[str, Any]]:
    said = dict(completeness(record))
    return [
        {
            "key": key,
            "label": groups(STANDARD)[key].get(visit.locale),
            "said": said.get(key),
            "comments": comments.count(key),
            "begun": sum(one.section == key for one in unfinished),
        }
        for key in sections()
    ]


def _new_page(visit: Visit, session: Session, fields: FieldBag, problems: Problems | None = None) -> Response:
    bodies = [get_body(session, body) for body in sorted(visit.actor.bodies_where(RoleName.REGISTER_EDITOR))]
    return render(
        visit,
        "register/editing/new.html",
        problems=problems,
        bodies=bodies,
        offers=templating.list_offers(session),
        typed=fields.one,
    )


def _hand_over_page(visit: Visit, session: Session, system: System, problems: Problems | None = None) -> Response:
    return render(
        visit,
        "register/editing/hand_over.html",
        problems=problems,
        name=queries.record_of(queries.get_draft(session, system)).name,
        people=[
            (one.id, one.display_name)
            for one in queries.list_colleagues(session, visit.actor, system, today=visit.today)
        ],
        at=edit_of(system),
    )


def _discard_page(
    visit: Visit, session: Session, system: System, typed: str, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "register/editing/discard.html",
        problems=problems,
        name=queries.record_of(queries.get_draft(session, system)).name,
        system=system,
        typed=typed,
        at=edit_of(system),
    )
