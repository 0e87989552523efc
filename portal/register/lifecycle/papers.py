"""What is written beside the steps: the readiness check, the notice to staff, measurements, unions that are silent."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.directory.models import UnionBranch
from portal.directory.queries import list_recognised_branches
from portal.register.lifecycle import forms, queries, service
from portal.register.lifecycle.desk import DESK, SEES, post_of
from portal.register.lifecycle.facts import get_facts
from portal.register.lifecycle.gate_facts import Question
from portal.register.lifecycle.models import RegisterReadiness
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.register.terms import Aspect
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import STALE_FORM, Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

WRITERS = (Role.EDITOR, Role.MANAGER)


@router.get("/my/desk/register/{short_code}/readiness", dependencies=SEES)
def ask_readiness(visit: SignedVisit, session: Read, short_code: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    return _readiness_page(visit, session, system)


@router.post("/my/desk/register/{short_code}/readiness", dependencies=SEES)
def answer_readiness(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    problems = Problems()
    answers = forms.read_readiness(fields, problems)
    if problems:
        return _readiness_page(visit, session, system, fields=fields, problems=problems)
    service.answer_readiness(session, visit.actor, system, answers, post=post_of(visit))
    return redirect(visit, f"{DESK}/{system.short_code}/readiness?saved=yes")


def _readiness_page(
    visit: Visit, session: Session, system: System, *, fields: FieldBag | None = None, problems: Problems | None = None
) -> Response:
    row = session.get(RegisterReadiness, system.id)
    sides = [(question, side) for question in Question for side in ("cy", "en")]
    kept = {f"{question}_{side}": getattr(row, f"{question}_{side}") if row else "" for question, side in sides}
    given = {name: fields.one(name) if fields else text for name, text in kept.items()}
    saved = visit.request.query_params.get("saved") == "yes"
    return _paper(visit, session, system, "readiness", fields or FieldBag([]), problems, given=given, saved=saved)


@router.get("/my/desk/register/{short_code}/notice", dependencies=SEES)
def ask_notice(visit: SignedVisit, session: Read, short_code: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    return _notice_page(visit, session, system, FieldBag([]))


@router.post("/my/desk/register/{short_code}/notice", dependencies=SEES)
def tell_staff(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """The notice stands on the system's page at once; its letters go with the next sweep."""
    system = get_as(session, visit.actor, short_code, *WRITERS)
    problems = Problems()
    text, begins_on = forms.read_notice(fields, problems, today=visit.today)
    notice_id = form_id(fields)
    if not notice_id:
        problems["page"] = STALE_FORM
    if not problems:
        try:
            service.tell_staff(session, visit.actor, system, text, begins_on, notice_id=notice_id, post=post_of(visit))
            return redirect(visit, f"{DESK}/{system.short_code}")
        except Refused as refused:
            problems["page"] = refused.message
    return _notice_page(visit, session, system, fields, problems)


def _notice_page(
    visit: Visit, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return _paper(visit, session, system, "notice", fields, problems, published=system.current_number is not None)


def _paper(
    visit: Visit,
    session: Session,
    system: System,
    name: str,
    fields: FieldBag,
    problems: Problems | None,
    **values: Any,
) -> Response:
    """One of the papers beside a system's steps, with what was typed on it."""
    return render(
        visit,
        f"register/lifecycle/{name}.html",
        problems=problems,
        line=queries.get_line(session, system, today=visit.today),
        typed=fields.one,
        form_id=form_id(fields) or ids.new_id(),
        at=f"{DESK}/{system.short_code}",
        **values,
    )


@router.get("/my/desk/register/{short_code}/monitoring", dependencies=SEES)
def ask_measurement(visit: SignedVisit, session: Read, short_code: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    return _monitoring_page(visit, session, system, FieldBag([]))


@router.post("/my/desk/register/{short_code}/monitoring", dependencies=SEES)
def add_measurement(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    problems = Problems()
    measured = forms.read_measurement(fields, problems, today=visit.today)
    measurement_id = form_id(fields)
    if not measurement_id:
        problems["page"] = STALE_FORM
    if problems:
        return _monitoring_page(visit, session, system, fields, problems)
    service.add_measurement(session, visit.actor, system, measured, measurement_id=measurement_id, post=post_of(visit))
    return redirect(visit, f"{DESK}/{system.short_code}/monitoring")


def _monitoring_page(
    visit: Visit, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return _paper(
        visit,
        session,
        system,
        "monitoring",
        fields,
        problems,
        measurements=queries.list_measurements(session, system.id),
        aspects=[(aspect.value, words(aspect)) for aspect in Aspect],
        words=words,
    )


@router.get("/my/desk/register/{short_code}/unions", dependencies=SEES)
def unions(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """How far each recognised branch was heard, and what can be done about one that is silent."""
    system = get_as(session, visit.actor, short_code, *WRITERS)
    return _unions_page(visit, session, system)


@router.post("/my/desk/register/{short_code}/unions/{branch_id}/remind", dependencies=SEES)
def remind(visit: SignedVisit, session: Write, short_code: str, branch_id: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    _known(session, system, branch_id)
    try:
        service.remind_union(session, visit.actor, system, branch_id, post=post_of(visit))
    except Refused as refused:
        return _unions_page(visit, session, system, Problems(page=refused.message))
    return redirect(visit, f"{DESK}/{system.short_code}/unions")


@router.get("/my/desk/register/{short_code}/unions/{branch_id}/escalate", dependencies=SEES)
def ask_escalation(visit: SignedVisit, session: Read, short_code: str, branch_id: str) -> Response:
    system = get_as(session, visit.actor, short_code, *WRITERS)
    return _silence_page(visit, session, system, _known(session, system, branch_id), FieldBag([]))


@router.post("/my/desk/register/{short_code}/unions/{branch_id}/escalate", dependencies=SEES)
def escalate(visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch_id: str) -> Response:
    """Keep to whom in the union the silence was taken."""
    system = get_as(session, visit.actor, short_code, *WRITERS)
    branch = _known(session, system, branch_id)
    problems = Problems()
    to_whom = forms.read_both(fields, "to_whom", problems, most=forms.LINE_MAX)
    if not problems:
        try:
            service.escalate_silence(session, visit.actor, system, branch_id, to_whom, post=post_of(visit))
            return redirect(visit, f"{DESK}/{system.short_code}/unions")
        except Refused as refused:
            problems["page"] = refused.message
    return _silence_page(visit, session, system, branch, fields, problems)


def _known(session: Session, system: System, branch_id: str) -> UnionBranch:
    """A branch that the body recognises; NotFound for any other."""
    for branch, _union in list_recognised_branches(session, system.body_id):
        if branch.id == branch_id:
            return branch
    raise NotFound


def _silence_page(
    visit: Visit,
    session: Session,
    system: System,
    branch: UnionBranch,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    return _paper(visit, session, system, "silence", fields, problems, branch=branch)


def _unions_page(visit: Visit, session: Session, system: System, problems: Problems | None = None) -> Response:
    facts = get_facts(session, system, today=visit.today)
    branches = [branch for branch, _union in list_recognised_branches(session, system.body_id)]
    return _paper(
        visit,
        session,
        system,
        "unions",
        FieldBag([]),
        problems,
        branches=[
            {
                "id": branch.id,
                "name": union.name,
                "facts": union,
                "is_silent": union.is_silent(visit.today),
            }
            for branch, union in zip(branches, facts.unions, strict=True)
        ],
    )
