"""The verbs about who receives what: officers of a matter, telephones of those on call, and the body's procedure."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.administration.queries import get_own_holding
from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.directory import matters
from portal.directory.matters import Procedure
from portal.directory.models import Body
from portal.directory.rules import Matter
from portal.identity.actor import Actor


def give_matter(session: Session, actor: Actor, body: Body, holding_id: str, matter: Matter, *, now: datetime) -> None:
    """An officer for named matters receives this one from now on."""
    _require(actor, body)
    holding = get_own_holding(session, holding_id, body, today=london_day(now))
    matters.seat_officer(session, holding, matter)
    _note(session, actor, "administration.matter_given", body, now, holding=holding.id, matter=matter.value)


def take_matter(session: Session, actor: Actor, body: Body, holding_id: str, matter: Matter, *, now: datetime) -> None:
    """They receive it no longer. What they can open already stays theirs to answer."""
    _require(actor, body)
    holding = get_own_holding(session, holding_id, body, today=london_day(now))
    matters.unseat_officer(session, holding, matter)
    _note(session, actor, "administration.matter_taken", body, now, holding=holding.id, matter=matter.value)


def set_telephone(
    session: Session, actor: Actor, body: Body, holding_id: str, telephone: str, *, now: datetime
) -> None:
    """The number of somebody on call. The audit notes that it changed, not the number."""
    _require(actor, body)
    holding = get_own_holding(session, holding_id, body, today=london_day(now))
    matters.set_telephone(session, holding, telephone)
    _note(session, actor, "administration.on_call_number", body, now, holding=holding.id)


def tell_procedure(session: Session, actor: Actor, body: Body, told: Procedure, *, now: datetime) -> None:
    """Whether the body has authorised the portal as a procedure for disclosures, in which words, since when."""
    _require(actor, body)
    matters.set_procedure(session, body.id, told, today=london_day(now))
    said = "authorised" if told.is_authorised else "not_authorised"
    _note(session, actor, "administration.procedure_told", body, now, said=said)


def _require(actor: Actor, body: Body) -> None:
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=body.id)):
        raise NotFound


def _note(session: Session, actor: Actor, event: str, body: Body, now: datetime, **facts: str) -> None:
    record(session, actor=actor, event=event, subject=body.id, now=now, body_id=body.id, facts=facts)
