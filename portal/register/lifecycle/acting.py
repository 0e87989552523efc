"""The form of one step: what is missing in place of a button, or the step's questions and its button."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, msg
from portal.register.lifecycle import forms, queries, view
from portal.register.lifecycle.desk import DESK, SEES, post_of
from portal.register.lifecycle.facts import get_facts, limits_of
from portal.register.lifecycle.gate import missing
from portal.register.lifecycle.rules import BY_NAME, CAUSES, CAUSES_OF_PEOPLE, EMERGENCY_DAYS, LABELS, Step
from portal.register.lifecycle.standing import get_own, roles_at
from portal.register.lifecycle.stepping import GateClosed, first_signature, last_day_of, take_step
from portal.register.models import System, SystemStep
from portal.register.rules import SystemState
from portal.register.talks import OFFER_KINDS
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()


@router.get("/my/desk/register/{short_code}/step/{name}", dependencies=SEES)
def ask_step(visit: SignedVisit, session: Read, short_code: str, name: str) -> Response:
    """One step that starts here and that is this reader's to take; anything else is not there."""
    system, step = _offered(visit, session, short_code, name)
    return _page(visit, session, system, step, FieldBag([]))


@router.post("/my/desk/register/{short_code}/step/{name}", dependencies=SEES)
def take(visit: SignedVisit, session: Write, fields: Fields, short_code: str, name: str) -> Response:
    """Take the step, or show what is missing: there is no button past it."""
    system = get_own(session, visit.actor, short_code)
    step = BY_NAME.get(name)
    if step is None or not step.who & roles_at(session, visit.actor, system):
        raise NotFound
    problems = Problems()
    asks = _asks(session, system, step, visit.today)
    earliest = _earliest(session, system, step, visit.today)
    asked = forms.read_step(fields, asks, problems, state=system.state, earliest=earliest, today=visit.today)
    latest = last_day_of(session, system, step)
    if latest is not None and asked.until is not None and asked.until > latest:
        problems.setdefault("until", msg("The last possible day is {date}", date=latest))
    if not problems:
        try:
            with session.begin_nested():
                take_step(session, visit.actor, system, name, asked, post=post_of(visit))
            return redirect(visit, f"{DESK}/{system.short_code}")
        except GateClosed:
            return _page(visit, session, system, step, fields, status=422)
        except (Refused, Conflict) as refused:
            problems["page"] = refused.message
    return _page(visit, session, system, step, fields, problems=problems)


def _offered(visit: Visit, session: Session, short_code: str, name: str) -> tuple[System, Step]:
    system = get_own(session, visit.actor, short_code)
    step = BY_NAME.get(name)
    if step is None or system.state not in step.froms or not step.who & roles_at(session, visit.actor, system):
        raise NotFound
    return system, step


def _asks(session: Session, system: System, step: Step, today: date) -> Step:
    """The step as its form asks it: who signs second signs what the first wrote."""
    first = first_signature(session, system, step, today=today) if step.signed_by else None
    return replace(step, reason=None) if first is not None else step


def _earliest(session: Session, system: System, step: Step, today: date) -> date | None:
    """The first day that a step's question about a day can be answered with."""
    if step.to is SystemState.IN_CONSULTATION:
        if system.state is SystemState.IN_CONSULTATION and system.state_until is not None:
            return system.state_until + timedelta(days=1)
        return today + timedelta(days=limits_of(session, system.body_id).consultation_days)
    return today + timedelta(days=1) if step.until is not None else None


def _page(
    visit: Visit,
    session: Session,
    system: System,
    step: Step,
    fields: FieldBag,
    *,
    status: int = 200,
    problems: Problems | None = None,
) -> Response:
    roles = roles_at(session, visit.actor, system)
    at = f"{DESK}/{system.short_code}"
    facts = get_facts(session, system, today=visit.today)
    first = first_signature(session, system, step, today=visit.today) if step.signed_by else None
    asks = _asks(session, system, step, visit.today)
    return render(
        visit,
        "register/lifecycle/step.html",
        status=status,
        problems=problems,
        line=queries.get_line(session, system, today=visit.today),
        step=asks,
        label=LABELS[step.name],
        lacks=view.linked(missing(step.check, facts), at, roles),
        causes=[(cause.value, CAUSES[cause]) for cause in CAUSES_OF_PEOPLE],
        typed=fields.one,
        typed_terms=fields.many("terms"),
        offers=[(kind.value, said) for kind, said in OFFER_KINDS.items()],
        first=_signature(first),
        is_emergency=step.to is SystemState.EMERGENCY,
        emergency_days=EMERGENCY_DAYS,
        earliest=_earliest(session, system, step, visit.today),
        latest=last_day_of(session, system, step),
        words=words,
        at=at,
    )


def _signature(line: SystemStep | None) -> dict[str, Any] | None:
    if line is None:
        return None
    role: Message = view.signed_role(line)
    return {"role": role, "on": line.on, "reason_cy": line.reason_cy, "reason_en": line.reason_en}
